"""A telephone number, in E.164, an extension behind it as RFC 3966 writes it (`;ext=`). phonenumbers decides.

How a person reads a cell with labels, remarks and several numbers in it is in `phone_reading`.

>>> PHONE.one("tel. 600 123 456").value
'+48600123456'
>>> PHONE.one("nie wiem").fault
('phone.unreadable', {})
>>> PHONE.one("12 34").fault
('phone.invalid', {})
"""

from phonenumbers import PhoneMetadata, PhoneNumberDesc

from validators.pattern import Pattern
from validators.reading import Reading
from validators.rule import Rule
from validators.rules.text import ONE_LINE, SOUND
from validators.screen import Screen
from validators.steps import Call, Replace


def _polish_numbers() -> Pattern:
    """Return the pattern of all valid nine-digit Polish numbers, from phonenumbers' own metadata."""
    metadata = PhoneMetadata.metadata_for_region("PL")
    assert metadata is not None  # noqa: S101  (Poland has a numbering plan)
    kinds: tuple[PhoneNumberDesc | None, ...] = (metadata.fixed_line, metadata.mobile, metadata.voip, metadata.uan)
    patterns = [kind.national_number_pattern for kind in kinds if kind and kind.national_number_pattern]
    return Pattern("|".join(pattern.replace(r"\d", "[0-9]") for pattern in patterns))


def _read(value: str, reading: Reading) -> str | None:
    from validators.rules.phone_reading import read_phone  # noqa: PLC0415  (most numbers are proven without it)

    found = read_phone(value, reading.country)
    if found.fault:
        return reading.refuse(found.fault)
    for code in found.notices:
        reading.notice(code)
    for code in found.fixes:
        reading.fix(code)
    return found.e164


_NINE = "[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{3}|[0-9]{2}[ -][0-9]{3}[ -][0-9]{2}[ -][0-9]{2}"

PHONE = Rule(
    name="phone",
    about="E.164, an extension as RFC 3966 `;ext=`. The first number of a cell counts.",
    screen=Screen(
        Pattern(rf"(?:(?:\+|00)48[ -]?)?(?:{_NINE})"),
        drop=" -",
        tail=9,
        proof=_polish_numbers(),
        prefix="+48",
        fix="phone.format",
        country="PL",
    ),
    steps=(
        *SOUND,
        # The lines of a cell are things apart ("sala 12", "345 67 89"), and stay so when they become one.
        Replace(Pattern("[\n\v\f\r\x85\u2028\u2029]+"), "; ", fix="text.spaces"),
        *ONE_LINE,
        Call(
            _read,
            faults=("phone.unreadable", "phone.invalid"),
            notices=("phone.several", "phone.remark_dropped"),
            fixes=("phone.excel_number", "phone.trunk_zero", "phone.format"),
        ),
    ),
    schema={"type": "string"},
)
