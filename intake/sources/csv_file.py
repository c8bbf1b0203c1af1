r"""A CSV file as a source: a header, then records of text.

Where the header is, and how its cells are told apart, `layout.py` finds. What stands above it is skipped; the header
once more, on a later page of a report, is a blank item. A column without a name is none, but a value in it must be seen
to be dropped, so it comes under the name `(column 3)`.

>>> names_of(["NIP ", "Nazwa", ""], "shop.csv", 1)
['NIP', 'Nazwa', '(column 3)']
>>> names_of(["NIP", "Nazwa", "nip"], "shop.csv", 1)
Traceback (most recent call last):
intake.errors.SourceError: shop.csv: line 1: columns 1 and 3 of the header are both called “nip”; rename or remove one
"""

from collections.abc import Generator, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from intake.errors import SourceError
from intake.mask import shown_name
from intake.sources.format import Format
from intake.sources.layout import Said, find_layout
from intake.sources.rows import read_rows
from intake.sources.source import Blank, Item, Malformed, Place, Record
from intake.sources.table import Table
from intake.sources.text import TextFile

if TYPE_CHECKING:
    from intake.sources.chunk import Chunk


class CsvFile:
    """CSV, read as a `Source`."""

    def __init__(self, text: TextFile, said: Said) -> None:
        """Read the header, by what was said or else found; raise SourceError where that is not certain."""
        self._text = text
        self.name, self.sha256, self.size = text.name, text.sha256, text.size
        self._layout = layout = find_layout(text, said)
        self._table = Table.under(
            layout.header, names_of(layout.header, text.name, layout.header_line), layout.header_line
        )
        self.columns = tuple(name for name in self._table.names if name not in self._table.nameless)
        text.position = 0

    @property
    def format(self) -> Format:
        """Return how the file is read."""
        layout, text = self._layout, self._text
        return Format(
            name="csv",
            encoding=text.encoding,
            proof=text.proof.word,
            letters=text.proof.letters,
            delimiter=layout.dialect.delimiter,
            quoting=layout.dialect.quoting,
            line_ends=layout.line_ends,
            header_line=layout.header_line,
            preamble=layout.preamble,
            compression=text.content.compression,
        )

    @property
    def position(self) -> int:
        """Return how many of the file's bytes the present reading has taken."""
        return self._text.position

    def items(self) -> Iterator[Item]:
        """Read every record of the file, from its beginning."""
        first = self._table.header_line
        lines = islice(self._text.lines(), first - 1, None)
        rows = read_rows(lines, self._layout.dialect, self._table.width, first)
        for number, (line, cells) in enumerate(islice(rows, 1, None), 1):
            place = Place(number, line)
            if isinstance(cells, str):
                yield Malformed(place, cells)
            elif self._table.holds_nothing(cells):
                yield Blank(place)
            else:
                yield Record(place, self._table.values(cells))

    def chunks(self, after: int = 0) -> "Generator[Chunk, None, None]":
        """Read the records after a record in columns; a cell that its row does not have is null."""
        from intake.sources.csv_columns import read_chunks  # noqa: PLC0415  (late: only a run needs Polars)

        return read_chunks(self._text, self._table, self._layout.dialect, after)


def names_of(header: list[str], source: str, line: int) -> list[str]:
    """Return a name for every column; raise SourceError if two have the same, whatever their case."""
    names = [cell.strip() or f"(column {number})" for number, cell in enumerate(header, 1)]
    first: dict[str, int] = {}
    for number, name in enumerate(names, 1):
        before = first.setdefault(name.casefold(), number)
        if before != number:
            raise SourceError(
                source, "source.duplicate_column", line=line, column=number, first=before, name=shown_name(name)
            )
    return names
