"""The rows of a workbook's sheet in chunks of columns."""

from collections.abc import Generator, Iterable, Iterator, Sequence
from itertools import chain

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
_HELD = 5  # frames of the child at a time: more would not stay in the processor's cache, and each costs by itself


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
        self.size = 0  # bytes of text, but of what is held
        self._table = table
        self._frames: list[pl.DataFrame] = []
        self._height = 0
        self._held: list[Sequence[Sequence[str]]] = []
        self._apart: list[Item] = []
        self._odd: dict[str, list[tuple[int, Unusable]]] = {}

    def take(self, rows: Rows) -> None:
        names = self._table.names
        self._apart += (Blank(self._place(number)) for number in rows.blank)
        self._apart += (Malformed(self._place(number), reason) for number, reason in rows.malformed)
        for column, found in rows.odd.items():
            cells = self._odd.setdefault(names[column], [])
            cells += [(self._height + place, Unusable(code)) for place, code in found]
        self._height += len(rows.columns[0])
        self._held.append(rows.columns)
        if len(self._held) == _HELD:
            self._let_go()
        self.read += rows.count
        self.last = rows.first + rows.count - 1 - self._table.header_line

    def chunk(self) -> Chunk:
        self._let_go()
        others = sorted(self._apart, key=lambda item: item.place.record)
        records = pl.int_range(self.last - self.read + 1, self.last + 1, dtype=pl.UInt32, eager=True)
        records = records.filter(~records.is_in(numbers(item.place.record for item in others).implode()))
        return Chunk(
            read=self.read,
            last_record=self.last,
            rows=pl.concat(self._frames, rechunk=True),
            records=records,
            lines=records + self._table.header_line,
            others=others,
            odd=self._odd,
        )

    def _let_go(self) -> None:
        if not self._held:
            return
        columns = (chain.from_iterable(pieces) for pieces in zip(*self._held, strict=True))
        named = zip(self._table.names, columns, strict=True)
        frame = pl.DataFrame([pl.Series(name, list(texts), pl.String) for name, texts in named])
        self._frames.append(frame)
        self.size += int(frame.estimated_size())
        self._held.clear()

    def _place(self, row: int) -> Place:
        return Place(row - self._table.header_line, row)
