"""A chunk: what a source reads at a time, in columns.

>>> from intake.sources.source import Blank, Place
>>> rows = pl.DataFrame({"NIP": ["5260250274"]})
>>> Chunk(2, 7, rows, numbers([6]), numbers([8]), [Blank(Place(record=7, line=9))])
<Chunk read=2 last_record=7 rows=1 others=1>
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec
import polars as pl

from intake.sources.source import Item, Place, Record
from validators.unusable import Unusable

# Items in the first chunk.
_FIRST = 5_000


class Chunk(msgspec.Struct):
    """Consecutive items: the records that are text in columns of text, everything else one by one.

    What `rows` has no value for is null: a cell that its row does not have, and JSON's null.
    """

    read: int  # items, at least one
    last_record: int  # the number of the last of them
    rows: pl.DataFrame  # the records that are text: a String column for each name
    records: pl.Series  # UInt32: the number of each row's record, ascending
    lines: pl.Series  # UInt32: the physical line on which it starts
    others: list[Item]  # ascending: blank and malformed ones, and records that no column of text can hold
    odd: Mapping[str, list[tuple[int, Unusable]]] = {}  # by column: rows in which its text is not what was typed

    def __repr__(self) -> str:
        """Show how much there is, and never a value."""
        return "<Chunk " + " ".join(f"{name}={count}" for name, count in self.__rich_repr__()) + ">"

    def __rich_repr__(self) -> list[tuple[str, object]]:
        """Show no value in rich's tracebacks either."""
        return [
            ("read", self.read),
            ("last_record", self.last_record),
            ("rows", self.rows.height),
            ("others", len(self.others)),
        ]

    def with_odd_apart(self, matters: Callable[[str], bool]) -> "Chunk":
        """Return the chunk with the rows among the others that are odd in a column that matters."""
        values: dict[int, dict[str, object]] = {}
        for column, cells in self.odd.items():
            if matters(column):
                for row, value in cells:
                    values.setdefault(row, {})[column] = value
        if not values:
            return self
        apart: list[Item] = [
            Record(Place(self.records[row], self.lines[row]), self.rows.row(row, named=True) | odd)
            for row, odd in values.items()
        ]
        kept = ~pl.Series(values=[False]).new_from_index(0, len(self.rows)).scatter(list(values), values=True)
        return Chunk(
            read=self.read,
            last_record=self.last_record,
            rows=self.rows.filter(kept),
            records=self.records.filter(kept),
            lines=self.lines.filter(kept),
            others=sorted([*self.others, *apart], key=lambda item: item.place.record),
        )


def stacked(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Return frames of the same columns as one, each column in one piece: or each look-up would look for its own.

    Column after column, for all at once take more memory.
    """
    return pl.DataFrame([pl.concat(columns, rechunk=True) for columns in zip(*frames, strict=True)])


def numbers(values: Iterable[int]) -> pl.Series:
    """Return numbers as `Chunk.records` and `Chunk.lines` have them."""
    return pl.Series(list(values), dtype=pl.UInt32)


def room(read: int, limit: int) -> int:
    """Return how many items the chunk may have that follows so many: nine times as many as the last one at the most.

    So a file that is wrong throughout is found out, and progress is shown, before much of it is read.

    >>> room(0, 84_000), room(5_000, 84_000), room(50_000, 84_000)
    (5000, 45000, 84000)
    """
    return min(8 * read + _FIRST, limit)
