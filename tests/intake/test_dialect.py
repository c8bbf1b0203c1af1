"""Which character separates the columns."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.sources.dialect import excel_delimiter, find_delimiter, usable_delimiter

words = st.text(st.sampled_from("abcłó .'5"), min_size=1, max_size=8)


def file_of(text: str) -> list[str]:
    return list(io.StringIO(text, newline=""))


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a,b\n1,2\n", ","),
        ("a;b\n1;2\n", ";"),
        ("a\tb\n1\t2\n", "\t"),
        ("a|b\n1|2\n", "|"),
        ("\n ;\na;b\n1;2\n", ";"),
        # A header alone; a single column, alone and with rows.
        ("a;b\n", ";"),
        ("NIP\n", ","),
        ("NIP\n5260250274\n", ","),
        # Other candidates inside cells: addresses with commas, prices, quoted cells, a comma in the header too.
        ("Nazwa;Adres\nSklep;Długa 5, Toruń\nBar;Krótka 7, Toruń\n", ";"),
        ('Nazwa,Adres\nSklep,"Długa 5; Toruń"\nBar,"Krótka 7; Toruń"\n', ","),
        ("Nazwa;Adres (ulica, numer);NIP\nSklep;Długa, 5;1\nBar;Krótka, 7;2\n", ";"),
        ("Nazwa;Cena, zł\nSklep;5\nBar;7\n", ";"),
        ("a\tb;c\n1\t2\n3\t4\n", "\t"),
        ("a;b,c\n1;2,3,4\n5;6,7,8\n", ";"),
        # Some rows that do not fit, blank rows, blank cells beyond the header, nameless columns at its end.
        ("a;b\n" + "1;2\n" * 9 + "3\n", ";"),
        ("a;b\n\n;\n1;2;;\n", ";"),
        ("a;b;;\n1;2\n3;4;;\n", ";"),
        # One malformed row only.
        ("a;b;c\n1;2\n", ";"),
        # As many columns with a comma as with a semicolon, but only in the header and one row of five.
        ("a;b,c\n1;2\n3;4\n5;6\n7,8;9\n10;11\n", ";"),
    ],
)
def test_the_delimiter_is_found(text: str, delimiter: str) -> None:
    assert find_delimiter(file_of(text)) == delimiter


@pytest.mark.parametrize(
    "text",
    [
        "a;b,c\n",
        "a;b,c\n1;2,3\n",
        # One column with a comma in its name, or two columns of which no row has the second.
        "Nazwisko, imię\nKowalska\nNowak\n",
        # Two would split nearly every row, and neither fits.
        "a;b,c\n1;2;3,4,5\n6;7;8,9,0\n",
    ],
)
def test_what_could_be_read_in_two_ways_is_not_decided(text: str) -> None:
    assert find_delimiter(file_of(text)) is None


def test_only_the_first_rows_are_read() -> None:
    assert find_delimiter(["a;b\n", *["1;2\n"] * 200, *["1,2\n"] * 900]) == ";"


@given(
    st.sampled_from(",;\t|"),
    st.integers(2, 5).flatmap(
        lambda columns: st.lists(st.lists(words, min_size=columns, max_size=columns), min_size=1)
    ),
)
def test_a_table_that_holds_one_candidate_only_is_always_clear(delimiter: str, table: list[list[str]]) -> None:
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=delimiter).writerows([[f"name {number}" for number in range(len(table[0]))], *table])

    assert find_delimiter(file_of(written.getvalue())) == delimiter


@pytest.mark.parametrize(
    ("line", "delimiter"),
    [
        ("sep=;\r\n", ";"),
        ("SEP=,\n", ","),
        ("sep=\t\n", "\t"),
        ("sep=|", "|"),
        ("sep=\n", None),
        ("sep=;;\n", None),
        ("sep=;x\n", None),
        ('sep="\n', None),
        (" sep=;\n", None),
        ("NIP;sep=;\n", None),
        (None, None),
    ],
)
def test_excels_first_line_tells_the_delimiter(line: str | None, delimiter: str | None) -> None:
    assert excel_delimiter(line) == delimiter


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [(";", ";"), ("^", "^"), ("¦", "¦"), ("\t", "\t"), ("\\t", "\t"), ("TAB", "\t"), (" ", " ")]
    + [(text, None) for text in ("", '"', ";;", "\n", "\r", "\0", "\x1f", "\u2028", "\udc80")],
)
def test_any_single_visible_character_but_a_quote_will_do(text: str, delimiter: str | None) -> None:
    assert usable_delimiter(text) == delimiter
