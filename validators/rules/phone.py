"""A telephone number, in E.164, an extension behind it as RFC 3966 writes it (`;ext=`). phonenumbers decides.

How a person reads a cell with labels, remarks and several numbers in it is in `phone_reading`.

>>> PHONE.one("tel. 600 123 456").value
'+48600123456'
>>> PHONE.one("nie wiem").fault
('phone.unreadable', {})
>>> PHONE.one("12 34").fault
('phone.invalid', {})
"""

from validators.any_case import any_case
from validators.pattern import Pattern
from validators.reading import Reading
from validators.rule import Rule
from validators.rules.phone_plan import NATIONAL
from validators.rules.phone_words import REMARKS
from validators.rules.placeholder import PLACEHOLDER_WORDS
from validators.rules.text import ONE_LINE, SOUND
from validators.screen import Screen
from validators.steps import Call, Replace


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


_POLAND = r"(?:(?:\+|00)48[ -]?)?"
_NINE = "[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{3}|[0-9]{2}[ -][0-9]{3}[ -][0-9]{2}[ -][0-9]{2}"
_LABEL = rf"(?:(?:{any_case('tel', 'telefon', 'kom', 'fax')})(?:\.:?|:)? ?)?"
_SEVEN = "[0-9]{3}[ -][0-9]{2}[ -][0-9]{2}|[0-9]{3}[ -][0-9]{4}|[0-9]{7}"
_SPREAD = rf"[0-9]{{3}}\.[0-9]{{3}}\.[0-9]{{3}}|[0-9]{{2}}[ /-](?:{_SEVEN})|\([0-9]{{2}}\) ?(?:{_SEVEN})"
_REMARK = f"(?:{any_case(*REMARKS)}|(?:po|od) [0-9]{{1,2}})"
_EXTENSION = rf",? (?:{any_case('wew', 'wewn')})\.? ?"
_NOT_ABROAD = "(?:[1-9][0-9]|0[1-9])[0-9]"  # 00 690 3280 is a number of Tokelau
_EIGHT = f"{_NOT_ABROAD}(?:[0-9]{{5}}| [0-9]{{3}} [0-9]{{2}}|-[0-9]{{3}}-[0-9]{{2}})"
_WORD = "[a-wyzA-WYZąćęłńóśźżĄĆĘŁŃÓŚŹŻ]{2,30}"

PHONE = Rule(
    name="phone",
    about="E.164, an extension as RFC 3966 `;ext=`. The first number of a cell counts.",
    screens=(
        Screen(
            Pattern(rf"{_POLAND}(?:{_NINE})"),
            canonical=Pattern(rf"\+48(?:{NATIONAL.pattern})"),
            drop=" -",
            tail=9,
            proof=NATIONAL,
            prefix="+48",
            fixes=("phone.format",),
            country="PL",
        ),
        Screen(
            Pattern(rf"{_LABEL}{_POLAND}(?:{_NINE}|{_SPREAD})"),
            drop=" -./()",
            tail=9,
            proof=NATIONAL,
            prefix="+48",
            fixes=("phone.format",),
            country="PL",
        ),
        # The trunk zero, abolished on 15 May 2010 and still written.
        Screen(
            Pattern(rf"{_LABEL}(?:0[ -]?[0-9]{{2}}[ /-]?|\(0[ -]?[0-9]{{2}}\) ?)(?:{_SEVEN})"),
            drop=" -./()",
            tail=9,
            proof=NATIONAL,
            prefix="+48",
            fixes=("phone.trunk_zero", "phone.format"),
            country="PL",
        ),
        Screen(
            Pattern(r"[0-9]{9}\.0"),
            ending=Pattern(r"\.0"),
            proof=NATIONAL,
            prefix="+48",
            fixes=("phone.excel_number", "phone.format"),
            country="PL",
        ),
        # A remark behind the number, or another number.
        Screen(
            Pattern(rf"(?:{_NINE})(?: \({_REMARK}\)| - {_REMARK})"),
            ending=Pattern(r" \(.*| - .*"),
            drop=" -",
            proof=NATIONAL,
            prefix="+48",
            fixes=("phone.format",),
            notices=("phone.remark_dropped",),
            country="PL",
        ),
        Screen(
            Pattern(rf"(?:{_NINE})(?:[,;] ?| lub )(?:{_NINE})"),
            ending=Pattern("(?:[,;]| l).*"),
            drop=" -",
            proof=NATIONAL,
            prefix="+48",
            fixes=("phone.format",),
            notices=("phone.several",),
            country="PL",
        ),
        Screen(
            Pattern(rf"(?:{_NINE}|{_SPREAD}){_EXTENSION}[0-9]{{1,4}}"),
            ending=Pattern(_EXTENSION),
            by=";ext=",
            drop=" -./()",
            proof=Pattern(f"(?:{NATIONAL.pattern});ext=[0-9]+"),
            prefix="+48",
            fixes=("phone.format",),
            country="PL",
        ),
        Screen(
            Pattern(f"{_NOT_ABROAD}(?:[0-9]{{6}}| [0-9]{{3}} [0-9]{{3}}|-[0-9]{{3}}-[0-9]{{3}})"),
            drop=" -",
            disproof=Pattern(NATIONAL.whole),
            fault=("phone.invalid", {}),
            country="PL",
        ),
        Screen(Pattern(f"[1-9][0-9] ?[0-9]{{2}}|{_EIGHT}"), fault=("phone.invalid", {}), country="PL"),
        # Words, no number. Rows of x are a placeholder.
        Screen(
            Pattern(f"{_WORD}(?: {_WORD}){{0,3}}"),
            unless=PLACEHOLDER_WORDS,
            fault=("phone.unreadable", {}),
            country="PL",
        ),
        # Letters that are put for digits.
        Screen(
            Pattern("[0-9](?:[0-9][OIl]|[OIl]{1,2}[0-9]?)(?: ?[0-9]{3}){2}"),
            fault=("phone.unreadable", {}),
            country="PL",
        ),
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
