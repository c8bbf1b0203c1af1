"""A column as it stands: what `field = "Column"` says.

>>> Column("Nazwa").one({"Nazwa": "Sklep"}).value
'Sklep'
"""

from collections.abc import Mapping

import polars as pl

from intake.operations.operation import Made, MadeColumn, Operation, clear, same
from intake.operations.question import ASKED


class Column(Operation, frozen=True):
    """The values of one column, which `Columns` passes on under the field's name."""

    column: str

    @property
    def columns(self) -> tuple[str, ...]:
        """Return its name."""
        return (self.column,)

    def one(self, values: Mapping[str, object]) -> Made:
        """Return the value."""
        return Made(values.get(self.column))

    def many(self, rows: pl.DataFrame) -> MadeColumn:
        """Return the column."""
        values = rows[self.column] if self.column in rows.columns else same(None, len(rows))
        return MadeColumn(values, clear(len(rows)))

    def as_data(self) -> object:
        """Return the name alone."""
        return {"column": ASKED} if self.column == ASKED else self.column
