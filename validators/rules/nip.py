"""NIP, the Polish tax identification number (python-stdnum's `stdnum.pl.nip`, and the ministry's schema).

Separators, `PL` and `NIP:` go. What it must look like beyond the checksum is type TNrNIP of the finance ministry's
e-invoice schema (FA(3), elementarneTypyDanych), which python-stdnum does not know: all zeros pass its checksum.

>>> NIP.one("NIP: PL 526-025-02-74").value
'5260250274'
>>> NIP.one("526025027x").fault
('nip.characters', {})
>>> NIP.one("52602502").fault
('nip.length', {'expected': 10})
>>> NIP.one("5260250275").fault
('nip.checksum', {})
>>> NIP.one("0000000000").fault
('nip.implausible', {})
>>> NIP.one("44051401359").fault
('nip.is_pesel', {})
>>> NIP.one("192598184").fault
('nip.is_regon', {})
>>> NIP.one("DE136695976").fault
('nip.foreign', {'country': 'DE'})
>>> NIP.one("5260250274.0").value, NIP.one("5.26025E+09").fault
('5260250274', ('nip.digits_lost', {}))
"""

from stdnum.pl import regon

from validators.checksum import weighted
from validators.pattern import Pattern
from validators.reading import Reading
from validators.rule import Rule
from validators.rules.identity_number import is_pesel
from validators.rules.spreadsheet import out_of_spreadsheet
from validators.rules.text import GATE
from validators.screen import Screen
from validators.steps import Call, OfLength, Replace, Require, Weigh

_REGON = Pattern("[0-9]{9}|[0-9]{14}")
CHECKSUM = weighted((6, 5, 7, 2, 3, 4, 5, 6, 7, -1), 11)
_OFFICE = "[1-9](?:[0-9][1-9]|[1-9][0-9])"  # its first three digits are the tax office that gave it
_PLAUSIBLE = Pattern(f"{_OFFICE}[0-9]{{7}}")

# What stands behind it: digits alone, or as people separate them; and what people put before it.
_DIGITS = "[0-9]{7}"
_SEPARATED = "[ -][0-9]{3}[ -][0-9]{2}[ -][0-9]{2}|[ -][0-9]{2}[ -][0-9]{2}[ -][0-9]{3}"
_WORD = "[nN][iI][pP](?: ?[:.-])? ?"
_PL = "[pP][lL]"

# The prefixes of the EU's VAT numbers and of its neighbours' (VIES; XI is Northern Ireland's).
_FOREIGN = Pattern(
    "(AT|BE|BG|CH|CHE|CY|CZ|DE|DK|EE|EL|ES|EU|FI|FR|GB|GR|HR|HU|IE|IT|LT|LU|LV|MT|NL|NO|PT|RO|SE|SI|SK|UA|XI)"
    "[0-9A-Z]{2,12}"
)


def _take_out(value: str, reading: Reading) -> str | None:
    """Make a number again of what a spreadsheet made of it, where it has all its digits."""
    digits = out_of_spreadsheet(value)
    if not digits:
        return reading.refuse("nip.digits_lost")
    reading.fix("nip.excel_number")
    return digits


def _tell_apart(value: str, reading: Reading) -> str | None:
    """Refuse what is another number than a NIP, by the name of what it is."""
    if found := _FOREIGN.fullmatch(value.upper()):
        return reading.refuse("nip.foreign", country=found[1])
    if is_pesel(value):
        return reading.refuse("nip.is_pesel")
    if _is_regon(value):
        return reading.refuse("nip.is_regon")
    return value


def _is_regon(value: str) -> bool:
    # Not by way of `regon.is_valid`, which cleans the text before it looks: old files are full of such numbers.
    if not _REGON.fullmatch(value):
        return False
    return all(regon.calc_check_digit(value[:place]) == value[place] for place in {8, len(value) - 1})


NIP = Rule(
    name="nip",
    about="Ten digits. Separators, `PL` and `NIP:` are taken away.",
    screens=(
        Screen(
            Pattern(f"{_OFFICE}(?:{_DIGITS}|{_SEPARATED})"),
            drop="- ",
            checksum=CHECKSUM,
            fixes=("nip.separators",),
        ),
        Screen(
            Pattern(f"(?:{_WORD}(?:{_PL})?|{_PL}){_OFFICE}{_DIGITS}"), tail=10, checksum=CHECKSUM, fixes=("nip.prefix",)
        ),
        Screen(
            Pattern(f"{_WORD}{_OFFICE}(?:{_SEPARATED})"),
            drop="- ",
            tail=10,
            checksum=CHECKSUM,
            fixes=("nip.prefix", "nip.separators"),
        ),
        Screen(
            Pattern(f"{_PL}(?: {_OFFICE}{_DIGITS}|[ -]?{_OFFICE}(?:{_SEPARATED}))"),
            drop="- ",
            tail=10,
            checksum=CHECKSUM,
            fixes=("nip.separators", "nip.prefix"),
        ),
    ),
    steps=(
        *GATE,
        Call(
            _take_out,
            faults=("nip.digits_lost",),
            fixes=("nip.excel_number",),
            only=Pattern(r"^[0-9]+[.,]0{1,2}$|^[1-9](?:[.,][0-9]+)?[eE]\+?[0-9]{1,2}$"),
        ),
        Replace(Pattern("[nN][iI][pP](?: ?[uU][eE])?(?: ?[:.-])? ?"), "", fix="nip.prefix"),
        Replace(Pattern(r"[ ./\\\-‐-―−]"), "", fix="nip.separators"),
        Replace(Pattern("[pP][lL]"), "", fix="nip.prefix"),
        Call(
            _tell_apart,
            faults=("nip.foreign", "nip.is_pesel", "nip.is_regon"),
            only=Pattern("^[A-Za-z]{2}|^(?:[0-9]{9}|[0-9]{11}|[0-9]{14})$"),
        ),
        Require(Pattern("[0-9]+"), fault="nip.characters"),
        OfLength(10, fault="nip.length"),
        Weigh(CHECKSUM, fault="nip.checksum"),
        Require(_PLAUSIBLE, fault="nip.implausible"),
    ),
    schema={"type": "string", "maxLength": 1000},
)
