"""The first or last name of a person in one cell, in the order that a person says.

`first_name = { full_name = "Imię i nazwisko", order = "first last", take = "first" }`

>>> def names(cell, order):
...     return [FullName("Kto", order, take).one({"Kto": cell}).value for take in ("first", "last")]
>>> names("Anna Kowalska - Nowak", "first last"), names("KOWALSKI, Jan Maria", "last first")
(['Anna', 'Kowalska - Nowak'], ['Jan Maria', 'KOWALSKI'])
>>> FullName("Kto", "first last", "first").one({"Kto": "Ewa Maria Mróz"}).fault
'mapping.name_unclear'
"""

from collections.abc import Mapping
from typing import Literal

import polars as pl

from intake.operations.address import taken_apart, taken_from
from intake.operations.layouts import Layout, Layouts
from intake.operations.operation import Made, MadeColumn, Operation
from validators.any_case import any_case
from validators.pattern import Pattern

Order = Literal["first last", "last first"]

_HYPHEN = "[\u2010-\u2015-]"
_PART = "[^ ,;:()./0-9\u2010-\u2015-]+"
_NAME = f"{_PART}(?: ?{_HYPHEN} ?{_PART})*"
# Adjectives in -ski and -cki, and patronymics in -icz, are surnames: Polish first names do not end so. A list of first
# names would prove less, for many words are both: Adam, Marek, Roman.
SURNAME = f"[^ ,;:()./0-9]*(?:{any_case('ski', 'ska', 'cki', 'cka', 'icz')})"

# Of three words, the one in the middle is a second first name or half a surname. Where it cannot be the one, it is the
# other; where a comma parts them, all is said.
_LAYOUTS: Mapping[str, Layouts] = {
    "first last": Layouts(
        (
            Layout(Pattern(f"({_NAME}) ({_NAME})"), {"first": 1, "last": 2}),
            Layout(Pattern(f"({_NAME}) ({SURNAME} {_NAME})"), {"first": 1, "last": 2}),
        )
    ),
    "last first": Layouts(
        (
            Layout(Pattern(f"({_NAME}),? ({_NAME})"), {"last": 1, "first": 2}),
            Layout(Pattern(f"({_NAME} {SURNAME}) ({_NAME})"), {"last": 1, "first": 2}),
            Layout(Pattern(f"({_NAME}(?: {_NAME})*), ({_NAME}(?: {_NAME})*)"), {"last": 1, "first": 2}),
        )
    ),
}


class FullName(Operation, frozen=True):
    """One of the two names in a cell of two words; of more, only where it is certain which words belong together."""

    full_name: str
    order: Order
    take: Literal["first", "last"]

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the name of the column."""
        return (self.full_name,)

    def one(self, values: Mapping[str, object]) -> Made:
        """Return the name in a record's cell; a cell that says nothing as it is."""
        layouts = _LAYOUTS[self.order]
        return taken_from(values.get(self.full_name), layouts, self.take, unclear="mapping.name_unclear")

    def many(self, rows: pl.DataFrame) -> MadeColumn:
        """Return the name in each cell."""
        return taken_apart(rows, self.full_name, _LAYOUTS[self.order], self.take)
