"""What is kept of a refused record: the policy's fields as they came, and nothing that may not be kept."""

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.validators.case_files import cases
from tests.validators.records import CANONICAL
from tests.validators.values import ANY_TEXT, nearly
from validators.policy import vipower
from validators.retain import retained
from validators.rules.identity_number import contains_identity_number

BUSINESS, INDIVIDUAL, VISIT = (vipower().kinds[name] for name in ("business", "individual", "visit"))

# python-stdnum's PESEL and Visa's test card, as people write them, and as they hide.
HIDDEN = [
    "44051401359",
    "PESEL 440514 01359",
    "440514-01359",
    "karta 4111 1111 1111 1111",
    "4111\u00a01111\u00a01111\u00a01111",
    "4111  1111  1111  1111",
    "4111\t1111\n1111\t1111",
    "440514\u200b01359",
    "4405\u00ad1401359",
    "4405\x001401359",
    "４４０５１４０１３５９",
    "4111 1111 1111 1111 12/27 123",
]


def test_the_policys_fields_are_kept_as_they_came() -> None:
    record = {"first_name": " Jan1", "nip": "526-025-02-75", "phone": "nie wiem", "email": "jan(at)example.com"}

    assert retained(record, BUSINESS) == record


def test_nothing_else_is_kept() -> None:
    record = {**CANONICAL["business"], "email": "jan", "note": "VIP", "date_of_birth": "1944-05-14", "kind": "business"}

    assert retained(record, BUSINESS) == {**CANONICAL["business"], "email": "jan"}
    assert retained(record, vipower().kinds["login"]) == {}


def test_what_did_not_come_is_not_there() -> None:
    assert retained({"first_name": None, "last_name": "", "city": "Ełk"}, INDIVIDUAL) == {"city": "Ełk"}


@pytest.mark.parametrize("number", HIDDEN, ids=ascii)
@pytest.mark.parametrize("field", BUSINESS.names)
def test_a_field_with_an_identity_number_is_blank(field: str, number: str) -> None:
    assert retained({**CANONICAL["business"], field: number}, BUSINESS) == {**CANONICAL["business"], field: None}


@pytest.mark.parametrize("number", HIDDEN, ids=ascii)
@pytest.mark.parametrize("field", ["browser", "operating_system", "internet_provider"])
def test_a_field_of_a_visit_with_an_identity_number_is_blank(field: str, number: str) -> None:
    assert retained({field: f"Jan {number}"}, VISIT) == {field: None}


def test_a_phone_whose_digits_make_a_pesel_by_chance_is_kept() -> None:
    # +48 and nine digits are eleven, and Kraków's area code is a month: December
    numbers = [number for last in range(100) if contains_identity_number(number := f"4812123{last:04}")]

    assert numbers
    for number in numbers:
        assert retained({"phone": number}, INDIVIDUAL) == {"phone": number}


def test_a_user_agent_is_kept_reduced_or_not_at_all() -> None:
    # MDN's example
    agent = "Mozilla/5.0 (Windows NT 6.1; Win64; x64; rv:47.0) Gecko/20100101 Firefox/47.0"
    record = {"browser": agent, "operating_system": agent, "ip_address": "192.0.2.256"}

    assert retained(record, VISIT) == {
        "ip_address": "192.0.2.256",
        "browser": "Firefox 47",
        "operating_system": "Windows 7",
    }
    assert retained({"browser": "???/5.0", "operating_system": "\x00"}, VISIT) == {
        "browser": None,
        "operating_system": None,
    }


def test_what_no_field_can_be_is_not_kept() -> None:
    for value in (["a"], {"a": 1}, True, b"a", math.nan, math.inf, 10**400, 10**5000, "x" * 1001):
        assert retained({"city": value}, INDIVIDUAL) == {"city": None}
    assert retained({"city": "x" * 1000}, INDIVIDUAL) == {"city": "x" * 1000}


def test_a_number_is_kept_as_people_write_it() -> None:
    assert retained({"nip": 5260250275, "phone": 6.5, "company_name": 0}, BUSINESS) == {
        "company_name": "0",
        "nip": "5260250275",
        "phone": "6.5",
    }


def test_a_lone_surrogate_is_not_kept() -> None:
    # no database can store it, and a rejection must not be lost for it
    assert retained({"city": "Krak\ud800w"}, INDIVIDUAL) == {"city": "Krak?w"}


@pytest.mark.parametrize("kind", vipower().kinds)
def test_what_is_canonical_is_kept_as_it_is(kind: str) -> None:
    assert retained(CANONICAL[kind], vipower().kinds[kind]) == CANONICAL[kind]


@given(st.data())
def test_no_value_raises_and_what_is_kept_can_be_stored(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(list(vipower().kinds.values())))
    field = data.draw(st.sampled_from(kind.fields))
    raw = data.draw(nearly(field.rule.name) | ANY_TEXT | st.integers() | st.floats() | st.sampled_from(HIDDEN))
    kept = retained({field.name: raw}, kind).get(field.name)

    assert kept is None or kept.encode()
    canonical = field.rule.one(kept).value if kept else None
    assert not contains_identity_number(kept or "") or canonical


@given(st.sampled_from([case.value for case in cases("company_name").accepted]), st.sampled_from(HIDDEN))
@example("Firma", "PESEL: 44051401359")
def test_no_identity_number_is_kept_beside_other_words(words: str, number: str) -> None:
    for value in (f"{words} {number}", f"{number} {words}", f"{words}: {number}."):
        assert retained({"company_name": value}, BUSINESS) == {"company_name": None}
