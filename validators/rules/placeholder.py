"""What people type to get past a form: it says "nothing", so it is nothing.

Words in their regular spellings; punctuation alone; rows of x; nine zeros (a phone typed by somebody who would not give
one). `null` and `none` only as machines write them, for Null and None are surnames too. Zeros of another length are for
the rules: ten are a NIP that is refused as such.

>>> is_placeholder("Nie dotyczy"), is_placeholder("---"), is_placeholder("Null")
(True, True, False)
"""

from validators.pattern import Pattern
from validators.spellings import spellings
from validators.steps import Empty

_WORDS = spellings(
    "brak",
    "brak danych",
    "nie dotyczy",
    "nie podano",
    "nie ma",
    "nieznany",
    "nieznana",
    "n/a",
    "n.a.",
    "n/d",
    "n.d.",
    "nd",
    "nd.",
    "not applicable",
    "unknown",
    "test",
    "test test",
    "test@test.pl",
    "test@test.com",
    "brak@brak.pl",
    "asdf",
    "qwerty",
)
_MACHINES = ("null", "NULL", "(null)", "(NULL)", "<null>", "<NULL>", "none", "undefined", "nan", "NaN", "#N/A", "#N/D")

PLACEHOLDER_WORDS = _WORDS.union(_MACHINES)

EMPTY = Empty(
    words=PLACEHOLDER_WORDS,
    pattern=Pattern("[-‐-―−._?!*/\\\\,;:+=~#'\"()\\[\\]<>|` ]+|[xX]{2,}|0{9}"),
)


def is_placeholder(text: str) -> bool:
    """Return whether a trimmed text says nothing."""
    return text in EMPTY.words or bool(EMPTY.pattern.fullmatch(text))
