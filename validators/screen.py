"""A screen answers at once for values that a pattern proves good, or bad; what it cannot prove goes through the steps.

It may never disagree with the steps: tests/validators/test_screens.py draws values from each screen's own pattern and
compares. Like a step it is data with two readings: `one` of a value; of a column `shaped`, `bare`, `proofs` and
`dressed`, which are Polars' expressions.

>>> phone = Screen(Pattern("[0-9]{3}[ -][0-9]{3}[ -][0-9]{3}"), drop=" -", prefix="+48", fixes=("phone.format",))
>>> phone.one("600 123-456")
'+48600123456'
>>> phone.one("600 123 4567")
"""

import re
from typing import TYPE_CHECKING

import msgspec

from validators.checksum import Checksum
from validators.pattern import Pattern
from validators.reading import Found, Reading

if TYPE_CHECKING:  # Polars loads when there is a column to read
    from collections.abc import Iterator

    import polars as pl


class Screen(msgspec.Struct, frozen=True):
    """A proof that a value is good, and its canonical form; or that it is bad, and why.

    `canonical` is the form of values that are good as they stand: a column asks nothing more of them (None: it is not
               told apart);
    `shape`    the whole value has this form,
    `never`    this stands nowhere in it (None: whatever may),
    `lower`    what stands behind the sign `behind`, a group of the shape, becomes lower case,
    `ending`   what of it is found goes; `by` takes its place,
    `drop`     and these characters,
    `tail`     so many characters at the end stay (None: all): that is the bare form;
    `unless`   is what it is not among; or, where there is such a sign, what stands behind that is not;
    `proof`    is what it must match,
    `disproof` what must not be found in it,
    `checksum` and what its digits must fit;
    `joint`    is put between so many of its first characters and so many of its last; what else there was goes,
    `prefix`   stands before it in the canonical form;
    `fixes`    are named where the canonical form is not the value itself,
    `notices`  in any case;
    `fault`    is what a value that fits all this is refused with (None: it is good);
    `country`  is the only one for which it answers (None: any).
    """

    shape: Pattern
    canonical: Pattern | None = None
    never: str | None = None
    behind: str = ""
    lower: bool = False
    ending: Pattern | None = None
    by: str = ""
    drop: str = ""
    tail: int | None = None
    unless: frozenset[str] = frozenset()
    proof: Pattern | None = None
    disproof: Pattern | None = None
    checksum: Checksum | None = None
    joint: tuple[int, str, int] | None = None
    prefix: str = ""
    fixes: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    fault: Found | None = None
    country: str | None = None

    def one(self, value: str) -> str | None:
        """Return the canonical form (of a bad value: the bare one), or None where nothing is proven."""
        if self.shape.fullmatch(value) is None or (self.never and self.never in value):
            return None
        return self.settle(value)

    def answers(self, value: str, reading: Reading) -> bool:
        """Return whether the screen knows a value; what is to be said of it then stands in the reading."""
        if self.country and self.country != reading.country:
            return False
        settled = self.one(value)
        if settled is None:
            return False
        if self.fault:
            reading.fault = self.fault
            return True
        reading.value = settled
        for code in self.notices:
            reading.notice(code)
        if settled != value:
            for code in self.fixes:
                reading.fix(code)
        return True

    def _domain(self, value: str) -> str:
        """Return what stands behind the sign, an e-mail address's domain."""
        domain = value.rpartition(self.behind)[2]
        return domain.lower() if self.lower else domain

    def settle(self, value: str) -> str | None:
        """Return the canonical form of a value that has the shape, or None."""
        if self.lower:
            value = value.rpartition(self.behind)[0] + self.behind + self._domain(value)
        if self.ending:
            value = self.ending.sub(self.by, value)
        for character in self.drop:
            value = value.replace(character, "")
        if self.tail:
            value = value[-self.tail :]
        if self.unless and (self._domain(value) if self.behind else value) in self.unless:
            return None
        if self.proof and not self.proof.fullmatch(value):
            return None
        if self.disproof and self.disproof.search(value):
            return None
        if self.checksum and not self.checksum.fits(value):
            return None
        if self.joint:
            first, sign, last = self.joint
            value = value[:first] + sign + value[-last:]
        return self.prefix + value

    # --- over a column: the same, as Polars' expressions -------------------------------------------------------------

    def is_canonical(self, value: "pl.Expr") -> "pl.Expr":
        """Return the expression of which values are good as they stand."""
        return value.str.contains(self.canonical.whole) if self.canonical else value.ne(value)

    def shaped(self, value: "pl.Expr") -> "pl.Expr":
        """Return the expression of which values have the shape, and nothing that speaks against it."""
        which = value.str.contains(self.shape.whole)
        if self.never:
            which &= ~value.str.contains(self.never, literal=True)
        return which

    def bare(self, value: "pl.Expr") -> "pl.Expr":
        """Return the bare form of values that have the shape."""
        if self.lower:  # the shape has the sign once
            parts = value.str.split_exact(self.behind, 1).struct
            value = parts.field("field_0") + self.behind + parts.field("field_1").str.to_lowercase()
        if self.ending:
            value = value.str.replace_all(self.ending.pattern, self.by)
        if self.drop:
            value = value.str.replace_all(f"[{re.escape(self.drop)}]", "")
        if self.tail:
            value = value.str.tail(self.tail)
        return value

    def proofs(self, bare: "pl.Expr") -> "Iterator[pl.Expr]":
        """Yield what must hold for bare forms."""
        if self.unless and self.behind:
            words = "|".join(map(re.escape, sorted(self.unless)))
            yield ~bare.str.contains(f"{self.behind}(?:{words})$")
        elif self.unless:
            yield ~bare.is_in(list(self.unless))
        if self.proof:
            yield bare.str.contains(self.proof.whole)
        if self.disproof:
            yield ~bare.str.contains(self.disproof.pattern)
        if self.checksum:
            yield self.checksum.fit(bare)

    def dressed(self, bare: "pl.Expr") -> "pl.Expr":
        """Return the canonical form of bare ones."""
        if self.joint:
            first, sign, last = self.joint
            bare = bare.str.head(first) + sign + bare.str.tail(last)
        return self.prefix + bare if self.prefix else bare

    @property
    def settles(self) -> bool:
        """Return whether there is more to do for a value of this shape than to take it as it is."""
        forms = (self.lower, self.drop, self.ending, self.tail, self.joint, self.prefix)
        return any(forms) or any((self.proof, self.disproof, self.checksum))
