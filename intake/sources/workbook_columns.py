"""The rows of a workbook's sheet in chunks of columns."""

from collections.abc import Generator, Iterable, Iterator

import polars as pl

from intake.sources.chunk import Chunk, numbers, room
from intake.sources.source import Blank, Item, Malformed, Place
from intake.sources.table import Table
from intake.workbooks.frames import Rows
from validators.unusable import Unusable

# What a chunk is to have, whichever is reached first.
_RECORDS = 100_000
_CELLS = 1 << 21
_BYTES = 24 << 20


def read_chunks(frames: Iterable[Rows], table: Table, after: int = 0) -> Generator[Chunk, None, None]:
    """Read the rows after a record."""
    limit = min(_RECORDS, _CELLS // len(table.names))
    growing, most = _Growing(table), room(after, limit)
    for rows in _behind(frames, after + table.header_line):
        growing.take(rows)
        if growing.read >= most or growing.size >= _BYTES:
            yield growing.chunk()
            growing, most = _Growing(table), room(growing.last, limit)
    if growing.read:
        yield growing.chunk()


def _behind(frames: Iterable[Rows], done: int) -> Iterator[Rows]:
    """Yield what of the frames stands below a row of the sheet."""
    for rows in frames:
        over = done + 1 - rows.first
        if over <= 0:
            yield rows
        elif over < rows.count:
            apart = {*rows.blank, *(number for number, _ in rows.malformed)}
            cut = sum(number not in apart for number in range(rows.first, done + 1))
            yield Rows(
                first=done + 1,
                count=rows.count - over,
                columns=[column[cut:] for column in rows.columns],
                blank=[number for number in rows.blank if number > done],
                malformed=[one for one in rows.malformed if one[0] > done],
                odd={
                    column: [(place - cut, code) for place, code in found if place >= cut]
                    for column, found in rows.odd.items()
                },
            )


class _Growing:
    """A chunk that is being filled."""

    def __init__(self, table: Table) -> None:
        self.read = 0
        self.last = 0  # record
        self.size = 0  # bytes of text
        self._table = table
        self._frames: list[pl.DataFrame] = []
        self._height = 0
        self._lines: list[int] = []
        self._others: list[Item] = []
        self._odd: dict[str, list[tuple[int, Unusable]]] = {}

    def take(self, rows: Rows) -> None:
        names = self._table.names
        others: list[Item] = [Blank(self._place(number)) for number in rows.blank]
        others += [Malformed(self._place(number), reason) for number, reason in rows.malformed]
        self._others += sorted(others, key=lambda item: item.place.record)
        apart = {item.place.line for item in others}
        self._lines += [number for number in range(rows.first, rows.first + rows.count) if number not in apart]
        for column, found in rows.odd.items():
            cells = self._odd.setdefault(names[column], [])
            cells += [(self._height + place, Unusable(code)) for place, code in found]
        frame = pl.DataFrame(dict(zip(names, rows.columns, strict=True)), dict.fromkeys(names, pl.String))
        self._frames.append(frame)
        self._height += frame.height
        self.size += int(frame.estimated_size())
        self.read += rows.count
        self.last = rows.first + rows.count - 1 - self._table.header_line

    def chunk(self) -> Chunk:
        return Chunk(
            read=self.read,
            last_record=self.last,
            rows=pl.concat(self._frames, rechunk=True),
            records=numbers(line - self._table.header_line for line in self._lines),
            lines=numbers(self._lines),
            others=self._others,
            odd=self._odd,
        )

    def _place(self, row: int) -> Place:
        return Place(row - self._table.header_line, row)
