"""Numbers that name a person or a payment card, wherever they stand: no field of the policy asks for them.

PESEL by its checksum and date, as python-stdnum has them, for people born from 1900 to 2039 (the months of other
centuries would make one phone in ten a PESEL). Cards by the Luhn checksum (ISO/IEC 7812-1) and the ranges that are
issued. Both only in the groupings in which people write them, so that a house number beside a postal code is no card.

>>> contains_identity_number("PESEL: 44051401359")
True
>>> contains_identity_number("karta 4111 1111 1111 1111")
True
>>> contains_identity_number("tel. 22 123 45 67, ul. Prosta 12/34, 00-950 Warszawa")
False
"""

import re
from datetime import date
from operator import mul

from stdnum import luhn

from validators.pattern import Pattern
from validators.reading import Reading
from validators.steps import Call

_PESEL = Pattern("[0-9]{2}(?:0[1-9]|1[0-2])[0-9]{7}|[0-3][0-9](?:2[1-9]|3[0-2])[0-9]{7}")
# Visa; Mastercard; American Express; Discover, UnionPay, Diners, JCB; Maestro.
_CARD = Pattern(
    "4[0-9]{12}(?:[0-9]{3}){0,2}|(?:5[1-5]|2[2-7])[0-9]{14}|3[47][0-9]{13}"
    "|(?:6011|64[4-9][0-9]|65[0-9]{2}|62[0-9]{2})[0-9]{12,15}|3(?:0[0-5]|[689][0-9])[0-9]{11}|35[0-9]{14}"
    "|(?:50|5[6-8]|6[0-9])[0-9]{10,17}"
)
_NEXT_CENTURY = 20  # what is added to a month after 1999
_WEIGHTS = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)  # of a PESEL's digits: the sum ends in 0
_RUN = Pattern("[0-9]+")
_SEPARATED = Pattern("[0-9][ -][0-9]")
_GROUPS = (
    "[0-9]{6}[ -][0-9]{5}",
    "[0-9]{4}(?:[ -][0-9]{4}){3}",
    "[0-9]{4}(?:[ -][0-9]{4}){3}[ -][0-9]{1,3}",
    "[0-9]{4}[ -][0-9]{6}[ -][0-9]{4,5}",
)
# Look-ahead, and one after the other, so that groups that overlap ("12 4111 1111 1111 1111 12/27") are all tried.
_GROUPED = tuple(Pattern(f"(?<![0-9])(?=({groups})(?![0-9]))") for groups in _GROUPS)


def is_pesel(text: str) -> bool:
    """Return whether eleven ASCII digits are the PESEL of somebody who may live.

    It is what python-stdnum's `stdnum.pl.pesel` says, in a tenth of the time: old files are full of such numbers.
    """
    if not _PESEL.fullmatch(text) or sum(map(mul, _WEIGHTS, map(int, text))) % 10:
        return False
    year, month, day = int(text[:2]), int(text[2:4]), int(text[4:6])
    try:
        date(1900 + year, month, day) if month < _NEXT_CENTURY else date(2000 + year, month - _NEXT_CENTURY, day)
    except ValueError:
        return False
    return True


def is_card(text: str) -> bool:
    """Return whether ASCII digits are a payment card's number.

    >>> is_card("4111111111111111"), is_card("4111111111111112")
    (True, False)
    """
    return bool(_CARD.fullmatch(text)) and luhn.is_valid(text)


def identity_numbers(text: str) -> list[str]:
    """Return the digits of every identity number in a text."""
    written = _RUN.findall(text)
    if _SEPARATED.search(text):
        written += [re.sub("[ -]", "", one) for groups in _GROUPED for one in groups.findall(text)]
    return [digits for digits in written if is_pesel(digits) or is_card(digits)]


def contains_identity_number(text: str) -> bool:
    """Return whether a text holds an identity number."""
    return bool(identity_numbers(text))


def _refuse(value: str, reading: Reading) -> str | None:
    return reading.refuse("excess.identity_number") if contains_identity_number(value) else value


NO_IDENTITY_NUMBER = Call(_refuse, faults=("excess.identity_number",), only=Pattern("[0-9](?:[ -]?[0-9]){10}"))
