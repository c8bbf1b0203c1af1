"""CSV files: what was written is read, with its place; what is malformed costs itself only."""

import codecs
import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.errors import SourceError
from intake.sources import Blank, Item, Malformed, Place, Record, open_source

LINE_ENDS = re.compile(r"\r\n|\r|\n")

# Any character that UTF-8 has, and mostly those that mean something to CSV.
cells = st.one_of(st.text(st.sampled_from("aŁ;,\t|'\"\r\n \0"), max_size=6), st.text(max_size=6))
tables = st.integers(1, 5).flatmap(lambda columns: st.lists(st.lists(cells, min_size=columns, max_size=columns)))


def write(folder: Path, text: str) -> Path:
    path = folder / "shop.csv"
    path.write_bytes(text.encode())
    return path


def plain(items: Sequence[Item]) -> list[object]:
    """Return items in short: a record's line and values, a malformed one's line and reason, a blank one's line."""
    short: list[object] = []
    for item in items:
        match item:
            case Record(place, values):
                short.append((place.line, *values.values()))
            case Malformed(place, reason):
                short.append((place.line, reason))
            case Blank(place):
                short.append(place.line)
    return short


@given(
    table=tables,
    delimiter=st.sampled_from(",;\t|^"),
    ending=st.sampled_from(["\n", "\r\n", "\r"]),
    beginning=st.sampled_from(["", "\ufeff", "\n\r\n", "sep={}\r\n", "\ufeffsep={}\n"]),
)
def test_what_was_written_is_read_with_its_place(
    tmp_path_factory: pytest.TempPathFactory, table: list[list[str]], delimiter: str, ending: str, beginning: str
) -> None:
    header = [f"name {number}\n" for number in range(len(table[0]) if table else 1)]  # of two lines each
    text, expected = beginning.format(delimiter), []
    for number, row in enumerate([header, *table]):
        line = len(LINE_ENDS.findall(text)) + 1
        written = io.StringIO(newline="")
        csv.writer(written, delimiter=delimiter, lineterminator=ending, quoting=csv.QUOTE_ALL).writerow(row)
        text += written.getvalue()
        if number:
            names = [name.strip() for name in header]
            full = any(cell.strip() for cell in row)
            place = Place(number, line)
            expected.append(Record(place, dict(zip(names, row, strict=True))) if full else Blank(place))
    path = write(tmp_path_factory.getbasetemp(), text)

    told = None if "sep" in beginning else delimiter
    assert list(open_source(path, delimiter=told, encoding="utf-8").items()) == expected


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("a;b\n1;2\n", [(2, "1", "2")]),
        ("a;b\r\n1;2\r\n", [(2, "1", "2")]),
        ("a;b\r1;2\r", [(2, "1", "2")]),
        ("\ufeffa;b\n1;2", [(2, "1", "2")]),
        ("sep=;\na;b\n1;2", [(3, "1", "2")]),
        ("sep=|\r\n\r\na|b\r\n1;|2", [(4, "1;", "2")]),
        ("\n;\n\na;b\n1;2\n", [(5, "1", "2")]),
        ('"a\n1";b\n1;2\n', [(3, "1", "2")]),
        ("a;b\n", []),
        ("a;b", []),
        # Cells are kept as they are.
        ('a;b\n 1 ;"2\r\n"\n', [(2, " 1 ", "2\r\n")]),
        ("a;b\n1\0;\0\n", [(2, "1\0", "\0")]),
        # Blank ones, of any width and of any white space.
        ("a;b\n\n1;2\n;\n;;;\n \t;\u00a0\n\n3;4", [2, (3, "1", "2"), 4, 5, 6, 7, (8, "3", "4")]),
        # Ragged ones.
        ("a;b\n1\n1;2\n1;2;3\n1;2;;\n", [(2, "too_few_cells"), (3, "1", "2"), (4, "too_many_cells"), (5, "1", "2")]),
        # Quotes that nobody closed, or that close too early.
        ('a;b\n1;"2\n3;4\n', [(2, "unclosed_quote"), (3, "3", "4")]),
        ('a;b\n1;"2"x\n"3\n";4\n', [(2, "quote_in_cell"), (3, "3\n", "4")]),
    ],
)
def test_items_come_in_order_with_their_lines(tmp_path: Path, text: str, items: list[object]) -> None:
    found = list(open_source(write(tmp_path, text)).items())

    assert plain(found) == items
    assert [item.place.record for item in found] == list(range(1, len(found) + 1))


@pytest.mark.parametrize(
    ("header", "row", "columns", "values"),
    [
        (" NIP ; Imię\u00a0", "1;Ewa", ("NIP", "Imię"), {"NIP": "1", "Imię": "Ewa"}),
        ("a;;b", "1;;2", ("a", "b"), {"a": "1", "b": "2"}),
        ("a;;b", "1;x;2", ("a", "b"), {"a": "1", "(column 2)": "x", "b": "2"}),
        ("a;b;;", "1;2", ("a", "b"), {"a": "1", "b": "2"}),
        ("a;b;;", "1;2; ;x;;", ("a", "b"), {"a": "1", "b": "2", "(column 4)": "x"}),
        (";a;b", "7;1;2", ("a", "b"), {"(column 1)": "7", "a": "1", "b": "2"}),
        ("a;b", ";2", ("a", "b"), {"a": "", "b": "2"}),
    ],
)
def test_columns_without_a_name_are_seen_only_if_they_hold_something(
    tmp_path: Path, header: str, row: str, columns: tuple[str, ...], values: dict[str, object]
) -> None:
    source = open_source(write(tmp_path, f"{header}\n{row}\n"), delimiter=";")

    assert source.columns == columns
    assert list(source.items()) == [Record(Place(1, 2), values)]


@pytest.mark.parametrize(
    ("text", "code", "line", "params"),
    [
        ("a;b;A\n", "source.duplicate_column", 1, {"first": 1, "name": "A"}),
        ("\na; a\n", "source.duplicate_column", 2, {"first": 1, "name": "a"}),
        ("STRASSE;straße\n", "source.duplicate_column", 1, {"first": 1, "name": "straße"}),  # casefold: ß is ss
        ("(column 2);\n", "source.duplicate_column", 1, {"first": 1, "name": "(column 2)"}),
        ('a;"b\n1;2\n', "source.header_unreadable", 1, {"reason": "unclosed_quote"}),
        ('\n"a"b;c\n1;2\n', "source.header_unreadable", 2, {"reason": "quote_in_cell"}),
        ("a" * 2_000_000 + "\n1;2\n", "source.header_unreadable", 1, {"reason": "line_too_long"}),
        (";;;\n\n;\n", "source.empty", None, {}),
        ("sep=;\n", "source.empty", None, {}),
    ],
)
def test_a_header_that_is_not_certain_is_refused(
    tmp_path: Path, text: str, code: str, line: int | None, params: dict[str, int | str]
) -> None:
    with pytest.raises(SourceError) as caught:
        open_source(write(tmp_path, text), delimiter=";")

    assert (caught.value.code, caught.value.line, caught.value.params) == (code, line, params)


def test_a_delimiter_that_is_not_clear_is_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path, "a;b,c\n1;2,3\n")
    with pytest.raises(SourceError, match="--delimiter") as caught:
        open_source(path)

    assert caught.value.code == "source.delimiter_unclear"
    assert plain(list(open_source(path, delimiter=",").items())) == [(2, "1;2", "3")]


def test_a_delimiter_that_was_given_wins_over_excels(tmp_path: Path) -> None:
    source = open_source(write(tmp_path, "sep=;\na|b\n1|2\n"), delimiter="|")

    assert (source.format.delimiter, plain(list(source.items()))) == ("|", [(3, "1", "2")])


def test_malformed_lines_cost_themselves_only(tmp_path: Path) -> None:
    # Twelve thousand lines, of which every twelfth is malformed, in turn in each way that a line can be.
    bad = ['1;"x', '"1"x;2', "1", "1;2;3", '1;"x', ";" + "x" * (1 << 20)]
    lines = [bad[number // 12 % 6] if number % 12 == 0 else f"{number};ok" for number in range(12_000)]
    items = list(open_source(write(tmp_path, "a;b\n" + "\n".join(lines)), delimiter=";", encoding="utf-8").items())
    malformed = [item for item in items if isinstance(item, Malformed)]

    assert len(items) == 12_000
    assert len(malformed) == 1000
    assert malformed[0] == Malformed(Place(1, 2), "unclosed_quote")
    assert malformed[-1] == Malformed(Place(11_989, 11_990), "too_many_cells")
    assert [item.place.line for item in items] == list(range(2, 12_002))
    assert [item.values["a"] for item in items if isinstance(item, Record)] == [
        str(number) for number in range(12_000) if number % 12
    ]


def test_an_unclosed_quote_in_a_large_file_costs_one_line(tmp_path: Path) -> None:
    rows = [f"{number};ok\n" for number in range(5_000)]
    text = "a;b\n" + 'x;"never closed\n' + "".join(rows)
    items = list(open_source(write(tmp_path, text)).items())

    assert plain(items) == [(2, "unclosed_quote"), *((number + 3, str(number), "ok") for number in range(5_000))]


def test_a_source_can_be_read_again(tmp_path: Path) -> None:
    # The header stands behind the first block, so that finding it has taken bytes already.
    source = open_source(write(tmp_path, "\n" * 200_000 + "a;b\n1;2\n"))

    assert source.position == 0
    first = list(source.items())
    assert source.position == source.size
    assert list(source.items()) == first


def test_a_file_that_changes_under_the_reading_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "a;b\n1;2\n")
    source = open_source(path)
    path.write_text("b;a\n1;2\n", encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        list(source.items())

    assert caught.value.code == "source.changed"


def test_the_header_knows_no_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "shop.csv"
    path.write_bytes(codecs.BOM_UTF8 + b'"NIP";"Nazwa"\n1;2\n')
    source = open_source(path)

    assert (source.format.encoding, source.columns) == ("utf-8-sig", ("NIP", "Nazwa"))
