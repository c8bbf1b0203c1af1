"""Physical lines into rows, and what a broken quote may cost."""

import csv
import io
from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.sources import rows as module
from intake.sources.quoting import Dialect
from intake.sources.rows import Row, Width, read_rows, width_of
from intake.sources.text import Line

# An alphabet in which nearly every text means something to CSV.
texts = st.text(st.sampled_from('a;"\r\n '), max_size=60)


def lines_of(text: str) -> list[str]:
    return list(io.StringIO(text, newline=""))


def rows_of(text: str, width: Width | None = None) -> list[Row]:
    return list(read_rows(lines_of(text), Dialect(";"), width))


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        # RFC 4180, section 2: records, the last line end may be missing, quotes around line ends, commas and quotes.
        ("a;b\r\nc;d\r\n", [(1, ["a", "b"]), (2, ["c", "d"])]),
        ("a;b", [(1, ["a", "b"])]),
        ('"a";"b"\n', [(1, ["a", "b"])]),
        ('"a\r\nb;";c\r\nd\r\n', [(1, ["a\r\nb;", "c"]), (3, ["d"])]),
        ('"a""b";""\n', [(1, ['a"b', ""])]),
        # Beyond the standard: other line ends, also in quotes, where each is kept and counted.
        ("a\rb\nc\r\nd", [(1, ["a"]), (2, ["b"]), (3, ["c"]), (4, ["d"])]),
        ('"a\rb\nc\r\nd"\re', [(1, ["a\rb\nc\r\nd"]), (5, ["e"])]),
        ("a\n\n\r\nb\n", [(1, ["a"]), (2, []), (3, []), (4, ["b"])]),
        # A quote inside a cell that does not begin with one is text: old files are full of them.
        ('pipe 5";Shop "X"\n', [(1, ['pipe 5"', 'Shop "X"'])]),
        ("a\0b;\0\n", [(1, ["a\0b", "\0"])]),
        # What the strict reading refuses costs its first line.
        ('"a"b;c\nd;e\n', [(1, "quote_in_cell"), (2, ["d", "e"])]),
        ('"a" ;c\nd;e\n', [(1, "quote_in_cell"), (2, ["d", "e"])]),
        ('a;"b\nc;d\n', [(1, "unclosed_quote"), (2, ["c", "d"])]),
        ('a;"b', [(1, "unclosed_quote")]),
        ('a;"b\nc;"d\ne";f\n', [(1, "unclosed_quote"), (2, ["c", "d\ne", "f"])]),
        ('a;"b\nc;"d"\ne;f\n', [(1, "unclosed_quote"), (2, ["c", "d"]), (3, ["e", "f"])]),
        ('a;"b\nc;"d\ne;"f\ng\n', [(1, "unclosed_quote"), (2, "unclosed_quote"), (3, "unclosed_quote"), (4, ["g"])]),
        ('"a\n\n"b"\n"c\nd"\n', [(1, "unclosed_quote"), (2, []), (3, ["b"]), (4, ["c\nd"])]),
        ("a" * 131_073 + ";b\nc\n", [(1, "cell_too_long"), (2, ["c"])]),  # csv.field_size_limit's default
    ],
)
def test_rows_are_read_from_text(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a;b\n", [(1, ["a", "b"])]),
        ("a;b;c\n", [(1, ["a", "b", "c"])]),
        ("a;b;c;; \n", [(1, ["a", "b", "c", "", " "])]),
        ("a;b;c;;d\n", [(1, "too_many_cells")]),
        ("a\n", [(1, "too_few_cells")]),
        ("\n \n;;;;;\n", [(1, []), (2, [" "]), (3, [""] * 6)]),
        # A later quote that fits by chance must not swallow the rows between.
        ('a;"b\nc;d\ne;f"\n', [(1, ["a", "b\nc;d\ne;f"])]),
        ('"b\nc;d\ne;f"\n', [(1, "too_few_cells"), (2, ["c", "d"]), (3, "unclosed_quote")]),
        ('a;b;c;"d\ne;f\ng;h"\n', [(1, "too_many_cells"), (2, ["e", "f"]), (3, "unclosed_quote")]),
        # What was a cell's end must not pass for a row: here `y";z` would be one of two cells.
        ('"x\ny";z;1;2;3\n4;5\n', [(1, "too_many_cells"), (2, "unclosed_quote"), (3, ["4", "5"])]),
        ('1;"x\ny";z;4\n4;5\n', [(1, "too_many_cells"), (2, "unclosed_quote"), (3, ["4", "5"])]),
    ],
)
def test_rows_that_do_not_fit_the_header_are_named(text: str, rows: list[Row]) -> None:
    # Two columns with names, then one without.
    assert rows_of(text, Width(2, 3)) == rows


@pytest.mark.parametrize(
    ("header", "width"),
    [(["a", "b"], (2, 2)), (["a", "", "b", " ", ""], (3, 5)), (["", "a"], (2, 2)), ([], (0, 0))],
)
def test_the_last_column_with_a_name_is_the_last_that_a_row_needs(header: list[str], width: tuple[int, int]) -> None:
    assert width_of(header) == width


def test_a_row_may_have_a_thousand_lines_and_none_more() -> None:
    thousand = '"' + "a\n" * 999 + 'a"\n'
    more = '"' + "b\n" * 1000 + 'b"\n'
    rows = rows_of(thousand + more + 'c\nd"\n')

    assert rows[0] == (1, [thousand[1:-2]])
    assert rows[1:3] == [(1001, "unclosed_quote"), (1002, ["b"])]
    assert rows[-3:] == [(2001, "unclosed_quote"), (2002, ["c"]), (2003, ['d"'])]


def test_a_row_may_take_in_a_mebibyte_after_its_first_line_and_no_more() -> None:
    lines = [f'"{"a" * 99_999}";' * 10 + '"b\n'] * 2  # each closes the other's last cell, and is refused there
    wide = ['"a\n', f'{"b" * 100_000}";' + f'"{"b" * 100_000}";' * 9 + '"\n', f'{"c" * 100_000}"\n', '"d"\n']

    assert [row[1] for row in read_rows(lines, Dialect(";"))] == ["unclosed_quote"] * 2
    assert [
        (line, cells if isinstance(cells, str) else len(cells)) for line, cells in read_rows(wide, Dialect(";"))
    ] == [
        (1, "unclosed_quote"),
        (2, "unclosed_quote"),
        (3, "unclosed_quote"),
        (4, 1),
    ]


def test_a_line_too_long_to_hold_is_a_row_of_its_own() -> None:
    rows = list(read_rows(["a\n", None, None, "b\n", '"c\n', None, 'd"\n', None], Dialect(";")))

    assert rows == [
        (1, ["a"]),
        (2, "line_too_long"),
        (3, "line_too_long"),
        (4, ["b"]),
        (5, "unclosed_quote"),
        (6, "line_too_long"),
        (7, "unclosed_quote"),
        (8, "line_too_long"),
    ]


def test_no_line_is_read_a_thousand_times(monkeypatch: pytest.MonkeyPatch) -> None:
    class Counted(deque[Line]):
        taken = 0

        def popleft(self) -> Line:
            Counted.taken += 1
            return super().popleft()

    monkeypatch.setattr(module, "deque", Counted)
    # Each line closes the quote before it and opens one, so that none of ten thousand rows ever closes.
    rows = rows_of('a";"c\n' * 10_000)

    assert rows == [(line, "unclosed_quote") for line in range(1, 10_001)]
    assert Counted.taken < 3 * 10_000


@given(texts)
def test_what_the_library_reads_whole_is_read_the_same(text: str) -> None:
    try:
        expected = list(csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True))
    except csv.Error:
        expected = None

    rows = [cells for _, cells in read_rows(lines_of(text), Dialect(";"))]
    assert (expected is None) == any(isinstance(cells, str) for cells in rows)
    assert expected in (None, rows)


@given(texts, st.one_of(st.none(), st.just(Width(2, 3))))
def test_every_line_belongs_to_one_row_and_a_refused_row_has_one_line(text: str, width: Width | None) -> None:
    lines = lines_of(text)
    rows = rows_of(text, width)
    starts = [line for line, _ in rows] + [len(lines) + 1]

    assert starts[0] == 1
    for (line, cells), following in zip(rows, starts[1:], strict=True):
        own = "".join(lines[line - 1 : following - 1])
        if isinstance(cells, str):
            assert following == line + 1
        else:
            assert [cells] == list(csv.reader(io.StringIO(own, newline=""), delimiter=";", strict=True))
