"""Numbers that name a person or a payment card are found, and what only has as many digits is not taken for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.pl import pesel

from validators.rules.identity_number import contains_identity_number, identity_numbers, is_card, is_pesel

PESELS = ["44051401359", "02122401358", "02211307589"]  # python-stdnum, stdnum.pl.pesel

# The card schemes' and payment services' published test numbers.
CARDS = {
    "Visa": "4111111111111111",
    "Visa, another": "4012888888881881",
    "Visa of 13 digits": "4222222222222",
    "Visa of PayU": "4444333322221111",
    "Mastercard": "5555555555554444",
    "Mastercard of PayU": "5434021016824014",
    "Mastercard in 2": "2223003122003222",
    "American Express": "378282246310005",
    "Discover": "6011111111111117",
    "Diners": "30569309025904",
    "Diners in 38": "38520000023237",
    "JCB": "3530111333300000",
    "Maestro": "6759649826438453",
    "UnionPay": "6200000000000005",
}


@pytest.mark.parametrize("number", PESELS)
def test_a_pesel_is_found_wherever_it_stands(number: str) -> None:
    for text in (number, f"PESEL: {number}", f"Jan({number})", f"x{number}y", f"{number[:6]} {number[6:]}"):
        assert identity_numbers(text) == [number]
    assert contains_identity_number(f"{number[:6]}-{number[6:]}")


@pytest.mark.parametrize("number", CARDS.values(), ids=CARDS.keys())
def test_a_card_is_found_wherever_it_stands(number: str) -> None:
    for text in (number, f"karta {number}", f"nr:{number}."):
        assert identity_numbers(text) == [number]


@pytest.mark.parametrize("separator", [" ", "-"])
def test_a_card_is_found_in_the_groups_that_are_embossed_on_it(separator: str) -> None:
    for groups in (("4111", "1111", "1111", "1111"), ("3782", "822463", "10005"), ("3056", "930902", "5904")):
        written = separator.join(groups)
        assert contains_identity_number(written)
        assert contains_identity_number(f"12 {written} 12/27 123")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ul. Prosta 12/34, 00-950 Warszawa",
        "tel. 22 123 45 67",
        "+48 512 345 678",
        "5260250274",
        "44051401358",  # python-stdnum: a wrong check digit
        "02381307589",  # python-stdnum: a wrong date
        "440514013590",  # a digit more
        "4111111111111112",  # Luhn
        "1111111111111117",  # no scheme has such numbers
        "4 111 111 111 111 111",  # no card is written so
        "12345678901234567890123456",  # 26 digits: a bank account
    ],
)
def test_what_is_none_is_not_taken_for_one(text: str) -> None:
    assert identity_numbers(text) == []


@given(st.from_regex("[0-9]{11}", fullmatch=True))
def test_a_pesel_is_what_python_stdnum_says_of_people_who_may_live(digits: str) -> None:
    month = int(digits[2:4])

    assert is_pesel(digits) == (pesel.is_valid(digits) and (1 <= month <= 12 or (21 <= month <= 32 and digits < "40")))


@given(st.from_regex("[0-9]{2}[0-3][0-9][0-3][0-9]{5}", fullmatch=True))
def test_a_pesel_whose_check_digit_fits_is_one_by_its_date(digits: str) -> None:
    number = digits + pesel.calc_check_digit(digits)
    lives = 1 <= int(number[2:4]) <= 12 or (21 <= int(number[2:4]) <= 32 and number < "40")

    assert is_pesel(number) == (pesel.is_valid(number) and lives)


@given(st.from_regex("[0-9]{11}|[2-6][0-9]{11,18}", fullmatch=True))
def test_a_card_has_its_check_digit(digits: str) -> None:
    assert is_card(digits) <= luhn.is_valid(digits)


@pytest.mark.parametrize("text", ["４４０５１４０１３５９", "4111111111111111\n", "", "٤٤٠٥١٤٠١٣٥٩"])
def test_what_is_not_all_ascii_digits_is_neither(text: str) -> None:
    assert not is_pesel(text)
    assert not is_card(text)
