"""A Parquet file as a source: a table with names, whose rows are records.

It has no lines: the line of a record is its number. A child reads the file (`intake.parquet`), once to its end before
anything is loaded, so that what cannot be decoded is found then, and once for the records.

>>> names_of(["NIP", "", "address.city"], "shop.parquet")
('NIP', '(column 2)', 'address.city')
>>> names_of(["NIP", "Nazwa", "nip"], "shop.parquet")
Traceback (most recent call last):
intake.errors.SourceError: shop.parquet: columns 1 and 3 are both called “nip”; rename or remove one
"""

from collections.abc import Generator, Iterable, Iterator
from typing import TYPE_CHECKING

from intake.errors import SourceError
from intake.mask import shown_name
from intake.parquet.frames import Opened, Rows
from intake.parquet.process import frames, prove
from intake.sources.content import Content
from intake.sources.encoding import UTF_8
from intake.sources.format import Format
from intake.sources.source import Item, Place, Record

if TYPE_CHECKING:
    from intake.sources.chunk import Chunk

PARQUET = b"PAR1"

_RECORDS = 20_000  # in a chunk
_BLOCK = 1 << 20


class ParquetFile:
    """Parquet, read as a `Source`."""

    def __init__(self, content: Content) -> None:
        """Read the file to its end; raise SourceError where it cannot be read."""
        self._content = content
        self.name = content.name
        self.sha256, self.size = self._identity()
        self._opened: Opened = prove(content)
        self.columns = names_of(self._opened.names, self.name)
        self.position = 0

    @property
    def format(self) -> Format:
        """Return how the file is read."""
        return Format(name="parquet", encoding=UTF_8)

    def items(self) -> Iterator[Item]:
        """Read every row of the file."""
        for chunk in self.chunks():
            places = map(Place, chunk.records, chunk.lines)
            rows = zip(places, chunk.rows.iter_rows(named=True), strict=True)
            records = [Record(place, values) for place, values in rows]
            yield from sorted([*records, *chunk.others], key=lambda item: item.place.record)

    def chunks(self, after: int = 0) -> "Generator[Chunk, None, None]":
        """Read the rows after a record in columns; nothing, and what is no text, is null."""
        from intake.sources.parquet_columns import chunk_of  # noqa: PLC0415  (late: only a run needs Polars)

        self.position = 0
        for frame in frames(self._content, after, _RECORDS):
            if isinstance(frame, Rows):
                chunk = chunk_of(frame, self.columns)
                yield chunk
                self.position = self.size * chunk.last_record // max(self._opened.rows, chunk.last_record)
        self.position = self.size
        if self._identity() != (self.sha256, self.size):
            raise SourceError(self.name, "source.changed")

    def _identity(self) -> tuple[str, int]:
        reading = self._content.read(_BLOCK)
        for _ in reading:
            pass
        return reading.sha256, reading.taken


def names_of(names: Iterable[str], source: str) -> tuple[str, ...]:
    """Return a name for every column; raise SourceError if two have the same, whatever their case."""
    found: dict[str, str] = {}
    for number, name in enumerate(names, 1):
        called = name.strip() or f"(column {number})"
        if called.casefold() in found:
            first = [*found].index(called.casefold()) + 1
            raise SourceError(source, "source.same_columns", column=number, first=first, name=shown_name(called))
        found[called.casefold()] = called
    return tuple(found.values())
