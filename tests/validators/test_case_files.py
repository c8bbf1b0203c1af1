"""Every rule does with every value of its table what the table says, step by step and through its screen."""

from collections.abc import Sequence

import pytest

from tests.validators.case_files import ALL_RULES, FOLDER, Case, cases, cases_through
from validators.screen import Screen


def listed(outcome: str) -> list[object]:
    return [
        pytest.param(name, case, id=f"{name} {number}: {case.raw!r:.60} {case.country}")
        for name in ALL_RULES
        for number, case in enumerate(getattr(cases_through(name), outcome), 1)
    ]


def codes(found: Sequence[tuple[str, object]]) -> tuple[str, ...]:
    return tuple(code for code, _ in found)


@pytest.mark.parametrize(("name", "case"), listed("accepted"))
def test_what_is_accepted_becomes_canonical_and_every_change_is_named(name: str, case: Case) -> None:
    reading = ALL_RULES[name].one(case.value, case.country)

    assert (reading.value, reading.fault) == (case.canonical, None)
    assert codes(reading.notices) == case.notices
    if name == "phone":  # its table is of cells as `read_phone` takes them, behind the gate
        assert codes(reading.fixes)[-len(case.fixes) or None :] == case.fixes
    else:
        assert codes(reading.fixes) == case.fixes


@pytest.mark.parametrize("name", ALL_RULES)
def test_what_the_gate_mends_is_named_in_every_rule(name: str) -> None:
    value = cases(name).accepted[0].canonical or ""

    assert codes(ALL_RULES[name].one(f" {value}\n").fixes) == ("text.spaces",)
    # UAX 15: an en quad is an en space
    assert codes(ALL_RULES[name].one(f"\u2000{value}").fixes) == ("text.composed", "text.spaces")
    assert ALL_RULES[name].one(f"{value}\u2000").value == value


@pytest.mark.parametrize(("name", "case"), listed("refused"))
def test_what_is_refused_has_the_code_that_says_why(name: str, case: Case) -> None:
    reading = ALL_RULES[name].one(case.value, case.country)

    assert reading.fault == (case.code, case.params)
    assert reading.value is None


@pytest.mark.parametrize(("name", "case"), listed("empty"))
def test_what_says_nothing_is_nothing(name: str, case: Case) -> None:
    reading = ALL_RULES[name].one(case.value, case.country)

    assert (reading.value, reading.fault) == (None, None)
    assert reading.placeholder is case.placeholder
    assert codes(reading.notices) == case.notices


SCREENS = [
    pytest.param(name, screen, id=f"{name} {number}")
    for name, rule in ALL_RULES.items()
    for number, screen in enumerate(rule.screens, 1)
]


def answered(screen: Screen, listed: Sequence[Case]) -> list[tuple[Case, str]]:
    """Return the cases that a screen answers, each with the canonical or the bare form that it gives."""
    asked = [case for case in listed if screen.country in {None, case.country}]
    return [(case, settled) for case in asked if (settled := screen.one(case.value)) is not None]


@pytest.mark.parametrize(("name", "screen"), SCREENS)
def test_a_screen_answers_as_the_table_does_or_not_at_all(name: str, screen: Screen) -> None:
    table = cases_through(name)
    accepted, refused = answered(screen, table.accepted), answered(screen, table.refused)

    assert answered(screen, table.empty) == []
    if screen.fault:
        assert accepted == []
        assert [case.raw for case, _ in refused if (case.code, case.params) != screen.fault] == []
    else:
        assert refused == []
    for case, settled in accepted:
        fixes = screen.fixes if settled != case.value else ()
        assert (settled, fixes, screen.notices) == (case.canonical, case.fixes, case.notices)


@pytest.mark.parametrize(("name", "screen"), SCREENS)
def test_every_screen_is_met_by_a_case(name: str, screen: Screen) -> None:
    table = cases(name)

    assert answered(screen, table.refused if screen.fault else table.accepted)


def test_there_is_a_table_for_every_rule_and_none_without() -> None:
    assert {path.stem for path in FOLDER.glob("*.toml")} == {*ALL_RULES, "gate", "policy_mistakes"}


@pytest.mark.parametrize("name", ALL_RULES)
def test_every_code_of_a_rule_occurs_twice_in_its_cases_and_no_other_does(name: str) -> None:
    table = cases_through(name)
    given = [case.code for case in table.refused]
    given += [code for case in (*table.accepted, *table.empty) for code in (*case.notices, *case.fixes)]
    if name == "phone":  # behind the gate
        given += ["text.spaces", "text.composed"] * 2

    assert {code: given.count(code) for code in ALL_RULES[name].codes if given.count(code) < 2} == {}
    assert set(given) - {*ALL_RULES[name].codes} == set()


@pytest.mark.parametrize("name", [*ALL_RULES, "gate"])
def test_every_case_says_what_it_must_and_stands_once(name: str) -> None:
    table = cases(name)
    places = [(case.value, case.country) for case in (*table.accepted, *table.refused, *table.empty)]

    assert [place for place in places if places.count(place) > 1] == []
    assert [case for case in table.accepted if case.canonical is None or case.code] == []
    assert [case for case in table.refused if case.code is None or case.canonical] == []
    assert [case for case in table.empty if case.placeholder is None or case.code or case.canonical] == []
    assert [case for case in (*table.accepted, *table.refused, *table.empty) if not case.source.strip()] == []
