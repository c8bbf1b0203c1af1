"""The sentences for people, in Polish and English. The codes are the program's; the words stand in the catalogues.

>>> sentence("nip.length", {"expected": 10}, "pl")
'NIP ma 10 cyfr.'
>>> remedy("nip.length", {"expected": 10}, "en")
'Count the digits; one is missing or one too many.'
"""

from collections.abc import Mapping
from functools import cache

import msgspec

from validators.shipped import shipped
from validators.types import Params

LANGUAGES = ("en", "pl")


class Entry(msgspec.Struct, frozen=True):
    """What a code says, and what a person can do about it."""

    message: str
    remedy: str


@cache
def catalogue(language: str) -> Mapping[str, Entry]:
    """Return all entries of a language (`en` or `pl`), by code; ValueError for another language."""
    if language not in LANGUAGES:
        message = f"no catalogue for this language; there are {', '.join(LANGUAGES)}"
        raise ValueError(message)
    return msgspec.convert(shipped("catalogues", f"{language}.toml"), dict[str, Entry])


def sentence(code: str, params: Params, language: str) -> str:
    """Return what a code says, with its parameters filled in."""
    return catalogue(language)[code].message.format_map(params)


def remedy(code: str, params: Params, language: str) -> str:
    """Return what a person can do about it."""
    return catalogue(language)[code].remedy.format_map(params)
