"""Where the errors of formulas stand in a sheet of an XLSX workbook (ECMA-376, part 1, 18.3.1.4: `<c t="e">`).

python-calamine gives such a cell as an empty one, so whoever has not looked would take `#REF!` for nothing.
"""

import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from posixpath import join, normpath
from xml.etree import ElementTree as ET
from xml.parsers import expat

from intake.workbooks.cells import AN_ERROR, ERRORS

Errors = Mapping[int, Mapping[int, str]]  # by row and column, both from 0, what the spreadsheet shows there

_BLOCK = 1 << 18
_PLACE = re.compile("([A-Za-z]{1,3})([0-9]{1,7})")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


def formula_errors(path: Path, sheet: str, doubtful: frozenset[str]) -> Errors:
    """Return the errors of a sheet, if it is among the parts in which there may be some."""
    if not doubtful:
        return {}
    with zipfile.ZipFile(path) as archive:
        part = _part(archive, sheet)
        if part not in doubtful:
            return {}
        finding = _Finding()
        with archive.open(part) as content:
            while block := content.read(_BLOCK):
                finding.feed(block)
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


class _Finding:
    """Reads the cells of a sheet, and keeps the errors. A cell may say where it is, or follow the one before it."""

    def __init__(self) -> None:
        self.found: dict[int, dict[int, str]] = {}
        self._row, self._column = -1, -1
        self._text: list[str] | None = None  # of the error that is being read
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._take

    def feed(self, block: bytes) -> None:
        self._parser.Parse(block)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
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

    def _take(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def _end(self, _tag: str) -> None:
        if self._text is None:
            return
        shown = "".join(self._text)
        self.found[self._row][self._column] = shown if shown in ERRORS else AN_ERROR
        self._text = None


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
