"""Which row is the header, and when nobody can say."""

import pytest

from intake.sources.header import find_header

HEADER = ["Imię", "Telefon", "Miasto", "Uwagi"]
ROW = ["Ewa", "600123456", "Toruń", ""]
TITLE = ["Klienci"]


@pytest.mark.parametrize(
    ("rows", "at"),
    [
        # The first row, as long as nothing says otherwise.
        ([HEADER], 0),
        ([TITLE], 0),
        ([HEADER, ROW], 0),
        ([HEADER, ROW[:2], ROW[:1]], 0),  # ragged rows
        ([HEADER, TITLE, HEADER, ROW], 0),
        ([ROW, ROW, ROW], 0),
        ([[*HEADER, "", ""], ROW], 0),
        ([["", *HEADER], ["1", *ROW], ["2", *ROW]], 0),  # an index without a name
        ([["a", "b"], ["1", "2"], ["1", "2", "3"]], 0),
        ([HEADER, *[ROW] * 9, [*HEADER, "Kraj"], [*ROW, "PL"], [*ROW, "PL"]], 0),  # a second table
        # A title, dates, names and values, groups of columns.
        ([TITLE, HEADER, ROW], 1),
        ([TITLE, ["stan na", "2020-11-25"], HEADER, ROW, ROW], 2),
        ([[*TITLE, "", "", ""], HEADER, ROW], 1),
        ([["Klient", "", "Adres", ""], HEADER, ROW], 1),
        ([["Oddział", "Warszawa"], ["Data", "2020-11-25"], HEADER, ROW], 2),
        (["quote_in_cell", HEADER, ROW], 1),
        ([TITLE, HEADER, ROW, ["Razem: 1"]], 1),
        # Not certain: no names, names below names, a table above.
        ([TITLE, ROW, ROW], None),
        ([TITLE, ["x", "y", "z"], ["p", "q", "r"], ["s", "t", "u"]], None),
        ([["a", "b"], ["1", "2", "3"], ["4", "5", "6"]], None),
        ([["Nazwa", "NIP"], ["a", "1"], ["b", "2"], HEADER, *[ROW] * 9], None),
        # One that cannot be read is said to be so.
        (["unclosed_quote", ROW, ROW], 0),
    ],
)
def test_the_header_is_found_or_not_said(rows: list[list[str] | str], at: int | None) -> None:
    assert find_header(rows) == at
