"""Where the errors of formulas stand in a sheet of an old workbook: BIFF8 ([MS-XLS]) in a compound file ([MS-CFB]).

Only what it takes to find them is read; what python-calamine cannot read, it has refused before.
"""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from intake.workbooks.cells import AN_ERROR, Errors

# [MS-XLS] 2.5.10, BErr
_SHOWN = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}

_BOF, _EOF, _BOUND_SHEET, _BOOL_ERR, _FORMULA = 0x809, 0x0A, 0x85, 0x205, 0x06
_AN_ERROR = 2  # the first byte of a formula's value that is no number (2.5.133), which two bytes of ones behind it say

_HEADER = 512
_IN_HEADER = 109  # sectors of the table that the header names
_ENTRY = 128
_STREAM = 2  # an entry's kind


def biff_errors(path: Path, sheet: str) -> Errors:
    """Return the errors of a sheet; none where the file has no stream that is long enough to be one of sectors."""
    try:
        book = _book(path.read_bytes())
        return _errors(book, _begin(book, sheet))
    except (struct.error, IndexError):  # it ends too soon: what python-calamine made of it ends there too
        return {}


# --- the compound file -----------------------------------------------------------------------------------------------


class _File(NamedTuple):
    content: bytes
    size: int  # of a sector
    table: list[int]  # for each sector, the one that follows it

    def sectors(self, first: int, most: int) -> bytes:
        """Return the sectors that begin with one, as many as there are, or as are wanted."""
        taken: list[bytes] = []
        while first < len(self.table) and len(taken) < most:
            taken.append(self.content[(first + 1) * self.size : (first + 2) * self.size])
            first = self.table[first]
        return b"".join(taken)


def _book(content: bytes) -> bytes:
    """Return the stream in which the workbook lies."""
    size = 1 << min(struct.unpack_from("<H", content, 30)[0], 12)
    count, directory = struct.unpack_from("<II", content, 44)
    following, others = struct.unpack_from("<II", content, 68)
    places = [*struct.unpack_from(f"<{_IN_HEADER}I", content, 76)]
    for _ in range(min(others, len(content) // size)):
        *more, following = struct.unpack_from(f"<{size // 4}I", content, (following + 1) * size)
        places += more
    tables = [content[(place + 1) * size : (place + 2) * size] for place in places[:count]]
    file = _File(content, size, [number for table in tables for (number,) in struct.iter_unpack("<I", table)])
    entries = file.sectors(directory, len(file.table))
    for at in range(0, len(entries) - _ENTRY + 1, _ENTRY):
        length, kind = struct.unpack_from("<HB", entries, at + 64)
        name = entries[at : at + max(length, 2) - 2].decode("utf-16-le", errors="replace")
        if kind == _STREAM and name.casefold() in {"workbook", "book"}:
            first, long = struct.unpack_from("<II", entries, at + 116)
            return file.sectors(first, -(-long // size))[:long]
    return b""


# --- the stream ------------------------------------------------------------------------------------------------------


def _records(book: bytes, at: int) -> Iterator[tuple[int, int]]:
    """Yield the number of each record, and where its content begins."""
    while at + 4 <= len(book):
        number, length = struct.unpack_from("<HH", book, at)
        yield number, at + 4
        at += 4 + length


def _begin(book: bytes, sheet: str) -> int:
    """Return where a sheet begins, or the end."""
    for number, at in _records(book, 0):
        if number == _EOF:
            break
        if number == _BOUND_SHEET:
            begin, length, is_wide = struct.unpack_from("<I2xBB", book, at)
            name = book[at + 8 : at + 8 + length * (1 + (is_wide & 1))]
            if name.decode("utf-16-le" if is_wide & 1 else "latin-1", errors="replace") == sheet:
                return int(begin)
    return len(book)


def _errors(book: bytes, begin: int) -> dict[int, dict[int, str]]:
    """Return the errors up to the sheet's end; what is drawn on it has beginnings and ends of its own."""
    found: dict[int, dict[int, str]] = {}
    depth = 0
    for number, at in _records(book, begin):
        if number in {_BOF, _EOF}:
            depth += 1 if number == _BOF else -1
            if depth == 0:
                break
        elif number == _BOOL_ERR and book[at + 7] == 1:
            _keep(found, book, at, book[at + 6])
        elif number == _FORMULA and book[at + 6] == _AN_ERROR and book[at + 12 : at + 14] == b"\xff\xff":
            _keep(found, book, at, book[at + 8])
    return found


def _keep(found: dict[int, dict[int, str]], book: bytes, at: int, error: int) -> None:
    row, column = struct.unpack_from("<HH", book, at)
    found.setdefault(row, {})[column] = _SHOWN.get(error, AN_ERROR)
