"""Cells put together to one text, those left out that say nothing.

>>> pieces = [Piece(("Ulica", "Wieś")), Piece(("Nr",)), Piece(("Lokal",), before="/")]
>>> together({"Ulica": "", "Wieś": "Dołha", "Nr": "1", "Lokal": "-"}, pieces)
'Dołha 1'
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import polars as pl

from intake.operations.operation import said, said_in


class Piece(NamedTuple):
    """The first of some columns that says something, and what stands before it where something stands in front."""

    columns: Sequence[str | None]
    before: str = " "


def together(values: Mapping[str, object], pieces: Iterable[Piece]) -> object:
    """Return the text of a record's pieces; None where none says anything, and a piece that is no text as it is."""
    text: str | None = None
    for piece in pieces:
        told = told_by(values, piece)
        if told is None:
            continue
        if not isinstance(told, str):
            return told
        text = told if text is None else f"{text}{piece.before}{told}"
    return text


def told_by(values: Mapping[str, object], piece: Piece) -> object:
    """Return what a piece says of a record, or None."""
    cells = (said(values[column]) for column in piece.columns if column is not None and column in values)
    return next((cell for cell in cells if cell is not None), None)


def told_in(rows: pl.DataFrame, piece: Piece) -> pl.Series:
    """Return what a piece says of each row, or null."""
    first, *others = (said_in(rows, column) for column in piece.columns)
    for other in others:
        first = first.zip_with(first.is_not_null(), other)
    return first


def all_together(told: Iterable[pl.Series], pieces: Iterable[Piece]) -> pl.Series:
    """Return the text of what each piece says of each row; null where none says anything."""
    first, *others = told
    for other, piece in zip(others, list(pieces)[1:], strict=True):
        both = pl.DataFrame({"text": first, "told": other})
        longer = pl.concat_str("text", pl.lit(piece.before), "told")  # null where one of them is
        first = both.select(pl.coalesce(longer, "text", "told")).to_series()
    return first
