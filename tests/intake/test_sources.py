"""Any file as a source: which format it has, how much memory it takes, and that nothing but SourceError is raised."""

import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.pretty import pretty_repr

from intake.errors import SourceError
from intake.sources import Item, Malformed, Record, Source, open_source

MEBIBYTE = 1 << 20

# Bytes that mean something to one of the formats, and some that are not UTF-8.
pieces = [b"a", b";", b",", b'"', b"\r", b"\n", b"{", b"}", b'"a":', b"[", b"\\", b"1", b"\0", "ł".encode(), b"sep=;"]
broken = [*pieces, b"\xb3", b"\xef\xbb\xbf", b"\xff\xfe"]
files = st.one_of(
    st.binary(max_size=50),
    st.lists(st.sampled_from(pieces), max_size=50).map(b"".join),
    st.lists(st.sampled_from(broken), max_size=20).map(b"".join),
    st.lists(st.sampled_from(pieces), max_size=50).map(lambda rest: b"a;b\n" + b"".join(rest)),
)


@contextmanager
def memory_below(most: int) -> Iterator[None]:
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < most
    finally:
        tracemalloc.stop()


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


@pytest.mark.parametrize(
    ("name", "text", "columns"),
    [
        ("shop.jsonl", '{"a": 1}\n', None),
        ("shop.jsonl", "a;b\n1;2\n", None),
        ("shop.NDJSON", "a;b\n1;2\n", None),
        ("shop.txt", '{"a": 1}\n', None),
        ("shop.json", '\ufeff\n \n {"a": 1, "a": 2}\n', None),
        ("shop", '{"a": ' + "[" * 100 + "\n", None),
        ("shop.csv", "a;b\n1;2\n", ("a", "b")),
        ("shop.csv", "{a;b\n1;2\n", ("{a", "b")),
        ("shop", "a\n1\n", ("a",)),
    ],
)
def test_the_format_is_told_by_the_name_or_else_by_the_first_line(
    tmp_path: Path, name: str, text: str, columns: tuple[str, ...] | None
) -> None:
    source = open_source(write(tmp_path, name, text))

    assert (source.name, source.columns) == (name, columns)


def test_a_delimiter_says_that_a_file_is_csv_unless_its_name_says_otherwise(tmp_path: Path) -> None:
    text = '{"a": 1}\n'

    assert open_source(write(tmp_path, "shop.txt", text), delimiter="|").columns == ('{"a": 1}',)
    assert open_source(write(tmp_path, "shop.jsonl", text), delimiter="|").format.delimiter is None


@pytest.mark.parametrize("encoding", [None, "utf-8", "UTF-8", "utf8", "utf-8-sig"])
@pytest.mark.parametrize(("mark", "found"), [("", "utf-8"), ("\ufeff", "utf-8-sig")])
def test_utf8_is_read_with_and_without_a_mark_whatever_it_is_called(
    tmp_path: Path, encoding: str | None, mark: str, found: str
) -> None:
    source = open_source(write(tmp_path, "shop.csv", f"{mark}a;b\n"), encoding=encoding)

    assert (source.format.encoding, source.columns) == (found, ("a", "b"))


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"encoding": "koi8-r"}, "source.encoding_unsupported"),
        ({"encoding": ""}, "source.encoding_unsupported"),
        ({"delimiter": '"'}, "source.delimiter_unusable"),
        ({"delimiter": ""}, "source.delimiter_unusable"),
        ({"delimiter": "'", "quoting": "single"}, "source.delimiter_unusable"),
        ({"delimiter": "\\", "quoting": "backslash"}, "source.delimiter_unusable"),
        ({}, "source.missing"),
    ],
)
def test_options_are_judged_before_the_file(tmp_path: Path, options: dict[str, Any], code: str) -> None:
    with pytest.raises(SourceError) as caught:
        open_source(tmp_path / "none.csv", **options)

    assert (caught.value.code, caught.value.source) == (code, "none.csv")


@given(data=files, name=st.sampled_from(["any.csv", "any.jsonl"]), delimiter=st.sampled_from([None, ";"]))
def test_whatever_the_bytes_every_item_has_its_place_or_the_source_is_refused(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, name: str, delimiter: str | None
) -> None:
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(data)
    try:
        items = list(open_source(path, delimiter=delimiter).items())
    except SourceError as error:
        assert error.code.startswith("source.")  # noqa: PT017  (most bytes are a source, and raise nothing)
        return

    lines = [item.place.line for item in items]
    assert [item.place.record for item in items] == list(range(1, len(items) + 1))
    assert lines == sorted(set(lines))
    assert all(0 < line <= len(data.splitlines()) for line in lines)


def long_line(folder: Path, name: str, before: bytes, after: bytes) -> Path:
    """Write a file with a line of 50 MB in it."""
    path = folder / name
    with path.open("wb") as file:
        file.write(before)
        for _ in range(50):
            file.write(b'x;"y"' * 200_000)
        file.write(after)
    return path


@pytest.mark.parametrize("name", ["shop.csv", "shop.jsonl"])
def test_a_line_of_50_mb_is_one_malformed_item_in_little_memory(tmp_path: Path, name: str) -> None:
    before, good = {"shop.csv": (b"a;b\n1;2\n", b"1;2\n"), "shop.jsonl": (b'{"a": 1}\n', b'{"a": 1}\n')}[name]
    path = long_line(tmp_path, name, before, b"\n" + good)
    with memory_below(16 * MEBIBYTE):
        kinds = [type(item) for item in open_source(path).items()]

    assert kinds == [Record, Malformed, Record]


def test_a_header_of_50_mb_is_refused_in_little_memory(tmp_path: Path) -> None:
    path = long_line(tmp_path, "shop.csv", b"", b"\n1;2\n")
    with memory_below(16 * MEBIBYTE), pytest.raises(SourceError) as caught:
        open_source(path)

    assert (caught.value.code, caught.value.params) == ("source.header_unreadable", {"reason": "line_too_long"})


def test_a_quote_that_never_closes_takes_little_memory(tmp_path: Path) -> None:
    path = write(tmp_path, "shop.csv", 'a;b\n1;"' + ("x" * 100_000 + ";y\n") * 300)
    with memory_below(16 * MEBIBYTE):
        kinds = [type(item) for item in open_source(path).items()]

    assert kinds == [Malformed] + [Record] * 299


def test_neither_a_record_nor_a_malformed_one_shows_a_value(tmp_path: Path) -> None:
    def items(source: Source) -> list[Item]:
        return list(source.items())

    found = items(open_source(write(tmp_path, "shop.csv", "a;b\nKowalska;2\nKowalska\n")))
    shown = f"{found!r} {pretty_repr(found)}"

    assert "Record" in shown
    assert "Malformed" in shown
    assert "Kowalska" not in shown
