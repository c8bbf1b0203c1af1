"""What nobody has decided yet: `phone = "?"`. The field is read from nowhere, its name's own column included.

>>> Question().one({"Telefon": "600123456"}).value
"""

from collections.abc import Mapping

import polars as pl

from intake.operations.operation import Made, MadeColumn, Operation, clear, same

ASKED = "?"  # what stands for it in a mapping file; a column of that name is `{ column = "?" }`


class Question(Operation, frozen=True):
    """A field for which a person has to choose."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Return none."""
        return ()

    def one(self, values: Mapping[str, object]) -> Made:
        """Return nothing."""
        del values
        return Made(None)

    def many(self, rows: pl.DataFrame) -> MadeColumn:
        """Return nothing for every row."""
        return MadeColumn(same(None, len(rows)), clear(len(rows)))

    def as_data(self) -> object:
        """Return the sign for it."""
        return ASKED
