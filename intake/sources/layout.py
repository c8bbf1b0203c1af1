"""How a CSV file is laid out: its dialect, its header and what stands above it; told, found, or refused."""

from collections.abc import Iterable
from itertools import chain, islice
from typing import NamedTuple

from intake.errors import SourceError
from intake.sources.dialect import (
    MOST_BLANK,
    escapes,
    excel_delimiter,
    find_delimiter,
    has_single_quotes,
    read_head,
    usable_delimiter,
)
from intake.sources.format import LineEnds
from intake.sources.header import find_header
from intake.sources.quoting import QUOTINGS, Dialect, Quoting
from intake.sources.rows import Row, is_blank, read_rows, width_of
from intake.sources.text import Line, TextFile

_HEAD = 8 << 20  # bytes, however many lines they are
_MOST_COLUMNS = 1 << 14  # as many as a sheet of Excel has


class Said(NamedTuple):
    """What an operator says of a CSV file: None where the file is to say it."""

    delimiter: str | None = None
    quoting: Quoting | None = None
    header_line: int | None = None

    def check(self, source: str) -> str | None:
        """Return the delimiter as one character; raise SourceError if it cannot be one."""
        delimiter = None if self.delimiter is None else usable_delimiter(self.delimiter)
        if self.delimiter is not None and (delimiter is None or not _quotings(delimiter, self.quoting)):
            raise SourceError(source, "source.delimiter_unusable", delimiter=self.delimiter)
        return delimiter


class Layout(NamedTuple):
    """How a file is laid out."""

    dialect: Dialect
    header_line: int
    header: list[str]
    preamble: int = 0  # rows above the header that are not blank
    line_ends: LineEnds | None = None  # of the first lines; None where they all are LF, or all CR LF


def find_layout(text: TextFile, said: Said) -> Layout:
    """Find what is not said, or raise SourceError where it cannot be told for certain."""
    told = excel_delimiter(next(text.lines(), None))
    return _Finding(text, said, said.check(text.name) or told, 1 if told else 0).layout()


class _Finding:
    """What is found by the first lines of a file, from where the header may stand."""

    def __init__(self, text: TextFile, said: Said, delimiter: str | None, after: int) -> None:
        self._text = text
        self._said = said
        self._told = delimiter
        self._start = said.header_line - 1 if said.header_line else after + _blank_lines(text, after)
        self._lines = _first_lines(text, self._start)

    def layout(self) -> Layout:
        """Return how the file is laid out."""
        dialect = self._dialect()
        (line, header), above = self._header(dialect)
        reason = header if isinstance(header, str) else "too_many_columns" if len(header) > _MOST_COLUMNS else ""
        if reason or isinstance(header, str):
            raise SourceError(self._text.name, "source.header_unreadable", line=line, reason=reason)
        return Layout(dialect, line, header, above, _line_ends(self._lines))

    def _dialect(self) -> Dialect:
        tried: tuple[Quoting, ...] = ("doubled", "backslash", "single")
        for quoting in tried if self._said.quoting is None else (self._said.quoting,):
            header_is_first = self._said.header_line is not None
            delimiter = self._told or find_delimiter(self._lines, quoting, header_is_first=header_is_first)
            if delimiter is None:
                continue
            found = self._said.quoting or self._find_quoting(delimiter)
            if quoting in {"doubled", found}:  # or else the delimiter was found by quotes that are none
                return Dialect(delimiter, found)
        raise SourceError(self._text.name, "source.delimiter_unclear")

    def _find_quoting(self, delimiter: str) -> Quoting:
        may = _quotings(delimiter)
        (line, header), _ = self._header(Dialect(delimiter))
        if "single" in may and has_single_quotes(self._lines[line - 1 - self._start], delimiter):
            return self._single(delimiter)
        if "backslash" in may and self._text.backslashes:
            if isinstance(header, str):
                (_, header), _ = self._header(Dialect(delimiter, "backslash"))
            return self._backslash(delimiter, header) if isinstance(header, list) else "doubled"
        return "doubled"

    def _single(self, delimiter: str) -> Quoting:
        """Return that quotes are single, if the first rows can be read so."""
        head = read_head(self._lines, Dialect(delimiter, "single"), self._start + 1)
        broken = next((line for line, cells in head if isinstance(cells, str)), None)
        if broken:
            raise SourceError(self._text.name, "source.quoting_unclear", line=broken)
        return "single"

    def _backslash(self, delimiter: str, header: list[str]) -> Quoting:
        """Return what backslashes before quotes mean, by all lines of the file that have one."""
        found: dict[bool, int] = {}
        lines = chain.from_iterable(self._text.raw_lines())
        for line, escaped in escapes(lines, delimiter, width_of(header)):
            found.setdefault(escaped, line)
            if len(found) > 1:
                raise SourceError(self._text.name, "source.quoting_unclear", line=line)
        return "backslash" if True in found else "doubled"

    def _header(self, dialect: Dialect) -> tuple[Row, int]:
        """Return the header's row, and how many rows stand above it."""
        if self._said.header_line:
            row = next(read_rows(self._lines, dialect, first=self._start + 1), (0, []))
            if isinstance(row[1], list) and is_blank(row[1]):
                raise SourceError(self._text.name, "source.header_missing", line=self._said.header_line)
            return row, 0
        head = read_head(self._lines, dialect, self._start + 1)
        if not head and len(self._lines) < MOST_BLANK:
            raise SourceError(self._text.name, "source.empty")
        if not head:
            raise SourceError(self._text.name, "source.header_unclear", line=self._start + 1)
        at = find_header([cells for _, cells in head])
        if at is None:
            raise SourceError(self._text.name, "source.header_unclear", line=head[0][0])
        return head[at], at


def _quotings(delimiter: str, said: Quoting | None = None) -> list[Quoting]:
    """Return the quotings, or the one that was said, in which a delimiter means nothing else."""
    return [one for one in QUOTINGS if said in {None, one} and delimiter not in Dialect(delimiter, one).meant]


def _blank_lines(text: TextFile, after: int) -> int:
    """Return how many lines of white space stand below so many at the beginning of a file."""
    lines = islice(chain.from_iterable(text.raw_lines()), after, None)
    return next((number for number, line in enumerate(lines) if line is None or line.strip()), 0)


def _first_lines(text: TextFile, start: int) -> list[Line]:
    """Return the lines that stand below so many, as far as memory and patience allow."""
    lines: list[Line] = []
    began = None
    for batch in text.raw_lines():
        lines += [None if line is None else line.decode(errors="replace") for line in batch[start:]]
        start = max(start - len(batch), 0)
        if not start:
            began = text.position if began is None else began
            if len(lines) > MOST_BLANK or text.position - began > _HEAD:
                break
    return lines


def _line_ends(lines: Iterable[Line]) -> LineEnds | None:
    ends = {line[len(line.rstrip("\r\n")) :] for line in lines if line} - {""}
    if len(ends) > 1:
        return "mixed"
    return "cr" if ends == {"\r"} else None
