"""Many values on their way through the steps of a rule: what `reading` is to one value, this is to a column.

Values leave as they are refused, as there turns out to be nothing, or as a screen proves them; those that stay become
canonical in the end. Where a value came from goes with it as its place, counted from 0.

>>> from validators.rules import RULES
>>> readings = Readings(pl.Series(["526-025-02-74", "brak", "5260250275"]))
>>> RULES["nip"].many(readings)
>>> readings.canonical().to_list()
['5260250274', None, None]
>>> [(found.code, found.at.to_list()) for found in readings.faults]
[('nip.checksum', [2])]
"""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache, reduce
from itertools import repeat
from operator import and_
from typing import Literal, NamedTuple

import polars as pl

from validators.places import Piece, Placed, marked, narrowed, never, numbers_at, places, put_together
from validators.reading import Reading
from validators.screen import Screen
from validators.types import Params

# Whether values repeat is asked of so many of them, which are a quarter at the most; telling apart values of which most
# are distinct would cost more than it saves.
_SAMPLE = 16_000
_FEWEST = 2000
_REPEATING = 0.6
_GLANCE = 1000  # the first ones: where nearly all of them differ, the sample does not repeat so much either
_DIFFERING = 0.99

_VALUE = pl.col("value")
_FIRST = pl.Series([0], dtype=pl.UInt32)


class Found(NamedTuple):
    """A fault, a notice or a fix, and the places of the values that it was found of (UInt32)."""

    code: str
    params: Params
    at: pl.Series


class Readings:
    """What a rule makes of a column.

    `values` (String) are those still being read, `at` (UInt32) their places among `size`; `country` is what they may
    lean on: one for all, or a String column. The rest is what was found so far. Nulls leave with the first screen.
    """

    __slots__ = (
        "_changed",
        "_proven",
        "at",
        "country",
        "empty",
        "faults",
        "fixes",
        "notices",
        "placeholders",
        "size",
        "values",
    )

    def __init__(
        self,
        values: pl.Series,
        country: str | pl.Series = "PL",
        at: pl.Series | None = None,
        size: int | None = None,
    ) -> None:
        """Begin with nothing found."""
        self.values = values
        self.country = country
        self.at = places(len(values)) if at is None else at
        self.size = len(values) if size is None else size
        self.faults: list[Found] = []
        self.notices: list[Found] = []
        self.fixes: list[Found] = []
        self.empty: list[pl.Series] = []  # nothing was there
        self.placeholders: list[pl.Series] = []  # somebody typed a word for nothing
        self._proven: list[Piece] = []
        self._changed: pl.Series | None = None  # which were changed since the screens were asked; None is no one

    def __len__(self) -> int:
        """Return how many values are still being read."""
        return len(self.values)

    def __repr__(self) -> str:
        """Show counts and codes, never a value."""
        return f"<Readings size={self.size} open={len(self)} faults={[found.code for found in self.faults]}>"

    # --- what steps and screens find -------------------------------------------------------------------------------

    def refuse(self, which: pl.Series, code: str, **params: int | str) -> None:
        """Refuse the values where a Boolean column says so; they leave."""
        if which.any():
            self.faults.append(Found(code, params, self.at.filter(which)))
            self._keep(~which)

    def change(self, values: pl.Series, code: str, where: pl.Series | None = None) -> None:
        """Put other values in the place of all that are being read, and name the change where there is one.

        `where` tells it, if somebody knows already.
        """
        changed = values != self.values if where is None else where
        if changed.any():
            self.fixes.append(Found(code, {}, self.at.filter(changed)))
            self.values = values
            self._note_changed(changed)

    def end(self, which: pl.Series) -> None:
        """Let go of values that say nothing: of empty ones, and of words for it."""
        if which.any():
            placeholder = self.values != ""
            self.empty.append(self.at.filter(which & ~placeholder))
            self.placeholders.append(self.at.filter(which & placeholder))
            self._keep(~which)

    def leave_out_nulls(self) -> None:
        """Let go of nulls: no step knows of them."""
        if self.values.null_count():
            self._keep(self.values.is_not_null())

    def tell(self, expression: Callable[[pl.Expr], pl.Expr]) -> pl.Series:
        """Return what an expression says of the values still being read."""
        return self._select(_of_value(expression))

    def contain(self, pattern: str) -> pl.Series:
        """Return in which of the values still being read a pattern is found."""
        return self._select(_finds(pattern))

    def screen(self, screen: Screen) -> None:
        """Let go of values that a screen proves, good or bad."""
        if screen.country and isinstance(self.country, str) and screen.country != self.country:
            return
        if screen.canonical and isinstance(self.country, str):
            canonical = self.tell(screen.is_canonical)
            self._prove(canonical, self.values.filter(canonical), None, screen)
        shaped = self.tell(screen.shaped)
        if screen.country and isinstance(self.country, pl.Series):
            shaped &= self.country == screen.country
        if not shaped.any():
            return
        values, settled = self.values.filter(shaped), None
        if screen.settles or screen.unless:
            settled, sure = _settle(screen, values)
            if not sure.all():
                shaped = narrowed(shaped, sure)
                values, settled = values.filter(sure), settled.filter(sure)
        if screen.fault:
            self.refuse(shaped, screen.fault[0], **screen.fault[1])
        else:
            self._prove(shaped, values, settled, screen)

    def screen_changed(self, screens: Iterable[Screen]) -> None:
        """Ask screens once more, of what was changed since: of all else they know no more than before."""
        if self._changed is None:
            return
        which, self._changed = self._changed, None
        changed = self.set_aside(which)
        for screen in screens:
            if len(changed):
                changed.screen(screen)
        self.take_back(changed)

    def _prove(self, which: pl.Series, values: pl.Series, canonical: pl.Series | None, screen: Screen) -> None:
        """Let go of the values that are good, which stand here; with their canonical form (None: as they stand)."""
        at = self.at.filter(which)
        if canonical is not None and screen.fixes:
            changed = at.filter(canonical != values)
            self.fixes += [Found(code, {}, changed) for code in screen.fixes if len(changed)]
        self.notices += [Found(code, {}, at) for code in screen.notices]
        self._proven.append(Piece(at, values if canonical is None else canonical))
        self._keep(~which)

    def ask(self, which: pl.Series | None, function: Callable[[str, Reading], str | None]) -> None:
        """Ask a function about some of the values (None: all), once for each distinct value and country."""
        if which is None:
            self._ask(function)
            return
        asked = self.set_aside(which)
        if len(asked):
            asked._ask(function)  # noqa: SLF001  (one of its own)
        self.take_back(asked)

    def put(self, at: pl.Series, value: str) -> None:
        """Put a value in places where there is none."""
        self._proven.append(Piece(at, pl.Series([value]), _FIRST.new_from_index(0, len(at))))

    def placed(self) -> Placed:
        """Return the canonical values at their places. What was never let go is canonical."""
        pieces = [piece for piece in self._proven if len(piece.at)]
        if len(self) or not pieces:
            pieces.append(Piece(self.at, self.values))
        return put_together(pieces, self.size)

    def canonical(self) -> pl.Series:
        """Return the canonical value of each place, null where there is none."""
        return self.placed().every()

    # --- some of the values apart --------------------------------------------------------------------------------

    def set_aside(self, which: pl.Series) -> "Readings":
        """Take some of the values out, into readings of their own."""
        country = self.country if isinstance(self.country, str) else self.country.filter(which)
        aside = Readings(self.values.filter(which), country, self.at.filter(which), self.size)
        if len(aside):
            self._keep(~which)
        return aside

    def take_back(self, aside: "Readings") -> None:
        """Take over what became of values that were set aside, and go on with those that are still being read."""
        self._adopt(aside)
        if not len(aside):
            return
        if self._changed is not None or aside._changed is not None:  # noqa: SLF001  (one of its own)
            self._changed = pl.concat([self._marks(), aside._marks()])  # noqa: SLF001
        self.values, self.at = pl.concat([self.values, aside.values]), pl.concat([self.at, aside.at])
        if isinstance(self.country, pl.Series) and isinstance(aside.country, pl.Series):
            self.country = pl.concat([self.country, aside.country])

    def join(self, other: "Readings") -> None:
        """Take over what became of other values of the same column; those still being read are canonical."""
        self._adopt(other)
        self._proven.append(Piece(other.at, other.values))

    def _adopt(self, other: "Readings") -> None:
        self.faults += other.faults
        self.notices += other.notices
        self.fixes += other.fixes
        self.empty += other.empty
        self.placeholders += other.placeholders
        self._proven += other._proven  # noqa: SLF001  (one of its own)

    # --- each distinct value once --------------------------------------------------------------------------------

    def distinct(self) -> "tuple[Readings, pl.Series] | None":
        """Return readings of each distinct value, and which of them each value is; None where few repeat."""
        if len(self) - self.values.null_count() < _FEWEST or not isinstance(self.country, str):
            return None
        glance = _without_nulls(self.values[:_GLANCE])
        if glance.n_unique() > _DIFFERING * len(glance):
            return None
        sample = _without_nulls(self.values.gather_every(max(4, len(self) // _SAMPLE)))
        if sample.n_unique() > _REPEATING * len(sample):
            return None
        self.leave_out_nulls()
        # Categories of their own, so that no value outlives the reading. Their numbers may have gaps.
        values = self.values.cast(pl.Categorical(pl.Categories.random()))
        once = values.unique()
        numbers = once.to_physical()
        order = numbers_at(numbers, places(len(once)), numbers.sort()[-1] + 1)
        return Readings(once.cast(pl.String), self.country), order[values.to_physical()]

    def spread(self, once: "Readings", which: pl.Series) -> None:
        """Take over what was found of distinct values, for every value that is one of them; none stays open."""
        for mine, theirs in ((self.faults, once.faults), (self.notices, once.notices), (self.fixes, once.fixes)):
            mine += [Found(found.code, found.params, self._spread(found.at, which, once)) for found in theirs]
        self.empty += [self._spread(at, which, once) for at in once.empty]
        self.placeholders += [self._spread(at, which, once) for at in once.placeholders]
        self._proven.append(once.placed().spread(self.at, which))
        self._keep(never(len(self)))

    def _spread(self, at: pl.Series, which: pl.Series, once: "Readings") -> pl.Series:
        return self.at.filter(marked(at, once.size)[which])

    # --- inside --------------------------------------------------------------------------------------------------

    def _select(self, expression: pl.Expr) -> pl.Series:
        return self.values.alias("value").to_frame().select(expression).to_series()

    def _keep(self, which: pl.Series) -> None:
        self.values, self.at = self.values.filter(which), self.at.filter(which)
        if not isinstance(self.country, str):
            self.country = self.country.filter(which)
        if self._changed is not None:
            self._changed = self._changed.filter(which)

    def _note_changed(self, which: pl.Series) -> None:
        self._changed = self._marks() | which

    def _marks(self) -> pl.Series:
        return never(len(self)) if self._changed is None else self._changed

    def _ask(self, function: Callable[[str, Reading], str | None]) -> None:
        country = self.country
        countries = repeat(country, len(self)) if isinstance(country, str) else country.to_list()
        answers: dict[tuple[str, str], tuple[str | None, tuple[_Told, ...]]] = {}
        told: dict[_Told, list[int]] = {}
        values: list[str | None] = []
        changed: list[bool] = []
        for place, value, leaning in zip(self.at.to_list(), self.values.to_list(), countries, strict=True):
            answer = answers.get((value, leaning))
            if answer is None:
                answer = answers[value, leaning] = _answer(function, value, leaning)
            values.append(answer[0])
            changed.append(answer[0] != value)
            for one in answer[1]:
                told.setdefault(one, []).append(place)
        self._note(told)
        self._note_changed(pl.Series(changed, dtype=pl.Boolean))
        self.values = pl.Series(values, dtype=pl.String)
        if None in values:  # where there is no answer, the value leaves
            self._keep(pl.Series([value is not None for value in values]))

    def _note(self, told: Mapping["_Told", list[int]]) -> None:
        """Note what a function told, and of which places."""
        found = {"fault": self.faults, "notice": self.notices, "fix": self.fixes}
        nothing = {"empty": self.empty, "placeholder": self.placeholders}
        for one, where in told.items():
            at = pl.Series(where, dtype=pl.UInt32)
            if one.what in nothing:
                nothing[one.what].append(at)
            else:
                found[one.what].append(Found(one.code, dict(one.params), at))


class _Told(NamedTuple):
    """One thing that a function told of a value: a finding, or that it says nothing."""

    what: Literal["fault", "notice", "fix", "empty", "placeholder"]
    code: str = ""
    params: tuple[tuple[str, int | str], ...] = ()


def _answer(
    function: Callable[[str, Reading], str | None], value: str, country: str
) -> tuple[str | None, tuple[_Told, ...]]:
    """Return what a function makes of a value, and what it tells of it."""
    reading = Reading(country)
    answer = function(value, reading)
    told = [_Told("fault", reading.fault[0], tuple(reading.fault[1].items()))] if reading.fault else []
    told += [_Told("notice", code, tuple(params.items())) for code, params in reading.notices]
    told += [_Told("fix", code, tuple(params.items())) for code, params in reading.fixes]
    if answer is None and not reading.fault:
        told.append(_Told("placeholder" if reading.placeholder else "empty"))
    return answer, tuple(told)


# Expressions are kept: to write one down again takes as long as to ask it of some thousands of values.


@lru_cache(1000)
def _of_value(expression: Callable[[pl.Expr], pl.Expr]) -> pl.Expr:
    return expression(_VALUE)


@lru_cache(1000)
def _finds(pattern: str) -> pl.Expr:
    return _VALUE.str.contains(pattern)


@lru_cache(1000)
def _form_and_proofs(
    dressed: Callable[[pl.Expr], pl.Expr], proofs: Callable[[pl.Expr], Iterable[pl.Expr]]
) -> list[pl.Expr]:
    return [dressed(_VALUE).alias("value"), *(proof.alias(str(number)) for number, proof in enumerate(proofs(_VALUE)))]


def _without_nulls(values: pl.Series) -> pl.Series:
    return values.drop_nulls() if values.null_count() else values


def _settle(screen: Screen, values: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Return the canonical forms of values that have a screen's shape, and which of them are proven."""
    # One after the other: side by side they would be handed to Polars' threads, which costs a small column more.
    bare = values.alias("value").to_frame().select_seq(_of_value(screen.bare).alias("value"))
    canonical, *sure = bare.select_seq(_form_and_proofs(screen.dressed, screen.proofs)).get_columns()
    return canonical, reduce(and_, sure) if sure else ~never(len(values))
