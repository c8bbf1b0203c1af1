"""What was refused, dropped or kept: no value of it stands in anything that a verdict says."""

import json
import logging
import pickle
from collections.abc import Callable, Iterator
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.pretty import pretty_repr

from tests.validators.case_files import ALL_RULES, cases
from tests.validators.records import CANONICAL
from validators import Verdict, check
from validators.field import Field
from validators.policy import vipower
from validators.rule import Rule
from validators.types import OnExtra

MARK = "Zq7Wv"  # it stands in no code, no name and no sentence
PLACES = [(kind.name, field) for kind in vipower().kinds.values() for field in kind.fields]

# A value for every reason for which any field refuses, and what goes with it.
REFUSED: dict[str, Callable[[str], object]] = {
    "control character": lambda mark: f"{mark}\x00",
    "invisible character": lambda mark: f"\u200b{mark}",
    "broken encoding": lambda mark: f"{mark}\ufffd",
    "lone surrogate": lambda mark: f"{mark}\ud800",
    "too long": lambda mark: mark * 300,
    "list": lambda mark: [mark],
    "object": lambda mark: {mark: mark},
    "bytes": lambda mark: mark.encode(),
    "identity number": lambda mark: f"{mark} 44051401359",
}


def everything_said(verdict: Verdict) -> Iterator[str]:
    """Yield all that can be read of a verdict that is no accepted record."""
    yield from (repr(verdict), str(verdict), f"{verdict}", f"{verdict!r:>9}", "%s %r" % (verdict, verdict))  # noqa: UP031
    for found in (*verdict.faults, *verdict.notices, *verdict.fixes):
        yield from (repr(found), str(found), found.pointer, found.message("pl"), found.message("en"))
        yield from (json.dumps(found.as_dict("pl")), json.dumps(found.as_dict("en")))
    if verdict.record is None:
        yield from (json.dumps(verdict.as_dict("pl"), ensure_ascii=False), json.dumps(verdict.as_dict("en")))
        yield msgspec.json.encode(verdict).decode()
        yield repr(msgspec.to_builtins(verdict))
        yield repr(pickle.dumps(verdict))


def stands_in(mark: str, verdict: Verdict) -> list[str]:
    return [said for said in everything_said(verdict) if mark.casefold() in said.casefold()]


@pytest.mark.parametrize(("kind", "field"), PLACES, ids=lambda one: one.name if isinstance(one, Field) else one)
@pytest.mark.parametrize("reason", REFUSED)
def test_a_refused_value_is_said_nowhere(
    kind: str, field: Field, reason: str, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    verdict = check({**CANONICAL[kind], field.name: REFUSED[reason](MARK)}, kind=kind)

    assert [fault.field for fault in verdict.faults] == [field.name]
    assert stands_in(MARK, verdict) == []
    assert caplog.text == ""
    assert capsys.readouterr() == ("", "")


REFUSED_CASES = [
    pytest.param(rule, case.value, id=f"{name} {number}")
    for name, rule in ALL_RULES.items()
    for number, case in enumerate(cases(name).refused, 1)
    # shorter ones stand in sentences by chance: `1` in `12 digits`
    if len(case.value) > 4 and case.country == "PL"
]


@pytest.mark.parametrize(("rule", "value"), REFUSED_CASES)
def test_a_value_that_its_own_rule_refuses_is_said_nowhere(rule: Rule, value: str) -> None:
    assert value not in repr(rule.one(value))
    for kind, field in PLACES:
        if field.rule is rule:
            verdict = check({**CANONICAL[kind], field.name: value}, kind=kind)
            assert not verdict.accepted
            assert stands_in(value, verdict) == []


@pytest.mark.parametrize("kind", vipower().kinds)
@pytest.mark.parametrize("on_extra", get_args(OnExtra))
def test_the_values_of_extras_are_said_nowhere(kind: str, on_extra: OnExtra) -> None:
    extras = {"note": MARK, "cookies": {MARK: MARK}, "list": [MARK], "long": MARK * 999, "bytes": MARK.encode()}
    verdict = check({**CANONICAL[kind], **extras}, kind=kind, on_extra=on_extra)

    assert verdict.dropped == tuple(extras)
    assert stands_in(MARK, verdict) == []
    assert MARK not in json.dumps(verdict.as_dict())
    assert MARK not in msgspec.json.encode(verdict).decode()


def test_a_key_that_is_no_name_is_said_nowhere() -> None:
    record: dict[Any, object] = {**CANONICAL["login"], (MARK,): 1, frozenset((MARK,)): 1, MARK.encode(): 1}

    for on_extra in get_args(OnExtra):
        assert stands_in(MARK, check(record, kind="login", on_extra=on_extra)) == []


@pytest.mark.parametrize("key", ["kind", "rodzaj"])
@pytest.mark.parametrize("value", [MARK, f"{MARK}\ud800", [MARK], {MARK: MARK}], ids=ascii)
def test_an_unknown_kind_is_said_nowhere(key: str, value: object) -> None:
    verdict = check({**CANONICAL["login"], key: value, "note": MARK})

    assert [fault.code for fault in verdict.faults] == ["kind.unknown"]
    assert stands_in(MARK, verdict) == []
    assert stands_in(MARK, check(CANONICAL["login"], kind=MARK)) == []


@pytest.mark.parametrize("record", [MARK, [MARK], MARK.encode(), {MARK}], ids=repr)
def test_what_is_no_record_is_said_nowhere(record: object) -> None:
    assert stands_in(MARK, check(record)) == []  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", vipower().kinds)
def test_an_accepted_value_is_not_shown_either(kind: str) -> None:
    record = CANONICAL[kind]
    verdict = check({**record, "email": "lucja@gmial.com"} if "email" in record else record, kind=kind)
    assert verdict.record

    for name, value in verdict.record.items():
        if name != "country_code":  # two letters stand in any word
            assert stands_in(value, verdict) == []


def test_an_accepted_value_that_was_changed_is_not_shown_either() -> None:
    changed = {"nip": " 526-025-02-74", "phone": "512 345 678", "postal_code": "00950", "email": "Lucja@EXAMPLE.com"}
    verdict = check({**CANONICAL["business"], **changed})

    assert len(verdict.fixes) == len(changed) + 1
    for value in changed.values():
        assert stands_in(value.strip(), verdict) == []


@pytest.mark.parametrize("name", ALL_RULES)
def test_a_reading_shows_no_value(name: str) -> None:
    for case in (*cases(name).accepted, *cases(name).refused):
        reading = ALL_RULES[name].one(case.value, case.country)
        if len(case.raw) > 4:
            assert case.raw not in repr(reading) + str(reading)
        if reading.value and len(reading.value) > 4:
            assert reading.value not in repr(reading) + str(reading)


@given(st.text("ABCDEFGHJKMNPQRSTUVWYZabcdefghjkmnpqrstuvwyz", min_size=12, max_size=30), st.data())
def test_no_part_of_a_refused_word_is_said(word: str, data: st.DataObject) -> None:
    kind, field = data.draw(st.sampled_from(PLACES))
    verdict = check({**CANONICAL[kind], field.name: f"{word}\x00{word}", "note": word}, kind=kind)

    assert [fault.field for fault in verdict.faults] == [field.name]
    assert stands_in(word, verdict) == []


def test_rich_is_shown_no_value_either() -> None:
    # msgspec gives every structure a __rich_repr__ with all its fields, which rich prefers to repr()
    verdict = check({"kind": "login", "ip_address": "192.0.2.7"})

    assert "192.0.2.7" not in pretty_repr(verdict)
