"""Columns: chunks hold what the reading record by record gives, each record at its place, and no more than a chunk."""

import json
import os
import re
import tracemalloc
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import polars as pl
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from intake.errors import SourceError
from intake.sources import Blank, Item, Malformed, Place, Record, Source, csv_columns, json_columns, open_source
from intake.sources import text as text_module
from intake.sources.chunk import Chunk
from intake.sources.quoting import QUOTINGS, Dialect, Quoting
from intake.sources.rows import Row, Taken, Width, rows_from
from tests.intake.command import ROOT
from validators.field import as_text

REGISTERS: Final = Path(os.environ.get("INTAKE_TEST_DATA", ROOT.parent / "shared" / "data"))

DELIMITERS = ",;\t| ^]\\-.#'/&~a0ł§"

# Lines as they should be, and pieces of which nearly any two next to one another mean something to CSV. The bar stands
# for the delimiter.
pieces = st.sampled_from(
    [
        "1|2\n",
        "3|ć\r\n",
        "8|9\r",
        '"4"|"|"\n',
        '"5""|"|""\n',
        "\ufeff6|7\n",
        '"',
        '"|"',
        "|",
        "\r",
        "\n",
        " ",
        "b",
        "ć",
        "\0",
        '5|"6\n',
        '"7\r\n"|8\n',
        "x|y\n",
        " x|\u3000y\r\n",
        "\\",
        '\\"',
        "\\N",
        "'",
        "'4'|'5''|'\n",
    ]
)
bodies = st.lists(pieces, max_size=30).map("".join)
# Objects of few keys, most of them nothing but text.
short = st.sampled_from(["", "x", "ł", "\ud800"]) | st.text(max_size=3)
values = st.one_of(st.none(), st.integers(), st.floats(allow_nan=False), short, short, short)
keys = st.sampled_from(["a", "b", "ć", ""])
texts = st.dictionaries(keys, values, max_size=4)
objects: st.SearchStrategy[dict[str, object]] = (
    texts | texts | st.dictionaries(keys, values | st.booleans() | st.just([]) | texts)
)
headers = st.sampled_from(["x|y\n", "x|y|\n", "x||y\r\n", "x\n", "|x\r", '\n|\n"x\n1"|y\n'])


def write(folder: Path, text: str, name: str = "shop.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode(errors="surrogatepass"))
    return path


def as_items(chunks: Iterable[Chunk], after: int = 0) -> list[Item]:
    """Return the items that chunks hold, and assert that their books are right."""
    items: list[Item] = []
    for chunk in chunks:
        assert chunk.records.dtype == chunk.lines.dtype == pl.UInt32
        assert set(chunk.rows.dtypes) <= {pl.String}
        assert chunk.records.is_sorted()
        places = map(Place, chunk.records, chunk.lines)
        records = [Record(place, row) for place, row in zip(places, chunk.rows.iter_rows(named=True), strict=True)]
        own = sorted([*records, *chunk.others], key=lambda item: item.place.record)
        assert chunk.others == sorted(chunk.others, key=lambda item: item.place.record)
        assert [item.place.record for item in own] == list(range(after + 1, after + 1 + chunk.read))
        after += chunk.read
        assert chunk.last_record == after
        items += own
    return items


def alike(items: Iterable[Item], source: Source) -> list[Item]:
    """Return items without what columns cannot tell: nothing from null, a number from its text, blank from nameless."""
    named = source.columns
    kept: list[Item] = []
    for item in items:
        if isinstance(item, Record):
            texts = {name: value if (text := as_text(value)) is None else text for name, value in item.values.items()}
            values = {
                name: value
                for name, value in texts.items()
                if value is not None and (named is None or name in named or str(value).strip())
            }
            kept.append(Record(item.place, values))
        else:
            kept.append(item)
    return kept


def assert_same(source: Source, after: int = 0) -> list[Chunk]:
    expected = alike(source.items(), source)[after:]
    chunks = list(source.chunks(after))

    assert alike(as_items(chunks, min(after, len(expected) + after)), source) == expected
    return chunks


def small(monkeypatch: pytest.MonkeyPatch, block: int, size: int, most: int) -> None:
    """Let a file be read in blocks of so many bytes, and a chunk have so many bytes and records."""
    monkeypatch.setattr(text_module, "_READING_BLOCK", block)
    monkeypatch.setattr(csv_columns, "_BYTES", size)
    monkeypatch.setattr(csv_columns, "_RECORDS", most)
    monkeypatch.setattr(csv_columns, "_PART", max(most // 2, 1))
    monkeypatch.setattr(json_columns, "_CHARACTERS", size)
    monkeypatch.setattr(json_columns, "_LINES", most)


@pytest.mark.parametrize(
    "text",
    [
        "a;b\n1;2\n",
        "a;b\r\n1;2\r\n3;4\r\n",
        "a;b\r1;2\r3;4\r\n5;6\n7;8\r",
        "\ufeffa;b\n1;2",
        "sep=;\na;b\n1;2",
        "\n;\n\na;b\n1;2\n",
        '"a\n1";b\n1;2\n',
        "a;b\n",
        "a;b",
        # Of quotes: a whole file of them, with delimiters and quotes inside, empty cells, one that begins with a quote.
        '"a";"b"\n"1";"2"\r\n"3;""x""";"4"\n"";"5"\n"""";"6"\n""";""";"7"',
        'a;b\n1;"2\r\n"\n3;"4\n5;6"\n7;8\n',
        'a;b\n1;pipe 5"\n2;Shop "X"\n3;4\n',
        'a;b\n1;"2\n3;4\n5;6\n',
        'a;b\n1;"2\n3;4\n5;"6\n7;8\n9;"\n',
        'a;b\n1;"2"x\n"3\n";4\n5;6\n',
        # Rows of several lines: two that are neighbours, three lines and a blank one, the last of a file; where another
        # one was refused above; what is one row only together with the line above it.
        'a;b\n1;"x\ny"\n2;"x\r\n\ny"\r\n3;4\n5;"x\n"\n"6\n";7\n8;"9\n"',
        'a;b\n1;"2\n3;4\n5;"6\n7"\n8;9\n0;"1\n2"\n3;4\n',
        'a;b\n1;"2\n3";"4\n5";6\n7;8\n9;"\n \n";0\n"\n";" \n"\n1;2\n',
        'a;b\n6;"7\n1;2\nd;"\n8"\n',  # the third line is the end of one row and, with the fourth, could be another
        # A NUL that is the file's own, a CR inside quotes; a header of two lines, once more.
        'a;b\n1;"2\0x\n3"\n4;5\n6;"\r7\n8"\n9;0\n',
        '"a\n1";b\n1;2\n"a\n1";b\n3;4\n"x\ny";5\n6;7\n"a\n1";"b"\n',
        # What is inside a row that began above is none, although it could be one.
        'a;b\n1;"\n3;4\n5;6\n"\n7;8\n',
        # Nothing that Polars leaves out or takes for something else.
        "a;b\n#1;2\n1;# 2\n'3';'4;'\n 5 ; 6 \n7;\n;8\nNULL;null\nNaN;\\N\n1e5;007\ntrue;1980-01-01\n",
        "a;b\n1\0;\0\n\0;2\n",
        "a;b\n\ufeff1;2\n\ufeff3;4\n",
        "a;b\n1;x\u2028y\n2;x\vy\x0cz\x1c\x85\n",
        # Blank ones.
        "a;b\n\n1;2\n;\n;;;\n \t;\u00a0\n\u2003;\n\n3;4",
        'a;b\n"";""\n" ";\n1;2\n',
        "a\n1\n\n \n2\n",
        # Ragged ones, and columns without a name.
        "a;b\n1\n1;2\n1;2;3\n1;2;;\n3;4\n",
        "a;b;;\n1;2\n1;2;;\n1;2;x;\n1;2; ;x;;\n1;2;;;y\n",
        ";a;;b\n7;1;;2\n;1;8;2\n;1; ;2\n",
        # Limits: of a cell for `csv`, of a line.
        f"a;b\n1;2\n{'x' * 131_072};3\n{'x' * 131_073};4\n{'ć' * 100_000};5\n6;7\n",
        f'a;b\n1;2\n3;{"x" * (1 << 20)}\n4;5\n6;"\n7;{"x" * (1 << 20)}\n8;9\n',
    ],
)
@pytest.mark.parametrize("most", [1, 2, 100_000])
def test_columns_hold_what_the_records_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, most: int
) -> None:
    small(monkeypatch, 1 << 16, 1 << 20, most)
    source = open_source(write(tmp_path, text), delimiter=";")

    for after in range(10):
        assert_same(source, after)
    assert source.position == source.size


@settings(max_examples=200)
@given(
    header=headers,
    body=bodies,
    delimiter=st.sampled_from(DELIMITERS),
    block=st.integers(1, 20),
    size=st.sampled_from([1, 15, 1000]),
    most=st.sampled_from([1, 2, 3, 1000]),
    after=st.integers(0, 6),
    quoting=st.sampled_from(QUOTINGS),
)
@example("x|y\n", '1|"\n1|2\n1|2\n"\n1|2\n', ";", 5, 1, 2, 3, "doubled")
@example("x|y\n", "1|2\n", "§", 1, 1, 1, 0, "doubled")  # what is no single byte cannot be told to Polars
def test_columns_hold_what_the_records_do_wherever_chunks_are_cut(  # noqa: PLR0913, PLR0917
    tmp_path_factory: pytest.TempPathFactory,
    header: str,
    body: str,
    delimiter: str,
    block: int,
    size: int,
    most: int,
    after: int,
    quoting: Quoting,
) -> None:
    assume(delimiter not in Dialect(delimiter, quoting).meant)
    assume(re.search("[\r\n]\0|\0[\r\n]", header + body) is None)  # which may be UTF-16
    path = write(tmp_path_factory.getbasetemp(), (header + body).replace("|", delimiter))
    with pytest.MonkeyPatch.context() as patched:
        small(patched, block, size, most)
        header_line = 3 if header.startswith("\n") else 1
        source = open_source(path, delimiter=delimiter, encoding="utf-8", quoting=quoting, header_line=header_line)
        for chunk in assert_same(source, after):
            assert set(source.columns or ()) <= set(chunk.rows.columns)


def test_every_line_may_be_where_reading_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small(monkeypatch, 7, 20, 3)
    lines = ["1;2\n", '"3";4\n', '5;"6\n', "7;8\n", '";9\n', "10\n", '11;"12\n', "13;14\r\n", "\n", '15;"16\n17"\n']
    source = open_source(write(tmp_path, "a;b\n" + "".join(lines)), delimiter=";")
    number = len(list(source.items()))

    for after in range(number + 1):
        assert_same(source, after)
    assert list(source.chunks(number)) == list(source.chunks(number + 9)) == []


def test_an_unclosed_quote_costs_one_line_in_columns_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small(monkeypatch, 512, 4096, 300)
    rows = [f"{number};ok\n" for number in range(2_000)]
    rows[500] = rows[1_700] = 'x;"never closed\n'
    source = open_source(write(tmp_path, "a;b\n" + "".join(rows)))
    chunks = assert_same(source)

    assert [item for chunk in chunks for item in chunk.others] == [
        Malformed(Place(501, 502), "unclosed_quote"),
        Malformed(Place(1_701, 1_702), "unclosed_quote"),
    ]


def test_only_what_is_not_proven_is_read_row_by_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others are what makes a file of columns fast, be it quoted, and be there malformed lines among them."""
    taken: list[int] = []

    def watched(taken_lines: Taken, width: Width) -> Iterator[Row]:
        for row in rows_from(taken_lines, width):
            taken.append(row[0])
            yield row

    monkeypatch.setattr(csv_columns, "rows_from", watched)
    lines = [f'{number};"Ewa ""E"" Kot";ć\n' if number % 2 else f"{number};Jan;\r\n" for number in range(3_000)]
    lines[1_000] = 'x;"never closed;x\n'
    lines[2_500] = "x;\n"
    assert_same(open_source(write(tmp_path, "a;b;c\n" + "".join(lines))))

    assert taken == [1, 1_002, 2_502]


def test_polars_reads_many_lines_as_csv_does(tmp_path: Path) -> None:
    """So many that Polars shares them among threads, with all that could mislead it about where a row begins."""
    cells = ['"a;b"', '"x""y"', '""', "'", "#", '";"";"', " ", "ć" * 40, '"' + ";" * 70 + '"', ""]
    lines = [f"{n};{cells[n % 10]};{cells[n * 7 % 9]}\n" for n in range(40_000)]
    chunks = assert_same(open_source(write(tmp_path, "a;b;c\n" + "".join(lines)), delimiter=";"))

    assert sum(chunk.rows.height for chunk in chunks) == 40_000


def test_a_chunk_has_at_most_so_many_records_and_bytes(tmp_path: Path) -> None:
    short = open_source(write(tmp_path, "a;b\n" + "1;2\n" * 300_000, "short.csv"))
    long = open_source(write(tmp_path, "a;b\n" + f"1;{'x' * 999}\n" * 60_000, "long.csv"))
    wide = open_source(write(tmp_path, "a" + ";" * 999 + "\n" + "1\n" * 5_000, "wide.csv"), delimiter=";")
    objects = json_lines(tmp_path, ["{}"] * 45_000)

    assert [chunk.read for chunk in short.chunks()] == [5_000, 45_000, *[84_000] * 2, 82_000]
    assert [chunk.read for chunk in short.chunks(after=20_000)] == [30_000, *[84_000] * 2, 82_000]
    for _ in range(2):
        assert [chunk.read // 1000 for chunk in long.chunks()] == [5, 25, 25, 4]
    assert max(chunk.rows.height * chunk.rows.width for chunk in wide.chunks()) <= 1 << 21
    assert [chunk.read for chunk in objects.chunks()] == [5_000, 20_000, 20_000]


def test_a_table_of_very_many_columns_comes_record_by_record(tmp_path: Path) -> None:
    header = ";".join(["a", "", *map(str, range(999))]) + "\n"
    source = open_source(write(tmp_path, header + ";".join("x" * 1001) + "\n" + "1;" * 1000 + "\n"), delimiter=";")
    (chunk,) = source.chunks()

    assert chunk.rows.height == 0
    assert chunk.others == list(source.items())


@pytest.mark.parametrize("data", ["a;b\n3;4\n", "a;b\n1;2\n3;4\n", "a;b\n", "", "a;b\n1;\udcb3\n" + "1;2\n" * 9])
@pytest.mark.parametrize("block", [5, 1 << 16])
def test_a_file_that_changed_is_refused_in_columns_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: str, block: int
) -> None:
    small(monkeypatch, block, 1, 1)
    path = write(tmp_path, "a;b\n1;2\n")
    source = open_source(path)
    path.write_bytes(data.encode(errors="surrogateescape"))
    with pytest.raises(SourceError) as caught:
        list(source.chunks())

    assert caught.value.code == "source.changed"
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("1;2;Łódź;x\n", "shop.csv"),
        ('1;2;3;pipe 5"\n', "shop.csv"),
        ('1;2;3;"x\n', "shop.csv"),
        ("1;2;3\r", "shop.csv"),
        ("\n", "shop.csv"),
        ('{"a": "1", "b": [2]}\n', "shop.jsonl"),
        ('{"a": "1", "b": "2"}\n', "shop.jsonl"),
    ],
)
def test_nothing_is_held_beyond_a_chunk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, name: str) -> None:
    small(monkeypatch, 1 << 10, 1 << 13, 1000)
    header = "" if name.endswith("l") else "a;b;c;d\n"
    source = open_source(write(tmp_path, header + line * 40_000, name), delimiter=";")
    next(iter(source.chunks()))  # what is imported late
    tracemalloc.start()
    read = sum(chunk.read for chunk in source.chunks())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert read == 40_000
    assert peak < 600_000


def test_a_chunk_shows_no_value(tmp_path: Path) -> None:
    (chunk,) = open_source(write(tmp_path, "NIP\n5260250274\n\n")).chunks()

    assert repr(chunk) == "<Chunk read=2 last_record=2 rows=1 others=1>"
    assert "5260250274" not in str(chunk.__rich_repr__())


def json_lines(folder: Path, lines: Iterable[str]) -> Source:
    return open_source(write(folder, "".join(line + "\n" for line in lines), "shop.jsonl"))


def test_objects_of_text_are_rows_and_all_else_stays_what_it_is(tmp_path: Path) -> None:
    source = json_lines(
        tmp_path,
        [
            '{"a": "1", "b": null}',
            '{"c": 3, "a": 1.50}',
            "",
            '{"a": true}',
            '{"a": ["x"], "d": "y"}',
            '{"a": {}}',
            '{"a": "\\ud800"}',
            '{"\\uDFFF": "x"}',
            '{"a": "\\ud83d\\ude42", "b": "\\u0142\\ufeff"}',
            "{}",
            '{"a": 1e999}',
            '{"a": 123456789012345678901234567890}',
            '{"a": "", "": "x"}',
        ],
    )
    (chunk,) = assert_same(source)

    assert chunk.rows.columns == ["a", "b", "c", ""]
    assert chunk.rows.rows() == [
        ("1", None, None, None),
        ("1.5", None, "3", None),
        ("\U0001f642", "ł\ufeff", None, None),
        ("123456789012345678901234567890", None, None, None),
        ("", None, None, "x"),
    ]
    assert chunk.records.to_list() == chunk.lines.to_list() == [1, 2, 9, 12, 13]
    assert [(type(item), item.place.record) for item in chunk.others] == [
        (Blank, 3),
        *((Record, number) for number in (4, 5, 6, 7, 8, 10)),
        (Malformed, 11),
    ]
    assert alike(chunk.others, source) == [item for item in alike(source.items(), source) if item in chunk.others]


def test_whoever_names_every_key_anew_does_not_get_a_column_for_each(tmp_path: Path) -> None:
    source = json_lines(tmp_path, (json.dumps({f"key {number}": "x", "a": "y"}) for number in range(1_000)))
    (chunk,) = assert_same(source)

    assert chunk.rows.shape == (199, 200)
    assert len(chunk.others) == 801


@settings(max_examples=200)
@given(
    lines=st.lists(objects.map(json.dumps) | st.sampled_from(["", '{"a"', '{"a": "1", "b": "2"}']), max_size=12),
    size=st.sampled_from([15, 100, 1000]),
    most=st.sampled_from([2, 5, 100]),
    after=st.integers(0, 6),
)
def test_columns_hold_what_the_objects_do(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], size: int, most: int, after: int
) -> None:
    source = json_lines(tmp_path_factory.getbasetemp(), ["{}", *lines])
    with pytest.MonkeyPatch.context() as patched:
        small(patched, 20, size, most)
        assert_same(source, after)


@pytest.mark.skipif(not REGISTERS.exists(), reason="the registers are public, and no part of this project")
@pytest.mark.parametrize("name", ["schools-rspo-utf8.csv", "local-governments-cp1250.csv"])
@pytest.mark.parametrize("most", [997, 100_000])
def test_real_registers_are_read_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, most: int
) -> None:
    encoding = "cp1250" if "cp1250" in name else "utf-8"
    text = (REGISTERS / name).read_bytes().decode(encoding)
    small(monkeypatch, 1 << 16, 8 << 20, most)
    source = open_source(write(tmp_path, text))
    chunks = assert_same(source)

    assert sum(chunk.rows.height for chunk in chunks) > 2_000
