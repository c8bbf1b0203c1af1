"""The vocabulary of the rules: what each step does by itself, and that Rust's engine can read its patterns."""

import re

import pytest

from tests.validators.case_files import ALL_RULES
from validators.checksum import weighted
from validators.pattern import Pattern
from validators.reading import Reading
from validators.steps import (
    Call,
    Compose,
    Contain,
    Empty,
    Encodable,
    OfLength,
    Refuse,
    Replace,
    Require,
    Step,
    Trim,
    Weigh,
    Within,
)

DIGITS = Pattern("[0-9]+")

# step, what goes in, what comes out (None: the reading ends), the fault, the fix
STEPS = [
    (Encodable(fault="f"), "ł\U0001f642", "ł\U0001f642", None, None),
    (Encodable(fault="f"), "\ud800", None, ("f", {}), None),
    (Within(3, fault="f"), "ąąą", "ąąą", None, None),
    (Within(3, fault="f"), "ąąąą", None, ("f", {"limit": 3}), None),
    (OfLength(3, fault="f"), "123", "123", None, None),
    (OfLength(3, fault="f"), "12", None, ("f", {"expected": 3}), None),
    (OfLength(3, fault="f"), "1234", None, ("f", {"expected": 3}), None),
    (Trim(fix="x"), "a b", "a b", None, None),
    (Trim(fix="x"), "\u3000\n a b\u0085\u00a0", "a b", None, "x"),
    (Trim(fix="x"), "\x1ca\x1f", "\x1ca\x1f", None, None),  # Unicode 17, PropList.txt: no White_Space
    (Compose(fix="x"), "ó", "ó", None, None),
    (Compose(fix="x"), "o\u0301", "ó", None, "x"),
    (Replace(Pattern("[.-]"), "", fix="x"), "12", "12", None, None),
    (Replace(Pattern("[.-]"), "", fix="x"), "1-2.", "12", None, "x"),
    (Replace(Pattern("[.-]"), "-", fix="x"), "1-2", "1-2", None, None),
    (Refuse(DIGITS, fault="f"), "ab", "ab", None, None),
    (Refuse(DIGITS, fault="f"), "a1b", None, ("f", {}), None),
    (Require(DIGITS, fault="f"), "12", "12", None, None),
    (Require(DIGITS, fault="f"), "12\n", None, ("f", {}), None),  # which `$` would let through
    (Require(DIGITS, fault="f"), "１２", None, ("f", {}), None),  # which `\d` would let through
    (Contain(DIGITS, fault="f"), "a1b", "a1b", None, None),
    (Contain(DIGITS, fault="f"), "ab", None, ("f", {}), None),
    (Weigh(weighted((1, -1), 10), fault="f"), "77", "77", None, None),
    (Weigh(weighted((1, -1), 10), fault="f"), "78", None, ("f", {}), None),
]


@pytest.mark.parametrize(("step", "value", "after", "fault", "fix"), STEPS)
def test_what_a_step_does(
    step: Step, value: str, after: str | None, fault: tuple[str, object] | None, fix: str | None
) -> None:
    reading = Reading()

    assert step.one(value, reading) == after
    assert (reading.fault, reading.fixes) == (fault, [(fix, {})] if fix else [])


@pytest.mark.parametrize(
    ("value", "after", "placeholder"),
    [("", None, False), ("brak", None, True), ("--", None, True), ("-a", "-a", False)],
)
def test_a_word_for_nothing_ends_a_reading(value: str, after: str | None, placeholder: bool) -> None:  # noqa: FBT001
    reading = Reading()

    assert Empty(frozenset({"brak"}), Pattern("-+")).one(value, reading) == after
    assert (reading.placeholder, reading.fault) == (placeholder, None)


def test_a_function_is_asked_only_where_there_is_reason_to() -> None:
    def upper(value: str, reading: Reading) -> str:
        reading.notice("n", country=reading.country)
        return value.upper()

    reading = Reading("DE")

    assert Call(upper, only=DIGITS).one("ab", reading) == "ab"
    assert reading.notices == []
    assert Call(upper, only=DIGITS).one("a1", reading) == "A1"
    assert Call(upper).one("ab", reading) == "AB"
    assert reading.notices == [("n", {"country": "DE"})] * 2


def test_a_fix_is_named_once() -> None:
    reading = Reading()
    for value in (" a", "b "):
        Trim(fix="x").one(value, reading)

    assert reading.fixes == [("x", {})]


def test_a_step_lists_the_codes_that_it_gives() -> None:
    assert Within(3, fault="f").codes == {"f": "fault"}
    assert Trim(fix="x").codes == {"x": "fix"}
    assert Empty(frozenset(), DIGITS).codes == {}
    assert Call(lambda value, _: value, ("f",), ("n",), ("x", "y")).codes == {
        "f": "fault",
        "n": "notice",
        "x": "fix",
        "y": "fix",
    }


def test_a_step_must_say_what_it_does() -> None:
    with pytest.raises(NotImplementedError):
        Step().one("a", Reading())


# --- patterns --------------------------------------------------------------------------------------------------------

PATTERNS = [
    pytest.param(value.pattern, id=f"{name} {number} {type(owner).__name__}.{field}")
    for name, rule in ALL_RULES.items()
    for number, owner in enumerate((*rule.steps, *rule.screens))
    for field in owner.__struct_fields__
    if isinstance(value := getattr(owner, field), Pattern)
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_means_the_same_to_python_and_to_rust(pattern: str) -> None:
    # \d \s \w \b are not the same in the two; Rust has no look-around and no back-references
    assert re.findall(r"\\[dDsSwWbBAZ1-9]|[(][?](?!:)", pattern) == []


def test_a_pattern_is_compiled_when_it_is_first_used() -> None:
    broken = Pattern("[")

    assert (broken.pattern, repr(broken)) == ("[", "Pattern('[')")
    with pytest.raises(re.error):
        broken.search("a")


def test_a_pattern_finds_what_re_finds() -> None:
    assert DIGITS.findall("1 22") == ["1", "22"]
    assert DIGITS.sub("x", "1 22") == "x x"
    assert DIGITS.fullmatch("1 ") is None
    assert DIGITS.search("a1")


def test_a_checksum_takes_as_many_digits_as_it_has_weights() -> None:
    # EAN-13 (GS1 General Specifications, 7.9): weights 1 and 3, modulus 10; 5901234123457 is GS1's Polish example
    ean = weighted((1, 3) * 6 + (1,), 10)

    assert ean.fits("5901234123457")
    assert [digit for digit in "0123456789" if ean.fits(f"590123412345{digit}")] == ["7"]
