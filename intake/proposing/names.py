"""How near the name of a column comes to a word of the policy.

>>> names = ("NAZWA_FIRMY", "Nazwa firmy (pełna)", "Nazwa", "Nazwa organu", "Uwagi")
>>> [nearness(name, ["nazwa firmy"]) for name in names]
[<Nearness.SAME: 4>, <Nearness.HOLDS: 3>, <Nearness.PART: 2>, <Nearness.SHARES: 1>, <Nearness.NONE: 0>]
"""

import re
from collections.abc import Iterable
from enum import IntEnum

# Words that stand in the names of many columns and say nothing of what is in them.
_COMMON = {"nr", "numer", "kod", "adres", "i", "and", "the", "of", "number", "code", "address", "name", "id"}


class Nearness(IntEnum):
    """The nearer, the higher."""

    NONE = 0
    SHARES = 1  # one telling word of it
    PART = 2  # nothing but words of it
    HOLDS = 3  # all words of it, and others
    SAME = 4  # its letters and digits


def nearness(column: str, words: Iterable[str]) -> Nearness:
    """Return how near a column's name comes to the nearest of some words."""
    own = _tokens(column)
    return max((_nearness(own, _tokens(word)) for word in words), default=Nearness.NONE)


def position(column: str, words: Iterable[str]) -> int | None:
    """Return where in a column's name the first of some words stands.

    >>> position("Imię i nazwisko", ["Nazwisko"]), position("Imię", ["Nazwisko"])
    (2, None)
    """
    own = _tokens(column)
    known = [_tokens(word) for word in words]
    found = [own.index(tokens[0]) for tokens in known if len(tokens) == 1 and tokens[0] in own]
    return min(found, default=None)


def _nearness(own: list[str], word: list[str]) -> Nearness:
    if not own or not word:
        return Nearness.NONE
    if "".join(own) == "".join(word):
        return Nearness.SAME
    if set(word) <= set(own):
        return Nearness.HOLDS
    telling = set(own) & set(word) - _COMMON
    if not telling:
        return Nearness.NONE
    return Nearness.PART if set(own) <= set(word) else Nearness.SHARES


def _tokens(name: str) -> list[str]:
    return [token for token in re.split(r"[\W_]+", name.casefold()) if token]
