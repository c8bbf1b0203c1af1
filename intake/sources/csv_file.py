r"""A CSV file as a source: a header, then records of text.

The header is the first row that is not blank; Excel's `sep=;` before it is obeyed and skipped. A column without a name
is none, but a value in it must be seen to be dropped, so it comes under the name `(column 3)`.

>>> names_of(["NIP ", "Nazwa", ""], "shop.csv", 1)
['NIP', 'Nazwa', '(column 3)']
>>> names_of(["NIP", "Nazwa", "nip"], "shop.csv", 1)
Traceback (most recent call last):
intake.errors.SourceError: shop.csv: line 1: columns 1 and 3 of the header are both called “nip”; rename or remove one
"""

from collections.abc import Iterator
from itertools import dropwhile, islice

from intake.errors import SourceError
from intake.mask import shown_name
from intake.sources.dialect import excel_delimiter, find_delimiter
from intake.sources.rows import is_blank, read_rows, skip_blank, width_of
from intake.sources.source import Blank, Item, Malformed, Place, Record
from intake.sources.text import TextFile


class CsvFile:
    """CSV as RFC 4180 has it, read as a `Source`."""

    def __init__(self, text: TextFile, delimiter: str | None = None) -> None:
        """Read the header with the delimiter given, or else found; raise SourceError where that is not certain."""
        self._text = text
        self.name, self.sha256, self.size, self.encoding = text.name, text.sha256, text.size, text.encoding
        told = excel_delimiter(next(text.lines(), None))
        found = delimiter or told or find_delimiter(text.lines)
        if found is None:
            raise SourceError(text.name, "source.delimiter_unclear")
        self.delimiter = found
        self._header_line, header = self._read_header(after=1 if told else 0)
        self._width = width_of(header)
        self._names = names_of(header, text.name, self._header_line)
        self._nameless = [name for name, cell in zip(self._names, header, strict=True) if not cell.strip()]
        self.columns = tuple(name for name in self._names if name not in self._nameless)
        text.position = 0

    @property
    def position(self) -> int:
        """Return how many of the file's bytes the present reading has taken."""
        return self._text.position

    def items(self) -> Iterator[Item]:
        """Read every record of the file, from its beginning."""
        rows = read_rows(self._text.lines(), self.delimiter, self._width)
        body = dropwhile(lambda row: row[0] <= self._header_line, rows)
        for number, (line, cells) in enumerate(body, 1):
            place = Place(number, line)
            if isinstance(cells, str):
                yield Malformed(place, cells)
            elif is_blank(cells):
                yield Blank(place)
            else:
                yield Record(place, self._values(cells))

    def _values(self, cells: list[str]) -> dict[str, object]:
        values: dict[str, object] = dict(zip(self._names, cells, strict=False))  # what is beyond the names is blank
        for name in self._nameless:
            if not str(values.get(name, "")).strip():
                values.pop(name, None)
        return values

    def _read_header(self, after: int) -> tuple[int, list[str]]:
        rows = skip_blank(islice(read_rows(self._text.lines(), self.delimiter), after, None))
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
