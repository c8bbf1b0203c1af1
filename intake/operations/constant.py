"""The same for every record: `country_code = { constant = "PL" }`.

>>> Constant("PL").one({}).value
'PL'
"""

from collections.abc import Mapping

import polars as pl

from intake.operations.operation import Made, MadeColumn, Operation, clear, same


class Constant(Operation, frozen=True):
    """A text that stands in no column."""

    constant: str

    @property
    def columns(self) -> tuple[str, ...]:
        """Return none."""
        return ()

    def one(self, values: Mapping[str, object]) -> Made:
        """Return the text."""
        del values
        return Made(self.constant)

    def many(self, rows: pl.DataFrame) -> MadeColumn:
        """Return the text for every row."""
        return MadeColumn(same(self.constant, len(rows)), clear(len(rows)))
