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
    """What is repeated, and how many values there are in each field that was looked at."""

    repeated: list[Repeated]
    filled: dict[str, int]


def repeated(frame: pl.DataFrame, policy: Policy) -> Values:
    """Return what is repeated in a frame."""
    fields = list(_fields(frame, policy))
    filled = {field.name: _filled(frame[field.name]) for field in fields}
    found = (_repeated(frame[field.name], field, policy.default_country) for field in fields)
    return Values([one for one in found if one], filled)


def _fields(frame: pl.DataFrame, policy: Policy) -> Iterator[Field]:
    fields = {field.name: field for kind in policy.kinds.values() for field in kind.fields}
    return (field for name, field in fields.items() if field.rule.name in _RULES and name in frame.columns)


def _filled(column: pl.Series) -> int:
    return len(column) - column.null_count() - int((column == "").sum())


def _repeated(column: pl.Series, field: Field, country: str) -> Repeated | None:
    some = evenly(column, _SAMPLE)
    some = some.filter((some.is_not_null()) & (some != ""))
    if len(some) < _FEWEST:
        return None
    value, count = some.value_counts(sort=True, name="count").row(0)
    if count < _HALF * len(some) or field.rule.one(value, country).value is None:
        return None  # what is refused has another cause
    rows = (column == value).arg_true()
    return Repeated(field.name, hash(value), len(rows), rows[0], rows[-1], mask(value))
