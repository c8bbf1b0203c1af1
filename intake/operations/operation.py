"""What all operations have in common.

>>> said(" 12 "), said("  "), said("brak"), said(12), said(True)
('12', None, None, '12', True)
"""

from collections.abc import Mapping
from typing import NamedTuple

import msgspec
import polars as pl

from validators.field import as_text
from validators.row_kinds import SPACES
from validators.rules.placeholder import EMPTY, is_placeholder


class Made(NamedTuple):
    """What an operation made of a record; with a fault, the value is what came, for a person to put right."""

    value: object
    fault: str | None = None

    def __repr__(self) -> str:
        """Show the fault, and never the value."""
        return f"<Made fault={self.fault}>"

    def __rich_repr__(self) -> list[tuple[str, object]]:
        """Show no value to rich either."""
        return [("fault", self.fault)]


class MadeColumn(NamedTuple):
    """What an operation made of columns, and where it is not certain: `one` says what is wrong there."""

    values: pl.Series
    unclear: pl.Series

    def __repr__(self) -> str:
        """Show how many there are, and never a value."""
        return f"<MadeColumn rows={len(self.values)}>"

    def __rich_repr__(self) -> list[tuple[str, object]]:
        """Show no value to rich either."""
        return [("rows", len(self.values))]


class Operation(msgspec.Struct, frozen=True):
    """How a field is made of columns."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the names of the columns that it is made of."""
        raise NotImplementedError

    def one(self, values: Mapping[str, object]) -> Made:
        """Make the field of one record; a column that the record does not have is as one that says nothing."""
        raise NotImplementedError

    def many(self, rows: pl.DataFrame) -> MadeColumn:
        """Make the field of columns of text; a column that is not there is as one that says nothing."""
        raise NotImplementedError

    def as_data(self) -> object:
        """Return it as a mapping file has it."""
        return {name: value for name, value in msgspec.to_builtins(self).items() if value is not None}


def said(value: object) -> object:
    """Return what a cell says, trimmed; None for nothing or a word for it (`brak`, `-`). What is no text stays."""
    text = as_text(value)
    if text is None:
        return value
    bare = text.strip(SPACES)
    return bare if bare and not is_placeholder(bare) else None


def said_in(rows: pl.DataFrame, column: str | None) -> pl.Series:
    """Return what the cells of a column say, trimmed; null where they say nothing."""
    if column is None or column not in rows.columns:
        return same(None, len(rows))
    bare = rows[column].str.strip_chars(SPACES).alias("bare").to_frame()
    return bare.select(pl.when(~EMPTY.says_nothing(pl.col("bare"))).then("bare")).to_series()


def same(text: str | None, size: int) -> pl.Series:
    """Return a column of a text, or of nothing."""
    return pl.Series([text], dtype=pl.String).new_from_index(0, size)


def clear(size: int) -> pl.Series:
    """Return that every row is certain."""
    return pl.Series([False]).new_from_index(0, size)
