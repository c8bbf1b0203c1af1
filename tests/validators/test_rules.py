"""What holds for every rule and every text."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.validators.case_files import ALL_RULES, cases
from tests.validators.values import ANY_TEXT, COUNTRIES, nearly
from validators.codes import codes
from validators.reading import Reading

# A typing error in a domain is told each time, for nothing was changed.
LASTING = {"email.domain_typo"}

# One code point, a thousand, and more than any field has.
LONG = [character * times for character in "0aą@ \x00\ud800\u0958\U0001f642" for times in (1, 1000, 1001, 300_000)]


def check_whole(name: str, reading: Reading) -> None:
    given_codes = [found[0] for found in (*reading.notices, *reading.fixes, *filter(None, [reading.fault]))]
    assert set(given_codes) - {*ALL_RULES[name].codes} == set()
    assert reading.value is None or not (reading.fault or reading.placeholder)
    assert [code for code, _ in reading.notices if codes().get(code) != "notice"] == []
    assert [code for code, _ in reading.fixes if codes().get(code) != "fix"] == []


@pytest.mark.parametrize("name", ALL_RULES)
@given(data=st.data(), country=COUNTRIES)
def test_no_text_raises_and_every_reading_is_whole(name: str, data: st.DataObject, country: str) -> None:
    reading = ALL_RULES[name].one(data.draw(ANY_TEXT | nearly(name)), country)

    check_whole(name, reading)


@pytest.mark.parametrize("name", ALL_RULES)
@pytest.mark.parametrize("value", LONG, ids=lambda value: f"{len(value)} {value[0]!a}")
def test_no_length_raises(name: str, value: str) -> None:
    check_whole(name, ALL_RULES[name].one(value))


@pytest.mark.parametrize("name", ALL_RULES)
def test_a_lone_surrogate_is_a_broken_encoding(name: str) -> None:
    # Unicode 17, D92: no UTF-8 can hold it, so no case file can either
    for value in ("\ud800", "a\udfff", "\udcb3", "52602502\udc9c74"):
        assert ALL_RULES[name].one(value).fault == ("text.broken_encoding", {})


def check_fixed_point(name: str, value: str, country: str) -> None:
    first = ALL_RULES[name].one(value, country)
    if first.value is None:
        return
    again = ALL_RULES[name].one(first.value, country)

    assert (again.value, again.fault, again.fixes) == (first.value, None, [])
    assert again.notices == [notice for notice in first.notices if notice[0] in LASTING]


@pytest.mark.parametrize("name", ALL_RULES)
@given(data=st.data(), country=COUNTRIES)
def test_what_is_canonical_stays_as_it_is(name: str, data: st.DataObject, country: str) -> None:
    check_fixed_point(name, data.draw(nearly(name) | ANY_TEXT), country)


@pytest.mark.parametrize("name", ALL_RULES)
@given(data=st.data(), around=st.sampled_from(["", " ", "\u00a0", "\u3000"]), country=COUNTRIES)
def test_with_screens_in_between_a_text_is_read_as_without(
    name: str, data: st.DataObject, around: str, country: str
) -> None:
    value = around + data.draw(nearly(name) | ANY_TEXT)
    alone, sooner = ALL_RULES[name].one(value, country), Reading(country)
    sooner.value = ALL_RULES[name].read(value, sooner)

    assert (sooner.value, sooner.fault, sooner.placeholder) == (alone.value, alone.fault, alone.placeholder)
    if alone.value is not None:  # what else was found of a value that is refused is not told
        assert sooner.notices == alone.notices
        assert sorted(sooner.fixes) == sorted(alone.fixes)


@pytest.mark.parametrize("name", ALL_RULES)
def test_what_the_table_calls_canonical_stays_as_it_is(name: str) -> None:
    for case in cases(name).accepted:
        check_fixed_point(name, case.value, case.country)


@pytest.mark.parametrize("name", ALL_RULES)
@given(data=st.data(), around=st.text("\t\n\v\x1c \x85\u00a0\u2000\u3000\u0301", max_size=3))
def test_what_is_accepted_is_sound_text(name: str, data: st.DataObject, around: str) -> None:
    canonical = ALL_RULES[name].one(around + data.draw(nearly(name) | ANY_TEXT) + around).value or ""

    # DESIGN.md, "Rules": NFC, outer white space goes, inner is single, no controls, and UTF-8 can hold it
    assert unicodedata.is_normalized("NFC", canonical)
    assert canonical == " ".join(canonical.split())
    assert [c for c in canonical if unicodedata.category(c) in {"Cc", "Cs"}] == []
