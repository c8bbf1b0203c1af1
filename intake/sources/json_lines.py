r"""A JSON Lines file as a source: one JSON object (RFC 8259) a line. Objects in it are taken apart (`nested.py`).

Stricter than `json.loads`, which takes the last of two equal keys, and NaN: what could be read in two ways is not read.

>>> decode('{"nip": "5260250274", "floor": 3}')
{'nip': '5260250274', 'floor': 3}
>>> decode('{"nip": "5260250274", "nip": ""}'), decode('[1]'), decode('{"floor": NaN}'), decode("{'floor': 3}")
('duplicate_key', 'not_an_object', 'number_not_finite', 'not_json')
"""

import json
import math
import re
from collections.abc import Generator, Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING, NoReturn

from intake.sources.content import Content
from intake.sources.encoding import UTF_8
from intake.sources.format import Format
from intake.sources.nested import flat
from intake.sources.proving import declared
from intake.sources.source import Blank, Item, Malformed, Place, Record
from intake.sources.text import Line, RawLine, TextFile, decoded, physical_lines

if TYPE_CHECKING:
    from intake.sources.chunk import Chunk

_DEEPEST = 32
_LONGEST_INTEGER = 40  # characters; the longest of any identifier, an IBAN, has 34
_HEAD = 1 << 20  # bytes
_ARRAY_OF_OBJECTS = re.compile(r"\[\s*\{")
_STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[\]{}]')


class JsonLines:
    """JSON Lines, read as a `Source`."""

    columns = None

    def __init__(self, text: TextFile) -> None:
        """Take a file; every line of it may be malformed."""
        self._text = text
        self.name, self.sha256, self.size = text.name, text.sha256, text.size
        text.position = 0

    @property
    def format(self) -> Format:
        """Return how the file is read."""
        return Format(
            name="json_lines",
            encoding=self._text.encoding,
            proof=self._text.proof.word,
            compression=self._text.content.compression,
        )

    @property
    def position(self) -> int:
        """Return how many of the file's bytes the present reading has taken."""
        return self._text.position

    def items(self) -> Iterator[Item]:
        """Read every line of the file, from its beginning."""
        return (item for _, item in self._read())

    def chunks(self, after: int = 0) -> "Generator[Chunk, None, None]":
        """Read the lines after a record in columns; a key that an object does not have is null."""
        from intake.sources.json_columns import in_chunks  # noqa: PLC0415  (late: only a run needs Polars)

        return in_chunks(self._read(after), after)

    def _read(self, after: int = 0) -> Iterator[tuple[Line, Item]]:
        """Read the lines after a record; a line that is too long, or no text, comes as None."""
        lines = chain.from_iterable(self._text.raw_lines())
        return (_item(number, line) for number, line in islice(enumerate(lines, 1), after, None))


def _item(number: int, raw: RawLine) -> tuple[Line, Item]:
    place = Place(number, number)
    if raw is None:
        return None, Malformed(place, "line_too_long")
    line = decoded(raw)
    if line is None:
        return None, Malformed(place, "not_utf8")
    if not line.strip():
        return line, Blank(place)
    values = decode(line)
    if isinstance(values, str):
        return line, Malformed(place, values)
    named = flat(values)
    return line, Malformed(place, "duplicate_key") if named is None else Record(place, named)


def holds_objects(content: Content) -> bool:
    """Return whether the first line of a file that is not blank holds a JSON object, or what was meant as one."""
    first = _first_line(content)
    return first.startswith("{") and decode(first) != "not_json"


def holds_one_value(content: Content) -> bool:
    """Return whether a file looks like one JSON value over many lines, or an array of objects: not JSON Lines."""
    first = _first_line(content)
    return first in {"[", "{"} or _ARRAY_OF_OBJECTS.match(first) is not None


def _first_line(content: Content) -> str:
    """Return the first line that is not blank, if it is near the beginning. One too long to be read is none."""
    head = content.head(_HEAD)
    # UTF-16 too: JSON in it is to be refused for that, and not for being no CSV.
    text = head.decode(declared(head)[1] or UTF_8, errors="replace").lstrip("\ufeff")
    lines = chain.from_iterable(physical_lines([text.encode()]))
    return next((line for line in map(str.strip, filter(None, lines)) if line), "")


def decode(line: str) -> dict[str, object] | str:
    """Return the object that the line holds, or the word for why it does not hold one."""
    if line.count("[") + line.count("{") > _DEEPEST and _depth(line) > _DEEPEST:
        return "too_deep"
    try:
        values = _DECODER.decode(line)
    except _RefusedError as refused:
        return refused.reason
    except json.JSONDecodeError:
        return "not_json"
    return values if isinstance(values, dict) else "not_an_object"


class _RefusedError(Exception):
    """JSON that `json` would read."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    values = dict(pairs)
    if len(values) < len(pairs):
        _refuse("duplicate_key")
    return values


def _integer(digits: str) -> int:
    if len(digits) > _LONGEST_INTEGER:
        _refuse("number_too_long")
    return int(digits)


def _float(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        _refuse("number_not_finite")
    return number


def _constant(_name: str) -> NoReturn:
    _refuse("number_not_finite")


def _refuse(reason: str) -> NoReturn:
    raise _RefusedError(reason)


def _depth(line: str) -> int:
    """Return how deep brackets are nested, without the recursion that a decoder needs."""
    depth = deepest = 0
    for token in _STRING_OR_BRACKET.finditer(line):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(token[0], 0)
        deepest = max(deepest, depth)
    return deepest


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_int=_integer, parse_float=_float, parse_constant=_constant)
