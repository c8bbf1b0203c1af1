"""A telephone number in parts: `phone = { number = "Telefon", area_code = "Kierunkowy", extension = "Wewn." }`.

>>> cells = {"Kierunkowy": "74", "Telefon": "817 14 78", "Wewn.": "117"}
>>> Phone("Telefon", area_code="Kierunkowy", extension="Wewn.").one(cells).value
'74 817 14 78 wew. 117'
"""

from collections.abc import Mapping

import polars as pl

from intake.operations.operation import Made, MadeColumn, Operation, clear
from intake.operations.pieces import Piece, all_together, together, told_by, told_in


class Phone(Operation, frozen=True):
    """Area code, number and extension, as people write them in one cell; the field's rule reads that.

    Without a number there is nothing: an area code or an extension alone reaches nobody.
    """

    number: str
    area_code: str | None = None
    extension: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the names of those that there are."""
        return tuple(column for column in (self.area_code, self.number, self.extension) if column is not None)

    def one(self, values: Mapping[str, object]) -> Made:
        """Put a record's parts together."""
        number = told_by(values, Piece((self.number,)))
        return Made(None if number is None else together(values, self._pieces))

    def many(self, rows: pl.DataFrame) -> MadeColumn:
        """Put the columns together."""
        told = [told_in(rows, piece) for piece in self._pieces]
        _, number, _ = told
        text = all_together(told, self._pieces)
        return MadeColumn(text.zip_with(number.is_not_null(), number), clear(len(rows)))

    @property
    def _pieces(self) -> list[Piece]:
        return [Piece((self.area_code,)), Piece((self.number,)), Piece((self.extension,), " wew. ")]
