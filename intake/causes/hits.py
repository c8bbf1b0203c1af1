"""What was found of a chunk's rows, put into groups: a kind's records, a field, a code.

>>> found = {"row": [1, 2, 4], "field": ["nip"] * 3, "code": ["nip.length"] * 2 + ["nip.checksum"]}
>>> findings = pl.DataFrame(found, {"row": pl.UInt32, "field": pl.Categorical, "code": pl.Categorical})
>>> kinds = pl.Series(["business", "individual", "business"] * 2, dtype=pl.Enum(["business", "individual"]))
>>> hits = Hits(findings, kinds)
>>> [(clue.group.code, clue.group.among, clue.ranks.to_list()) for clue, _ in hits.clues(pl.Series(range(2, 8)))]
[('nip.length', 'individual', [0]), ('nip.length', 'business', [1]), ('nip.checksum', 'individual', [1])]
"""

from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

import polars as pl

from intake.causes.stretches import REACH, dense_groups
from intake.sources.chunk import numbers

# A group's key has the three numbers by which Polars knows the words, each at its bit.
_KEY = {"kind": 48, "field": 24, "code": 0}
_NONE_SAID = 0xFFFF
_NONE = numbers([])


class Group(NamedTuple):
    """What hits have in common: a fault's code or a cause's, the field, and among what their ranks count.

    `among` is the records of a kind, by its name ("" where they have none that the policy knows), or another name for
    those that could have been hit. `detail` is why a record is malformed.
    """

    code: str
    field: str | None
    among: str
    detail: str = ""


class Clue(NamedTuple):
    """The hits of a group: their ranks in the chunk, ascending, and their lines; what one of them looks like.

    Where there is no stretch, only those at the chunk's beginning and end are told, which may belong to one that goes
    on beyond it; before the place `gap`, `skipped` hits are left out.
    """

    group: Group
    ranks: pl.Series
    lines: pl.Series
    gap: int = 0
    skipped: int = 0
    shape: str | None = None
    like: str | None = None  # the field that nearly all of the values could be


class Hits:
    """Findings, as `TableVerdict` has them, with the rank of each row among those of its kind."""

    def __init__(self, findings: pl.DataFrame, kinds: pl.Series) -> None:
        """Rank the rows; `kinds` are those of all rows of the chunk."""
        found = findings.select("row", "field", "code").with_columns(kinds.gather(findings["row"]).alias("kind"))
        self._found, self.sizes = _ranked(found, kinds)
        self._groups = self._grouped()

    def _grouped(self) -> dict[int, tuple[Group, int]]:
        """Return by key the groups, and how many hits each has; those of one stand together, as findings come."""
        runs = self._found["key"].rle().struct.unnest()
        groups: dict[int, tuple[Group, int]] = {}
        lengths = runs["len"].to_list()
        first = self._found[list(accumulate(lengths, initial=0))[:-1]]
        names = zip(first["key"], first["kind"], first["field"], first["code"], strict=True)
        for length, (key, kind, field, code) in zip(lengths, names, strict=True):
            group, count = groups.get(key, (Group(code, field, kind or ""), 0))
            groups[key] = group, count + length
        return groups

    def clues(self, lines: pl.Series) -> Iterator[tuple[Clue, pl.Series]]:
        """Yield a clue of each group, and its rows; of those that have no stretch, only some."""
        dense = set(dense_groups(self._found["key"], self._found["rank"]))
        edges = self._edges()
        for key, (group, count) in self._groups.items():
            if key in dense:
                some = self._found.filter(pl.col("key") == key).sort("row")
                yield Clue(group, some["rank"], lines.gather(some["row"])), some["row"]
            elif key in edges:
                rows, ranks = map(list, zip(*edges[key], strict=True))
                gap, skipped = sum(rank < REACH for rank in ranks), count - len(ranks)
                told = numbers(ranks), numbers(lines[row] for row in rows)
                yield Clue(group, *told, gap=gap, skipped=skipped), _NONE
            else:
                yield Clue(group, _NONE, _NONE, skipped=count), _NONE

    def _edges(self) -> dict[int, list[tuple[int, int]]]:
        """Return the rows and ranks of hits at the chunk's beginning and end, ascending, by the key of their group."""
        found: dict[int, list[tuple[int, int]]] = {}
        edge = self._found.filter((pl.col("rank") < REACH) | (pl.col("rank") + REACH >= pl.col("size")))
        for key, row, rank in sorted(zip(edge["key"], edge["row"], edge["rank"], strict=True)):
            found.setdefault(key, []).append((row, rank))
        return found

    def rows(self, codes: tuple[str, ...], fewest: float) -> Iterator[tuple[str, pl.Series]]:
        """Yield the fields in which codes were found of so many rows, and the rows, ascending."""
        counts: dict[str, int] = {}
        for group, count in self._groups.values():
            if group.code in codes and group.field:
                counts[group.field] = counts.get(group.field, 0) + count
        for field, count in counts.items():
            if count >= fewest:
                which = self._found["code"].is_in(codes) & (self._found["field"] == field)
                yield field, self._found["row"].filter(which).unique().sort()


def _ranked(found: pl.DataFrame, kinds: pl.Series) -> tuple[pl.DataFrame, dict[str, int]]:
    """Return findings with the key of their group, and each row's rank among those of its kind (no kind: among all).

    `size` is how many rows the kind has; beside it, the same by the kinds' names.
    """
    names = [name for name in kinds.unique().to_list() if name is not None]
    sizes = {"": len(kinds)}
    rank, size = pl.col("row").cast(pl.Int64), pl.lit(len(kinds), pl.Int64)
    if len(names) == 1 and not kinds.null_count():
        sizes[names[0]] = len(kinds)
    elif names:
        among = kinds.alias("kind").to_frame().select((pl.col("kind") == name).cum_sum().alias(name) for name in names)
        sizes |= dict(zip(names, among.tail(1).row(0), strict=True))
        found = found.hstack(among[found["row"]])
        for name in names:
            mine = pl.col("kind") == name
            rank = pl.when(mine).then(pl.col(name).cast(pl.Int64) - 1).otherwise(rank)
            size = pl.when(mine).then(pl.lit(sizes[name], pl.Int64)).otherwise(size)
    key = sum(
        (pl.col(name).to_physical().cast(pl.UInt64).fill_null(_NONE_SAID) * 2**bits for name, bits in _KEY.items()),
        start=pl.lit(0, pl.UInt64),
    )
    ranked = found.select("row", "kind", "field", "code", key=key, rank=rank, size=size)
    return ranked, sizes
