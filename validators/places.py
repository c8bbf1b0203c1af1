"""Places in a column, counted from 0 (UInt32), and the values that stand there: text is moved once, for who wants it.

>>> piece = Piece(pl.Series([2, 0], dtype=pl.UInt32), pl.Series(["c", "a"]))
>>> placed = put_together([piece], size=4)
>>> placed.every().to_list(), placed.at(pl.Series([0, 1], dtype=pl.UInt32)).to_list()
(['a', None, 'c', None], ['a', None])
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import polars as pl

_NOTHING = pl.Series([None], dtype=pl.String)
_NEVER, _TRUE = pl.Series([False]), pl.Series([True])
_FEWEST_NUMBERS = 17  # in bits


class Piece(NamedTuple):
    """Some places, and the values that stand there: of each its own, or the one whose number is in `which`."""

    at: pl.Series
    values: pl.Series
    which: pl.Series | None = None

    def __repr__(self) -> str:
        """Show how many places there are, and never a value."""
        return f"<Piece {len(self.at)}>"

    def __rich_repr__(self) -> list[tuple[str, object]]:
        """Show no more to rich."""
        return [("at", len(self.at))]


class Placed(NamedTuple):
    """Values, and which of them stands at each place: one that is null, where none does. Every number is of a value.

    Without `which` each value stands at its own place, and there is one for every place.
    """

    values: pl.Series
    which: pl.Series | None

    def __repr__(self) -> str:
        """Show how many places there are, and never a value."""
        return f"<Placed {self.size}>"

    def __rich_repr__(self) -> list[tuple[str, object]]:
        """Show no more to rich."""
        return [("size", self.size)]

    @property
    def size(self) -> int:
        """Return how many places there are."""
        return len(self.values if self.which is None else self.which)

    def every(self) -> pl.Series:
        """Return the value of every place, null where there is none."""
        return self.values if self.which is None else self.values[self.which]

    def at(self, some: pl.Series) -> pl.Series:
        """Return the values of some places, each once and ascending."""
        if len(some) == self.size:
            return self.every()
        return self.values[some if self.which is None else self.which[some]]

    def filled(self, value: str) -> "Placed":
        """Return the same with a value at the places that have none."""
        if self.which is None:
            return self
        return Placed(self.values.fill_null(value), self.which)

    def spread(self, at: pl.Series, which: pl.Series) -> Piece:
        """Return the piece that has at each place what stands here at another, which `which` tells."""
        return Piece(at, self.values, which if self.which is None else self.which[which])


def put_together(pieces: Sequence[Piece], size: int) -> Placed:
    """Return what pieces come to; no two of them have a place in common."""
    at = pl.concat([piece.at for piece in pieces])
    texts = [piece.values for piece in pieces]
    if len(at) == size and at.is_sorted() and all(piece.which is None for piece in pieces):
        return Placed(pl.concat(texts, rechunk=True), None)
    values = pl.concat([*texts, _NOTHING], rechunk=True)  # or each look-up would look for its chunk
    return Placed(values, numbers_at(at, pl.concat([*_numbered(pieces)]), size, otherwise=len(values) - 1))


def _numbered(pieces: Iterable[Piece]) -> Iterator[pl.Series]:
    """Yield which values stand at the places of each piece, by their numbers among those of all pieces."""
    start = 0
    for _, values, which in pieces:
        end = start + len(values)
        yield places(end)[start:] if which is None else which + start
        start = end


def places(size: int) -> pl.Series:
    """Return the numbers from 0 to the size, the size not included."""
    return _numbers(max(size.bit_length(), _FEWEST_NUMBERS))[:size]


@lru_cache(2)  # of a table all sizes are asked for again and again, most of them small
def _numbers(bits: int) -> pl.Series:
    return pl.Series(range(1 << bits), dtype=pl.UInt32)


def numbers_at(at: pl.Series, numbers: pl.Series, size: int, *, otherwise: int = 0) -> pl.Series:
    """Return a column of so many places with numbers at some, and another number elsewhere."""
    return pl.Series([otherwise], dtype=pl.UInt32).new_from_index(0, size).scatter(at, numbers)


def narrowed(which: pl.Series, sure: pl.Series) -> pl.Series:
    """Return those of which the second column is sure: it has a Boolean for each that the first one is true of."""
    return marked(places(len(which)).filter(which).filter(sure), len(which))


def marked(at: pl.Series, size: int) -> pl.Series:
    """Return a Boolean column of so many places that is true at some."""
    return never(size).scatter(at, _TRUE)


def never(size: int) -> pl.Series:
    """Return a Boolean column of so many places that is false throughout."""
    return _NEVER.new_from_index(0, size)
