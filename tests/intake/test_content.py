"""What a file holds: gzip undone, whole or not at all; what is packed otherwise; standard input."""

import gzip
import hashlib
import os
import zlib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.errors import SourceError
from intake.sources import Record, open_source
from intake.sources.content import Content
from intake.sources.gzip_members import Members
from tests.intake.customers import csv, customer

TEXT: Final = csv(customer(number) for number in range(500))
# Members of several levels, with a name and a comment in the header, as gzip(1) and others write them.
MEMBERS: Final = [
    gzip.compress(b"NIP\n", mtime=0),
    gzip.compress(b"", 1, mtime=0),
    gzip.compress("Łódź\n".encode(), mtime=0),
]


def write(folder: Path, data: bytes, name: str = "shop.csv.gz") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def held(path: Path, size: int = 1 << 16) -> bytes:
    return b"".join(Content(path).read(size))


def refusal(path: Path) -> SourceError:
    with pytest.raises(SourceError) as caught:
        open_source(path)
    assert caught.value.__context__ is None
    return caught.value


def cut(data: bytes, sizes: list[int]) -> Iterator[bytes]:
    ends = [0]
    for size in sizes:
        ends.append(min(ends[-1] + size, len(data)))
    yield from (data[start:end] for start, end in pairwise([*ends, len(data)]) if start < end)


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp1250", "cp852"])
def test_a_packed_file_is_what_it_holds(tmp_path: Path, codec: str) -> None:
    text = TEXT.replace("Warszawa", "Gęślą, Jaźń i Święta Łódź")
    plain = open_source(write(tmp_path, text.encode(codec), "shop.csv"))
    data = gzip.compress(text.encode(codec))
    packed = open_source(write(tmp_path, data, "shop"))

    assert list(packed.items()) == list(plain.items())
    assert [chunk.rows.rows() for chunk in packed.chunks()] == [chunk.rows.rows() for chunk in plain.chunks()]
    assert (packed.format.encoding, packed.format.compression) == (plain.format.encoding, "gzip")
    assert plain.format.compression is None
    assert (packed.sha256, packed.size, packed.position) == (hashlib.sha256(data).hexdigest(), len(data), len(data))


@pytest.mark.parametrize("name", ["shop.jsonl.gz", "shop.NDJSON.GZ", "shop.gz", "shop"])
def test_packed_json_lines_are_known_by_their_name_or_their_first_line(tmp_path: Path, name: str) -> None:
    source = open_source(write(tmp_path, gzip.compress(b'{"nip": "5260250274"}\n'), name))

    assert (source.format.name, source.format.compression) == ("json_lines", "gzip")
    assert [item.values for item in source.items() if isinstance(item, Record)] == [{"nip": "5260250274"}]


@pytest.mark.parametrize("padding", [b"", bytes(512), bytes(1 << 17)])
def test_members_follow_one_another_and_nuls_may_follow_them(tmp_path: Path, padding: bytes) -> None:
    assert held(write(tmp_path, b"".join(MEMBERS) + padding)) == "NIP\nŁódź\n".encode()


@settings(max_examples=100)
@given(
    data=st.binary(max_size=2000) | st.binary(max_size=9).map(lambda few: few * 500),
    sizes=st.lists(st.integers(1, 60), max_size=60),
    size=st.integers(1, 300),
    parts=st.integers(1, 3),
)
def test_blocks_of_any_size_hold_the_same(data: bytes, sizes: list[int], size: int, parts: int) -> None:
    packed = b"".join(map(gzip.compress, [data] * parts))
    blocks = list(Members("shop.gz").undo(cut(packed, sizes), size))

    assert b"".join(blocks) == data * parts
    assert all(0 < len(block) <= size for block in blocks)


def test_wherever_a_packed_file_is_cut_it_is_refused(tmp_path: Path) -> None:
    data = gzip.compress(csv(customer(number) for number in range(3)).encode())
    for length in range(2, len(data)):
        error = refusal(write(tmp_path, data[:length]))
        assert (error.code, error.params) == ("source.gzip_broken", {"reason": "truncated", "offset": length})


def test_whichever_byte_is_wrong_a_packed_file_is_refused_or_holds_the_same(tmp_path: Path) -> None:
    """The header's time, flags of speed and system mean nothing (RFC 1952, section 2.3); all else is checked."""
    text = csv(customer(number) for number in range(3)).encode()
    data = gzip.compress(text, mtime=0)
    reasons = set()
    for at in range(2, len(data)):
        try:
            same = held(write(tmp_path, data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :])) == text
        except SourceError as error:
            reasons.add(error.params["reason"])
            assert at not in {4, 5, 6, 7, 8, 9}
            continue
        assert same
        assert at in {4, 5, 6, 7, 8, 9}
    assert reasons == {"corrupt", "wrong checksum", "truncated"}


@pytest.mark.parametrize(
    ("after", "reason"),
    [
        (b"\n", "bytes after its end"),
        (b"\0\0NIP", "bytes after its end"),
        (b"\x1f", "truncated"),
        (b"\x1fx", "corrupt"),
    ],
)
def test_bytes_after_the_end_are_refused(tmp_path: Path, after: bytes, reason: str) -> None:
    assert refusal(write(tmp_path, MEMBERS[0] + after)).params["reason"] == reason


def test_a_packed_file_that_is_cut_after_the_beginning_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    text = "".join(f"{number};{os.urandom(20).hex()}\n" for number in range(20_000))
    error = refusal(write(tmp_path, gzip.compress(f"NIP;Nazwa\n{text}".encode())[:-4]))
    assert error.params["reason"] == "truncated"


def test_what_expands_beyond_measure_is_refused_and_blank_rows_are_not(tmp_path: Path) -> None:
    pieces = zlib.compressobj(wbits=31)
    rows = write(tmp_path, gzip.compress(b"NIP;Nazwa\n1;2\n" + b";\r\n" * 100_000), "rows.csv.gz")
    bomb = pieces.compress(b"NIP;Nazwa\n") + b"".join(pieces.compress(b";\r\n" * 500_000) for _ in range(60))

    assert sum(chunk.read for chunk in open_source(rows).chunks()) == 100_001
    assert refusal(write(tmp_path, bomb + pieces.flush())).code == "source.bomb"


@pytest.mark.parametrize(
    ("data", "packer"),
    [  # the first bytes that each format's description gives
        (b"BZh91AY&SY", "bzip2"),
        (b"\xfd7zXZ\x00\x00", "xz"),
        (b"\x28\xb5\x2f\xfd\x04", "zstd"),
        (b"7z\xbc\xaf\x27\x1c\x00", "7-Zip"),
        (b"Rar!\x1a\x07", "RAR"),
        (gzip.compress(gzip.compress(b"NIP\n", mtime=0), mtime=0), "gzip, twice"),
        (gzip.compress(b"PAR1PAR1", mtime=0), "gzip"),
        (gzip.compress(b"PK\x03\x04", mtime=0), "gzip"),
    ],
)
def test_what_is_packed_otherwise_is_called_by_its_name(tmp_path: Path, data: bytes, packer: str) -> None:
    error = refusal(write(tmp_path, data))
    assert (error.code, error.params) == ("source.packed", {"packer": packer})


def test_a_packed_file_that_changed_since_is_refused(tmp_path: Path) -> None:
    source = open_source(write(tmp_path, gzip.compress(TEXT.encode())))
    write(tmp_path, gzip.compress(TEXT.replace("Ewa", "Ola").encode()))
    with pytest.raises(SourceError) as caught:
        list(source.items())

    assert caught.value.code == "source.changed"


def test_a_chunk_of_a_packed_file_is_no_larger_than_of_a_plain_one(tmp_path: Path) -> None:
    source = open_source(write(tmp_path, gzip.compress(b"a;b\n" + (b"x" * 999 + b";1\n") * 60_000)))
    assert [chunk.read // 1000 for chunk in source.chunks()] == [5, 25, 25, 4]
