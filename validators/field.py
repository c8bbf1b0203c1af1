"""A field of a kind of record: the rule it follows, and whether it must be there.

>>> from validators.policy import vipower
>>> field = vipower().kinds["business"].field("nip")
>>> field.read("526-025-02-74", "PL").value
'5260250274'
>>> field.read("brak", "PL").fault
('required.placeholder', {})
"""

import math
from collections.abc import Mapping

import msgspec

from validators.reading import Reading
from validators.rule import Rule
from validators.rules.text import UNJUDGED
from validators.screen import Screen
from validators.unusable import Unusable


class Field(msgspec.Struct, frozen=True):
    """What the policy says of one field in one kind of record."""

    name: str
    rule: Rule
    required: bool
    clause: str
    label: dict[str, str]
    aliases: tuple[str, ...] = ()
    autocomplete: str | None = None
    default: str | None = None
    country_from: str | None = None
    parts: Mapping[str, tuple[str, ...]] = {}  # part of this field -> headers of columns that hold it alone
    part_of: Mapping[str, str] = {}  # cell that holds several fields -> which of them this is

    def screens(self, country: str) -> tuple[Screen, ...]:
        """Return the screens that may answer for this field of a record in a country."""
        return tuple(screen for screen in self.rule.screens if screen.country in {None, country})

    def read(self, raw: object, country: str | None) -> Reading:
        """Read a value as it came. `country` None: nobody knows it, so what hangs on it is not judged."""
        if raw is None:
            return self._settle(Reading())
        text = as_text(raw)
        reading = Reading(country or "")
        if text is None:
            reading.refuse(raw.fault if isinstance(raw, Unusable) else "text.not_text")
            return reading
        rule = self.rule if country else UNJUDGED
        reading.value = rule.read(text, reading)
        return self._settle(reading)

    def _settle(self, reading: Reading) -> Reading:
        """Say what it means that there is no value."""
        if reading.value is not None or reading.fault:
            return reading
        if self.required and self.default is None:
            reading.refuse("required.placeholder" if reading.placeholder else "required.missing")
            return reading
        reading.value = self.default
        if reading.placeholder:
            reading.fix("required.placeholder_emptied")
        return reading


def as_text(raw: object) -> str | None:
    """Return what came as text: a number as people write it, None for what is no text at all."""
    if isinstance(raw, str):
        return raw
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        return None
    try:
        return str(raw) if math.isfinite(raw) else None
    except (OverflowError, ValueError):  # an integer that no float holds, or of more digits than Python writes
        return None
