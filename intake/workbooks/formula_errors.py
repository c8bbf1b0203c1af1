"""Where the errors of formulas stand in a sheet: in XLSX (ECMA-376, part 1, 18.3.1.4: `<c t="e">`), and in ODS.

python-calamine gives such a cell as an empty one, so whoever has not looked would take `#REF!` for nothing.
"""

import re
import zipfile
from posixpath import join, normpath
from xml.etree import ElementTree as ET
from xml.parsers import expat

from intake.workbooks.archive import Archive
from intake.workbooks.biff_errors import biff_errors
from intake.workbooks.cells import AN_ERROR, ERRORS, Errors

_BLOCK = 1 << 18
_MOST_ROWS, _MOST_COLUMNS = 1 << 20, 1 << 14  # of a sheet, in Excel and LibreOffice
_PLACE = re.compile("([A-Za-z]{1,3})([0-9]{1,7})")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


def formula_errors(archive: Archive, sheet: str, doubtful: frozenset[str]) -> Errors:
    """Return the errors of a sheet; of an archive, if it is among the parts in which there may be some."""
    if archive.kind == "xls":
        return biff_errors(archive.path, sheet)
    if not doubtful or archive.kind not in {"xlsx", "ods"}:
        return {}
    with zipfile.ZipFile(archive.path) as parts:
        part = _part(parts, sheet) if archive.kind == "xlsx" else "content.xml"
        if part not in doubtful:
            return {}
        finding = InXlsx() if archive.kind == "xlsx" else InOds(sheet)
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = finding.start
        parser.EndElementHandler = finding.end
        parser.CharacterDataHandler = finding.take
        with parts.open(part) as content:
            while block := content.read(_BLOCK):
                parser.Parse(block)
        return finding.found


def _part(archive: zipfile.ZipFile, sheet: str) -> str:
    """Return the name of the part that holds a sheet."""
    # Two are silenced: expat has its own bounds, and this process has limits of memory and time.
    book = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
    relations = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    targets = {one.get("Id"): one.get("Target", "") for one in relations}
    for one in book.iter():
        if _local(one.tag) == "sheet" and one.get("name") == sheet:
            target = targets.get(one.get(_RELATION) or one.get(_STRICT_RELATION), "")
            return normpath(join("xl", target)).lstrip("/")
    return ""


class InXlsx:
    """Keeps the errors among the cells of a sheet. A cell may say where it is, or follow the one before it."""

    def __init__(self) -> None:
        """Begin above the first row."""
        self.found: dict[int, dict[int, str]] = {}
        self._row, self._column = -1, -1
        self._text: list[str] | None = None  # of the error that is being read

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take an element's beginning."""
        name = _local(tag)
        if name == "row":
            self._row = int(attributes.get("r", self._row + 2)) - 1
            self._column = -1
        elif name == "c":
            self._move(attributes.get("r"))
            if attributes.get("t") == "e":
                self.found.setdefault(self._row, {})[self._column] = AN_ERROR
        elif name == "v" and self.found.get(self._row, {}).get(self._column):
            self._text = []

    def _move(self, place: str | None) -> None:
        found = _PLACE.fullmatch(place or "")
        if found:
            self._column, self._row = _number(found[1]), int(found[2]) - 1
        else:
            self._column += 1

    def take(self, text: str) -> None:
        """Take text."""
        if self._text is not None:
            self._text.append(text)

    def end(self, _tag: str) -> None:
        """Take an element's end."""
        if self._text is None:
            return
        shown = "".join(self._text)
        self.found[self._row][self._column] = shown if shown in ERRORS else AN_ERROR
        self._text = None


class InOds:
    """Keeps the errors among the cells of a table (OpenDocument, part 3, 9.1), as LibreOffice marks them.

    Cells and rows may stand for many. Of a row that does and has an error, only so many are kept as a sheet has.
    """

    def __init__(self, sheet: str) -> None:
        """Begin above the first row of the sheet."""
        self.found: dict[int, dict[int, str]] = {}
        self._sheet = sheet
        self._is_inside = False
        self._row, self._column = 0, 0
        self._repeated = 1

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take an element's beginning."""
        space, _, name = tag.rpartition(" ")
        if name == "table":
            self._is_inside = attributes.get(f"{space} name") == self._sheet
        elif self._is_inside and name == "table-row":
            self._column = 0
            self._repeated = int(attributes.get(f"{space} number-rows-repeated", 1))
        elif self._is_inside and name in {"table-cell", "covered-table-cell"}:
            repeated = int(attributes.get(f"{space} number-columns-repeated", 1))
            if any(_local(name) == "value-type" and value == "error" for name, value in attributes.items()):
                self._keep(repeated)
            self._column += repeated

    def take(self, text: str) -> None:
        """Take text, which says nothing that matters."""

    def end(self, tag: str) -> None:
        """Take an element's end."""
        if self._is_inside and _local(tag) == "table-row":
            self._row += self._repeated

    def _keep(self, repeated: int) -> None:
        for row in range(self._row, min(self._row + self._repeated, _MOST_ROWS)):
            columns = range(self._column, min(self._column + repeated, _MOST_COLUMNS))
            self.found.setdefault(row, {}).update(dict.fromkeys(columns, AN_ERROR))


def _local(tag: str) -> str:
    return tag.rpartition("}")[2].rpartition(" ")[2]


def _number(letters: str) -> int:
    """Return the number of a column, from 0.

    >>> _number("A"), _number("Z"), _number("AA"), _number("XFD")
    (0, 25, 26, 16383)
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
