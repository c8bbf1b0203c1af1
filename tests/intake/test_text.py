"""A proven file and its physical lines."""

import codecs
import hashlib
import os
import re
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from intake.errors import SourceError
from intake.sources import text as module
from intake.sources.content import Content
from intake.sources.proving import prove as prove_content
from intake.sources.text import TextFile, physical_lines

BLOCK = 1 << 20  # the pass reads the file in blocks of this size

# An independent reading of what a physical line is: everything up to and with LF, CR LF or CR, or up to the end.
LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")

texts = st.lists(st.sampled_from([b"a", b"\r", b"\n", b"\r\n", "ł".encode(), b";" * 9]), max_size=40).map(b"".join)


def prove(path: Path) -> TextFile:
    return prove_content(Content(path))


def cut(data: bytes, sizes: list[int]) -> list[bytes]:
    """Cut data into blocks of these sizes, and what is left into one."""
    blocks, start = [], 0
    for size in sizes:
        blocks.append(data[start : start + size])
        start += size
    return [block for block in [*blocks, data[start:]] if block]


def write(folder: Path, data: bytes) -> Path:
    path = folder / "shop.csv"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("data", "encoding"),
    [(b"NIP\n1\n", "utf-8"), (codecs.BOM_UTF8 + b"NIP\n1\n", "utf-8-sig"), ("Imię\nŁucja\U0001f642".encode(), "utf-8")],
)
def test_a_file_of_utf8_is_known_by_its_bytes(tmp_path: Path, data: bytes, encoding: str) -> None:
    text = prove(write(tmp_path, data))

    assert (text.name, text.size, text.encoding) == ("shop.csv", len(data), encoding)
    assert text.sha256 == hashlib.sha256(data).hexdigest()


def test_the_byte_order_mark_is_no_part_of_the_first_line(tmp_path: Path) -> None:
    assert list(prove(write(tmp_path, codecs.BOM_UTF8 + b"NIP\n1")).lines()) == ["NIP\n", "1"]


def test_only_the_first_byte_order_mark_is_one(tmp_path: Path) -> None:
    assert list(prove(write(tmp_path, codecs.BOM_UTF8 * 2 + b"a\n" + codecs.BOM_UTF8)).lines()) == [
        "\ufeffa\n",
        "\ufeff",
    ]


@pytest.mark.parametrize(
    "data", [b"", codecs.BOM_UTF8, b"\n", b" \t\r\n\r\n", codecs.BOM_UTF8 + b"\n", "\u00a0\n".encode()]
)
def test_a_file_that_holds_nothing_is_empty(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(SourceError) as caught:
        prove(write(tmp_path, data))

    assert caught.value.code == "source.empty"


def test_a_file_is_not_empty_for_a_long_blank_beginning(tmp_path: Path) -> None:
    assert prove(write(tmp_path, b"\n" * 2 * BLOCK + b"x")).size == 2 * BLOCK + 1


def test_what_is_no_readable_file_is_refused_by_its_kind(tmp_path: Path) -> None:
    pipe, file, loop = tmp_path / "pipe", write(tmp_path, b"x"), tmp_path / "loop"
    os.mkfifo(pipe)
    loop.symlink_to(loop)
    codes = {}
    for path in [tmp_path / "none.csv", file / "inside", tmp_path, pipe, Path("/dev/null"), loop]:
        with pytest.raises(SourceError) as caught:
            prove(path)
        codes[path.name] = caught.value.code

    assert codes == {
        "none.csv": "source.missing",
        "inside": "source.missing",
        tmp_path.name: "source.is_directory",
        "pipe": "source.not_a_file",
        "null": "source.not_a_file",
        "loop": "source.unreadable",
    }


@pytest.mark.parametrize(
    ("error", "code"), [(PermissionError(13, ""), "source.not_permitted"), (OSError(5, ""), "source.unreadable")]
)
def test_what_the_system_says_becomes_a_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, code: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise error

    path = write(tmp_path, b"x")
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(SourceError) as caught:
        prove(path)

    assert caught.value.code == code


@pytest.mark.parametrize("data", [b"NIP\n2\n", b"NIP\n1\n2\n", b"NIP\n", b"", b"NIP\n\xb3\n1\n"])
def test_a_file_that_changed_since_is_refused(tmp_path: Path, data: bytes) -> None:
    text = prove(write(tmp_path, b"NIP\n1\n"))
    write(tmp_path, data)
    with pytest.raises(SourceError) as caught:
        list(text.lines())

    assert caught.value.code == "source.changed"
    assert caught.value.__context__ is None


def test_a_file_that_went_away_since_is_missing(tmp_path: Path) -> None:
    text = prove(write(tmp_path, b"NIP\n1\n"))
    text.content.path.unlink()
    with pytest.raises(SourceError) as caught:
        list(text.lines())

    assert caught.value.code == "source.missing"


def test_the_position_goes_from_nothing_to_the_files_size(tmp_path: Path) -> None:
    text = prove(write(tmp_path, b"12345678\n" * 100_000))
    positions = [text.position for _ in text.lines()]

    assert positions[0] == 0
    assert positions == sorted(positions)
    assert len(set(positions)) > 10
    assert text.position == text.size


@given(texts, st.lists(st.integers(1, 5), max_size=40), st.integers(1, 20))
@example("łłł\n".encode(), [5], 3)  # a block ends within a character, in a line that is too long
@example(b"aaaa\r\nb", [5], 3)
@example(b"aaaa\nb", [5], 3)
def test_lines_are_the_same_however_the_blocks_fall(data: bytes, sizes: list[int], limit: int) -> None:
    expected = [line.decode() if len(line) <= limit else None for line in LINE.findall(data)]

    assert list(chain.from_iterable(physical_lines(cut(data, sizes), limit))) == expected


def test_a_line_may_have_a_mebibyte_and_no_byte_more(tmp_path: Path) -> None:
    data = b"a" * (BLOCK - 1) + b"\n" + b"a" * BLOCK + b"\n" + b"b\n" + b"a" * BLOCK
    lengths = [line and len(line) for line in prove(write(tmp_path, data)).lines()]

    assert lengths == [BLOCK, None, 2, BLOCK]
    assert module.LINE_LIMIT == BLOCK


@pytest.mark.parametrize("character", ["\v", "\f", "\x1c", "\x85", "\u2028", "\u2029"])
def test_only_lf_and_cr_end_a_line(tmp_path: Path, character: str) -> None:
    # str.splitlines would end a line at each of these.
    assert list(prove(write(tmp_path, f"a{character}b\n".encode())).lines()) == [f"a{character}b\n"]
