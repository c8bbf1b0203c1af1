"""`intake policy`: the policy shown, checked, and as a form."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.intake.command import ROOT, Typed
from validators.policy import vipower

SHIPPED = ROOT / "validators" / "policies" / "vipower.toml"


def words(text: str) -> str:
    """The text as it is read: a table wraps its cells."""
    return " ".join(text.split())


def test_a_policy_is_shown_with_what_it_allows_and_why(typed: Typed) -> None:
    finished = typed("policy", "show")
    policy = vipower()
    assert finished.status == 0
    assert policy.identity.sha256 in finished.out
    assert "30 days" in finished.out
    for kind in policy.kinds.values():
        assert f"„{kind.clause}”" in words(finished.out)
        assert kind.table in finished.out
        for field in kind.fields:
            assert field.name in finished.out


def test_a_policy_of_ones_own_is_shown(tmp_path: Path, typed: Typed) -> None:
    text = SHIPPED.read_text(encoding="utf-8").replace('controller = "ViPower.PL"', 'controller = "Sklep Łucji"')
    (tmp_path / "shop.toml").write_text(text, encoding="utf-8")
    finished = typed("policy", "show", "shop.toml")
    assert finished.status == 0
    assert "Sklep Łucji" in finished.out
    assert vipower().identity.sha256 not in finished.out


def test_a_good_policy_is_told_so(typed: Typed) -> None:
    finished = typed("policy", "check", SHIPPED)
    assert finished.status == 0
    assert str(vipower().identity) in finished.out


def test_a_bad_policy_is_told_everything_that_is_wrong_with_it(tmp_path: Path, typed: Typed) -> None:
    text = SHIPPED.read_text(encoding="utf-8").replace('rule = "nip"', 'rule = "nop"')
    (tmp_path / "shop.toml").write_text(text.replace('identity = "email"', 'identity = "nip"'), encoding="utf-8")
    finished = typed("policy", "check", "shop.toml")
    assert finished.status == 2
    assert finished.out == ""
    assert "fields.nip.rule" in finished.err
    assert "did you mean `nip`" in finished.err
    assert "kinds.individual.identity" in finished.err


@pytest.mark.parametrize("language", ["pl", "en"])
def test_the_schema_of_a_kind_is_one_that_a_front_end_can_use(typed: Typed, language: str) -> None:
    finished = typed("policy", "schema", "business", "--language", language)
    assert finished.status == 0
    schema = json.loads(finished.out)
    Draft202012Validator.check_schema(schema)
    kind = vipower().kinds["business"]
    assert schema["title"] == kind.label[language]
    assert set(schema["properties"]) >= set(kind.names)


def test_the_schema_is_of_the_policy_that_is_named(tmp_path: Path, typed: Typed) -> None:
    text = SHIPPED.read_text(encoding="utf-8").replace('pl = "Firma"', 'pl = "Przedsiębiorstwo"')
    (tmp_path / "shop.toml").write_text(text, encoding="utf-8")
    finished = typed("policy", "schema", "business", "--policy", "shop.toml")
    assert json.loads(finished.out)["title"] == "Przedsiębiorstwo"
