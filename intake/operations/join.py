"""Columns one after the other: `company_name = { join = ["Nazwa", "Nazwa cd."] }`.

>>> Join(("Nazwa", "Nazwa cd.")).one({"Nazwa": "Sklep „Pod Lipą”", "Nazwa cd.": "s.c."}).value
'Sklep „Pod Lipą” s.c.'
"""

from collections.abc import Mapping
from typing import Annotated

import msgspec
import polars as pl

from intake.operations.operation import Made, MadeColumn, Operation, clear
from intake.operations.pieces import Piece, all_together, together, told_in


class Join(Operation, frozen=True):
    """What the columns say, in their order; those that say nothing are left out, with the separator before them."""

    join: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    separator: str = " "

    @property
    def columns(self) -> tuple[str, ...]:
        """Return their names."""
        return self.join

    def one(self, values: Mapping[str, object]) -> Made:
        """Join a record's cells."""
        return Made(together(values, self._pieces))

    def many(self, rows: pl.DataFrame) -> MadeColumn:
        """Join the columns."""
        told = (told_in(rows, piece) for piece in self._pieces)
        return MadeColumn(all_together(told, self._pieces), clear(len(rows)))

    @property
    def _pieces(self) -> list[Piece]:
        return [Piece((column,), self.separator) for column in self.join]
