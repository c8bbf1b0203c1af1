r"""A CSV file as a source: a header, then records of text.

The header is the first row that is not blank; Excel's `sep=;` before it is obeyed and skipped. A column without a name
is none, but a value in it must be seen to be dropped, so it comes under the name `(column 3)`.

>>> names_of(["NIP ", "Nazwa", ""], "shop.csv", 1)
['NIP', 'Nazwa', '(column 3)']
>>> names_of(["NIP", "Nazwa", "nip"], "shop.csv", 1)
Traceback (most recent call last):
intake.errors.SourceError: shop.csv: line 1: columns 1 and 3 of the header are both called “nip”; rename or remove one
"""

from collections.abc import Generator, Iterator
from itertools import dropwhile, islice
from typing import TYPE_CHECKING

from intake.errors import SourceError
from intake.mask import shown_name
from intake.sources.dialect import excel_delimiter, find_delimiter
from intake.sources.format import Format
from intake.sources.rows import is_blank, read_rows, skip_blank
from intake.sources.source import Blank, Item, Malformed, Place, Record
from intake.sources.table import Table
from intake.sources.text import TextFile

if TYPE_CHECKING:
    from intake.sources.chunk import Chunk


class CsvFile:
    """CSV as RFC 4180 has it, read as a `Source`."""

    def __init__(self, text: TextFile, delimiter: str | None = None) -> None:
        """Read the header with the delimiter given, or else found; raise SourceError where that is not certain."""
        self._text = text
        self.name, self.sha256, self.size = text.name, text.sha256, text.size
        told = excel_delimiter(next(text.lines(), None))
        found = delimiter or told or find_delimiter(text.lines)
        if found is None:
            raise SourceError(text.name, "source.delimiter_unclear")
        self._delimiter = found
        line, header = self._read_header(after=1 if told else 0)
        self._table = Table.under(header, names_of(header, text.name, line), line)
        self.columns = tuple(name for name in self._table.names if name not in self._table.nameless)
        text.position = 0

    @property
    def format(self) -> Format:
        """Return how the file is read."""
        return Format(
            name="csv",
            encoding=self._text.encoding,
            proof=self._text.proof.word,
            letters=self._text.proof.letters,
            delimiter=self._delimiter,
            compression=self._text.content.compression,
        )

    @property
    def position(self) -> int:
        """Return how many of the file's bytes the present reading has taken."""
        return self._text.position

    def items(self) -> Iterator[Item]:
        """Read every record of the file, from its beginning."""
        rows = read_rows(self._text.lines(), self._delimiter, self._table.width)
        body = dropwhile(lambda row: row[0] <= self._table.header_line, rows)
        for number, (line, cells) in enumerate(body, 1):
            place = Place(number, line)
            if isinstance(cells, str):
                yield Malformed(place, cells)
            elif is_blank(cells):
                yield Blank(place)
            else:
                yield Record(place, self._table.values(cells))

    def chunks(self, after: int = 0) -> "Generator[Chunk, None, None]":
        """Read the records after a record in columns; a cell that its row does not have is null."""
        from intake.sources.csv_columns import read_chunks  # noqa: PLC0415  (late: only a run needs Polars)

        return read_chunks(self._text, self._table, self._delimiter, after)

    def _read_header(self, after: int) -> tuple[int, list[str]]:
        rows = skip_blank(islice(read_rows(self._text.lines(), self._delimiter), after, None))
        line, cells = next(rows, (0, []))
        if isinstance(cells, str):
            raise SourceError(self.name, "source.header_unreadable", line=line, reason=cells)
        if not cells:
            raise SourceError(self.name, "source.empty")
        return line, cells


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
