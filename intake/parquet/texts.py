"""Columns of Arrow as columns of text: numbers as their digits, dates as ISO 8601 has them, structures by their paths.

>>> batch = pa.RecordBatch.from_pylist([{"phone": 600123456.0, "address": {"city": "Toruń"}}, {"phone": 1.5}])
>>> paths(batch.schema), [as_text(leaf).texts.to_pylist() for leaf in leaves(batch)]
(['phone', 'address.city'], [['600123456', '1.5'], ['Toruń', None]])
"""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from intake.sources.nested import BETWEEN, DEEPEST, LONGEST

_LONGEST_CELL = 131_072  # bytes, as of CSV (`csv.field_size_limit`, in characters)
_EXACT = 1 << 53  # below it a float has every integer

_IS = pa.types


class Texts(NamedTuple):
    """A column as text, and in which of its rows there is something else."""

    texts: pa.Array
    odd: pa.Array | None = None  # True where a value is no text, such as a list
    malformed: Mapping[str, pa.Array] = {}  # by the word for why, where a row cannot be read for certain

    def part(self, start: int, length: int) -> "Texts":
        """Return some of its rows."""
        odd = None if self.odd is None else self.odd.slice(start, length)
        malformed = {reason: where.slice(start, length) for reason, where in self.malformed.items()}
        return Texts(self.texts.slice(start, length), odd, malformed)


# --- columns ---------------------------------------------------------------------------------------------------------


def paths(schema: pa.Schema) -> list[str]:
    """Return the names of a file's columns, of those within structures too."""
    return [path for field in schema for path in _paths(field.name, field.type, 1)]


def leaves(batch: pa.RecordBatch) -> Iterator[pa.Array]:
    """Yield the columns that the paths name."""
    for field, column in zip(batch.schema, batch.columns, strict=True):
        yield from _leaves(field.name, column, 1)


def _paths(path: str, kind: pa.DataType, depth: int) -> Iterator[str]:
    if not _is_taken_apart(path, kind, depth):
        yield path
        return
    for field in kind:
        yield from _paths(path + BETWEEN + field.name, field.type, depth + 1)


def _leaves(path: str, column: pa.Array, depth: int) -> Iterator[pa.Array]:
    if not _is_taken_apart(path, column.type, depth):
        yield column
        return
    for field, inner in zip(column.type, column.flatten(), strict=True):
        yield from _leaves(path + BETWEEN + field.name, inner, depth + 1)


def _is_taken_apart(path: str, kind: pa.DataType, depth: int) -> bool:
    return _IS.is_struct(kind) and depth <= DEEPEST and len(path) <= LONGEST


# --- values ----------------------------------------------------------------------------------------------------------


def as_text(column: pa.Array) -> Texts:
    """Return a column as text."""
    if isinstance(column.type, pa.UuidType):
        return Texts(pa.array((value and str(value) for value in column.to_pylist()), pa.large_string()))
    if isinstance(column.type, pa.BaseExtensionType):
        return as_text(column.storage)
    if _IS.is_dictionary(column.type):
        return as_text(column.dictionary_decode())
    make = next((make for holds, make in _MAKERS if holds(column.type)), _nothing)
    return make(column)


def _strings(column: pa.Array) -> Texts:
    texts, too_long, wrong = _decoded(column)
    return Texts(texts, malformed={"cell_too_long": too_long, "not_utf8": wrong})


def _bytes(column: pa.Array) -> Texts:
    texts, too_long, wrong = _decoded(column)
    return Texts(texts, odd=pc.or_(too_long, wrong))


def _decoded(column: pa.Array) -> tuple[pa.Array, pa.Array, pa.Array]:
    """Return the texts of bytes, and where those are too long, or not UTF-8; pyarrow takes a file's word for that."""
    octets = column.cast(pa.large_binary())
    too_long = pc.fill_null(pc.greater(pc.binary_length(octets), _LONGEST_CELL), fill_value=False)
    octets = _without(octets, too_long)
    wrong = pa.repeat(pa.scalar(value=False), len(column))
    try:
        return octets.cast(pa.large_string()), too_long, wrong
    except pa.ArrowInvalid:
        wrong = pa.array([not _is_utf8(value) for value in octets.to_pylist()], pa.bool_())
    return _without(octets, wrong).cast(pa.large_string()), too_long, wrong


def _without(octets: pa.Array, where: pa.Array) -> pa.Array:
    """Return bytes, those of some rows made nothing: first empty, for Arrow keeps what stands below a null."""
    if not where.true_count:
        return octets
    return pc.if_else(where, pa.scalar(None, octets.type), pc.if_else(where, pa.scalar(b"", octets.type), octets))


def _is_utf8(value: bytes | None) -> bool:
    try:
        return value is None or value.decode() is not None
    except UnicodeDecodeError:
        return False


def _plain(column: pa.Array) -> Texts:
    return Texts(column.cast(pa.large_string()))


def _decimals(column: pa.Array) -> Texts:
    if column.type.scale < 0:  # which Arrow writes with an exponent
        return Texts(pa.array([None if one is None else f"{one:f}" for one in column.to_pylist()], pa.large_string()))
    return Texts(_without_zeros(column.cast(pa.large_string())))


def _floats(column: pa.Array) -> Texts:
    """Make text of floats: of integral ones their digits, as people write them, and nothing of NaN, as pandas does."""
    numbers = column.cast(pa.float64())
    there = pc.fill_null(pc.invert(pc.is_nan(numbers)), fill_value=False)
    infinite = pc.fill_null(pc.is_inf(numbers), fill_value=False)
    there = pc.and_(there, pc.invert(infinite))
    integral = pc.and_(there, pc.and_(pc.equal(pc.floor(numbers), numbers), pc.less(pc.abs(numbers), float(_EXACT))))
    integral = pc.fill_null(integral, fill_value=False)
    digits = pc.if_else(integral, numbers, 0.0).cast(pa.int64()).cast(pa.large_string())
    written = (column if not _IS.is_float16(column.type) else numbers).cast(pa.large_string())
    texts = pc.if_else(integral, digits, pc.if_else(there, written, pa.scalar(None, pa.large_string())))
    return Texts(texts, malformed={"number_not_finite": infinite})


def _moments(column: pa.Array) -> Texts:
    # In UTC, whatever zone the file names: it need not be one that this system knows.
    utc = column.cast(pa.timestamp(column.type.unit, "UTC")) if column.type.tz else column
    return _of_time(pc.replace_substring(utc.cast(pa.large_string()), " ", "T", max_replacements=1))


def _days_and_times(column: pa.Array) -> Texts:
    return _of_time(column.cast(pa.large_string()))


def _of_time(texts: pa.Array) -> Texts:
    """Take out what is no time of any calendar: Arrow says that it is out of range."""
    odd = pc.fill_null(pc.starts_with(texts, "<"), fill_value=False)
    return Texts(_without_zeros(pc.if_else(odd, pa.scalar(None, texts.type), texts)), odd=odd)


def _without_zeros(texts: pa.Array) -> pa.Array:
    """Return texts without a fraction that is nothing."""
    return pc.replace_substring_regex(texts, r"\.0+(Z?)$", r"\1")


def _nothing(column: pa.Array) -> Texts:
    """Make no text of what is none: truth values, lists, maps, spans of time, structures too far inside."""
    return Texts(pa.nulls(len(column), pa.large_string()), odd=pc.is_valid(column))


_MAKERS: tuple[tuple[Callable[[pa.DataType], bool], Callable[[pa.Array], Texts]], ...] = (
    (lambda kind: _IS.is_string(kind) or _IS.is_large_string(kind) or _IS.is_string_view(kind), _strings),
    (lambda kind: _IS.is_binary(kind) or _IS.is_large_binary(kind) or _IS.is_binary_view(kind), _bytes),
    (_IS.is_fixed_size_binary, _bytes),
    (_IS.is_integer, _plain),
    (_IS.is_decimal, _decimals),
    (_IS.is_floating, _floats),
    (_IS.is_timestamp, _moments),
    (lambda kind: _IS.is_date(kind) or _IS.is_time(kind), _days_and_times),
    (_IS.is_null, _plain),
)
