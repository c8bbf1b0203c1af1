"""A screen never disagrees with the steps of its rule: what it answers is what they answer, to the last fix."""

import itertools

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.validators.case_files import ALL_RULES, cases
from tests.validators.grammar import dice, drawn
from tests.validators.values import mutated
from validators.rule import Rule
from validators.rules.company_name import LEGAL_FORMS
from validators.rules.email import TYPOS
from validators.rules.placeholder import PLACEHOLDER_WORDS
from validators.screen import Screen

SCREENS = {
    f"{name}{number}": (rule, screen)
    for name, rule in ALL_RULES.items()
    for number, screen in enumerate(rule.screens, 1)
}


def answers_as_the_steps_do(rule: Rule, screen: Screen, value: str) -> bool:
    """Assert that a screen that answers does not disagree; return whether it answered."""
    settled = screen.one(value)
    if settled is None:
        return False
    reading = rule.one(value, "PL")
    fixes: list[object] = [(code, {}) for code in screen.fixes] if settled != value else []
    found = (reading.value, reading.fault, reading.notices, reading.fixes)
    notices: list[object] = [(code, {}) for code in screen.notices]
    told: tuple[object, ...] = (None, screen.fault, [], []) if screen.fault else (settled, None, notices, fixes)
    assert found == told, f"the screen of {rule.name} disagrees about {value!r}"
    return True


@pytest.mark.parametrize("name", SCREENS)
@given(data=st.data())
def test_values_of_the_screens_own_shape(name: str, data: st.DataObject) -> None:
    rule, screen = SCREENS[name]

    answers_as_the_steps_do(rule, screen, data.draw(st.from_regex(screen.shape.pattern, fullmatch=True)))


@pytest.mark.parametrize("name", SCREENS)
@given(data=st.data())
def test_values_of_nearly_that_shape(name: str, data: st.DataObject) -> None:
    rule, screen = SCREENS[name]

    answers_as_the_steps_do(rule, screen, data.draw(mutated(st.from_regex(screen.shape.pattern, fullmatch=True))))


@pytest.mark.parametrize("name", SCREENS)
def test_thousands_of_values_of_its_own_shape(name: str) -> None:
    rule, screen = SCREENS[name]
    rng = dice(name)

    assert sum(answers_as_the_steps_do(rule, screen, drawn(screen.shape.pattern, rng)) for _ in range(3000)) > 100


@pytest.mark.parametrize("name", [name for name, (_, screen) in SCREENS.items() if screen.canonical])
def test_what_is_canonical_at_sight_stays_as_it_is(name: str) -> None:
    rule, screen = SCREENS[name]
    rng = dice(name)
    assert screen.canonical

    for value in {drawn(screen.canonical.pattern, rng) for _ in range(3000)}:
        reading = rule.one(value, "PL")

        assert (reading.value, reading.fault, reading.notices, reading.fixes) == (value, None, [], [])


@pytest.mark.parametrize("name", [name for name in SCREENS if name.startswith("phone")])
@pytest.mark.parametrize("digits", ["006903280", "006834000", "00431110", "00491640", "004916401"])
def test_a_short_number_of_another_country_is_its_own(name: str, digits: str) -> None:
    # phonenumbers takes four digits behind 00 690 (Tokelau), 00 683 (Niue), 00 43 (Vienna), 00 49: eight or nine in all
    for value in (digits, "-".join(cut(digits)), " ".join(cut(digits))):
        answers_as_the_steps_do(*SCREENS[name], value)


def cut(digits: str) -> tuple[str, str, str]:
    return digits[:3], digits[3:6], digits[6:]


@pytest.mark.parametrize("name", SCREENS)
def test_values_of_all_tables(name: str) -> None:
    values = {case.value for table in ALL_RULES for case in (*cases(table).accepted, *cases(table).refused)}
    values |= {case.canonical for table in ALL_RULES for case in cases(table).accepted if case.canonical}

    assert sum(answers_as_the_steps_do(*SCREENS[name], value) for value in sorted(values))


def typed(word: str) -> set[str]:
    """Return a word as people type it, some with a sign of another word before or behind."""
    cased = {word, word.upper(), word.lower(), word.title(), word.capitalize(), word.swapcase()}
    cased |= {word.capitalize().swapcase(), word[:1].upper() + word[1:]}
    return cased | {one.replace(" ", "-") for one in cased} | {f"{one} {one}" for one in cased}


@pytest.mark.parametrize("name", SCREENS)
def test_words_that_a_rule_tells_apart(name: str) -> None:
    words = {*PLACEHOLDER_WORDS, *LEGAL_FORMS, "xx", "xxx", "x" * 20, "X-xx", "null", "none", "nan", "0" * 9}
    words |= {f"jan@{domain}" for domain in TYPOS} | {f"test@{domain}" for domain in ("test.pl", "test.com", "brak.pl")}
    words |= {f"jan@gmail.{domain}" for domain in ("local", "test", "invalid", "onion", "arpa", "localhost")}
    words |= {"00-000", "00-001", "99-999", "256.1.1.1", "01.1.1.1", "Windows 0", "Chrome 00", "b/n", "0/0"}

    for value in itertools.chain.from_iterable(map(typed, sorted(words))):
        answers_as_the_steps_do(*SCREENS[name], value)


@given(st.integers(0, 999_999_999), st.sampled_from(("{}", "{}-{}-{}-{}", "{}{}{}{}")))
@example(0, "{}")
@example(526025027, "{}-{}-{}-{}")
def test_a_nip_is_proven_exactly_where_its_check_digit_fits(stem: int, layout: str) -> None:
    for digit in "0123456789":
        nip = f"{stem:09}{digit}"
        value = layout.format(nip) if layout == "{}" else layout.format(nip[:3], nip[3:6], nip[6:8], nip[8:])
        proven = answers_as_the_steps_do(*SCREENS["nip1"], value)

        assert proven == (ALL_RULES["nip"].one(value).value is not None)


@pytest.mark.parametrize("name", SCREENS)
def test_the_shape_of_a_screen_holds_one_line(name: str) -> None:
    # the proof of a whole record joins its values by line ends (validators.proof)
    rule, screen = SCREENS[name]
    value = cases(rule.name).accepted[0].canonical or ""

    for line_end in "\n\r\x0b\x0c\x85\u2028\u2029":
        for mixed in (value + line_end, line_end + value, value[:2] + line_end + value[2:], line_end):
            assert screen.shape.fullmatch(mixed) is None
