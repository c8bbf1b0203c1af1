"""A screen answers at once for values that a pattern proves good; what it cannot prove goes through the rule's steps.

It may never disagree with the steps: tests/validators/test_screens.py draws values from each screen's own pattern and
compares. Like a step it is data, with two readings to come from one meaning.

>>> phone = Screen(Pattern("[0-9]{3}[ -][0-9]{3}[ -][0-9]{3}"), drop=" -", prefix="+48", fix="phone.format")
>>> phone.one("600 123-456")
'+48600123456'
>>> phone.one("600 123 4567")
"""

import msgspec

from validators.checksum import Checksum
from validators.pattern import Pattern


class Screen(msgspec.Struct, frozen=True):
    """A proof that a value is good, and its canonical form.

    `shape`    the whole value has this form,
    `never`    this stands nowhere in it (None: whatever may),
    `unless`   and neither it nor the shape's groups are among these;
    `drop`     these characters go,
    `tail`     so many characters at the end stay (None: all): that is the bare form;
    `proof`    is what it must match,
    `checksum` and what its digits must fit;
    `prefix`   stands before it in the canonical form;
    `fix`      is named where the canonical form is not the value itself;
    `country`  is the only one for which it answers (None: any).
    """

    shape: Pattern
    never: str | None = None
    unless: frozenset[str] = frozenset()
    drop: str = ""
    tail: int | None = None
    proof: Pattern | None = None
    checksum: Checksum | None = None
    prefix: str = ""
    fix: str | None = None
    country: str | None = None

    def one(self, value: str) -> str | None:
        """Return the canonical form, or None where nothing is proven."""
        found = self.shape.fullmatch(value)
        if found is None or (self.never and self.never in value):
            return None
        if value in self.unless or not self.unless.isdisjoint(found.groups()):
            return None
        return self.settle(value)

    def settle(self, value: str) -> str | None:
        """Return the canonical form of a value that has the shape, or None."""
        for character in self.drop:
            value = value.replace(character, "")
        if self.tail:
            value = value[-self.tail :]
        if self.proof and not self.proof.fullmatch(value):
            return None
        if self.checksum and not self.checksum.fits(value):
            return None
        return self.prefix + value

    @property
    def settles(self) -> bool:
        """Return whether there is more to do for a value of this shape than to take it as it is."""
        return bool(self.drop or self.tail or self.proof or self.checksum or self.prefix)
