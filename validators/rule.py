"""A rule: how one kind of value is made canonical and judged. Written once, as data.

>>> from validators.rules import RULES
>>> RULES["postal_code"].one("00950").value
'00-950'
"""

from collections.abc import Iterable, Mapping
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
        reading.value = self._follow(value, reading)
        return reading

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

    def _follow(self, value: str, reading: Reading, start: int = 0) -> str | None:
        """Take a value through the steps, from one on; return what it becomes, or None where the reading ended."""
        for step in self.steps[start:]:
            stepped = step.one(value, reading)
            if stepped is None:
                return None
            value = stepped
        return value

    def _read(self, readings: "Readings") -> None:
        good = [screen for screen in self.screens if not screen.fault]
        self._screen(readings, good[:1])  # most values need no more than this
        for number, step in enumerate(self.steps):
            # What the steps before have laid bare may need neither. Few are bad, so only a call is worth that question.
            if isinstance(step, Scrutinise | Call):
                self._screen(readings, self.screens if isinstance(step, Call) else good)
            if len(readings) <= FEW:
                readings.ask(None, partial(self._follow, start=number))
                return
            step.many(readings)

    def _screen(self, readings: "Readings", screens: Iterable[Screen]) -> None:
        for screen in screens:
            if len(readings) > FEW:
                readings.screen(screen)

    @property
    def codes(self) -> Mapping[str, Severity]:
        """Return every code the rule can give, and what each is, in the order of its steps."""
        return {code: severity for step in self.steps for code, severity in step.codes.items()}
