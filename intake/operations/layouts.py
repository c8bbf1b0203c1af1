"""Cells taken apart by patterns: what none of them matches as a whole is not taken apart.

>>> layouts = Layouts((Layout(Pattern("([0-9]{2}-[0-9]{3}) ([A-Z].*)"), {"postal_code": 1, "town": 2}),))
>>> layouts.one("00-950  Warszawa", "town"), layouts.one("Warszawa", "town")
((True, 'Warszawa'), (False, None))
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

import polars as pl

from validators.pattern import Pattern
from validators.row_kinds import SPACES

_SPACES = Pattern(f"[{re.escape(SPACES)}]+")


class Layout(NamedTuple):
    """One way in which people write a cell: its pattern, and the group that each part is."""

    pattern: Pattern
    groups: Mapping[str, int]


class Layouts(NamedTuple):
    """The ways in which people write a cell; the first that matches counts. White space is one space to them.

    A cell in which `once` is found twice is none of them.
    """

    layouts: tuple[Layout, ...]
    once: Pattern | None = None

    def one(self, text: str, part: str) -> tuple[bool, str | None]:
        """Return whether a cell is written in one of the ways, and the part of it, if it has it."""
        cell = _SPACES.sub(" ", text)
        if self.once and len(self.once.findall(cell)) > 1:
            return False, None
        for layout in self.layouts:
            if found := layout.pattern.fullmatch(cell):
                return True, found[layout.groups[part]] if part in layout.groups else None
        return False, None

    def many(self, texts: pl.Series, part: str) -> tuple[pl.Series, pl.Series]:
        """Return the same of texts."""
        cell = pl.col("cell")
        cells = texts.str.replace_all(_SPACES.pattern, " ").alias("cell").to_frame()
        once = cell.str.count_matches(self.once.pattern) <= 1 if self.once else pl.lit(value=True)
        matches = [cell.str.contains(layout.pattern.whole) & once for layout in self.layouts]
        numbered = cells.with_columns(pl.coalesce(_number_where(matches)).alias("layout"))
        value = pl.lit(None, dtype=pl.String)
        for number, layout in enumerate(self.layouts):
            if part in layout.groups:
                found = cell.str.extract(layout.pattern.whole, layout.groups[part])
                value = pl.when(pl.col("layout") == number).then(found).otherwise(value)
        told = numbered.select(pl.col("layout").is_not_null().alias("matched"), value.alias("value"))
        return told["matched"], told["value"]


def _number_where(matches: list[pl.Expr]) -> list[pl.Expr]:
    """Return for each of some patterns its number, where it matches."""
    return [pl.when(matched).then(pl.lit(number)) for number, matched in enumerate(matches)]
