"""A cause: why many records have the same thing wrong with them, from which line to which, and what cures it.

>>> said = {"field": "phone", "column": "Telefon"}
>>> cause = Cause(code="column.empty", records=40, first_line=2, last_line=41, field="phone", params=said)
>>> cause.message("en")
'The column “Telefon” (phone) holds nothing.'
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec

from validators.messages import LANGUAGES
from validators.types import Params

_CATALOGUES = Path(__file__).parents[1] / "catalogues"


class Entry(msgspec.Struct, frozen=True):
    """What a cause says, and what cures it."""

    message: str
    cure: str


class Cause(msgspec.Struct, frozen=True, kw_only=True):
    """A stable code, how many records it explains, the lines on which the first and the last of them start.

    `params` fill the sentences: names of fields and columns, never a value; `shape` is what one of the values looks
    like. Records that a notice was found of are not refused.
    """

    code: str
    records: int
    first_line: int
    last_line: int
    field: str | None = None
    params: Params = {}
    shape: str | None = None

    def message(self, language: str = "en") -> str:
        """Return what happened, in `en` or `pl`."""
        return catalogue(language)[self.code].message.format_map(self.params)

    def cure(self, language: str = "en") -> str:
        """Return the option, the mapping or whatever else puts it right."""
        return catalogue(language)[self.code].cure.format_map(self.params)

    def as_dict(self) -> dict[str, object]:
        """Return the JSON form."""
        told: dict[str, object] = msgspec.to_builtins(self)
        return told | {
            "message": {language: self.message(language) for language in LANGUAGES},
            "cure": {language: self.cure(language) for language in LANGUAGES},
        }


@cache
def catalogue(language: str) -> Mapping[str, Entry]:
    """Return all causes' sentences in a language."""
    text = (_CATALOGUES / f"{language}.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, Entry])
