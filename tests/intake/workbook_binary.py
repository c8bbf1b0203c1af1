"""XLSB files, written by hand: the archive of an XLSX with its parts in BIFF12 ([MS-XLSB], 2.1.4, 2.4)."""

import struct
from collections.abc import Sequence
from pathlib import Path

from tests.intake.workbooks import archive

_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONSHIP = (
    f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_KIND}/{{kind}}" Target="{{target}}"/></Relationships>'
)


def xlsb(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    """One sheet of texts, numbers (as floats) and truth values."""
    return archive(
        path,
        {
            "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
            "_rels/.rels": _RELATIONSHIP.format(kind="officeDocument", target="xl/workbook.bin"),
            "xl/_rels/workbook.bin.rels": _RELATIONSHIP.format(kind="worksheet", target="worksheets/sheet1.bin"),
            "xl/workbook.bin": _book("Klienci"),
            "xl/worksheets/sheet1.bin": _sheet(rows),
        },
    )


def _book(sheet: str) -> bytes:
    bundle = _record(156, struct.pack("<II", 0, 1) + _text("rId1") + _text(sheet))  # BrtBundleSh
    return _record(131) + _record(143) + bundle + _record(144) + _record(132)


def _sheet(rows: Sequence[Sequence[object]]) -> bytes:
    size = struct.pack("<4I", 0, len(rows) - 1, 0, max(map(len, rows)) - 1)
    data = (
        _record(0, struct.pack("<I", number) + bytes(13)) + b"".join(map(_cell, range(len(row)), row))  # BrtRowHdr
        for number, row in enumerate(rows)
    )
    return _record(129) + _record(148, size) + _record(145) + b"".join(data) + _record(146) + _record(130)


def _cell(column: int, value: object) -> bytes:
    place = struct.pack("<II", column, 0)
    match value:
        case bool():
            return _record(4, place + bytes([value]))  # BrtCellBool
        case float():
            return _record(5, place + struct.pack("<d", value))  # BrtCellReal
        case _:
            return _record(6, place + _text(str(value)))  # BrtCellSt


def _text(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _record(kind: int, content: bytes = b"") -> bytes:
    """A record: its kind in one byte or two, its size in as many as it takes, seven bits each."""
    number = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size = len(content)
    sizes = [size & 0x7F]
    while size := size >> 7:
        sizes[-1] |= 0x80
        sizes.append(size & 0x7F)
    return number + bytes(sizes) + content
