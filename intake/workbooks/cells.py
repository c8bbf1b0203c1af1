"""Cells as text: what a spreadsheet made of text is turned back where that is certain, and told where it is not.

Whole numbers of at most fifteen digits are certain, for so many Excel keeps (its specifications: number precision);
they are written without exponent and fraction. A date is not: `11-02` may have been a postal code's beginning, a number
of a house or a day.

>>> written(600123456.0), written(6.00123456e8), written(12.5), written(-0.0)
('600123456', '600123456', '12.5', '0')
>>> import datetime as dt
>>> written(dt.date(2020, 2, 11)), fault_of(dt.date(2020, 2, 11))
('2020-02-11', 'cell.date')
>>> fault_of(1e15), fault_of("#REF!"), fault_of(True), fault_of("ul. Długa 5")
('cell.inexact', 'cell.error', 'text.not_text', None)
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import cast

Value = str | float | dt.date | dt.time | dt.timedelta  # an int is a float, for types

Errors = Mapping[int, Mapping[int, str]]  # of formulas: by row and column, both from 0, what is shown there

_EXACT_BELOW = 1e15

# How spreadsheets write the error of a formula, in English and in Polish; OpenOffice's own have numbers.
ERRORS = frozenset(
    {
        *("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA", "#SPILL!", "#CALC!"),
        *("#ZERO!", "#DZIEL/0!", "#ARG!", "#ADR!", "#NAZWA?", "#LICZBA!", "#N/D!", "#N/D"),
        *(f"Err:{number}" for number in range(501, 541)),
    }
)
AN_ERROR = "#VALUE!"

_FAULTS: dict[type, str] = {
    dt.date: "cell.date",
    dt.datetime: "cell.date",
    dt.time: "cell.date",
    dt.timedelta: "cell.date",
    bool: "text.not_text",
}
_TEXT = {str}


def written(value: Value) -> str:
    """Return a cell as text."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT_BELOW:
        return str(int(value))
    return str(value)


def fault_of(value: Value) -> str | None:
    """Return the code of the fault of a cell that holds no text and no certain number; None where there is none."""
    if isinstance(value, str):
        return "cell.error" if value in ERRORS else None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return None if abs(value) < _EXACT_BELOW else "cell.inexact"
    return _FAULTS.get(type(value), "text.not_text")


def is_blank(row: Sequence[Value]) -> bool:
    """Return whether no cell of a row has anything but white space in it."""
    return not any(map(is_filled, row))


def is_filled(cell: Value) -> bool:
    """Return whether a cell has anything but white space in it."""
    return not isinstance(cell, str) or (cell != "" and not cell.isspace())


def lengths(row: Sequence[Value]) -> list[int]:
    """Return how many characters the cells that hold text have."""
    return [len(cell) for cell in row if isinstance(cell, str)]


def longest(column: Sequence[Value]) -> int:
    """Return how many characters the longest text of a column has.

    >>> longest(["NIP", "", 5260250274.0]), longest([5260250274.0])
    (3, 0)
    """
    try:
        return max(map(len, cast("Sequence[str]", column)))  # as nearly always: all are text
    except TypeError:
        return max(lengths(column), default=0)


def read(column: Sequence[Value]) -> tuple[Sequence[str], list[tuple[int, str]]]:
    """Return the cells of a column as text, and the places of those that hold none, each with its fault's code."""
    if set(map(type, column)) <= _TEXT and ERRORS.isdisjoint(column):
        return cast("Sequence[str]", column), []
    texts = [cell if isinstance(cell, str) else written(cell) for cell in column]
    return texts, [(place, code) for place, cell in enumerate(column) if (code := fault_of(cell))]
