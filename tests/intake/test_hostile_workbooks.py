"""Workbooks that nobody should make: each refused with one clear error, by a parent that holds next to nothing."""

import json
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from intake.errors import SourceError
from intake.sources import open_source
from tests.intake.command import environment, intake, refused
from tests.intake.customers import csv, customer
from tests.intake.workbooks import archive, biff, cell, compound, ods, parts, xlsx

MEBIBYTE = 1 << 20
HEADER = f"<row>{cell('A1', 'a')}{cell('B1', 'b')}</row>"
TABLE = f"<sheetData>{HEADER}</sheetData>"
SHEET = "xl/worksheets/sheet1.xml"

Maker = Callable[[Path], object]


def rows(*cells: str, inside: str = "sheetData") -> dict[str, str]:
    return parts(f"<{inside}>{HEADER}{''.join(cells)}</{inside}>")


def with_part(path: Path, name: str, content: str | bytes) -> None:
    archive(path, {**parts(TABLE), name: content})


def patched(path: Path, change: Callable[[zipfile.ZipFile, zipfile.ZipInfo], None], part: str = SHEET) -> None:
    """An archive whose directory says something else of a part than is there."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for name, content in parts(TABLE).items():
            target.writestr(name, content)
        change(target, target.getinfo(part))


def tell(**facts: int) -> Callable[[zipfile.ZipFile, zipfile.ZipInfo], None]:
    def change(_: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
        for name, value in facts.items():
            setattr(info, name, value)

    return change


def overlapping(path: Path) -> None:
    """Three hundred parts that are one and the same sixteen megabytes (D. Fifield, A better zip bomb)."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for name, content in parts(TABLE).items():
            target.writestr(name, content)
        target.writestr("xl/worksheets/sheet2.xml", bytes(16 * MEBIBYTE))
        first = target.getinfo("xl/worksheets/sheet2.xml")
        for number in range(300):
            copy = zipfile.ZipInfo(f"xl/worksheets/sheet{number + 3}.xml")
            for fact in ("header_offset", "compress_type", "compress_size", "file_size", "CRC"):
                setattr(copy, fact, getattr(first, fact))
            target.filelist.append(copy)


def crowded(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as target:
        for name, content in parts(TABLE).items():
            target.writestr(name, content)
        for number in range(12_000):
            target.writestr(f"x/{number}", b"")


def twice(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as target:
        for name, content in [*parts(TABLE).items(), (SHEET.upper(), "<worksheet/>")]:
            target.writestr(name, content)


def cut(path: Path, share: float) -> None:
    whole = xlsx(path, {"K": [["a", "b"], *([str(number), "x"] for number in range(500))]}).read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])


def broken(path: Path, at: int, content: bytes) -> None:
    """A compound file with other bytes at a place."""
    whole = compound(path, {"Workbook": biff([["a", "b"], ["1", "2"]])}).read_bytes()
    path.write_bytes(whole[:at] + content + whole[at + len(content) :])


def repeated(path: Path, rows_: int, columns: int) -> None:
    one = '<table:table-cell office:value-type="string"{}><text:p>x</text:p></table:table-cell>'
    many = one.format(f' table:number-columns-repeated="{columns}"')
    ods(
        path,
        f"<table:table-row>{one.format('')}</table:table-row>"
        f'<table:table-row table:number-rows-repeated="{rows_}">{many}</table:table-row>',
    )


LONG = f' count="1" uniqueCount="1"><si><t>{"x" * 4 * MEBIBYTE}</t></si>'
SHARED = "".join(f'<row><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(2, 3_000))

# What a hostile workbook is, how it is made, and the errors that it may be refused with.
HOSTILE: Mapping[str, tuple[str, Maker, str]] = {
    "a cell at XFD1048576": (
        "xlsx",
        lambda path: archive(path, rows(f'<row r="1048576">{cell("XFD1048576", "x")}</row>')),
        "memory",
    ),
    "a cell a hundred columns and a million rows away": (
        "xlsx",
        lambda path: archive(path, rows(f'<row r="1048576">{cell("CV1048576", "x")}</row>')),
        "memory",
    ),
    "a cell far off in BIFF8": (
        "xls",
        lambda path: compound(path, {"Workbook": biff([["a"]], far=(65_535, 65_535))}),
        "memory",
    ),
    "rows without end in OpenDocument": ("ods", lambda path: repeated(path, 2**31 - 1, 16_384), "damaged memory"),
    "a text of four megabytes in three thousand cells": (
        "xlsx",
        lambda path: archive(path, parts(f"<sheetData>{HEADER}{SHARED}</sheetData>", strings=LONG)),
        "memory bomb",
    ),
    "a bomb for a sheet": ("xlsx", lambda path: with_part(path, SHEET, b" " * (64 * MEBIBYTE)), "bomb"),
    "a bomb for texts": ("xlsx", lambda path: with_part(path, "xl/sharedStrings.xml", bytes(64 * MEBIBYTE)), "bomb"),
    "parts that overlap": ("xlsx", overlapping, "bomb"),
    "twelve thousand parts": ("xlsx", crowded, "bomb"),
    "a size that is told too small": ("xlsx", lambda path: patched(path, tell(file_size=50)), "false_size"),
    "a size that is told too large": ("xlsx", lambda path: patched(path, tell(file_size=5_000)), "false_size"),
    "a size beyond all bounds": ("xlsx", lambda path: patched(path, tell(file_size=2**40)), "bomb"),
    "a part that begins beyond the end": ("xlsx", lambda path: patched(path, tell(header_offset=10**6)), "damaged"),
    "an unknown compression": ("xlsx", lambda path: patched(path, tell(compress_type=99)), "damaged"),
    "an encrypted part": ("xlsx", lambda path: patched(path, tell(flag_bits=1)), "password"),
    "two parts of one name": ("xlsx", twice, "ambiguous"),
    "an archive in an archive": (
        "xlsx",
        lambda path: archive(path, {"klienci.xlsx": archive(path, parts(TABLE)).read_bytes()}),
        "archive",
    ),
    "a word processor's document": ("xlsx", lambda path: archive(path, {"word/document.xml": "<x/>"}), "archive"),
    "the first half": ("xlsx", lambda path: cut(path, 0.5), "damaged"),
    "all but the end": ("xlsx", lambda path: cut(path, 0.99), "damaged"),
    "an archive of nothing": ("xlsx", lambda path: path.write_bytes(b"PK\x05\x06" + bytes(18)), "unknown"),
    "no sheet behind the name": (
        "xlsx",
        lambda path: archive(path, {name: text for name, text in parts(TABLE).items() if name != SHEET}),
        "damaged",
    ),
    "XML that does not end": (
        "xlsx",
        lambda path: with_part(path, SHEET, "<worksheet><sheetData><row>" * 9),
        "damaged",
    ),
    "a cell in no column": (
        "xlsx",
        lambda path: archive(path, rows(f"<row>{cell('ZZZZZZZZZ2', 'x')}</row>")),
        "damaged failed memory",
    ),
    "a cell in row 4,294,967,295": (
        "xlsx",
        lambda path: archive(path, rows(f'<row r="4294967295">{cell("A4294967295", "x")}</row>')),
        "damaged failed memory",
    ),
    "a compound file cut short": (
        "xls",
        lambda path: path.write_bytes(compound(path, {"Workbook": biff([["a"]])}).read_bytes()[:1500]),
        "damaged failed",
    ),
    "sectors of 2^65535 bytes": ("xls", lambda path: broken(path, 30, b"\xff\xff"), "damaged failed memory"),
    "BIFF8 with a password": (
        "xls",
        lambda path: compound(path, {"Workbook": biff([["a"], ["1"]], protected=True)}),
        "password",
    ),
    "an XLSX with a password": (
        "xlsx",
        lambda path: compound(path, {"EncryptionInfo": bytes(99), "EncryptedPackage": bytes(9_000)}),
        "password",
    ),
    "a compound file of something else": ("xls", lambda path: compound(path, {"WordDocument": bytes(99)}), "unknown"),
    "HTML": ("xls", lambda path: path.write_bytes(b"\xef\xbb\xbf\n<HTML><table><tr><td>a</td></tr>"), "markup"),
    "XML of 2003": (
        "xls",
        lambda path: path.write_text('<?xml version="1.0"?><Workbook/>', encoding="utf-16"),
        "markup",
    ),
    "CSV": ("xls", lambda path: path.write_text(csv([customer(1)]), encoding="cp1250"), "text"),
    "CSV in UTF-16": ("xlsx", lambda path: path.write_text("a;b\n1;2\n", encoding="utf-16"), "text"),
    "a picture": ("xlsx", lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(99)), "unknown"),
    "noise behind the mark": ("xlsx", lambda path: path.write_bytes(b"PK\x03\x04" + bytes(range(256)) * 9), "damaged"),
}

_READ_ALL = """\
import json, sys
from pathlib import Path
from intake.errors import SourceError
from intake.sources import open_source
from tests.intake.bounded import peak
codes = {}
for path in map(Path, sys.argv[1:]):
    try:
        for chunk in open_source(path).chunks():
            pass
        codes[path.name] = "read"
    except SourceError as error:
        codes[path.name] = error.code
print(json.dumps({"codes": codes, "peak": peak()}))
"""


def test_each_is_refused_by_a_parent_that_holds_next_to_nothing(tmp_path: Path) -> None:
    made: dict[str, str] = {}
    for number, (name, (suffix, make, _)) in enumerate(HOSTILE.items()):
        path = tmp_path / f"{number}.{suffix}"
        make(path)
        made[path.name] = name
    done = subprocess.run(
        [sys.executable, "-c", _READ_ALL, *(str(tmp_path / name) for name in made)],
        env=environment(),
        capture_output=True,
        check=True,
    )
    told = json.loads(done.stdout)
    wanted = {name: {f"source.workbook_{one}" for one in reasons.split()} for name, (_, _, reasons) in HOSTILE.items()}

    assert len(HOSTILE) >= 35
    assert {made[name]: code for name, code in told["codes"].items() if code not in wanted[made[name]]} == {}
    assert told["peak"] < 400e6
    assert done.stderr == b""


@pytest.mark.parametrize(
    "sheet",
    [
        f'<dimension ref="A1:XFD1048576"/>{TABLE}',
        f"<sheetData>{HEADER}</sheetData>{'<x>' * 50_000}{'</x>' * 50_000}",
        f'<sheetData>{HEADER}</sheetData><mergeCells count="4294967295"><mergeCell ref="A1:XFD1048576"/></mergeCells>',
    ],
    ids=["dimension", "depth", "merged"],
)
def test_a_lie_that_does_no_harm_is_read_over(tmp_path: Path, sheet: str) -> None:
    assert open_source(archive(tmp_path / "k.xlsx", parts(sheet))).columns == ("a", "b")


@pytest.mark.parametrize(
    ("at", "content"), [(512 + 8, struct.pack("<I", 2)), (44, b"\xff\xff\xff\x7f")], ids=["circle", "tables"]
)
def test_a_compound_file_that_lies_beyond_its_sheet_is_read_over(tmp_path: Path, at: int, content: bytes) -> None:
    broken(tmp_path / "k.xls", at, content)

    assert len(list(open_source(tmp_path / "k.xls").items())) == 1


def test_entities_that_grow_are_refused(tmp_path: Path) -> None:
    """A billion laughs: OOXML has no entities of its own (ECMA-376, part 2, 8.2)."""
    grow = "".join(f'<!ENTITY x{n} "{f"&x{n - 1};" * 10}">' for n in range(1, 10))
    strings = f'<!DOCTYPE sst [<!ENTITY x0 "ha">{grow}]><sst><si><t>&x9;</t></si></sst>'
    row = '<row><c r="A2" t="s"><v>0</v></c><c r="B2" t="e"><v>#REF!</v></c></row>'
    path = archive(tmp_path / "k.xlsx", {**rows(row), "xl/sharedStrings.xml": strings})
    with pytest.raises(SourceError) as caught:
        open_source(path)

    assert caught.value.code == "source.workbook_damaged"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("stare.xls", b"<table><tr><td>NIP", "this is a web page or XML under a workbook's name"),
        ("stare.xls", b"NIP;Nazwa\n", "this is text, probably CSV, under a workbook's name"),
        ("stare.xlsx", b"", "holds nothing"),
        ("klienci.csv", b"PK\x03\x04", "the workbook cannot be read"),
    ],
)
def test_a_refused_workbook_is_one_line_and_status_3(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    finished = intake("import", name, cwd=tmp_path)

    assert said in refused(finished, 3)
    assert [path.name for path in tmp_path.iterdir() if path.suffix != ".db"] == [name]
