"""A value that comes again and again in a field whose values are people's own: a default that a program filled in.

Whether there is one is asked of some rows; only if there is, all are counted.
"""

from collections.abc import Iterator
from typing import NamedTuple

import polars as pl

from intake.causes.telling import evenly
from intake.mask import mask
from validators import Policy
from validators.field import Field

# Hardly two customers have the same. A town or a postal code may be that of all; a first name that of many.
_RULES = {"nip", "phone", "email", "street_address", "ip_address"}
_SAMPLE = 64
_FEWEST = 8  # values of the sample: of fewer, two may be the same
_HALF = 0.5


class Repeated(NamedTuple):
    """A value, by its hash, that half of a chunk's rows have: how many, the first and the last row, its shape."""

    field: str
    value_hash: int
    records: int
    first: int
    last: int
    shape: str


class Values(NamedTuple):
    """What is repeated, and about how many values there are in each field that was looked at."""

    repeated: list[Repeated]
    filled: dict[str, int]


def repeated(frame: pl.DataFrame, policy: Policy) -> Values:
    """Return what is repeated in a frame."""
    values = Values([], {})
    for field in _fields(frame, policy):
        column = frame[field.name]
        some = evenly(column, _SAMPLE)
        there = some.filter(some.is_not_null() & (some != ""))
        values.filled[field.name] = round(len(column) * len(there) / max(1, len(some)))
        if found := _repeated(column, there, field, policy.default_country):
            values.repeated.append(found)
    return values


def _fields(frame: pl.DataFrame, policy: Policy) -> Iterator[Field]:
    fields = {field.name: field for kind in policy.kinds.values() for field in kind.fields}
    return (field for name, field in fields.items() if field.rule.name in _RULES and name in frame.columns)


def _repeated(column: pl.Series, some: pl.Series, field: Field, country: str) -> Repeated | None:
    if len(some) < _FEWEST:
        return None
    value, count = some.value_counts(sort=True, name="count").row(0)
    if count < _HALF * len(some) or field.rule.one(value, country).value is None:
        return None  # what is refused has another cause
    rows = (column == value).arg_true()
    return Repeated(field.name, hash(value), len(rows), rows[0], rows[-1], mask(value))
