"""Causes: where many records have the same thing wrong with them, `intake` says what, from where to where, and a cure.

Each file is spoilt as an old program or a hand would spoil it; everybody on it is invented.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from tests.intake.command import Typed
from tests.intake.customers import HEADER, csv, customer, write

MANY: Final = 60
ABOVE: Final = 2  # the line of the first record

Customers = list[dict[str, str]]


def causes(typed: Typed, *arguments: object) -> list[dict[str, Any]]:
    told = typed("check", "customers.csv", "--json", *arguments).json["causes"]
    assert isinstance(told, list)
    return told


def only(typed: Typed, *arguments: object) -> dict[str, Any]:
    (cause,) = causes(typed, *arguments)
    assert isinstance(cause, dict)
    return cause


def where(cause: Mapping[str, Any]) -> tuple[str, int, int, int]:
    return cause["code"], cause["records"], cause["first_line"], cause["last_line"]


def good(many: int = MANY) -> Customers:
    return [
        customer(number) | {"Nazwisko": "Żółć", "Kod pocztowy": f"{number % 90 + 1:02}-{number % 900 + 100}"}
        for number in range(many)
    ]


def spoilt(change: Callable[[dict[str, str]], dict[str, str]], start: int = 0, end: int = MANY) -> Customers:
    """Customers of whom those from `start` to before `end` are changed."""
    return [one | change(one) if start <= number < end else one for number, one in enumerate(good())]


def test_a_good_file_has_no_cause(tmp_path: Path, typed: Typed) -> None:
    write(tmp_path, good())
    assert causes(typed) == []


def test_faults_here_and_there_have_no_cause(tmp_path: Path, typed: Typed) -> None:
    """Every fifth record has the same fault, however many there are."""
    write(tmp_path, [one | ({"E-mail": "ewa"} if number % 5 == 0 else {}) for number, one in enumerate(good(600))])
    assert causes(typed) == []


# --- columns ---------------------------------------------------------------------------------------------------------


def shifted_right(one: Mapping[str, str]) -> dict[str, str]:
    """The house number's delimiter makes two cells of the address, and everything behind it moves; the last is lost."""
    street, number = one["Ulica i numer"].rsplit(" ", 1)
    cells = [one["Imię"], one["Nazwisko"], street, number, one["Kod pocztowy"], one["Miejscowość"], one["Telefon"]]
    return dict(zip((*HEADER, "Uwagi"), (*cells, one["E-mail"]), strict=True))


def test_cells_that_moved_to_the_right_from_a_line_on(tmp_path: Path, typed: Typed) -> None:
    write(tmp_path, spoilt(shifted_right, 20), "Uwagi")
    assert where(only(typed)) == ("columns.shifted_right", 40, ABOVE + 20, ABOVE + 59)


def test_cells_that_moved_to_the_left_here_and_there(tmp_path: Path, typed: Typed) -> None:
    """The city is missing in every third record: what is behind it stands one column before its own."""

    def without_city(one: Mapping[str, str]) -> dict[str, str]:
        return {
            "Kod pocztowy": one["Miejscowość"],
            "Miejscowość": one["Telefon"],
            "Telefon": one["E-mail"],
            "E-mail": "",
        }

    customers = [one | (without_city(one) if number % 3 == 0 else {}) for number, one in enumerate(good())]
    write(tmp_path, customers)
    assert where(only(typed)) == ("columns.shifted_left", 20, ABOVE, ABOVE + 57)


def test_a_second_telephone_and_address_are_no_shift(tmp_path: Path, typed: Typed) -> None:
    """Who filled the second of two columns, and not the first, may have meant it."""
    header = ("Imię", "Nazwisko", "Ulica i numer", "Kod pocztowy", "Miejscowość", "Telefon", "Tel2", "E-mail", "Mail2")
    customers = [one | {"Tel2": one["Telefon"], "Mail2": one["E-mail"], "Telefon": "", "E-mail": ""} for one in good()]
    (tmp_path / "customers.csv").write_text(csv(customers, header), encoding="utf-8")
    assert {cause["code"] for cause in causes(typed)} == {"column.empty"}


@pytest.mark.parametrize(
    ("line", "code"), [("a;b;c;d;e;f;g;h", "columns.more_cells"), ("a;b;c", "columns.fewer_cells")]
)
def test_rows_of_another_width_from_a_line_on(tmp_path: Path, typed: Typed, line: str, code: str) -> None:
    path = write(tmp_path, good(20))
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{line}\n" * 15)
    assert where(only(typed)) == (code, 15, ABOVE + 20, ABOVE + 34)


def test_quotes_of_another_dialect(tmp_path: Path, typed: Typed) -> None:
    path = write(tmp_path, good(20))
    with path.open("a", encoding="utf-8") as file:
        file.writelines(f'Ewa;"Sklep "{number}" s.c.";x;00-950;Łódź;600100200;a@b.pl\n' for number in range(12))
    assert where(only(typed)) == ("quotes.unusual", 12, ABOVE + 20, ABOVE + 31)


@pytest.mark.parametrize("nothing", ["", "brak"])
def test_a_column_that_holds_nothing(tmp_path: Path, typed: Typed, nothing: str) -> None:
    write(tmp_path, spoilt(lambda _: {"Telefon": nothing}, 30))
    cause = only(typed)
    assert where(cause) == ("column.empty", 30, ABOVE + 30, ABOVE + 59)
    assert cause["field"] == "phone"
    assert "Telefon" in cause["message"]["en"]
    assert "Telefon" in cause["message"]["pl"]
    assert "--mapping" in cause["cure"]["en"]


def test_a_column_that_is_not_there_for_records_of_one_kind(tmp_path: Path, typed: Typed) -> None:
    """Companies without a NIP among people: the file has no such column, and their kind needs one."""
    customers = [one | {"Nazwa firmy": "Sklep s.c." if number % 2 else ""} for number, one in enumerate(good())]
    write(tmp_path, customers, "Nazwa firmy")
    cause = only(typed)
    assert where(cause) == ("column.absent", 30, ABOVE + 1, ABOVE + 59)
    assert cause["params"] == {"field": "nip", "kind": "business"}


def test_a_column_read_as_another_field(tmp_path: Path, typed: Typed) -> None:
    (tmp_path / "mapping.toml").write_text('[columns]\nphone = "E-mail"\nemail = "Telefon"\n', encoding="utf-8")
    write(tmp_path, good())
    found = causes(typed, "--mapping", "mapping.toml")
    assert [(cause["code"], cause["field"], cause["params"]["like"]) for cause in found] == [
        ("column.of_another_field", "phone", "email"),
        ("column.of_another_field", "email", "phone"),
    ]
    assert 'email = "E-mail"' in found[0]["cure"]["en"]
    assert found[0]["shape"] == "xxx9@xxxxxxx.xxx"


# --- values ----------------------------------------------------------------------------------------------------------


def without_zero(one: Mapping[str, str]) -> dict[str, str]:
    return {"Kod pocztowy": str(int(one["Kod pocztowy"].replace("-", "")))}


def test_codes_that_lost_their_leading_zeros(tmp_path: Path, typed: Typed) -> None:
    customers = [one | (without_zero(one) if number < 400 else {}) for number, one in enumerate(good(600))]
    write(tmp_path, customers)
    cause = only(typed)
    assert cause["code"] == "zeros.lost"
    # Codes go from 01 to 90 in turn; those from 01 to 09 are refused.
    short = [number for number in range(400) if number % 90 < 9]
    assert (cause["records"], cause["first_line"], cause["last_line"]) == (len(short), ABOVE, ABOVE + short[-1])
    assert cause["shape"] == "9999"


def test_mistyped_codes_are_no_lost_zeros(tmp_path: Path, typed: Typed) -> None:
    """Where other codes have their zeros or their hyphens, no program took them for numbers."""
    write(
        tmp_path, [one | ({"Kod pocztowy": "1234"} if number % 20 == 0 else {}) for number, one in enumerate(good(600))]
    )
    assert causes(typed) == []


@pytest.mark.parametrize("sign", ["?", "�"])
def test_letters_that_an_earlier_conversion_lost(tmp_path: Path, typed: Typed, sign: str) -> None:
    customers = [
        one | {"Nazwisko": f"W{sign}jcik" if number % 3 == 0 else "Nowak"} for number, one in enumerate(good())
    ]
    write(tmp_path, customers)
    assert where(only(typed)) == ("letters.lost", 20, ABOVE, ABOVE + 57)


def test_several_telephones_in_every_cell(tmp_path: Path, typed: Typed) -> None:
    write(tmp_path, spoilt(lambda one: {"Telefon": one["Telefon"] + ", 600 700 800"}))
    cause = only(typed)
    assert where(cause) == ("phones.several", MANY, ABOVE, ABOVE + 59)


@pytest.mark.parametrize(
    ("column", "value", "field"),
    [
        ("Telefon", "22 123 45 67", "phone"),
        ("E-mail", "biuro@example.com", "email"),
        ("Ulica i numer", "ul. Polna 1", "street_address"),
    ],
)
def test_a_value_that_a_program_filled_in(tmp_path: Path, typed: Typed, column: str, value: str, field: str) -> None:
    write(tmp_path, spoilt(lambda _: {column: value}, 0, 40))
    cause = only(typed)
    assert where(cause) == ("column.constant", 40, ABOVE, ABOVE + 39)
    assert (cause["field"], value in str(cause)) == (field, False)


def test_values_that_are_refused_for_one_reason(tmp_path: Path, typed: Typed) -> None:
    """Local numbers, without the area code."""
    write(tmp_path, spoilt(lambda one: {"Telefon": one["Telefon"][-7:]}, 10))
    cause = only(typed)
    assert where(cause) == ("values.alike", 50, ABOVE + 10, ABOVE + 59)
    assert (cause["params"]["code"], cause["shape"]) == ("phone.invalid", "9999999")


# --- kinds -----------------------------------------------------------------------------------------------------------


def test_the_wrong_kind(tmp_path: Path, typed: Typed) -> None:
    write(tmp_path, [one | {"NIP": "", "Nazwa firmy": ""} for one in good()], "NIP", "Nazwa firmy")
    cause = only(typed, "--kind", "business")
    assert where(cause) == ("kind.lacks_its_own", MANY, ABOVE, ABOVE + 59)
    assert "--kind" in cause["cure"]["en"]


def test_words_that_are_no_kind(tmp_path: Path, typed: Typed) -> None:
    write(tmp_path, spoilt(lambda _: {"Rodzaj": "detal"}), "Rodzaj")
    cause = only(typed)
    assert where(cause) == ("kind.unknown_word", MANY, ABOVE, ABOVE + 59)
    assert "Rodzaj" in cause["message"]["en"]


def test_companies_that_say_they_are_people(tmp_path: Path, typed: Typed) -> None:
    write(tmp_path, spoilt(lambda _: {"Rodzaj": "osoba", "Nazwa firmy": "Sklep s.c."}), "Rodzaj", "Nazwa firmy")
    cause = only(typed)
    assert where(cause) == ("kind.looks_like_another", MANY, ABOVE, ABOVE + 59)
    assert "--kind business" in cause["cure"]["en"]


def test_a_column_that_is_forbidden(tmp_path: Path, typed: Typed) -> None:
    write(tmp_path, spoilt(lambda _: {"Uwagi": "VIP"}), "Uwagi")
    cause = only(typed, "--on-extra", "reject")
    assert where(cause) == ("extra.filled", MANY, ABOVE, ABOVE + 59)
    assert "--on-extra drop" in cause["cure"]["en"]
