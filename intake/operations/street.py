"""A street address in parts: `street_address = { street = "Ulica", house = "Nr domu", flat = "Lokal", town = "Wieś" }`.

>>> street = Street("Ulica", house="Nr domu", flat="Lokal", town="Wieś")
>>> street.one({"Ulica": "ul. Długa", "Nr domu": "5", "Lokal": "3", "Wieś": "Łódź"}).value
'ul. Długa 5/3'
>>> street.one({"Ulica": "", "Nr domu": "1", "Wieś": "Dołha"}).value
'Dołha 1'
>>> street.one({"Ulica": "ul. 3 Maja", "Nr domu": "", "Wieś": "Łódź"}).fault
'street_address.number_missing'
"""

from collections.abc import Mapping

import polars as pl

from intake.operations.operation import Made, MadeColumn, Operation
from intake.operations.pieces import Piece, all_together, together, told_by, told_in
from validators.pattern import Pattern
from validators.rules.street_address import NO_NUMBER

# What stands in for a house number that has no cell of its own: a number at the end, or word that there is none.
_ENDS_WITH_NUMBER = Pattern(f".*(?: [0-9]+(?: ?[A-Za-z])?(?:[/-][0-9]+(?: ?[A-Za-z])?)?| (?:{NO_NUMBER}))")


class Street(Operation, frozen=True):
    """Street, house and flat. In a village without streets the place's name stands for the street.

    A number in the name of a street is no house's, so without a house there must be one at the end.
    """

    street: str
    house: str
    flat: str | None = None
    town: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the names of those that there are."""
        return tuple(name for name in (self.street, self.house, self.flat, self.town) if name is not None)

    def one(self, values: Mapping[str, object]) -> Made:
        """Put a record's parts together."""
        street, house, flat = (told_by(values, piece) for piece in self._pieces)
        text = together(values, self._pieces)
        if not isinstance(text, str):
            return Made(text)
        if street is None:
            return Made(text, "mapping.street_missing")
        lacks_house = house is None and (flat is not None or not _ENDS_WITH_NUMBER.fullmatch(text))
        return Made(text, "street_address.number_missing" if lacks_house else None)

    def many(self, rows: pl.DataFrame) -> MadeColumn:
        """Put the columns together."""
        told = [told_in(rows, piece) for piece in self._pieces]
        street, house, flat = told
        text = all_together(told, self._pieces)
        ends = text.str.contains(_ENDS_WITH_NUMBER.whole).fill_null(value=False)
        lacks_house = house.is_null() & (flat.is_not_null() | ~ends)
        return MadeColumn(text, text.is_not_null() & (street.is_null() | lacks_house))

    @property
    def _pieces(self) -> list[Piece]:
        return [Piece((self.street, self.town)), Piece((self.house,)), Piece((self.flat,), "/")]
