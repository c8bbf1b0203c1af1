"""A rule: how one kind of value is made canonical and judged. Written once, as data.

>>> from validators.rules import RULES
>>> RULES["postal_code"].one("00950").value
'00-950'
"""

from collections.abc import Mapping

import msgspec

from validators.reading import Reading
from validators.screen import Screen
from validators.steps import Step
from validators.types import Severity


class Rule(msgspec.Struct, frozen=True):
    """The steps of a rule, the screen in front of them, and what forms and stores must know of it."""

    name: str
    about: str
    steps: tuple[Step, ...]
    screen: Screen | None = None
    schema: Mapping[str, object] = {}  # JSON Schema keywords that no accepted value breaks
    ignores_case: bool = False  # two values that differ by case alone are one identity
    reduced: bool = False  # what arrives says more than may be kept (a User-Agent): only the canonical form is stored

    def one(self, value: str, country: str = "PL") -> Reading:
        """Read one text through all steps."""
        reading = Reading(country)
        current = value
        for step in self.steps:
            stepped = step.one(current, reading)
            if stepped is None:
                return reading
            current = stepped
        reading.value = current
        return reading

    @property
    def codes(self) -> Mapping[str, Severity]:
        """Return every code the rule can give, and what each is, in the order of its steps."""
        return {code: severity for step in self.steps for code, severity in step.codes.items()}
