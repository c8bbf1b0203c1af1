"""The whole record at once: most orders are canonical in most fields, and one pattern proves that.

The screens of a kind's fields, one behind the other, are a pattern for the record written as lines. Where it matches,
what is left to do is a checksum and a phone's separators. Where it does not, field after field is judged by itself.
"""

from collections.abc import Callable, Mapping
from operator import itemgetter

import msgspec

from validators.field import Field
from validators.finding import Fix
from validators.pattern import Pattern

_NOWHERE = "\n\n"  # no value that has a shape ends or begins with a line end
Proven = tuple[dict[str, str], tuple[Fix, ...]]


class Settled(msgspec.Struct, frozen=True):
    """A field whose value takes more than its shape."""

    name: str
    settle: Callable[[str], str | None]
    fixes: tuple[Fix, ...]


class Proof(msgspec.Struct, frozen=True):
    """What proves a record of one kind in the policy's own country."""

    kind: str
    order: Mapping[str, str]  # the policy's, in which the values of a record are put
    pick: Callable[[Mapping[str, object]], tuple[str, ...]]  # what is no text fails to join
    shape: Pattern
    never: str
    unless: frozenset[str]
    settled: tuple[Settled, ...]

    def one(self, record: Mapping[str, object]) -> Proven | None:
        """Return the canonical record and its fixes, or None where it is not proven or has something extra."""
        try:
            values = self.pick(record)
            line = "\n".join(values)
        except (KeyError, TypeError):  # a field is not there, or is no text
            return None
        found = self.shape.fullmatch(line)
        if (
            found is None
            or self.never in line
            or not self.unless.isdisjoint(values)
            or not self.unless.isdisjoint(found.groups())
        ):
            return None
        clean: dict[str, str] = {**self.order, **record}  # type: ignore[dict-item]  # all text: they were joined
        clean.pop("kind", None)
        if len(clean) != len(self.order):  # something extra
            return None
        fixes: tuple[Fix, ...] = ()
        for field in self.settled:
            value = clean[field.name]
            canonical = field.settle(value)
            if canonical is None:
                return None
            if canonical != value:
                clean[field.name] = canonical
                fixes += field.fixes
        return clean, fixes


def proof_of(kind: str, fields: tuple[Field, ...], country: str) -> Proof | None:
    """Return the proof for records of these fields, or None where a field has no screen for the country.

    One text that must stand nowhere is looked for in the record at once, so all fields must mean the same.
    """
    screens = {field.name: screens[0] for field in fields if (screens := field.screens(country))}
    never = {screen.never for screen in screens.values() if screen.never}
    if len(screens) < len(fields) or len(never) > 1:
        return None
    return Proof(
        kind=kind,
        order=dict.fromkeys(screens, ""),
        pick=_picker(tuple(screens)),
        shape=Pattern("\n".join(f"(?:{screen.shape.pattern})" for screen in screens.values())),
        never=never.pop() if never else _NOWHERE,
        unless=frozenset().union(*(screen.unless for screen in screens.values())),
        settled=tuple(
            Settled(name, screen.settle, tuple(Fix(code, name) for code in screen.fixes))
            for name, screen in screens.items()
            if screen.settles
        ),
    )


def _picker(names: tuple[str, ...]) -> Callable[[Mapping[str, object]], tuple[str, ...]]:
    """Return what takes the values out of a record; `itemgetter` of one name would not give a tuple."""
    pick = itemgetter(*names)
    return pick if len(names) > 1 else lambda record: (pick(record),)
