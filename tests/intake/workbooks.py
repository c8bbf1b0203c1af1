"""Workbooks: honest ones, and archives and compound files put together by hand, as nobody should make them."""

import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import xlsxwriter

Cells = Iterable[Sequence[object]]

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def xlsx(path: Path, sheets: Mapping[str, Cells], *, hidden: Iterable[str] = (), first: str = "A1") -> Path:
    """As Excel writes it. Text beginning with `=` is a formula whose value is what follows a second `=`."""
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        row, column = xlsxwriter.utility.xl_cell_to_rowcol(first)
        for name, cells in sheets.items():
            sheet = book.add_worksheet(name)
            for number, values in enumerate(cells, row):
                for place, value in enumerate(values, column):
                    if isinstance(value, str) and value.startswith("="):
                        _, formula, shown = value.split("=", 2)
                        sheet.write_formula(number, place, formula, None, shown)
                    elif isinstance(value, str):
                        sheet.write_string(number, place, value)
                    else:
                        sheet.write(number, place, value)
            if name in hidden:
                sheet.hide()
            else:
                sheet.activate()
    return path


def parts(sheet: str, *, book: str = "", strings: str = "") -> dict[str, str]:
    """The parts of an XLSX archive with one sheet: its rows as XML."""
    sheets = book or '<sheets><sheet name="Klienci" sheetId="1" r:id="rId1"/></sheets>'
    kind = f"{_RELATIONS.removesuffix('/relationships')}/relationships"
    return {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{kind}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}">{sheets}</workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{kind}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" '
        f'Type="{kind}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}">{sheet}</worksheet>',
        **({"xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}"{strings}</sst>'} if strings else {}),
    }


def cell(place: str, text: str) -> str:
    """A cell of text; at no place, it stands behind the one before it."""
    at = f' r="{place}"' if place else ""
    return f'<c{at} t="inlineStr"><is><t>{escape(text)}</t></is></c>'


def archive(path: Path, contents: Mapping[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for name, content in contents.items():
            target.writestr(name, content)
    return path


def ods(path: Path, rows: str) -> Path:
    """OpenDocument (part 3, 9.1): the rows of a sheet as XML."""
    office = "urn:oasis:names:tc:opendocument:xmlns:"
    content = (
        f'<office:document-content xmlns:office="{office}office:1.0" xmlns:table="{office}table:1.0" '
        f'xmlns:text="{office}text:1.0" xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:'
        f'calcext:1.0" office:version="1.2"><office:body><office:spreadsheet><table:table table:name="Klienci">{rows}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    mark = "application/vnd.oasis.opendocument.spreadsheet"
    return archive(path, {"mimetype": mark, "content.xml": content, "META-INF/manifest.xml": "<x/>"})


# --- [MS-XLS] in [MS-CFB] --------------------------------------------------------------------------------------------

_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def compound(path: Path, streams: Mapping[str, bytes]) -> Path:
    """A compound file with one sector of FAT and one of directory: up to three streams of some 20 KB each."""
    sectors, fat, entries = [b"", b""], [_FAT, _END], []
    for name, content in streams.items():
        padded = content.ljust(4096, b"\0")  # shorter ones would lie in the small streams
        pieces = [padded[at : at + _SECTOR].ljust(_SECTOR, b"\0") for at in range(0, len(padded), _SECTOR)]
        entries.append(_entry(name, 2, len(sectors), len(padded)))
        fat += [*range(len(sectors) + 1, len(sectors) + len(pieces)), _END]
        sectors += pieces
    sectors[0] = struct.pack("<128I", *fat, *[_FREE] * (128 - len(fat)))
    directory = _entry("Root Entry", 5, _END, 0, child=1) + b"".join(entries)
    sectors[1] = directory.ljust(_SECTOR, b"\0")
    magic = bytes.fromhex("d0cf11e0a1b11ae1")
    header = (
        magic + bytes(16) + struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, _END, 0, _END, 0)
    )
    path.write_bytes(header + struct.pack("<109I", 0, *[_FREE] * 108) + b"".join(sectors))
    return path


def _entry(name: str, kind: int, start: int, size: int, child: int = _FREE) -> bytes:
    written = name.encode("utf-16-le") + b"\0\0"
    head = written.ljust(64, b"\0") + struct.pack("<HBBIII", len(written), kind, 1, _FREE, _FREE, child)
    return head + bytes(36) + struct.pack("<IQ", start, size)


def _record(number: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", number, len(content)) + content


def biff(rows: Cells, *, protected: bool = False, sheet: str = "Klienci", far: tuple[int, int] | None = None) -> bytes:
    """The stream `Workbook` of BIFF8 with one sheet: texts, numbers, truth values, and `Exception`s as errors."""
    begin = _record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0))
    password = _record(0x2F, struct.pack("<H", 0) + bytes(4)) if protected else b""
    name = sheet.encode("latin-1")
    at = len(begin) + len(password) + 4 + 8 + len(name) + 4
    bound = _record(0x85, struct.pack("<IBBBB", at, 0, 0, len(name), 0) + name)
    cells = b"".join(_cell(row, column, value) for row, line in enumerate(rows) for column, value in enumerate(line))
    if far:
        cells += _cell(*far, "x")
    return (
        begin + password + bound + _record(0xA)
        + _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0)) + cells + _record(0xA)
    )  # fmt: skip


def _cell(row: int, column: int, value: object) -> bytes:
    place = struct.pack("<HHH", row, column, 0)
    if isinstance(value, str):
        return _record(0x204, place + struct.pack("<HB", len(value), 1) + value.encode("utf-16-le"))
    if isinstance(value, bool):
        return _record(0x205, place + struct.pack("<BB", value, 0))
    if isinstance(value, int | float):
        return _record(0x203, place + struct.pack("<d", value))
    if isinstance(value, ZeroDivisionError):
        return _record(0x06, place + struct.pack("<BBBBBBHHIH", 2, 0, 7, 0, 0, 0, 0xFFFF, 0, 0, 0))  # a formula's
    return _record(0x205, place + struct.pack("<BB", 0x17, 1))  # #REF!
