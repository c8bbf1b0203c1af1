"""Parquet byte by byte, as no writer would write it: whatever its footer and page headers say is said here.

The format is Apache's (parquet.thrift 2.10), in Thrift's compact protocol (thrift-compact-protocol.md).
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

MAGIC: Final = b"PAR1"
BYTE_ARRAY: Final = 6
REQUIRED: Final = 0
UTF8: Final = 0
PLAIN: Final = 0
RLE: Final = 3
CODECS: Final = {"none": 0, "snappy": 1, "gzip": 2, "zstd": 6}

# A value of Thrift: a number of 32 bits, one of 64, bytes, a structure by its fields' numbers, a list.
_I32, _I64, _BYTES, _LIST, _STRUCT = 5, 6, 8, 9, 12


class Long(int):
    """A number of 64 bits."""


def text(value: str, times: int = 1) -> bytes:
    """A page's values, in the encoding PLAIN."""
    encoded = value.encode()
    return (len(encoded).to_bytes(4, "little") + encoded) * times


def column(name: str) -> dict[int, Any]:
    """A column of text, as the schema has it."""
    return {1: BYTE_ARRAY, 3: REQUIRED, 4: name.encode(), 6: UTF8}


def page(values: bytes, count: int, says: int | None = None) -> bytes:
    """A page of data; `says` is the size that its header gives it once it is unpacked."""
    size = len(values) if says is None else says
    return struct({1: 0, 2: size, 3: len(values), 5: {1: count, 2: PLAIN, 3: RLE, 4: RLE}}) + values


def chunk(name: str, count: int, size: int, codec: str = "none") -> dict[int, Any]:
    """What the footer says of a column's pages, which begin the file."""
    told = {1: BYTE_ARRAY, 2: [PLAIN, RLE], 3: [name.encode()], 4: CODECS[codec], 5: Long(count)}
    return {2: Long(4), 3: told | {6: Long(size), 7: Long(size), 9: Long(4)}}


def file(pages: bytes, columns: Sequence[Mapping[int, Any]], chunks: Sequence[Mapping[int, Any]], rows: int) -> bytes:
    """A file of one row group."""
    root = {4: b"schema", 5: len(columns)}
    group = {1: list(chunks), 2: Long(len(pages)), 3: Long(rows)}
    return around(pages, struct({1: 2, 2: [root, *columns], 3: Long(rows), 4: [group]}))


def around(pages: bytes, footer: bytes, says: int | None = None) -> bytes:
    """The file of a footer; `says` is the length that it gives itself."""
    length = len(footer) if says is None else says
    return MAGIC + pages + footer + length.to_bytes(4, "little") + MAGIC


def one_column(  # noqa: PLR0913  (whatever a file says may be wrong)
    values: bytes,
    count: int,
    *,
    codec: str = "none",
    rows: int | None = None,
    page_size: int | None = None,
    chunk_size: int | None = None,
) -> bytes:
    """A file of one column of e-mail addresses and one page; what is said beside the values need not be true."""
    pages = page(values, count, page_size)
    told = chunk("email", count, len(pages) if chunk_size is None else chunk_size, codec)
    return file(pages, [column("email")], [told], count if rows is None else rows)


def struct(fields: Mapping[int, Any]) -> bytes:
    """A structure in Thrift's compact protocol."""
    written, last = b"", 0
    for number in sorted(fields):
        kind, value = _value(fields[number])
        assert number - last < 16
        written += bytes([(number - last) << 4 | kind]) + value
        last = number
    return written + b"\0"


def _value(value: object) -> tuple[int, bytes]:
    match value:
        case Long():
            return _I64, _zigzag(value)
        case int():
            return _I32, _zigzag(value)
        case bytes():
            return _BYTES, _varint(len(value)) + value
        case list():
            kind = _value(value[0])[0] if value else _STRUCT
            return _LIST, bytes([0xF0 | kind]) + _varint(len(value)) + b"".join(_value(one)[1] for one in value)
        case Mapping():
            return _STRUCT, struct(value)
        case _:
            raise TypeError(value)


def _zigzag(value: int) -> bytes:
    return _varint(value << 1 if value >= 0 else (-value << 1) - 1)


def _varint(value: int) -> bytes:
    written = bytearray()
    while value > 0x7F:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*written, value])
