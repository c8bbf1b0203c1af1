"""Showing what a value looks like without showing it: the shape of it, which no check digit can undo.

>>> mask("526-025-02-7x"), mask("Jan.Kowalski@example.com")
('999-999-99-9x', 'Xxx.Xxxxxxxx@xxxxxxx.xxx')
"""

import re
from collections.abc import Iterable

_LONGEST = 40
# Most of e-mail addresses, telephone numbers, postal codes, dates, identity numbers, IP addresses; no name of a column.
_VALUE = re.compile("@|::|[0-9](?:[ .:-]?[0-9]){4}")


def mask(value: object) -> str:
    """Return the shape of a value: 9 for a digit, x or X for a letter, ? for what cannot be printed, at most 40."""
    text = value if isinstance(value, str) else str(value)
    shape = "".join(_shape(character) for character in text[:_LONGEST])
    return shape + "…" if len(text) > _LONGEST else shape


def looks_like_value(name: str) -> bool:
    """Return whether the name of a column is more probably a value, in a file without a header."""
    return bool(_VALUE.search(name))


def shown_name(name: str) -> str:
    """Return the name of a column as it may be shown: what looks like a value (a file without a header) is masked.

    >>> shown_name("Kod pocztowy"), shown_name("jan@example.com"), shown_name("44051401359")
    ('Kod pocztowy', 'xxx@xxxxxxx.xxx', '99999999999')
    """
    if looks_like_value(name):
        return mask(name)
    short = name if len(name) <= _LONGEST else name[:_LONGEST] + "…"
    return "".join(character if character.isprintable() else "?" for character in short)


def shown_header(header: Iterable[str]) -> str:
    """Return a header as it may be shown: where one name looks like a value, it may be a record, and all are masked.

    >>> shown_header(["Nazwa", "Telefon"]), shown_header(["Jan", "600123456"])
    ('“Nazwa”, “Telefon”', '“Xxx”, “999999999”')
    """
    names = tuple(header)
    show = mask if any(map(looks_like_value, names)) else shown_name
    return ", ".join(f"“{show(name)}”" for name in names)


def _shape(character: str) -> str:
    if character.isnumeric():
        return "9"
    if character.isalpha():
        return "X" if character.isupper() else "x"
    return character if character.isprintable() else "?"
