"""A rule: how one kind of value is made canonical and judged. Written once, as data.

>>> from validators.rules import RULES
>>> RULES["postal_code"].one("00950").value
'00-950'
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from validators.reading import Reading
from validators.screen import Screen
from validators.steps import Call, Scrutinise, Step
from validators.types import Severity

if TYPE_CHECKING:  # Polars loads when there is a column to read
    from validators.readings import Readings

# So few values are faster read one by one, whatever they need, than handed to Polars step by step.
FEW = 100

# What costs more than to ask the screens once more, of what the steps before have laid bare.
_WORTH_SCREENS = (Scrutinise, Call)


class Rule(msgspec.Struct, frozen=True):
    """The steps of a rule, the screens in front of them, and what forms and stores must know of it."""

    name: str
    about: str
    steps: tuple[Step, ...]
    screens: tuple[Screen, ...] = ()  # the first is the one that canonical values pass
    schema: Mapping[str, object] = {}  # JSON Schema keywords that no accepted value breaks
    ignores_case: bool = False  # two values that differ by case alone are one identity
    reduced: bool = False  # what arrives says more than may be kept (a User-Agent): only the canonical form is stored

    def one(self, value: str, country: str = "PL") -> Reading:
        """Read one text through all steps."""
        reading = Reading(country)
        for step in self.steps:
            stepped = step.one(value, reading)
            if stepped is None:
                return reading
            value = stepped
        reading.value = value
        return reading

    def read(self, value: str, reading: Reading, start: int = 0) -> str | None:
        """Read what `one` reads, sooner: the screens are asked before the steps, and again of what steps have changed.

        With `start` the reading begins at that step. Returns what the value becomes, or None where the reading ended.
        """
        asked = None
        for step in self.steps[start:]:
            if value != asked and (asked is None or isinstance(step, _WORTH_SCREENS)):
                asked = value
                if any(screen.answers(value, reading) for screen in self.screens):
                    return reading.value
            stepped = step.one(value, reading)
            if stepped is None:
                return None
            value = stepped
        return value

    def many(self, readings: "Readings") -> None:
        """Read the values of a column through screens and steps; what stays open is canonical.

        Where values repeat, each distinct one is read once.
        """
        once = readings.distinct()
        if once:
            self._read(once[0])
            readings.spread(*once)
        else:
            self._read(readings)

    def _read(self, readings: "Readings") -> None:
        good = [screen for screen in self.screens if not screen.fault]
        asked = self._screen(readings, good[:1], [])  # most values need no more than this
        readings.leave_out_nulls()
        for number, step in enumerate(self.steps):
            # What the steps before have laid bare may need neither. Few are bad, so only a call is worth that question.
            if isinstance(step, _WORTH_SCREENS):
                asked = self._screen(readings, self.screens if isinstance(step, Call) else good, asked)
            if len(readings) <= FEW:
                readings.ask(None, partial(self.read, start=number))
                return
            step.many(readings)

    def _screen(self, readings: "Readings", screens: Sequence[Screen], asked: Sequence[Screen]) -> Sequence[Screen]:
        """Ask screens, those that were asked before of what was changed since; return which were asked by now."""
        if len(readings) > FEW:
            readings.screen_changed(asked)
        for screen in screens:
            if screen not in asked and len(readings) > FEW:
                readings.screen(screen)
        return screens

    @property
    def codes(self) -> Mapping[str, Severity]:
        """Return every code the rule can give, and what each is, in the order of its steps."""
        return {code: severity for step in self.steps for code, severity in step.codes.items()}
