"""A look at a workbook's archive before anybody reads what is in it: what its parts say of themselves must be true.

The directory is looked at first: no part may be a bomb, and no name may stand for two parts. Then every part that a
reader may inflate is inflated here, in blocks that are thrown away: as much must come out as the directory says. On the
way it is seen which parts may hold the error of a formula, which python-calamine gives as an empty cell.

A workbook of Excel's largest size has some 60 bytes of XML a cell, of which a sixth is left in the archive; deflate's
best is 1032:1 (zlib, Technical Details).
"""

import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import msgspec

from intake.workbooks.frames import Refused
from intake.workbooks.refusal import RefusalError

MAGIC = b"PK\x03\x04"

_MOST_INFLATED = 2 << 30
_MOST_PARTS = 10_000
_BEST_RATIO = 100
_SMALL = 16 << 20  # bytes that a part may have at any ratio
_READ = (".xml", ".rels", ".bin", "mimetype")  # the other parts, pictures and the like, no reader inflates
_SOON_INFLATED = 4 << 20  # bytes before they are inflated
_BLOCK = 1 << 18
_LOCAL_HEADER = 30  # bytes before the name (APPNOTE.TXT, 4.3.7)
_END = b"PK\x05\x06"  # the end of the directory (APPNOTE.TXT, 4.3.16)
_END_SIZE = 22
_LONGEST_COMMENT = 0xFFFF
_ENCRYPTED = 1  # the flag's bit

# How a cell says that it holds an error: ECMA-376, part 1, 18.18.11 (`t="e"`); LibreOffice's `calcext:value-type`.
_ERROR_MARKS = (b'"e"', b"'e'", b'"error"', b"'error'")
_LONGEST_MARK = 7

# Of an archive, what tells that it is a workbook, and which.
_MARKS = {"xl/workbook.xml": "xlsx", "xl/workbook.bin": "xlsb", "content.xml": "ods"}


class Archive(msgspec.Struct, frozen=True):
    """What was seen of a workbook."""

    path: Path
    kind: str  # xlsx, xlsb, ods or xls
    size: int  # bytes, as they are inflated
    parts: Sequence[zipfile.ZipInfo] = ()  # those that a reader may inflate; an .xls has none

    @property
    def is_large(self) -> bool:
        """Return whether inflating the parts takes so long that something else had better be done meanwhile."""
        return sum(part.compress_size for part in self.parts) > _SOON_INFLATED

    def inflate(self) -> frozenset[str]:
        """Inflate the parts, and return those in which something looks like a formula's error; RefusalError."""
        with self.path.open("rb") as file, _no_archive():
            return frozenset(part.filename for part in self.parts if _inflate(file, part))


def look(path: Path) -> Archive:
    """Return what an archive holds; RefusalError."""
    with path.open("rb") as file, _no_archive():
        if _entries(file) > _MOST_PARTS:
            raise RefusalError(Refused("source.workbook_bomb"))
        with zipfile.ZipFile(file) as archive:
            return _look(path, archive.infolist())


@contextmanager
def _no_archive() -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, ValueError, EOFError):
        raise RefusalError(Refused("source.workbook_damaged")) from None


def _entries(file: BinaryIO) -> int:
    """Return how many parts there are, as the archive's end says."""
    file.seek(0, 2)
    file.seek(max(0, file.tell() - _END_SIZE - _LONGEST_COMMENT))
    _, end, rest = file.read().rpartition(_END)
    return int.from_bytes(rest[6:8], "little") if end else 0


def _look(path: Path, parts: list[zipfile.ZipInfo]) -> Archive:
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise RefusalError(Refused("source.workbook_password"))
    names = {part.filename.casefold() for part in parts}
    kind = next((kind for mark, kind in _MARKS.items() if mark in names), None)
    if kind is None:
        raise RefusalError(Refused("source.workbook_archive"))
    if len(names) < len(parts):
        raise RefusalError(Refused("source.workbook_ambiguous"))
    read = [part for part in parts if part.filename.casefold().endswith(_READ)]
    size = sum(part.file_size for part in read)
    if size > _MOST_INFLATED or any(map(_is_bomb, read)):
        raise RefusalError(Refused("source.workbook_bomb"))
    return Archive(path, kind, size, read)


def _is_bomb(part: zipfile.ZipInfo) -> bool:
    return part.file_size > _SMALL and part.file_size > _BEST_RATIO * part.compress_size


def _inflate(file: BinaryIO, part: zipfile.ZipInfo) -> bool:
    """Inflate a part, and return whether the error of a formula may be in it; RefusalError if its size is a lie."""
    size, tail, doubtful = 0, b"", False
    for block in _blocks(file, part):
        size += len(block)
        if size > part.file_size:
            break
        seen = tail + block
        doubtful = doubtful or any(mark in seen for mark in _ERROR_MARKS)
        tail = block[-_LONGEST_MARK:]
    if size != part.file_size:
        raise RefusalError(Refused("source.workbook_false_size"))
    return doubtful


def _blocks(file: BinaryIO, part: zipfile.ZipInfo) -> Iterator[bytes]:
    file.seek(part.header_offset)
    name, extra = struct.unpack("<HH", file.read(_LOCAL_HEADER)[26:30])
    file.seek(name + extra, 1)
    left = part.compress_size
    if part.compress_type == zipfile.ZIP_STORED:
        while left > 0 and (block := file.read(min(_BLOCK, left))):
            left -= len(block)
            yield block
        return
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise RefusalError(Refused("source.workbook_damaged"))
    inflating = zlib.decompressobj(-zlib.MAX_WBITS)
    while left > 0 and not inflating.eof:
        block = file.read(min(_BLOCK // 4, left))
        left -= len(block)
        if not block:
            return
        yield inflating.decompress(block, _BLOCK)
        while inflating.unconsumed_tail:
            yield inflating.decompress(inflating.unconsumed_tail, _BLOCK)
    yield inflating.flush()
