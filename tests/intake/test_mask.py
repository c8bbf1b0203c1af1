"""What a value looks like, shown so that nobody can tell what it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.mask import mask, shown_header, shown_name


@given(st.text())
def test_no_letter_and_no_digit_is_left(text: str) -> None:
    shape = mask(text)
    assert {character for character in shape if character.isalnum()} <= set("9xX")
    assert shape.isprintable()
    assert len(shape) <= 41


@given(st.one_of(st.integers(), st.floats(), st.booleans(), st.none(), st.lists(st.text())))
def test_whatever_json_can_hold_has_a_shape(value: object) -> None:
    assert len(mask(value)) <= 41


@pytest.mark.parametrize(
    "value",
    [
        "jan@example.com",
        "600123456",
        "+48 600 123 456",
        "22-123-45-67",
        "00-950",
        "526-025-02-74",
        "44051401359",
        "1944-05-14",
        "14.05.1944",
        "192.0.2.7",
        "2001:db8::1",
        "Jan Kowalski, 00-950 Warszawa",
    ],
)
def test_a_name_that_looks_like_a_value_is_masked(value: str) -> None:
    assert shown_name(value) == mask(value)
    assert value not in shown_header(["Nazwa", value])
    assert "Nazwa" not in shown_header(["Nazwa", value])


@pytest.mark.parametrize("name", ["Imię", "E-mail", "Telefon 2", "Adres (ulica, nr)", "VAT 2019", "źródło: sklep"])
def test_a_name_is_shown_as_it_is(name: str) -> None:
    assert shown_name(name) == name
    assert shown_header(["Nazwa", name]) == f"“Nazwa”, “{name}”"


@given(st.text())
def test_a_name_cannot_steer_a_terminal_nor_fill_it(name: str) -> None:
    assert shown_name(name).isprintable()
    assert len(shown_name(name)) <= 41
