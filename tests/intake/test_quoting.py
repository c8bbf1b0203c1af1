"""What quotes and backslashes mean, in each way that a file may have them."""

import csv

import pytest

from intake.sources.quoting import QUOTINGS, Dialect, Quoting


@pytest.mark.parametrize(
    ("quoting", "line", "cells"),
    [
        ("doubled", '"a""b";c\\"', ['a"b', 'c\\"']),
        ("single", "'a''b;';\"c\"", ["a'b;", '"c"']),
        ("none", "\"a;'b", ['"a', "'b"]),
        # https://dev.mysql.com/doc/refman/8.4/en/load-data.html: \\ is a backslash, \N is NULL, a character after a
        # backslash is taken as it is where it would mean something.
        ("backslash", r'"a\"b";"c""d";x\;y', ['a"b', 'c"d', "x;y"]),
        ("backslash", r'"C:\\";\N;"\\\""', ["C:\\", "", '\\"']),
        ("backslash", r"\N;a\N;\N", ["", "a\\N", ""]),
        ("backslash", '"a\\\n', ["a\n"]),
        # Beyond it: a backslash before what means nothing is text, where MySQL leaves it out, or a control character.
        ("backslash", r"C:\nowy;\t;\'", ["C:\\nowy", "\\t", "\\'"]),
    ],
)
def test_cells_are_read(quoting: Quoting, line: str, cells: list[str]) -> None:
    lines = [line, '"'] if line.endswith("\n") else [line]

    assert list(Dialect(";", quoting).reader(lines)) == [cells]


@pytest.mark.parametrize("quoting", ["doubled", "single", "backslash"])
def test_text_after_a_closing_quote_is_refused(quoting: Quoting) -> None:
    quote = Dialect(";", quoting).quote
    with pytest.raises(csv.Error):
        list(Dialect(";", quoting).reader([f"{quote}a{quote}b;c"]))


@pytest.mark.parametrize(
    ("quoting", "line", "many"),
    [
        ("doubled", 'a"b\\"\'', 2),
        ("single", 'a"b\\"\'', 1),
        ("none", 'a"b\\"\'', 0),
        ("backslash", 'a"b\\"\'', 1),
        ("backslash", '\\\\"', 1),
        ("backslash", '\\\\\\"', 0),
    ],
)
def test_only_quotes_that_mean_something_are_counted(quoting: Quoting, line: str, many: int) -> None:
    assert Dialect(";", quoting).quotes(line) == many


@pytest.mark.parametrize("quoting", QUOTINGS)
@pytest.mark.parametrize("delimiter", ";,\t|^-]\\'")
def test_any_delimiter_parts_cells(quoting: Quoting, delimiter: str) -> None:
    dialect = Dialect(delimiter, quoting)
    if delimiter not in dialect.meant:
        assert list(dialect.reader([delimiter.join("abc")])) == [["a", "b", "c"]]


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_cell_over_two_lines_ends_with_the_text(end: str) -> None:
    """Without an end of its last line, `csv.reader` would look for more, and call it an unclosed quote."""
    assert list(Dialect(";", "backslash").reader(["1;a\\\n", f'""b{end}'])) == [["1", 'a\n""b']]
