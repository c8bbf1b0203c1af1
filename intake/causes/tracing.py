"""From what the chunks of a file say to its causes, in memory that does not grow with the file.

>>> from intake.columns import Columns
>>> from validators.policy import vipower
>>> tracing = Tracing()
>>> empty = Clue(Group("required.missing", "phone", "individual"), pl.Series(range(40)), pl.Series(range(2, 42)))
>>> tracing.take(Clues([empty], {"individual": 40}))
>>> (cause,) = tracing.causes(Columns(vipower(), {}), vipower())
>>> cause.code, cause.records, cause.first_line, cause.last_line
('column.absent', 40, 2, 41)
"""

from collections import Counter, defaultdict
from collections.abc import Iterator

import polars as pl

from intake.causes.cause import Cause
from intake.causes.clues import Clues, Seen
from intake.causes.diagnosis import Diagnosis, Looks
from intake.causes.hits import Clue, Group
from intake.causes.stretches import Stretch, Stretches
from intake.columns import Columns
from validators import Policy

_FEWEST = 10  # records; of fewer, each is soon looked at
_HALF = (
    0.5  # of all records with a fault, that a stretch must have to be their cause; and of all values, one that repeats
)
_MANY = 100  # records; or as many, if the file has fewer,
_SHARE = 0.01  # as this share of it: ten of ten thousand in a row may be chance, and are no cause of many rejections
_SHIFTED = 3  # rows; two fields that both stand in the next column are no chance, but once it may have been meant
_MOST = 1000  # values that are told apart: one for each chunk and field, in files beyond measure


class Tracing:
    """Follows a file through, and tells its causes in the end."""

    def __init__(self) -> None:
        """Begin with nothing seen."""
        self._stretches: dict[Group, Stretches] = defaultdict(Stretches)
        self._looks: dict[Group, Looks] = {}
        self._ranked: Counter[str] = Counter()
        self._shifted: dict[str, Seen] = {}
        self._constant: dict[tuple[str, int], Seen] = {}
        self._filled: Counter[str] = Counter()

    def take(self, clues: Clues) -> None:
        """Take what the next chunk says."""
        for clue in clues.clues:
            self._take(clue)
        self._ranked.update(clues.sizes)
        self._filled.update(clues.filled)
        for side, seen in clues.shifted.items():
            self._shifted[side] = _sum(self._shifted.get(side), seen)
        for key, seen in clues.constant.items():
            if key in self._constant or len(self._constant) < _MOST:
                self._constant[key] = _sum(self._constant.get(key), seen)

    def causes(self, columns: Columns, policy: Policy) -> list[Cause]:
        """Return the causes, those of most records first."""
        diagnosis = Diagnosis(columns, policy, self._looks)
        found = [*self._counted(diagnosis), *diagnosis.stretches(self._dense())]
        return sorted(_plain(found), key=lambda cause: (-cause.records, cause.first_line))

    def _take(self, clue: Clue) -> None:
        group = clue.group
        stretches = self._stretches[group]
        if not len(clue.ranks):
            stretches.skip(clue.skipped)
            return
        ranks, lines = clue.ranks.cast(pl.Int64) + self._ranked[group.among], clue.lines
        if clue.skipped:
            stretches.take(ranks.head(clue.gap), lines.head(clue.gap))
            stretches.skip(clue.skipped)
            ranks, lines = ranks.slice(clue.gap), lines.slice(clue.gap)
        stretches.take(ranks, lines)
        if clue.shape is not None:
            looks = self._looks.setdefault(group, Looks(clue.shape, Counter()))
            looks.like[clue.like] += len(ranks)

    def _dense(self) -> dict[Group, Stretch]:
        """Return the stretch of each group in which there is enough of it to be its cause."""
        longest = {group: (one.longest(), one.hits) for group, one in self._stretches.items()}
        return {
            group: stretch
            for group, (stretch, hits) in longest.items()
            if stretch and stretch.hits >= max(_FEWEST, _HALF * hits, min(_MANY, _SHARE * self._ranked[group.among]))
        }

    def _counted(self, diagnosis: Diagnosis) -> Iterator[Cause]:
        for side, seen in self._shifted.items():
            if seen.records >= _SHIFTED:
                yield diagnosis.shifted(side, seen)
        for (field, _), seen in self._constant.items():
            if seen.records >= max(_FEWEST, _HALF * self._filled[field]):
                yield diagnosis.constant(field, seen)


def _sum(before: Seen | None, seen: Seen) -> Seen:
    if before is None:
        return seen
    return Seen(before.records + seen.records, before.first_line, seen.last_line, before.shape)


def _plain(causes: list[Cause]) -> list[Cause]:
    """Return causes without those that another one says better; of lost letters the field of most."""
    told = {cause.field for cause in causes if cause.field and cause.code != "values.alike"}
    letters = [cause for cause in causes if cause.code == "letters.lost"]
    most = max(letters, key=lambda cause: cause.records, default=None)
    return [
        cause
        for cause in causes
        if cause is most or (cause not in letters and not (cause.code == "values.alike" and cause.field in told))
    ]
