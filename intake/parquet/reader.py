"""Parquet as frames: what pyarrow decodes, a few rows at a time, made text and put together."""

from collections.abc import Iterator
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from intake.parquet.frames import Frame, Opened, Rows
from intake.parquet.refusal import RefusalError
from intake.parquet.texts import Texts, as_text, leaves, paths

_DECODED = 2_000  # rows at a time, at least: a cell of each may be as long as cells may be
_BYTES = 24 << 20  # of text in a frame
_MOST_COLUMNS = 1000
# Values that come again and again take up next to nothing in Parquet; but of customers' data, no two rows are the same.
# What is below so many bytes of text is let through.
_MOST_FOR_ONE = 200
_LET_THROUGH = 64 << 20
_LEAST = 8  # bytes that a cell without text takes


def read(file: BinaryIO, size: int, after: int, most: int) -> Iterator[Frame]:
    """Yield what the footer says, then the rows after so many, up to `most` a frame.

    Raise RefusalError, or pa.ArrowException, OSError or MemoryError where the file cannot be read.
    """
    parquet = pq.ParquetFile(file, pre_buffer=False, page_checksum_verification=True)
    names, rows = paths(parquet.schema_arrow), parquet.metadata.num_rows
    budget = _Budget(_LET_THROUGH + _MOST_FOR_ONE * size)
    if not 0 < len(names) <= _MOST_COLUMNS:
        raise RefusalError(code="source.parquet_columns", columns=len(names), most=_MOST_COLUMNS)
    budget.look(rows * len(names) * _LEAST)
    yield Opened(names, rows)
    growing = _Growing(after + 1)
    number = 0
    for batch in parquet.iter_batches(_at_once(parquet.metadata, most), use_threads=False):
        fresh = batch.slice(max(after - number, 0))
        number += batch.num_rows
        for columns in _pieces([as_text(leaf) for leaf in leaves(fresh)], most):
            budget.spend(columns)
            if growing.count and growing.count + _rows(columns) > most:
                yield growing.frame()
                growing = _Growing(growing.first + growing.count)
            growing.take(columns)
            if growing.bytes >= _BYTES:
                yield growing.frame()
                growing = _Growing(growing.first + growing.count)
    if growing.count:
        yield growing.frame()
    if number != rows:
        raise RefusalError(code="source.parquet_broken", record=number)


def _at_once(metadata: pq.FileMetaData, most: int) -> int:
    """Return how many rows to decode at a time, going by what the footer says that they take."""
    size: int = sum(metadata.row_group(number).total_byte_size for number in range(metadata.num_row_groups))
    fitting: int = _BYTES * metadata.num_rows // max(size, 1)
    return max(_DECODED, min(most, fitting))


def _pieces(columns: list[Texts], most: int) -> Iterator[list[Texts]]:
    """Cut rows until there are few enough, and little enough in them, for a frame; a row that is too much is none."""
    rows, size = _rows(columns), _size(columns)
    if rows > 1 and (rows > most or size > _BYTES):
        yield from _pieces([column.part(0, rows // 2) for column in columns], most)
        yield from _pieces([column.part(rows // 2, rows - rows // 2) for column in columns], most)
    elif rows and size > _BYTES:
        nothing = pa.nulls(1, pa.large_string())
        yield [Texts(nothing, malformed={"line_too_long": pa.array([True])}) for _ in columns]
    elif rows:
        yield columns


def _rows(columns: list[Texts]) -> int:
    return len(columns[0].texts)


def _size(columns: list[Texts]) -> int:
    return sum(column.texts.nbytes for column in columns)


class _Budget:
    """How much text a file may still make."""

    def __init__(self, bytes_: int) -> None:
        self._left = bytes_

    def look(self, needed: int) -> None:
        if needed > self._left:
            raise RefusalError(code="source.bomb", most=_MOST_FOR_ONE)

    def spend(self, columns: list[Texts]) -> None:
        self.look(_size(columns))
        self._left -= _size(columns)


class _Growing:
    """A frame that is being filled."""

    def __init__(self, first: int) -> None:
        self.first = first
        self.count = 0
        self.bytes = 0
        self._parts: list[list[pa.Array]] = []
        self._blank: list[int] = []
        self._malformed: dict[int, str] = {}
        self._odd: dict[int, list[int]] = {}

    def take(self, columns: list[Texts]) -> None:
        """Take consecutive rows, column by column."""
        self._parts.append([column.texts for column in columns])
        for number, column in enumerate(columns):
            for reason, where in column.malformed.items():
                self._malformed |= dict.fromkeys(self._places(where), reason)
            if column.odd is not None and (places := self._places(column.odd)):
                self._odd.setdefault(number, []).extend(places)
        self._blank += self._places(pc.invert(_filled(columns)))
        self.count += _rows(columns)
        self.bytes += _size(columns)

    def frame(self) -> Rows:
        texts = [pa.concat_arrays(parts) for parts in zip(*self._parts, strict=True)]
        batch = pa.RecordBatch.from_arrays(texts, [str(number) for number in range(len(texts))])
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, batch.schema) as stream:
            stream.write_batch(batch)
        blank = [place for place in self._blank if place not in self._malformed]
        return Rows(self.first, self.count, sink.getvalue().to_pybytes(), blank, self._malformed, self._odd)

    def _places(self, where: pa.Array) -> list[int]:
        """Return where a column of truth values is true, as places in the frame."""
        if not where.true_count:
            return []
        return [self.count + place.as_py() for place in pc.indices_nonzero(where)]


def _filled(columns: list[Texts]) -> pa.Array:
    """Return in which rows there is something."""
    filled = pa.repeat(pa.scalar(value=False), _rows(columns))
    for column in columns:
        if filled.true_count == len(filled):
            break
        filled = pc.or_(filled, _says(column))
    return filled


def _says(column: Texts) -> pa.Array:
    text = pc.fill_null(pc.not_equal(pc.utf8_trim_whitespace(column.texts), ""), fill_value=False)
    return text if column.odd is None else pc.or_(text, column.odd)
