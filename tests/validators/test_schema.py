"""The JSON Schema of each kind: a valid one, and none that refuses what `check` accepts."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests.validators.case_files import cases
from tests.validators.records import CANONICAL
from tests.validators.values import nearly
from validators import check
from validators.policy import vipower
from validators.schema import schema

KINDS = list(vipower().kinds)


def validator(kind: str) -> Draft202012Validator:
    return Draft202012Validator(schema(vipower().kinds[kind]))


def properties(kind: str, language: str = "pl") -> dict[str, Any]:
    drawn: Any = schema(vipower().kinds[kind], language)["properties"]
    return dict(drawn)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["pl", "en"])
def test_it_is_a_schema_of_draft_2020_12(kind: str, language: str) -> None:
    drawn = schema(vipower().kinds[kind], language)

    assert drawn["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(drawn)


@pytest.mark.parametrize("kind", KINDS)
def test_it_has_the_policys_fields_in_its_order_and_no_other(kind: str) -> None:
    drawn = schema(vipower().kinds[kind])

    assert list(properties(kind)) == ["kind", *vipower().kinds[kind].names]
    assert drawn["additionalProperties"] is False
    assert drawn["description"] == vipower().kinds[kind].clause


@pytest.mark.parametrize(
    ("kind", "required"),
    # DESIGN.md, "What it is for": all transaction data but the country, which defaults to PL; of a visit its address
    [
        ("individual", {*CANONICAL["individual"]} - {"country_code"}),
        ("business", {*CANONICAL["business"]} - {"country_code"}),
        ("contact", {"first_name", "last_name", "email"}),
        ("visit", {"ip_address"}),
        ("registration", {"ip_address"}),
        ("login", {"ip_address"}),
    ],
)
def test_it_requires_what_the_policy_does(kind: str, required: set[str]) -> None:
    drawn: Any = schema(vipower().kinds[kind])

    assert {*drawn["required"]} == required
    assert {name for name, one in properties(kind).items() if one.get("minLength") == 1} == required


def test_a_form_can_be_built_from_it() -> None:
    field = properties("individual", "pl")["postal_code"]

    assert (field["type"], field["title"], field["maxLength"]) == ("string", "Kod pocztowy", 1000)
    assert (field["x-autocomplete"], field["x-clause"]) == ("postal-code", "osoba fizyczna, dane transakcyjne")
    assert properties("individual", "en")["postal_code"]["title"] == "Postal code"
    assert properties("individual")["country_code"]["default"] == "PL"
    assert "x-autocomplete" not in properties("login")["ip_address"]
    assert "default" not in properties("login")["ip_address"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_canonical_record_is_valid(kind: str) -> None:
    assert list(validator(kind).iter_errors(CANONICAL[kind])) == []
    assert list(validator(kind).iter_errors({**CANONICAL[kind], "kind": kind})) == []


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_wrong_by_any_reading_is_invalid(kind: str) -> None:
    record: dict[str, object] = {**CANONICAL[kind]}
    first = next(iter(record))

    for wrong in ({}, {**record, "note": "x"}, {**record, first: 1}, {**record, first: ""}, {**record, "kind": "x"}):
        assert not validator(kind).is_valid(wrong)


@pytest.mark.parametrize("kind", KINDS)
def test_every_value_of_the_tables_that_is_accepted_is_valid(kind: str) -> None:
    for field in vipower().kinds[kind].fields:
        for case in cases(field.rule.name).accepted:
            record = {**CANONICAL[kind], field.name: case.value}
            assert not check(record, kind=kind).accepted or validator(kind).is_valid(record)


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_every_text_record_that_is_accepted_is_valid(kind: str, data: st.DataObject) -> None:
    field = data.draw(st.sampled_from(vipower().kinds[kind].fields))
    record = {**CANONICAL[kind], field.name: data.draw(nearly(field.rule.name) | st.just(""))}

    assert not check(record, kind=kind).accepted or list(validator(kind).iter_errors(record)) == []
