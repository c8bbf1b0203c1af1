"""A country, as ISO 3166-1 alpha-2. Its name in Polish, in English or its own language, or alpha-3, is a fix.

>>> COUNTRY_CODE.one("Polska").value
'PL'
>>> COUNTRY_CODE.one("Polandia").fault
('country_code.unknown', {})
"""

from validators.countries import country_code
from validators.pattern import Pattern
from validators.reading import Reading
from validators.rule import Rule
from validators.rules.text import GATE
from validators.screen import Screen
from validators.steps import Call


def _look_up(value: str, reading: Reading) -> str | None:
    code = country_code(value)
    if code is None:
        return reading.refuse("country_code.unknown")
    if code != value:
        reading.fix("country_code.name")
    return code


COUNTRY_CODE = Rule(
    name="country_code",
    about="ISO 3166-1 alpha-2; a country's name is read as its code.",
    screens=(Screen(Pattern("PL")),),
    steps=(*GATE, Call(_look_up, faults=("country_code.unknown",), fixes=("country_code.name",))),
    schema={"type": "string"},
)
