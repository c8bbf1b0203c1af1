r"""A CSV file in columns: what Polars certainly reads as `read_rows` does goes to Polars, and the rest to `read_rows`.

A pattern proves that a physical line by itself is one row, of exactly as many cells as the header has: each without
quotes, or quoted as RFC 4180 has it. Such a line is read the same whatever was refused before it, unless it stands
inside a row that began above. So reading goes from one line that is not proven to the next: the lines between them are
rows, and `read_rows` says where the row ends that begins with it. Of lines that are not proven but stand together the
same pattern may prove that they are one row, with line ends inside its quotes; Polars reads these too, but apart, and
with a NUL for each line end, for it cuts a file for its threads where it takes such a line end for one of a row.

What is proven is so whatever the quotes of the file mean: where a backslash means something, no line with one is.

>>> lines = [b'1;Jan\n', b'2;"Ewa; ""Ola"" Kot"\r\n', b'3;"Jan\n', b' ; \n', b'4;Jan;x\n', b'5;x"y\n', b'6;Jan']
>>> unproven(lines, proof(Dialect(";"), 2))
[(2, 1), (3, 1), (4, 1), (5, 1)]
>>> unproven([b'1;Jan\n', b'2;"Jan\n', b'Maria"\n', b'3;Ewa\n'], proof(Dialect(";"), 2))
[(1, 2)]
"""

import csv
import re
from collections.abc import Generator, Iterator, Sequence
from itertools import chain, zip_longest

import polars as pl

from intake.sources.chunk import Chunk, numbers, room, stacked
from intake.sources.quoting import Dialect
from intake.sources.rows import MOST_LINES, Row, Taken, rows_from
from intake.sources.source import Blank, Item, Malformed, Place, Record
from intake.sources.table import Table
from intake.sources.text import Line, RawLine, TextFile

# What a chunk is to have, whichever is reached first; a row that began before may go on. Cells are counted as if every
# row had all of them: for Polars, even one that is not there takes space.
_BYTES = 24 << 20
_RECORDS = 84_000
_PART = 25_000  # lines that are text at a time, for that of a whole chunk would take much memory
_CELLS = 1 << 21
_LINE_END = "\0"  # what stands for one inside quotes, while Polars reads a row of several lines
_MOST_COLUMNS = 1000  # the records of a wider table come one by one: its pattern would take megabytes, or be refused
_SPACE = "".join(filter(str.isspace, map(chr, range(0x3001))))  # what `str.strip` takes away; U+3000 is the last


def read_chunks(text: TextFile, table: Table, dialect: Dialect, after: int = 0) -> Generator[Chunk, None, None]:
    """Read a file's rows after a record."""
    limit = min(_RECORDS, _CELLS // len(table.names))
    pattern = proof(dialect, len(table.names))
    lines = _Lines(text)
    lines.skip(table.header_line - 1)
    taken = Taken(lines, dialect, table.header_line)
    rows = rows_from(taken, table.width)
    growing = _Growing(table, dialect, after, 0)
    left, start = room(0, limit) + 1, text.passed  # lines of the chunk, with the header; where in the text it begins
    while fresh := lines.fill(min(left, _PART), start + _BYTES):
        header = int(taken.line == table.header_line)  # which is not for columns to read
        open_ = unproven(fresh, pattern, header)
        for first, count in chain([(0, 1)] * header, open_, [(len(fresh), 0)]):
            if first > lines.at:  # else it is inside a row that began above
                growing.take_lines(taken.line, fresh[lines.at : first])
                taken.line += first - lines.at
                lines.at = first
            if first == lines.at and count > 1 and taken.is_free:
                growing.take_joined(taken.line, fresh[first : first + count])
                taken.line += count
                lines.at += count
            while lines.at < first + count:
                growing.take_row(next(rows))
        growing.parse_lines()
        left -= len(fresh)
        if left <= 0 or text.passed >= start + _BYTES:
            left, start = room(growing.number, limit), text.passed
            if growing.read:
                yield growing.chunk()
            growing = _Growing(table, dialect, after, growing.number)
    if growing.read:
        yield growing.chunk()


def proof(dialect: Dialect, columns: int) -> str | None:
    """Return the pattern of lines that are a row by themselves, or None if Polars cannot read such a file."""
    # `unproven` takes any letter or figure for a value.
    if not dialect.delimiter.isascii() or dialect.delimiter.isalnum() or columns > _MOST_COLUMNS:
        return None
    one, quote = re.escape(dialect.delimiter), dialect.quote
    meant = re.escape(dialect.meant)
    quoted = rf"|{quote}(?:[^{meant}]|{quote}{quote})*{quote}" if quote else ""
    cell = rf"(?:[^{meant}\r\n{one}]*{quoted})"
    return rf"\A(?:{cell}{one}){{{columns - 1}}}{cell}(?:\r?\n)?\z"


def unproven(lines: Sequence[RawLine], pattern: str | None, first: int = 0) -> list[tuple[int, int]]:
    """Return which lines are not certainly a row by themselves, from the `first` on: where, and how many together.

    Of one alone nothing is known; several together are certainly one row, if a row begins there.
    """
    text = _texts(lines) if pattern else None
    if text is None or pattern is None:
        return [(number, 1) for number in range(first, len(lines))]
    open_ = pl.DataFrame({"at": (~_are_rows(text, pattern)).arg_true()}).filter(pl.col("at") >= first)
    runs = (
        open_.with_columns(text=text.gather(open_["at"]), run=pl.col("at") - pl.int_range(pl.len(), dtype=pl.UInt32))
        .group_by("run", maintain_order=True)
        .agg(pl.col("at").first(), pl.len(), pl.col("text").str.join(ignore_nulls=False))
    )
    joined = _are_rows(runs["text"], pattern) & (runs["len"] <= MOST_LINES)
    joined &= ~runs["text"].str.contains(_LINE_END, literal=True)
    found: list[tuple[int, int]] = []
    for at, count, together in zip(runs["at"], runs["len"], joined, strict=True):
        found += [(at, count)] if together else [(at + number, 1) for number in range(count)]
    return found


def _texts(lines: Sequence[RawLine]) -> pl.Series | None:
    try:
        return pl.Series(lines, dtype=pl.Binary).cast(pl.String)
    except pl.exceptions.ComputeError:  # not UTF-8, so not the bytes that were proven: the reading's end will say so
        return None


def _are_rows(texts: pl.Series, pattern: str) -> pl.Series:
    """Return which texts certainly are a row, and not a blank one."""
    certain = texts.str.contains(pattern) & (texts.str.len_bytes() <= csv.field_size_limit())
    # By their first character alone, faster than by any pattern, most lines show that they hold something.
    first = texts.is_between(pl.lit("0"), pl.lit(":"), closed="left")
    doubtful = (certain & ~first).arg_true()
    return certain.fill_null(value=False).scatter(doubtful, _hold_something(texts[doubtful]))


def _hold_something(texts: pl.Series) -> pl.Series:
    """Return which texts have a value that is a letter or a figure, at least.

    None begins with what Polars takes for a byte order mark, wherever it begins to read.
    """
    return texts.str.contains("[0-9A-Za-z]") & ~texts.str.starts_with("\ufeff")


class _Lines:
    """The lines of a chunk; and what follows, as far as its last row goes."""

    def __init__(self, text: TextFile) -> None:
        self.at = 0  # the line to be handed out next
        self._held: list[RawLine] = []
        self._text = text
        self._batches = filter(None, text.raw_lines())
        text.position = text.passed = 0

    def skip(self, lines: int) -> None:
        """Pass over the first lines."""
        while lines and (self._held or self._read_on()):
            passed = min(lines, len(self._held))
            del self._held[:passed]
            lines -= passed

    def fill(self, most: int, end: int) -> list[RawLine]:
        """Forget the lines that were handed out, and return up to `most` lines: none if there are none.

        They are read on as far as the text's byte `end`, and where none is left in any case.
        """
        del self._held[: self.at]
        self.at = 0
        while len(self._held) < most and (self._text.passed < end or not self._held) and self._read_on():
            pass
        return self._held[:most]

    def __iter__(self) -> Iterator[Line]:
        while self.at < len(self._held) or self._read_on():
            line = self._held[self.at]
            self.at += 1
            # Bytes that are not UTF-8 are not those that were proven: the reading's end will say so.
            yield line if line is None else line.decode(errors="replace")

    def give_back(self, lines: Sequence[Line]) -> None:
        self.at -= len(lines)

    def _read_on(self) -> bool:
        batch = next(self._batches, None)
        self._held += batch or []
        return batch is not None


class _Growing:
    """A chunk that is being filled. What comes up to the record `after` is counted, and no part of it."""

    def __init__(self, table: Table, dialect: Dialect, after: int, number: int) -> None:
        self.number = number  # of the last item
        self._table = table
        self._dialect = dialect
        self._columns = dict.fromkeys(table.names if len(table.names) <= _MOST_COLUMNS else [], pl.String)
        self._after = max(after, number)
        self._lines: list[RawLine] = []  # that are proven, and not parsed yet
        self._parsed: list[pl.DataFrame] = []
        self._runs: list[tuple[int, int, int]] = []  # of lines: the first one's record and line, and how many
        self._joined: list[tuple[int, int, bytes]] = []  # rows of several lines: record, line and text
        self._rows: list[tuple[int, int, list[str]]] = []
        self._others: list[Item] = []

    @property
    def read(self) -> int:
        """Return how many items the chunk has."""
        return max(self.number - self._after, 0)

    def take_lines(self, line: int, lines: list[RawLine]) -> None:
        """Take lines that are proven, the first of which has the number `line`."""
        done = min(max(self._after - self.number, 0), len(lines))
        if done < len(lines):
            self._runs.append((self.number + done + 1, line + done, len(lines) - done))
            self._lines += lines[done:]
        self.number += len(lines)

    def take_joined(self, line: int, lines: list[RawLine]) -> None:
        """Take lines that are proven to be one row, the first of which has the number `line`."""
        self.number += 1
        if self.number > self._after:
            text = b"".join(filter(None, lines))
            end = len(text.rstrip(b"\r\n"))
            joined = text[:end].replace(b"\n", _LINE_END.encode()) + text[end:]
            self._joined.append((self.number, line, joined))

    def take_row(self, row: Row) -> None:
        """Take a row of any kind."""
        line, cells = row
        if line <= self._table.header_line:
            return
        self.number += 1
        if self.number <= self._after:
            return
        place = Place(self.number, line)
        if isinstance(cells, str):
            self._others.append(Malformed(place, cells))
        elif self._table.holds_nothing(cells):
            self._others.append(Blank(place))
        elif self._columns:
            self._rows.append((self.number, line, cells))
        else:
            self._others.append(Record(place, self._table.values(cells)))

    def parse_lines(self) -> None:
        """Make rows of the lines that are proven."""
        self._parsed.append(self._parse(self._lines))
        self._lines.clear()

    def chunk(self) -> Chunk:
        """Return the chunk, once its lines are parsed. Rows that were read apart get their place by their numbers."""
        rows, (records, lines) = self._stack_rows(), self._number_rows()
        headers = self._headers(rows)
        if headers.any():
            self._others += map(Blank, map(Place, records.filter(headers), lines.filter(headers)))
            self._others.sort(key=lambda item: item.place.record)
            rows, records, lines = rows.filter(~headers), records.filter(~headers), lines.filter(~headers)
        if not records.is_sorted():
            order = records.arg_sort()
            rows, records, lines = rows[order], records[order], lines[order]
        return Chunk(self.read, self.number, rows, records, lines, self._others)

    def _stack_rows(self) -> pl.DataFrame:
        """Return the rows: those of one line, those of several, and those that Polars did not read."""
        rows, self._parsed = self._parsed, []
        if self._joined:
            joined = self._parse([text for _, _, text in self._joined])
            rows.append(joined.with_columns(pl.all().str.replace_all(_LINE_END, "\n", literal=True)))
        if self._rows:
            rows.append(self._build_rows())
        return stacked(rows)

    def _number_rows(self) -> tuple[pl.Series, pl.Series]:
        """Return the records and the lines of the rows."""
        runs = pl.DataFrame(self._runs, {"record": pl.UInt32, "line": pl.UInt32, "count": pl.UInt32}, orient="row")
        each = [pl.int_ranges(name, pl.col(name) + pl.col("count"), dtype=pl.UInt32) for name in ("record", "line")]
        both = runs.select(each).explode("record", "line")
        records, lines = both["record"], both["line"]
        for apart in (self._joined, self._rows):
            records.extend(numbers(record for record, _, _ in apart))
            lines.extend(numbers(line for _, line, _ in apart))
        return records, lines

    def _headers(self, rows: pl.DataFrame) -> pl.Series:
        """Return for each row whether it is the header once more, as `Table.holds_nothing` says it."""
        again = pl.repeat(value=True, n=len(rows), eager=True)
        for column, cell in zip_longest(rows, self._table.header[: rows.width]):
            if not again.any():
                break
            again &= column == cell if cell is not None else column.str.strip_chars(_SPACE) == ""
        return again.fill_null(value=False)  # where a cell is not there, it was looked at before

    def _parse(self, lines: Sequence[RawLine]) -> pl.DataFrame:
        """Return the rows of lines that are proven, each a row."""
        if not lines:  # as with a delimiter that Polars would refuse
            return pl.DataFrame(schema=self._columns)
        return pl.read_csv(
            b"".join(filter(None, lines)),
            has_header=False,
            separator=self._dialect.delimiter,
            quote_char=self._dialect.quote,
            schema=self._columns,
            empty_string_is_null=False,
        )

    def _build_rows(self) -> pl.DataFrame:
        width = len(self._columns)
        full = ((cells + [None] * (width - len(cells)))[:width] for _, _, cells in self._rows)
        return pl.DataFrame(dict(zip(self._columns, map(list, zip(*full, strict=True)), strict=True)), self._columns)
