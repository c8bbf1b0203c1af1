"""`check`: one record, one verdict, with everything that there is to say."""

import math
from collections import UserDict
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.validators.records import CANONICAL
from tests.validators.values import ANY_TEXT
from validators import Verdict, check
from validators.policy import vipower
from validators.types import OnExtra

INDIVIDUAL, BUSINESS = CANONICAL["individual"], CANONICAL["business"]


def found(verdict: Verdict) -> list[tuple[str, str | None]]:
    return [(fault.code, fault.field) for fault in verdict.faults]


# --- acceptance ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", vipower().kinds)
def test_a_canonical_record_is_accepted_as_it_stands(kind: str) -> None:
    verdict = check({**CANONICAL[kind], "kind": kind})

    assert verdict.accepted
    assert (verdict.kind, verdict.record, verdict.policy) == (kind, CANONICAL[kind], vipower().identity)
    assert (verdict.faults, verdict.notices, verdict.fixes, verdict.dropped) == ((), (), (), ())


@pytest.mark.parametrize("kind", vipower().kinds)
def test_the_record_of_a_verdict_is_in_the_policys_order(kind: str) -> None:
    upside_down = dict(reversed(CANONICAL[kind].items()))

    assert list(check(upside_down, kind=kind).record or ()) == list(vipower().kinds[kind].names)
    assert list(check({**upside_down, "note": 1}, kind=kind).record or ()) == list(vipower().kinds[kind].names)


def test_what_was_changed_is_named_field_by_field() -> None:
    raw = {**BUSINESS, "nip": "526-025-02-74", "postal_code": "00950", "country_code": "Polska", "phone": "512 345 678"}
    verdict = check({**raw, "email": "lucja@gmial.com"})

    assert verdict.record == {**BUSINESS, "email": "lucja@gmial.com"}
    assert [(fix.code, fix.field) for fix in verdict.fixes] == [
        ("nip.separators", "nip"),
        ("postal_code.hyphen", "postal_code"),
        ("country_code.name", "country_code"),
        ("phone.format", "phone"),
    ]
    assert [(notice.code, notice.field) for notice in verdict.notices] == [("email.domain_typo", "email")]


def test_a_mapping_that_is_no_dict_is_judged_as_well() -> None:
    assert check(MappingProxyType(BUSINESS)).accepted
    assert check(UserDict(BUSINESS)).accepted


@pytest.mark.parametrize("record", [None, [], "nip", 5260250274, [("nip", "5260250274")]], ids=repr)
def test_what_is_no_mapping_is_malformed(record: dict[str, object]) -> None:
    verdict = check(record)  # whatever it is called: from JSON, anything may come

    assert [fault.as_dict() for fault in verdict.faults] == [
        {
            "code": "record.malformed",
            "field": None,
            "pointer": "",
            "message": "The record could not be read (not_an_object).",
            "params": {"reason": "not_an_object"},
        }
    ]
    assert (verdict.kind, verdict.record) == (None, None)


# --- refusal ---------------------------------------------------------------------------------------------------------


def test_all_faults_come_in_one_pass_in_the_policys_order() -> None:
    bad = {
        "phone": "nie wiem",
        "email": "jan",
        "nip": "5260250275",
        "first_name": "Jan1",
        "street_address": "ul. Długa",
        "postal_code": "1",
        "city": "5",
        "country_code": "PL",
        "company_name": ["Firma"],
        "note": "VIP",
    }
    verdict = check(bad, on_extra="reject")

    assert found(verdict) == [
        ("text.not_text", "company_name"),
        ("nip.checksum", "nip"),
        ("name.characters", "first_name"),
        ("required.missing", "last_name"),
        ("street_address.number_missing", "street_address"),
        ("postal_code.format", "postal_code"),
        ("city.no_letter", "city"),
        ("phone.unreadable", "phone"),
        ("email.syntax", "email"),
        ("extra.forbidden", "note"),
    ]
    assert (verdict.accepted, verdict.kind, verdict.record) == (False, "business", None)


def test_what_else_was_found_of_a_refused_value_is_not_told() -> None:
    verdict = check({**BUSINESS, "nip": " 526-025-02-75"})

    assert found(verdict) == [("nip.checksum", "nip")]
    assert verdict.fixes == ()


@pytest.mark.parametrize("kind", vipower().kinds)
def test_nothing_is_missing_in_every_required_field(kind: str) -> None:
    required = [field.name for field in vipower().kinds[kind].fields if field.required and field.default is None]
    for nothing in ({}, dict.fromkeys(required), dict.fromkeys(required, " "), dict.fromkeys(required, "")):
        assert found(check(nothing, kind=kind)) == [("required.missing", name) for name in required]
    placeholders = dict.fromkeys(required, "Nie dotyczy")
    assert found(check(placeholders, kind=kind)) == [("required.placeholder", name) for name in required]


@pytest.mark.parametrize("value", ["brak", "-", "N/A", " xxx "])
def test_a_word_for_nothing_in_a_field_that_may_be_empty_is_a_fix(value: str) -> None:
    verdict = check({"ip_address": "192.0.2.7", "browser": value}, kind="visit")

    assert verdict.record == {"ip_address": "192.0.2.7"}
    assert ("required.placeholder_emptied", "browser") in [(fix.code, fix.field) for fix in verdict.fixes]


def test_what_names_no_browser_is_left_out_with_a_notice() -> None:
    verdict = check({"ip_address": "192.0.2.7", "browser": "???/5.0"}, kind="visit")

    assert verdict.record == {"ip_address": "192.0.2.7"}
    assert [(notice.code, notice.field) for notice in verdict.notices] == [("browser.unrecognised", "browser")]


# The last two: no float holds it; Python does not write it down.
NO_TEXT = (["a"], {"a": 1}, (), True, False, math.nan, math.inf, -math.inf, b"x", object(), 10**400, -(10**5000))


@pytest.mark.parametrize("kind", vipower().kinds)
def test_what_is_no_text_is_refused_wherever_it_stands(kind: str) -> None:
    names = vipower().kinds[kind].names
    for value in NO_TEXT:
        assert found(check(dict.fromkeys(names, value), kind=kind)) == [("text.not_text", name) for name in names]


def test_a_number_is_read_as_people_write_it() -> None:
    # JSON's and a workbook's cells: a NIP, a phone and a house have digits only
    verdict = check({**BUSINESS, "nip": 5260250274, "phone": 512345678, "company_name": 4})

    assert verdict.record == {**BUSINESS, "company_name": "4"}


# --- identity numbers ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ["44051401359", "440514 01359", "4111 1111 1111 1111", "4444333322221111"])
@pytest.mark.parametrize("field", ["company_name", "first_name", "last_name", "street_address", "city"])
def test_an_identity_number_in_a_text_is_refused(field: str, number: str) -> None:
    # python-stdnum's PESEL, Visa's and PayU's test cards
    assert found(check({**BUSINESS, field: f"{BUSINESS[field]} {number}"})) == [("excess.identity_number", field)]


@pytest.mark.parametrize("field", ["browser", "operating_system", "internet_provider"])
def test_an_identity_number_in_a_visit_is_refused(field: str) -> None:
    record = {**CANONICAL["visit"], field: "Jan 44051401359"}

    assert found(check(record, kind="visit")) == [("excess.identity_number", field)]


# --- country ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("country", [None, "", " ", "PL", "pl", "Polska", "brak"])
def test_without_a_country_it_is_poland(country: str | None) -> None:
    verdict = check({**INDIVIDUAL, "country_code": country, "phone": "512 345 678"})

    assert verdict.record == INDIVIDUAL


def test_a_record_that_has_no_country_at_all_is_polands() -> None:
    without = {name: value for name, value in INDIVIDUAL.items() if name != "country_code"}

    assert check(without).record == INDIVIDUAL


@pytest.mark.parametrize("country", ["GB", "gb", "Wielka Brytania", "United Kingdom"])
def test_codes_and_phones_are_the_countrys(country: str) -> None:
    # phonenumbers' example for GB; UPU
    british = {"country_code": country, "postal_code": "SW1A 1AA", "phone": "0121 234 5678"}
    verdict = check({**INDIVIDUAL, **british})

    assert verdict.record == {**INDIVIDUAL, **british, "country_code": "GB", "phone": "+441212345678"}
    assert found(check({**INDIVIDUAL, "postal_code": "SW1A 1AA"})) == [("postal_code.format", "postal_code")]


def test_what_is_right_in_poland_is_not_right_everywhere() -> None:
    abroad = {**INDIVIDUAL, "country_code": "DE", "phone": "512 345 678"}

    assert found(check(abroad)) == [("postal_code.format", "postal_code")]
    # phonenumbers: 5123 is an area of Germany
    assert (check({**abroad, "postal_code": "26133"}).record or {})["phone"] == "+49512345678"


def test_a_country_that_nobody_can_read_makes_no_other_fault() -> None:
    for unreadable in ("Polandia", ["PL"], "\x00", "x" * 2000):
        foreign = {"country_code": unreadable, "postal_code": "SW1A 1AA", "phone": "0121 234 5678"}
        assert [fault.field for fault in check({**INDIVIDUAL, **foreign}).faults] == ["country_code"]
    # a long remark is no fault of a phone, and eleven digits may be another country's
    unknown = {"country_code": "Polandia", "phone": f"44051401359 {'po godzinie 18 ' * 20}"}
    assert found(check({**INDIVIDUAL, **unknown})) == [("country_code.unknown", "country_code")]


def test_with_a_country_that_nobody_can_read_the_rest_must_still_be_sound() -> None:
    bad = {"country_code": "Polandia", "postal_code": "brak", "phone": "600\x00"}

    assert found(check({**INDIVIDUAL, **bad})) == [
        ("required.placeholder", "postal_code"),
        ("country_code.unknown", "country_code"),
        ("text.control_character", "phone"),
    ]


# --- extras ----------------------------------------------------------------------------------------------------------


def test_what_the_policy_does_not_name_is_dropped_by_name() -> None:
    verdict = check({**INDIVIDUAL, "pesel": "44051401359", "date_of_birth": "1944-05-14", "cookies": {"a": 1}})

    assert verdict.record == INDIVIDUAL
    assert verdict.dropped == ("pesel", "date_of_birth", "cookies")


def test_a_field_of_another_kind_is_extra() -> None:
    verdict = check({**CANONICAL["login"], "browser": "Firefox 128"}, kind="login")

    assert (verdict.record, verdict.dropped) == (CANONICAL["login"], ("browser",))


def test_extras_can_be_refused() -> None:
    verdict = check({**INDIVIDUAL, "pesel": "44051401359", "ip": "192.0.2.7"}, on_extra="reject")

    assert found(verdict) == [("extra.forbidden", "pesel"), ("extra.forbidden", "ip")]
    assert verdict.dropped == ("pesel", "ip")
    assert verdict.record is None


@pytest.mark.parametrize("nothing", [None, "", " ", "\t\n\u00a0"])
def test_an_extra_that_has_no_value_is_none(nothing: str | None) -> None:
    verdict = check({**INDIVIDUAL, "pesel": nothing}, on_extra="reject")

    assert (verdict.accepted, verdict.dropped) == (True, ())


@pytest.mark.parametrize("something", [0, False, [], {}, math.nan, "-"])
def test_an_extra_that_has_a_value_of_any_sort_is_one(something: object) -> None:
    assert check({**INDIVIDUAL, "pesel": something}).dropped == ("pesel",)


def test_names_are_shown_as_far_as_they_are_names() -> None:
    names: dict[Any, object] = {"x" * 500: 1, "a\ud800": 1, 7: 1, None: 1, ("secret",): 1, 10**5000: 1}
    verdict = check({**INDIVIDUAL, **names})

    assert verdict.dropped == ("x" * 100, "a?", "7", "NoneType", "tuple", "int")


# --- anything --------------------------------------------------------------------------------------------------------

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT | st.binary(max_size=5)
ANYTHING = st.recursive(
    SCALARS | st.sampled_from((10**400, -math.inf)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=5,
)
FIELDS = st.sampled_from([*{name for kind in vipower().kinds.values() for name in kind.names}, "kind", "rodzaj"])
KEYS = FIELDS | ANY_TEXT | st.integers() | st.none() | st.booleans() | st.floats() | st.tuples(ANY_TEXT)


@given(
    st.dictionaries(KEYS, ANYTHING, max_size=12),
    st.none() | ANY_TEXT | st.sampled_from(list(vipower().kinds)),
    st.sampled_from((None, "drop", "reject")),
)
@example({"kind": []}, None, None)
@example({"kind": "\ud800"}, None, None)
def test_no_mapping_raises(record: dict[str, object], kind: str | None, on_extra: OnExtra | None) -> None:
    verdict = check(record, kind=kind, on_extra=on_extra)

    assert verdict.accepted == (verdict.record is not None) == (not verdict.faults)
    assert verdict.kind in {None, *vipower().kinds}
    if on_extra == "reject":
        assert verdict.kind is None or len(verdict.dropped) == sum(f.code == "extra.forbidden" for f in verdict.faults)


@given(st.dictionaries(FIELDS, ANYTHING | st.sampled_from(sorted(BUSINESS.values())), max_size=12))
def test_what_is_accepted_has_every_required_field_and_no_other(record: dict[str, object]) -> None:
    verdict = check(record)
    if verdict.kind is None or verdict.record is None:
        return
    kind = vipower().kinds[verdict.kind]

    assert {field.name for field in kind.fields if field.required} <= verdict.record.keys() <= {*kind.names}
    assert all(verdict.record.values())
