"""A part of an address in one cell: `postal_code = { address = "Adres", take = "postal_code" }`.

>>> for cell in ("ul. Długa 5/3, 00-950 Warszawa", "00-950 Warszawa", "00-950 Warszawa, ul. Długa 5"):
...     [Address("Adres", take).one({"Adres": cell}).value for take in ("street", "postal_code", "town")]
['ul. Długa 5/3', '00-950', 'Warszawa']
[None, '00-950', 'Warszawa']
['ul. Długa 5', '00-950', 'Warszawa']
>>> Address("Adres", "street").one({"Adres": "Warszawa, Długa"}).fault
'mapping.address_unclear'
"""

from collections.abc import Mapping
from typing import Literal

import polars as pl

from intake.operations.layouts import Layout, Layouts
from intake.operations.operation import Made, MadeColumn, Operation, said, said_in
from validators.pattern import Pattern

# A street ends with the number of a house or flat, and a town has neither digits nor abbreviations (`ul.`): so neither
# can be taken for the other, nor for the name of whoever lives there.
_NUMBER = "[0-9]+(?: ?[A-Za-z])?(?: ?[/-] ?[0-9]+(?: ?[A-Za-z])?)?"
_STREET = rf"([^,;]+ {_NUMBER}(?:,? (?:m|m\.|lok|lok\.) ?[0-9]+(?: ?[A-Za-z])?)?)"
_CODE = "([0-9]{2}-[0-9]{3})"
_TOWN = "([^0-9,;. /](?:[^0-9,;./]*[^0-9,;. /])?)"
_ENDS = "[,;]? ?"

_LAYOUTS = Layouts(
    layouts=(
        Layout(Pattern(f"{_CODE},? {_TOWN}{_ENDS}"), {"postal_code": 1, "town": 2}),
        Layout(Pattern(f"{_TOWN},? {_CODE}{_ENDS}"), {"town": 1, "postal_code": 2}),
        Layout(Pattern(f"{_STREET}[,;]? {_CODE},? {_TOWN}{_ENDS}"), {"street": 1, "postal_code": 2, "town": 3}),
        Layout(Pattern(f"{_CODE},? {_TOWN}[,;] ?{_STREET}{_ENDS}"), {"postal_code": 1, "town": 2, "street": 3}),
        Layout(Pattern(f"{_STREET}[,;] ?{_TOWN}[,;]? {_CODE}{_ENDS}"), {"street": 1, "town": 2, "postal_code": 3}),
    ),
    once=Pattern("[0-9]{2}-[0-9]{3}"),
)


class Address(Operation, frozen=True):
    """One part of a cell that holds a postal code and a town, and a street address perhaps."""

    address: str
    take: Literal["street", "postal_code", "town"]

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the name of the column."""
        return (self.address,)

    def one(self, values: Mapping[str, object]) -> Made:
        """Return the part of a record's cell; a cell that says nothing as it is."""
        return taken_from(values.get(self.address), _LAYOUTS, self.take, unclear="mapping.address_unclear")

    def many(self, rows: pl.DataFrame) -> MadeColumn:
        """Return the part of each cell."""
        return taken_apart(rows, self.address, _LAYOUTS, self.take)


def taken_from(value: object, layouts: Layouts, part: str, *, unclear: str) -> Made:
    """Return a part of a cell; one that says nothing as it is, and one that is not clear with this fault."""
    cell = said(value)
    if not isinstance(cell, str):
        return Made(value)
    is_clear, found = layouts.one(cell, part)
    return Made(found) if is_clear else Made(cell, unclear)


def taken_apart(rows: pl.DataFrame, column: str, layouts: Layouts, part: str) -> MadeColumn:
    """Return a part of each cell of a column; cells that say nothing as they are, and those that are not clear."""
    cells = said_in(rows, column)
    is_clear, parts = layouts.many(cells, part)
    came = rows[column] if column in rows.columns else cells
    return MadeColumn(came.zip_with(cells.is_null(), parts), cells.is_not_null() & ~is_clear)
