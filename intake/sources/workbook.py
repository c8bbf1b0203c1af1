"""A sheet of a workbook as a source: a header, then records, each cell as text where that is certain.

A child reads the workbook (`intake.workbooks`). It is started when the source is made and sends what the first reading
takes; a further reading starts another. `Place.line` is the number of a row as a spreadsheet shows it.
"""

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

from intake.errors import SourceError
from intake.sources.content import Content
from intake.sources.csv_file import names_of
from intake.sources.format import Format
from intake.sources.source import Blank, Item, Malformed, Place, Record
from intake.sources.table import Table
from intake.workbooks.container import is_workbook
from intake.workbooks.frames import Frame, Opened, Rows
from intake.workbooks.process import Reading

if TYPE_CHECKING:
    from intake.sources.chunk import Chunk

_SUFFIXES = {".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"}
_HEAD = 8  # bytes of the longest mark
_BLOCK = 1 << 18


def seems_workbook(content: Content) -> bool:
    """Return whether a file is a workbook by its first bytes, or called one."""
    return content.path.suffix.casefold() in _SUFFIXES or is_workbook(content.head(_HEAD))


class Workbook:
    """One sheet of an XLSX, XLSM, XLSB, XLS or ODS file, read as a `Source`."""

    def __init__(self, content: Content, sheet: str | None = None) -> None:
        """Read the header of the sheet said, by name or number, or else of the only one that is not empty."""
        self.name = content.name
        self._content = content
        self._sheet = sheet
        self._begun: Iterator[Frame] | None = Reading(content, sheet).frames()
        self.sha256, self.size = self._digest()
        opened = next(self._begun, None)
        if not isinstance(opened, Opened):
            raise SourceError(self.name, "source.workbook_failed")
        self._opened = opened
        names = names_of(opened.header, f"{self.name}, sheet “{opened.sheet}”", opened.header_row)
        self._table = Table.under(opened.header, names, opened.header_row)
        self.columns = tuple(name for name in names if name not in self._table.nameless)
        self.position = 0

    @property
    def format(self) -> Format:
        """Return how the file is read."""
        opened = self._opened
        return Format(name="workbook", sheet=opened.sheet, sheets=tuple(opened.sheets), hidden=tuple(opened.hidden))

    def items(self) -> Iterator[Item]:
        """Read every row below the header."""
        for rows in self._frames():
            yield from self._items(rows)

    def chunks(self, after: int = 0) -> "Generator[Chunk, None, None]":
        """Read the rows after a record in columns."""
        from intake.sources.workbook_columns import read_chunks  # noqa: PLC0415  (late: only a run needs Polars)

        return read_chunks(self._frames(), self._table, after)

    def _frames(self) -> Iterator[Rows]:
        frames, self._begun = self._begun or Reading(self._content, self._sheet).frames(), None
        self.position = 0
        for frame in frames:
            if isinstance(frame, Rows):
                yield frame
                self.position = self.size * (frame.first + frame.count) // (self._opened.rows + 1)
        if self._digest() != (self.sha256, self.size):
            raise SourceError(self.name, "source.changed")

    def _items(self, rows: Rows) -> Iterator[Item]:
        from validators.unusable import Unusable  # noqa: PLC0415  (late: the child reads while the rules load)

        apart: dict[int, Item] = {number: Blank(self._place(number)) for number in rows.blank}
        apart |= {number: Malformed(self._place(number), reason) for number, reason in rows.malformed}
        cells = zip(*rows.columns, strict=True)
        odd: dict[int, dict[str, object]] = {}
        for column, found in rows.odd.items():
            for place, code in found:
                odd.setdefault(place, {})[self._table.names[column]] = Unusable(code)
        place = 0
        for number in range(rows.first, rows.first + rows.count):
            if number in apart:
                yield apart[number]
            else:
                yield Record(self._place(number), self._table.values(list(next(cells))) | odd.get(place, {}))
                place += 1

    def _place(self, row: int) -> Place:
        return Place(row - self._table.header_line, row)

    def _digest(self) -> tuple[str, int]:
        reading = self._content.read(_BLOCK)
        for _ in reading:
            pass
        return reading.sha256, reading.taken
