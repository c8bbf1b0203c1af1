r"""JSON Lines in columns: decoded object by object, as ever; those that hold nothing but text come as rows.

A number is text too, as `validators` has it. null is what is not there. An object with a list, an object, true, false,
or half a surrogate pair in it stays what it is, as does one that would take a chunk beyond so many columns: whoever
names every object's keys anew would have a column for each.

>>> texts({"nip": "5260250274", "floor": 3, "flat": None}, "")
{'nip': '5260250274', 'floor': '3', 'flat': None}
>>> texts({"nip": ["5260250274"]}, ""), texts({"nip": "\ud800"}, r'{"nip": "\ud800"}'), texts({}, "")
(None, None, None)
"""

import re
from collections.abc import Generator, Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import cast

import polars as pl

from intake.sources.chunk import Chunk, numbers, room
from intake.sources.source import Item, Place, Record
from intake.sources.text import Line
from validators.field import as_text

# What a chunk is to have, whichever is reached first.
_CHARACTERS = 8 << 20
_LINES = 20_000
_MOST_COLUMNS = 200

_TEXTS = {str, type(None)}
_SURROGATE = re.compile(r"\\u[Dd][89A-Fa-f]")  # as JSON writes it, in a file that is UTF-8 and so has none itself
_HALF = re.compile("[\ud800-\udfff]")


def in_chunks(items: Iterable[tuple[Line, Item]], after: int = 0) -> Generator[Chunk, None, None]:
    """Put items, each with its line, into chunks; the first of them comes after so many others."""
    growing, length, most = _Growing(), 0, room(after, _LINES)
    for line, item in items:
        growing.take(item, line or "")
        length += len(line or "")
        if growing.read >= most or length >= _CHARACTERS:
            yield growing.chunk()
            growing, length, most = _Growing(), 0, room(item.place.record, _LINES)
    if growing.read:
        yield growing.chunk()


def texts(values: Mapping[str, object], line: str) -> Mapping[str, str | None] | None:
    """Return the values that a line holds as text, or None if they are not all text, or none at all."""
    if not values or (_SURROGATE.search(line) and not _is_unicode(values)):
        return None
    if _TEXTS.issuperset(map(type, values.values())):
        return cast("Mapping[str, str | None]", values)
    found = {name: None if value is None else as_text(value) for name, value in values.items()}
    return None if any(text is None and values[name] is not None for name, text in found.items()) else found


def _is_unicode(values: Mapping[str, object]) -> bool:
    return not any(_HALF.search(text) for text in [*values, *values.values()] if isinstance(text, str))


class _Growing:
    """A chunk that is being filled."""

    def __init__(self) -> None:
        self.read = 0
        self._last = 0
        self._columns: dict[str, list[str | None]] = {}
        self._places: list[Place] = []
        self._others: list[Item] = []

    def take(self, item: Item, line: str) -> None:
        self.read += 1
        self._last = item.place.record
        row = texts(item.values, line) if isinstance(item, Record) else None
        if row is None or not self._has_columns(row.keys()):
            self._others.append(item)
            return
        self._places.append(item.place)
        for name, text in row.items():
            self._columns[name].append(text)
        if len(row) < len(self._columns):
            for name in self._columns.keys() - row.keys():
                self._columns[name].append(None)

    def chunk(self) -> Chunk:
        return Chunk(
            read=self.read,
            last_record=self._last,
            rows=pl.DataFrame(self._columns, dict.fromkeys(self._columns, pl.String)),
            records=numbers(place.record for place in self._places),
            lines=numbers(place.line for place in self._places),
            others=self._others,
        )

    def _has_columns(self, names: AbstractSet[str]) -> bool:
        """Return whether there is a column for every name: those that are new get one as long as there is room."""
        if names <= self._columns.keys():
            return True
        if len(names | self._columns.keys()) > _MOST_COLUMNS:
            return False
        for name in names:
            if name not in self._columns:
                self._columns[name] = [None] * len(self._places)
        return True
