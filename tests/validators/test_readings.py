"""Many values at once: each step does to a column what it does to a value, and says as much of it."""

import polars as pl
import pytest
from rich.pretty import pretty_repr

from tests.validators.case_files import ALL_RULES, cases_through
from tests.validators.grammar import dice
from tests.validators.test_steps import STEPS
from validators.column import Country, as_texts, read_column
from validators.pattern import Pattern
from validators.policy import vipower
from validators.reading import Found, Reading
from validators.readings import Readings
from validators.rule import Rule
from validators.rules import RULES
from validators.screen import Screen
from validators.steps import Call, Compose, Empty, Refuse, Step, Trim


def found(readings: Readings, which: str) -> list[tuple[str, list[int]]]:
    return [(one.code, one.at.to_list()) for one in getattr(readings, which)]


@pytest.mark.parametrize(("step", "value", "after", "fault", "fix"), STEPS)
def test_what_a_step_does_to_a_column(
    step: Step, value: str, after: str | None, fault: Found | None, fix: str | None
) -> None:
    if "\ud800" in value:
        pytest.skip("no column holds a lone surrogate")
    readings = Readings(pl.Series([value, value]))

    step.many(readings)

    assert readings.canonical().to_list() == [after] * 2
    assert [(one.code, one.params, one.at.to_list()) for one in readings.faults] == (
        [(*fault, [0, 1])] if fault else []
    )
    assert found(readings, "fixes") == ([(fix, [0, 1])] if fix else [])


def test_a_step_leaves_what_it_is_not_about() -> None:
    readings = Readings(pl.Series(["a", "1", " b", "2"]))

    Refuse(Pattern("[0-9]"), fault="f").many(readings)
    Trim(fix="x").many(readings)

    assert readings.canonical().to_list() == ["a", None, "b", None]
    assert (found(readings, "faults"), found(readings, "fixes")) == ([("f", [1, 3])], [("x", [2])])
    assert len(readings) == 2


def test_words_for_nothing_and_nothing_are_told_apart() -> None:
    readings = Readings(pl.Series(["", "brak", "--", "-a"]))

    Empty(frozenset({"brak"}), Pattern("-+")).many(readings)

    assert [at.to_list() for at in readings.empty] == [[0]]
    assert [at.to_list() for at in readings.placeholders] == [[1, 2]]
    assert readings.canonical().to_list() == [None, None, None, "-a"]


def test_a_step_must_say_what_it_does_to_a_column() -> None:
    with pytest.raises(NotImplementedError):
        Step().many(Readings(pl.Series(["a"])))


@pytest.mark.parametrize("text", ["a\u0345\u1acf", "\u1acf\u0323", "a\U0001e08f\u0323", "\u0897\u0316"])
def test_both_readings_know_the_same_unicode(text: str) -> None:
    # marks that Unicode has had since version 15: Polars' tables may be newer than Python's
    readings = Readings(pl.Series([text]))
    reading = Reading()

    Compose(fix="x").many(readings)

    assert readings.canonical().to_list() == [Compose(fix="x").one(text, reading)]
    assert len(readings.fixes) == len(reading.fixes)


# --- asking a function -----------------------------------------------------------------------------------------------


def test_a_function_is_asked_once_for_each_value_and_country() -> None:
    asked = []

    def answer(value: str, reading: Reading) -> str | None:
        asked.append((value, reading.country))
        reading.notice("n", country=reading.country)
        if value == "9":
            return reading.refuse("f", value=9)
        if value == "0":
            return None
        reading.fix("x")
        return value + "!"

    countries = pl.Series(["PL", "DE", "PL", "PL", "DE", "PL"])
    readings = Readings(pl.Series(["1", "1", "1", "a", "9", "0"]), countries)
    Call(answer, only=Pattern("[0-9]")).many(readings)

    assert asked == [("1", "PL"), ("1", "DE"), ("9", "DE"), ("0", "PL")]
    assert readings.canonical().to_list() == ["1!", "1!", "1!", "a", None, None]
    assert found(readings, "faults") == [("f", [4])]
    assert found(readings, "fixes") == [("x", [0, 1, 2])]
    notices = [(one.code, one.params, one.at.to_list()) for one in readings.notices]
    assert notices == [("n", {"country": "PL"}, [0, 2, 5]), ("n", {"country": "DE"}, [1, 4])]
    assert [at.to_list() for at in readings.empty] == [[5]]


def test_a_function_is_not_asked_where_there_is_no_reason_to() -> None:
    def never(_: str, __: Reading) -> str:
        raise AssertionError

    readings = Readings(pl.Series(["a", "b"]))
    Call(never, only=Pattern("[0-9]")).many(readings)

    assert readings.canonical().to_list() == ["a", "b"]


# --- each distinct value once ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("lean", [False, True])
@pytest.mark.parametrize("name", ALL_RULES)
def test_values_that_repeat_are_read_as_those_that_do_not(name: str, lean: bool) -> None:  # noqa: FBT001
    table = cases_through(name)
    texts = [case.value for case in (*table.accepted, *table.refused, *table.empty) if len(case.value) < 2000]
    rng = dice(name)
    many = rng.choices([*texts, *(f" {text}\u3000" for text in texts)], k=20_000)
    countries = rng.choices(("PL", "DE", ""), k=20_000) if lean else ["PL"] * 20_000
    readings = Readings(pl.Series(many), pl.Series(countries) if lean else "PL")

    assert (readings.distinct() is None) == lean  # rows of other countries than the usual one are few
    ALL_RULES[name].many(readings)

    one = {pair: ALL_RULES[name].one(*pair) for pair in set(zip(many, countries, strict=True))}
    singly = [one[pair] for pair in zip(many, countries, strict=True)]
    assert readings.canonical().to_list() == [reading.value for reading in singly]
    refused = [at for fault in readings.faults for at in fault.at]
    assert sorted(refused) == [at for at, reading in enumerate(singly) if reading.fault]
    said = sorted(at for which in readings.placeholders for at in which)
    assert said == [at for at, reading in enumerate(singly) if reading.placeholder]


@pytest.mark.parametrize("country", ["PL", "DE"])
@pytest.mark.parametrize("times", [1, 40])
@pytest.mark.parametrize("name", ALL_RULES)
def test_nulls_are_not_read(name: str, times: int, country: str) -> None:
    table = cases_through(name)
    texts = [case.value for case in (*table.accepted, *table.refused, *table.empty) if len(case.value) < 2000]
    values = [each for text in texts for each in (text, None)] * times + [None] * 3000
    readings = Readings(pl.Series(values, dtype=pl.String), country)

    ALL_RULES[name].many(readings)

    one = {text: ALL_RULES[name].one(text, country) for text in texts}
    singly = [None if value is None else one[value] for value in values]
    assert readings.canonical().to_list() == [reading and reading.value for reading in singly]
    refused = sorted(at for fault in readings.faults for at in fault.at)
    assert refused == [at for at, reading in enumerate(singly) if reading and reading.fault]
    found = {at for one in (*readings.notices, *readings.fixes) for at in one.at}
    found.update(at for which in (*readings.empty, *readings.placeholders) for at in which)
    assert all(values[at] is not None for at in found)


def test_nothing_but_nulls_is_nothing() -> None:
    for rule in ALL_RULES.values():
        readings = Readings(pl.Series([None] * 5000, dtype=pl.String))
        rule.many(readings)

        assert readings.canonical().null_count() == 5000
        assert not [*readings.faults, *readings.notices, *readings.fixes, *readings.empty, *readings.placeholders]


def test_values_of_which_few_repeat_are_not_told_apart() -> None:
    assert Readings(pl.Series([str(number) for number in range(4000)])).distinct() is None
    assert Readings(pl.Series(["a"] * 1999)).distinct() is None
    assert Readings(pl.Series(["a"] * 2000)).distinct() is not None
    assert Readings(pl.Series([None, *map(str, range(2000))] + [None] * 8000)).distinct() is None
    begins_alike = ["a"] * 1000 + [str(number) for number in range(9000)]
    assert Readings(pl.Series(begins_alike)).distinct() is None


# --- screens ---------------------------------------------------------------------------------------------------------

SCREENS = [
    pytest.param(name, number, id=f"{name} {number + 1}")
    for name, rule in ALL_RULES.items()
    for number, _ in enumerate(rule.screens)
]


@pytest.mark.parametrize(("name", "number"), SCREENS)
def test_a_screen_answers_for_a_column_what_it_answers_for_each_value(name: str, number: int) -> None:
    screen = ALL_RULES[name].screens[number]
    texts = [
        text for other in ALL_RULES for case in cases_through(other).accepted for text in (case.value, case.canonical)
    ]
    texts += [case.value for other in ALL_RULES for case in cases_through(other).refused if len(case.value) < 2000]
    values = [text for text in texts if text is not None]
    answers = [screen.one(text) for text in values]
    readings = Readings(pl.Series(values))

    readings.screen(screen)

    assert any(answers)
    settled = [answer if answer is not None and not screen.fault else None for answer in answers]
    stays = [text if answer is None else None for text, answer in zip(values, answers, strict=True)]
    assert readings.canonical().to_list() == [one or other for one, other in zip(settled, stays, strict=True)]
    refused = [at for fault in readings.faults for at in fault.at]
    assert refused == [at for at, answer in enumerate(answers) if answer is not None and screen.fault]
    changed = [at for at, one in enumerate(settled) if one is not None and one != values[at]]
    assert found(readings, "fixes") == ([(code, changed) for code in screen.fixes] if changed else [])


def test_screens_are_asked_once_more_of_what_was_changed_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []
    screen = Readings.screen

    def note(readings: Readings, one: Screen) -> None:
        asked.append(readings.values.to_list())
        screen(readings, one)

    monkeypatch.setattr(Readings, "screen", note)
    monkeypatch.setattr("validators.rule.FEW", 0)
    digits, letters = (Screen(Pattern(pattern)) for pattern in ("[0-9]+", "[a-z]+"))
    rule = Rule("r", "", (Trim(fix="t"), Call(lambda value, _: value)), (digits, letters))
    readings = Readings(pl.Series(["1", " 2", "a", " b", "?"]))
    rule.many(readings)

    assert asked == [["1", " 2", "a", " b", "?"], ["2", "b"], ["a", "?", "b"]]
    assert readings.canonical().to_list() == ["1", "2", "a", "b", "?"]
    assert found(readings, "fixes") == [("t", [1, 3])]


def test_a_screen_answers_for_its_country_alone() -> None:
    screen = Screen(Pattern("[0-9]+"), fault=("f", {}), country="PL")
    readings = Readings(pl.Series(["1", "2", "3"]), pl.Series(["PL", "DE", "PL"]))
    readings.screen(screen)

    assert found(readings, "faults") == [("f", [0, 2])]
    for country, left in (("PL", 0), ("DE", 1)):
        one = Readings(pl.Series(["1"]), country)
        one.screen(screen)
        assert len(one) == left


# --- columns ---------------------------------------------------------------------------------------------------------


def test_a_column_is_taken_for_text_where_a_value_would_be() -> None:
    assert as_texts(pl.Series([7, None]))[0].to_list() == ["7", None]
    texts, not_text = as_texts(pl.Series([True, None]))
    assert (texts.to_list(), not_text is not None and not_text.to_list()) == ([None, None], [True, False])


def test_no_value_is_shown() -> None:
    column = pl.Series(["526-025-02-74", "5260250275", "Kowalski"])
    readings = Readings(column)
    RULES["nip"].many(readings)
    judged = read_column(vipower().kinds["business"].field("nip"), column, Country("PL"))

    for one in (readings, judged):
        for shown in (repr(one), str(one), pretty_repr(one)):
            assert [value for value in ("526", "Kowalski") if value in shown] == []
