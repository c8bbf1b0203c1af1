"""The first rows of a source, in columns: what a mapping is proposed from.

>>> from intake.operations.column import Column
>>> from validators.rules import RULES
>>> sample = Sample(pl.DataFrame({"NIP": ["5260250274", " ", None]}), records=3, is_whole=True)
>>> sample.shapes(Column("NIP")), sample.share(Column("NIP"), RULES["nip"])
(['9999999999'], Share(passed=1, read=1))
"""

from collections.abc import Iterator
from contextlib import closing
from typing import NamedTuple

import msgspec
import polars as pl
from polars.selectors import by_name

from intake.mask import mask
from intake.operations.column import Column
from intake.operations.operation import Operation, said
from intake.sources import Source
from validators.row_kinds import filled
from validators.rule import Rule

_RECORDS = 20_000
_JUDGED = 500  # values, of which a rule is asked
_SHAPES = 3
_HIGH = 95  # per cent


class Share(NamedTuple):
    """How many values a rule takes, of those that it was asked about; none of them is the same."""

    passed: int
    read: int

    @property
    def percent(self) -> int:
        """Return the share in whole per cent, rounded down; 0 where there is none."""
        return 100 * self.passed // self.read if self.read else 0

    @property
    def is_high(self) -> bool:
        """Return whether nearly all pass."""
        return self.read > 0 and self.percent >= _HIGH

    @property
    def is_low(self) -> bool:
        """Return whether more fail than pass."""
        return 2 * self.passed < self.read


class Sample(msgspec.Struct, frozen=True):
    """Rows of a source, and how many records were read for them."""

    rows: pl.DataFrame
    records: int
    is_whole: bool  # whether the source has no more

    def __repr__(self) -> str:
        """Show how much there is, and never a value."""
        return f"<Sample records={self.records} columns={self.rows.width}>"

    def __rich_repr__(self) -> list[tuple[str, object]]:
        """Show no more to rich, for which msgspec would list all fields."""
        return [("records", self.records), ("columns", self.rows.width)]

    def shapes(self, operation: Operation) -> list[str]:
        """Return the most usual shapes of what an operation makes, which no value can be read from."""
        masks = pl.Series([mask(" ".join(value.split())) for value in self._values(operation)], dtype=pl.String)
        counts = masks.alias("shape").value_counts().sort("count", "shape", descending=[True, False])
        return counts["shape"].head(_SHAPES).to_list()

    def share(self, operation: Operation, rule: Rule, country: str = "PL") -> Share:
        """Return how many of the distinct values that an operation makes a rule takes."""
        values = list(dict.fromkeys(self._values(operation)))
        passed = sum(rule.one(value, country).value is not None for value in values)
        return Share(passed, len(values) + self.unclear(operation).passed)

    def unclear(self, operation: Operation) -> Share:
        """Return in how many rows an operation is not certain, of those that are looked at."""
        unclear = operation.many(self._looked_at).unclear
        return Share(int(unclear.sum()), len(unclear))

    def has_values(self, column: str) -> bool:
        """Return whether a column has anything but white space in it."""
        return bool(filled(self.rows.select(by_name(column))).to_series().any())

    def texts(self, column: str) -> Iterator[str]:
        """Yield what the cells of a column say."""
        yield from self._values(Column(column))

    def _values(self, operation: Operation) -> Iterator[str]:
        values, unclear = operation.many(self._looked_at)
        for value in values.filter(~unclear).drop_nulls():
            if isinstance(told := said(value), str):
                yield told

    @property
    def _looked_at(self) -> pl.DataFrame:
        """Return rows from all over the sample."""
        return self.rows.gather_every(max(1, -(-len(self.rows) // _JUDGED)))


def take_sample(source: Source) -> Sample:
    """Read the first records of a source; raise SourceError."""
    frames: list[pl.DataFrame] = []
    records = 0
    with closing(source.chunks()) as chunks:
        for chunk in chunks:
            frames.append(chunk.rows)
            records = chunk.last_record
            if records >= _RECORDS:
                break
        is_whole = next(chunks, None) is None
    rows = pl.concat(frames, how="diagonal") if frames else pl.DataFrame()
    return Sample(rows, records, is_whole)
