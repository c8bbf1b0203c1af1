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


def all_together(rows: pl.DataFrame, pieces: Iterable[Piece]) -> pl.Expr:
    """Return the text of the pieces of each row; null where none says anything."""
    text = pl.lit(None, dtype=pl.String)
    for piece in pieces:
        told = told_in(rows, piece)
        longer = pl.concat_str(text, pl.lit(piece.before), told)  # null where one of them is
        text = pl.coalesce(longer, text, told)
    return text


def told_in(rows: pl.DataFrame, piece: Piece) -> pl.Expr:
    """Return what a piece says of each row, or null."""
    return pl.coalesce(said_in(rows, column) for column in piece.columns)
