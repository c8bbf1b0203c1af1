"""A screen never disagrees with the steps of its rule: what it answers is what they answer, to the last fix."""

import itertools

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.validators.case_files import ALL_RULES, cases
from tests.validators.values import mutated
from validators.rule import Rule
from validators.rules.company_name import LEGAL_FORMS
from validators.rules.email import TYPOS
from validators.rules.placeholder import PLACEHOLDER_WORDS
from validators.screen import Screen

SCREENED = {name: rule for name, rule in ALL_RULES.items() if rule.screen}


def screen_of(rule: Rule) -> Screen:
    assert rule.screen
    return rule.screen


def answers_as_the_steps_do(rule: Rule, value: str) -> bool:
    """Assert that a screen that answers does not disagree; return whether it answered."""
    screen = screen_of(rule)
    canonical = screen.one(value)
    if canonical is None:
        return False
    reading = rule.one(value, "PL")
    fixes: list[object] = [(screen.fix, {})] if canonical != value else []
    found = (reading.value, reading.fault, reading.notices, reading.fixes)
    assert found == (canonical, None, [], fixes), f"the screen of {rule.name} disagrees about {value!r}"
    return True


@pytest.mark.parametrize("name", SCREENED)
@given(data=st.data())
def test_values_of_the_screens_own_shape(name: str, data: st.DataObject) -> None:
    rule = SCREENED[name]

    answers_as_the_steps_do(rule, data.draw(st.from_regex(screen_of(rule).shape.pattern, fullmatch=True)))


@pytest.mark.parametrize("name", SCREENED)
@given(data=st.data())
def test_values_of_nearly_that_shape(name: str, data: st.DataObject) -> None:
    rule = SCREENED[name]

    answers_as_the_steps_do(rule, data.draw(mutated(st.from_regex(screen_of(rule).shape.pattern, fullmatch=True))))


@pytest.mark.parametrize("name", SCREENED)
def test_values_of_all_tables(name: str) -> None:
    values = {case.value for table in ALL_RULES for case in (*cases(table).accepted, *cases(table).refused)}
    values |= {case.canonical for table in ALL_RULES for case in cases(table).accepted if case.canonical}

    assert sum(answers_as_the_steps_do(SCREENED[name], value) for value in sorted(values))


def typed(word: str) -> set[str]:
    """Return a word as people type it, some with a sign of another word before or behind."""
    cased = {word, word.upper(), word.lower(), word.title(), word.capitalize(), word.swapcase()}
    cased |= {word.capitalize().swapcase(), word[:1].upper() + word[1:]}
    return cased | {one.replace(" ", "-") for one in cased} | {f"{one} {one}" for one in cased}


@pytest.mark.parametrize("name", SCREENED)
def test_words_that_a_rule_tells_apart(name: str) -> None:
    words = {*PLACEHOLDER_WORDS, *LEGAL_FORMS, "xx", "xxx", "x" * 20, "X-xx", "null", "none", "nan", "0" * 9}
    words |= {f"jan@{domain}" for domain in TYPOS} | {f"test@{domain}" for domain in ("test.pl", "test.com", "brak.pl")}
    words |= {f"jan@gmail.{domain}" for domain in ("local", "test", "invalid", "onion", "arpa", "localhost")}
    words |= {"00-000", "00-001", "99-999", "256.1.1.1", "01.1.1.1", "Windows 0", "Chrome 00", "b/n", "0/0"}

    for value in itertools.chain.from_iterable(map(typed, sorted(words))):
        answers_as_the_steps_do(SCREENED[name], value)


@given(st.integers(0, 999_999_999), st.sampled_from(("{}", "{}-{}-{}-{}", "{}{}{}{}")))
@example(0, "{}")
@example(526025027, "{}-{}-{}-{}")
def test_a_nip_is_proven_exactly_where_its_check_digit_fits(stem: int, layout: str) -> None:
    for digit in "0123456789":
        nip = f"{stem:09}{digit}"
        value = layout.format(nip) if layout == "{}" else layout.format(nip[:3], nip[3:6], nip[6:8], nip[8:])
        proven = answers_as_the_steps_do(SCREENED["nip"], value)

        assert proven == (SCREENED["nip"].one(value).value is not None)


@pytest.mark.parametrize("name", SCREENED)
def test_the_shape_of_a_screen_holds_one_line(name: str) -> None:
    # the proof of a whole record joins its values by line ends (validators.proof)
    value = cases(name).accepted[0].canonical or ""

    for line_end in "\n\r\x0b\x0c\x85\u2028\u2029":
        for mixed in (value + line_end, line_end + value, value[:2] + line_end + value[2:], line_end):
            assert screen_of(SCREENED[name]).shape.fullmatch(mixed) is None
