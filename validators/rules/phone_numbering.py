"""Digits to E.164: the numbering plans. phonenumbers decides, and is given nothing but digits.

Poland is read here: its trunk zero, abolished on 15 May 2010 and still written (phonenumbers does not know it), and
its country code without a plus.

>>> dial("0748171478", "PL")
Number(e164='+48748171478', trunk=True)
>>> dial("48512345678", "PL").e164
'+48512345678'
>>> dial("8171478", "PL") is None
True
"""

from typing import NamedTuple

import phonenumbers

from validators.rules.phone_plan import NATIONAL

# E.164, 6.2.1: a number has at most 15 digits (phonenumbers lets more through); before them may stand `00`.
_MOST = 15
MOST_DIGITS = len("00") + _MOST

# What is written before a Polish number, and whether the trunk zero is in it. A second 48 comes from a form's own +48.
_PREFIXES = {
    "": False,
    "0": True,
    "48": False,
    "048": True,
    "480": True,
    "0480": True,
    "0048": False,
    "00480": True,
    "4848": False,
    "480048": False,
}

# Polish numbers have nine digits, some free ones (800) ten. Shorter ones, such as `22 19115`, count only behind +48:
# without it they are local numbers whose area nobody can know.
_LENGTHS = (9, 10)


class Number(NamedTuple):
    """A valid number, and whether the Polish trunk zero was taken away."""

    e164: str
    trunk: bool = False

    @property
    def polish(self) -> bool:
        """Return whether it is one of Poland's."""
        return self.e164.startswith("+48")

    @property
    def open_ended(self) -> bool:
        """Return whether a longer number may begin so: 48 is an area code too, free numbers may have ten digits."""
        return len(self.e164) != len("+48") + _LENGTHS[0] or not self.polish or self.e164[3:].startswith(("48", "800"))


def dial(digits: str, country: str, *, plus: bool = False) -> Number | None:
    """Return the number that digits mean to somebody in the country, or None where they are no valid number."""
    abroad = plus or digits.startswith("00")
    if country == "PL" or abroad:
        number = _polish(digits, abroad=abroad)
        if number:
            return number
    if not plus and country != "PL":
        number = _parsed(digits, country)
        if number:
            return number
    return _parsed("+" + digits.removeprefix("00"), None) if abroad else None


def _polish(digits: str, *, abroad: bool) -> Number | None:
    for length in _LENGTHS:
        prefix, national = digits[:-length], digits[-length:]
        trunk = _PREFIXES.get(prefix)
        if trunk is None or len(national) < length or national[0] == "0" or (abroad and "48" not in prefix):
            continue
        if NATIONAL.fullmatch(national):
            return Number("+48" + national, trunk)
    return None


def _parsed(digits: str, country: str | None) -> Number | None:
    try:
        number = phonenumbers.parse(digits, country)
    except phonenumbers.NumberParseException:  # its sentence may hold the digits, so it goes no further
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return Number(e164) if len(e164) <= len("+") + _MOST else None
