"""Faults, notices and fixes: what they show, and that nobody changes them."""

import json

import pytest

from validators.finding import Fault, Finding, Fix, Notice


def test_the_json_of_a_fault_is_what_was_promised() -> None:
    # DESIGN.md, "Python": {"code", "field", "pointer": "/nip", "message", "params"}
    assert Fault("nip.length", "nip", {"expected": 10}).as_dict("pl") == {
        "code": "nip.length",
        "field": "nip",
        "pointer": "/nip",
        "message": "NIP ma 10 cyfr.",
        "params": {"expected": 10},
    }


@pytest.mark.parametrize(
    ("field", "pointer"),
    # RFC 6901, 5
    [(None, ""), ("foo", "/foo"), ("", "/"), ("a/b", "/a~1b"), ("m~n", "/m~0n"), ("~1", "/~01"), ("c%d", "/c%d")],
)
def test_a_pointer_is_rfc_6901s(field: str | None, pointer: str) -> None:
    assert Fault("extra.forbidden", field).pointer == pointer


@pytest.mark.parametrize("finding", [Fault("a.b"), Notice("a.b"), Fix("a.b")], ids=repr)
def test_nobody_changes_a_finding(finding: Fault | Notice | Fix) -> None:
    with pytest.raises(AttributeError):
        finding.code = "c.d"  # type: ignore[misc]  # that is the point


def test_findings_of_two_sorts_are_not_equal() -> None:
    findings: list[Finding] = [Fault("a.b", "nip"), Notice("a.b", "nip"), Fix("a.b", "nip")]

    assert [one for one in findings if one == findings[0]] == [Fault("a.b", "nip")]
    assert [one for one in findings if one == findings[1]] == [Notice("a.b", "nip")]


def test_two_findings_share_no_parameters() -> None:
    assert json.dumps(Fault("extra.forbidden", "x").as_dict()["params"]) == "{}"
    assert Fault("a.b").params is not Fault("a.b", None, {"c": 1}).params
