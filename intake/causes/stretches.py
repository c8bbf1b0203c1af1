"""Stretches of a file in which nearly every record has the same thing wrong with it.

Of records that could have it, those that do are **hits**. Each has its **rank**: its place among all that could. A
stretch is made of windows: of ten hits in a row among which there is one miss at the most. So what happens here and
there makes none, however often, and no more needs to be remembered of a file than the hits which were last.

>>> stretches = Stretches()
>>> stretches.take(pl.Series([3, *range(10, 40)]), pl.Series([5, *range(12, 42)]))
>>> stretches.take(pl.Series([*range(40, 45), 90]), pl.Series([*range(42, 47), 92]))
>>> longest = stretches.longest()
>>> longest.first_line, longest.last_line, longest.hits, stretches.hits
(12, 46, 35, 37)
"""

import msgspec
import polars as pl

# Nine in ten. Where three records in ten are faulty, ten so near to each other come once in 17,000 times by chance;
# half of all that is faulty, which is asked of a cause (`tracing.py`), they never are.
WINDOW = 10
REACH = 11
_DENSE = 0.9
_MOST = 16  # stretches of one thing; more than that are here and there


class Stretch(msgspec.Struct, frozen=True):
    """From where to where; hits are counted from 0, through the whole file."""

    first_line: int
    last_line: int
    first_rank: int
    last_rank: int
    first_hit: int
    last_hit: int

    @property
    def hits(self) -> int:
        """Return how many hits there are in it."""
        return self.last_hit - self.first_hit + 1

    @property
    def is_dense(self) -> bool:
        """Return whether nearly all records in it are hits."""
        return self.hits >= _DENSE * (self.last_rank - self.first_rank + 1)

    def with_next(self, other: "Stretch") -> "Stretch":
        """Return the stretch from the beginning of this to the end of another, which begins later."""
        last = max(self, other, key=lambda one: one.last_hit)
        return msgspec.structs.replace(self, last_line=last.last_line, last_rank=last.last_rank, last_hit=last.last_hit)


class Stretches:
    """The stretches of one thing that may be wrong."""

    def __init__(self) -> None:
        """Begin without any."""
        self.hits = 0
        self._found: list[Stretch] = []
        self._ranks = pl.Series([], dtype=pl.Int64)  # of the last hits, and their lines
        self._lines = pl.Series([], dtype=pl.Int64)

    def take(self, ranks: pl.Series, lines: pl.Series) -> None:
        """Take the next hits: their ranks, ascending, and their lines."""
        if not len(ranks):
            return
        ranks = pl.concat([self._ranks, ranks.cast(pl.Int64)])
        lines = pl.concat([self._lines, lines.cast(pl.Int64)])
        before = self.hits - len(self._ranks)
        for start, end in _dense(ranks):
            self._add(Stretch(lines[start], lines[end], ranks[start], ranks[end], before + start, before + end))
        self.hits = before + len(ranks)
        self._ranks, self._lines = ranks.tail(WINDOW - 1), lines.tail(WINDOW - 1)

    def skip(self, hits: int) -> None:
        """Take hits of which no ten are near to each other, nor near to what comes before and after them."""
        self.hits += hits
        if len(self._ranks):
            self._ranks, self._lines = self._ranks.clear(), self._lines.clear()

    def longest(self) -> Stretch | None:
        """Return the stretch with the most hits; two are one if they are dense with what lies between them."""
        joined: list[Stretch] = []
        for stretch in self._found:
            both = joined[-1].with_next(stretch) if joined else None
            if both and both.is_dense:
                joined[-1] = both
            else:
                joined.append(stretch)
        return max(joined, key=lambda one: one.hits, default=None)

    def _add(self, stretch: Stretch) -> None:
        if self._found and stretch.first_hit <= self._found[-1].last_hit:
            self._found[-1] = self._found[-1].with_next(stretch)
            return
        self._found.append(stretch)
        if len(self._found) > _MOST:
            self._found.remove(min(self._found[:-1], key=lambda one: one.hits))


def dense_groups(groups: pl.Series, ranks: pl.Series) -> list[int]:
    """Return the groups (UInt64) in which there may be a stretch; each one's hits stand together, the ranks ascending.

    >>> dense_groups(pl.Series([7] * 10 + [8] * 10, dtype=pl.UInt64), pl.Series([*range(10), *range(0, 20, 2)]))
    [7]
    """
    hits = pl.DataFrame({"group": groups, "rank": ranks})
    begun = pl.col("group").shift(WINDOW - 1) == pl.col("group")
    near = hits.filter(begun & (pl.col("rank").cast(pl.Int64).diff(WINDOW - 1) < REACH))
    return list(dict.fromkeys(near["group"].to_list()))


def _dense(ranks: pl.Series) -> list[tuple[int, int]]:
    """Return the first and the last place of each stretch."""
    ends = (ranks.diff(WINDOW - 1) < REACH).arg_true().cast(pl.Int64)
    if not len(ends):
        return []
    begins = (ends.diff() >= WINDOW).fill_null(value=True)
    closes = begins.shift(-1, fill_value=True)
    starts = ends.filter(begins) - (WINDOW - 1)
    return list(zip(starts.to_list(), ends.filter(closes).to_list(), strict=True))
