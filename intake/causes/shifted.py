"""Rows whose cells stand one column beside their own, as a delimiter inside a cell, or a cell too few, leaves them.

A row is shifted if two fields at least that tell what they are were refused where they stand, and are found in the next
column, or both in the one before; and if at least one of them has a value of another column in its place, for who left
two cells empty and filled the next ones may have meant it.
"""

from collections.abc import Iterator
from typing import Literal, NamedTuple

import polars as pl

from intake.causes.telling import may_be, telling_fields
from validators import Policy
from validators.column import Country, read_column
from validators.field import Field

Side = Literal["right", "left"]

_STEPS: dict[Side, int] = {"right": 1, "left": -1}
_FIELDS = 2  # by chance, one may be found beside its place: a second telephone number
_SAMPLE = 16  # rows that are looked at before all are


class _Place(NamedTuple):
    """A field that was refused in some rows, and the column beside its own."""

    field: Field
    beside: str
    rows: pl.Series


def shifted(faults: pl.DataFrame, frame: pl.DataFrame, policy: Policy) -> dict[Side, pl.Series]:
    """Return the shifted rows, ascending, by the side to which their cells went."""
    fields = telling_fields(policy)
    there = [name for name in fields if name in frame.columns]
    refused = faults.filter(pl.col("field").is_in(there)).filter(pl.col("row").is_duplicated())
    found: dict[Side, pl.Series] = {}
    for side, step in _STEPS.items():
        if len(refused) and _is_there(refused, frame, policy, step):
            found[side] = _shifted(refused, frame, policy, step)
            refused = refused.filter(~refused["row"].is_in(found[side].implode()))
    return {side: rows for side, rows in found.items() if len(rows)}


def _is_there(refused: pl.DataFrame, frame: pl.DataFrame, policy: Policy, step: int) -> bool:
    """Return whether one of some rows is shifted, as far as a look at each tells."""
    columns, fields = frame.columns, telling_fields(policy)
    of_rows: dict[int, list[str]] = {}
    for row, name in refused.select("row", "field").iter_rows():
        of_rows.setdefault(row, []).append(name)
    for row in list(of_rows)[:: max(1, len(of_rows) // _SAMPLE)]:
        places = ((fields[name], columns.index(name) + step) for name in of_rows[row])
        cells = ((field, frame[columns[at]][row]) for field, at in places if 0 <= at < len(columns))
        likely = [(field, cell) for field, cell in cells if cell and may_be(field, cell)]
        if len(likely) < _FIELDS:
            continue
        if sum(field.read(cell, policy.default_country).value is not None for field, cell in likely) >= _FIELDS:
            return True
    return False


def _shifted(refused: pl.DataFrame, frame: pl.DataFrame, policy: Policy, step: int) -> pl.Series:
    """Return which of the rows with these faults are shifted."""
    beside = [pl.Series("row", [], dtype=pl.UInt32)]
    filled = [pl.Series("row", [], dtype=pl.UInt32)]
    country = Country(policy.default_country)
    for place in _places(refused, frame, policy, step):
        moved = frame[place.beside].gather(place.rows)
        fits = read_column(place.field, moved, country).canonical.is_not_null()
        here = frame[place.field.name].gather(place.rows)
        beside.append(place.rows.filter(fits))
        filled.append(place.rows.filter(fits & here.is_not_null() & (here.str.strip_chars() != "")))
    counted = pl.concat(beside).value_counts()
    certain = counted.filter(counted["count"] >= _FIELDS)["row"]
    return certain.filter(certain.is_in(pl.concat(filled).implode())).sort()


def _places(refused: pl.DataFrame, frame: pl.DataFrame, policy: Policy, step: int) -> Iterator[_Place]:
    columns, fields = frame.columns, telling_fields(policy)
    for (name,), some in refused.group_by("field"):
        at = columns.index(str(name)) + step
        if 0 <= at < len(columns):
            yield _Place(fields[str(name)], columns[at], some["row"].unique().sort())
