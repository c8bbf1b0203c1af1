"""What every source of records looks like, whatever its format: items in the file's order, each with its place.

>>> Record(Place(record=1, line=2), {"NIP": "5260250274"})
<Record place=Place(record=1, line=2) values=1>
"""

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Protocol

import msgspec

from intake.sources.format import Format

if TYPE_CHECKING:
    from intake.sources.chunk import Chunk


class Place(msgspec.Struct, frozen=True, gc=False):
    """Where an item starts: its number among the source's items, and its physical line, both from 1.

    Blank and malformed items are counted, the header and what stands above it are not. A physical line ends with LF,
    CR LF or CR, also inside quotes: what an editor shows beside the text. Of a workbook it is the row of the sheet.
    """

    record: int
    line: int


class Record(msgspec.Struct):
    """What was read: a value for each column. Text from CSV; whatever JSON can hold from JSON Lines.

    From a workbook text, and `Unusable` where a cell holds none that could be what was typed.
    """

    place: Place
    values: dict[str, object]

    def __repr__(self) -> str:
        """Show the place, and never a value."""
        return f"<Record place={self.place} values={len(self.values)}>"

    def __rich_repr__(self) -> list[tuple[str, object]]:
        """Show no value in rich's tracebacks either."""
        return [("place", self.place), ("values", len(self.values))]


class Malformed(msgspec.Struct, frozen=True, gc=False):
    """A record that could not be read, and a stable word for why.

    CSV: `too_few_cells`, `too_many_cells`, `unclosed_quote`, `quote_in_cell` (text after a closing quote),
    `cell_too_long`. JSON Lines: `not_json`, `not_an_object`, `duplicate_key`, `too_deep`, `number_too_long`,
    `number_not_finite`, `not_utf8`. Parquet: `cell_too_long`, `number_not_finite`, `not_utf8`. Workbooks:
    `too_many_cells`, `cell_too_long`. All but Parquet: `line_too_long`.
    """

    place: Place
    reason: str


class Blank(msgspec.Struct, frozen=True, gc=False):
    """A record that holds nothing: an empty line, a row in which every cell is blank, or the header once more."""

    place: Place


Item = Record | Malformed | Blank


class Source(Protocol):
    """One file, proven readable, with the identity that every report of it shows."""

    @property
    def name(self) -> str:
        """Return the file's name, without folders."""

    @property
    def sha256(self) -> str:
        """Return the SHA-256 of the file's bytes, in hexadecimal."""

    @property
    def size(self) -> int:
        """Return how many bytes the file has."""

    @property
    def format(self) -> Format:
        """Return how the file is read."""

    @property
    def columns(self) -> tuple[str, ...] | None:
        """Return the header's names, in its order; None where each record brings its own."""

    @property
    def position(self) -> int:
        """Return how many of the file's bytes the present reading has taken: for a progress bar."""

    def items(self) -> Iterator[Item]:
        """Read the file from its beginning; raise SourceError if its bytes are no longer those that were proven."""

    def chunks(self, after: int = 0) -> "Generator[Chunk, None, None]":
        """Read the same items as columns of text, those up to the record `after` left out; raise SourceError alike."""
