r"""Physical lines into rows of cells (RFC 4180), in such a way that a broken quote costs one line and no more.

`csv.reader` in its strict mode reads the cells (`quoting.py`). A row that it refuses, that does not close within the
limits, or that has too few or too many cells gives back all its physical lines but the first, and reading goes on with
them: a quote that nobody closed runs into the rows below it, and now and then into a later quote that happens to close
it.

>>> lines = ['1;"Jan\n', '2;"ul. Długa 5\n', 'm. 3"\n', '3;"Ewa"x\n', '4;Adam\n']
>>> for row in read_rows(lines, Dialect(";")):
...     print(row)
(1, 'unclosed_quote')
(2, ['2', 'ul. Długa 5\nm. 3'])
(4, 'quote_in_cell')
(5, ['4', 'Adam'])
"""

import csv
import math
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, dropwhile
from typing import NamedTuple, Protocol

from intake.sources.quoting import Dialect
from intake.sources.text import Line

Row = tuple[int, list[str] | str]  # the line on which it starts; its cells, or the reason why it has none

# What a row may take in after its first line.
MOST_LINES = 999
_MOST_CHARACTERS = 1 << 20


class Width(NamedTuple):
    """How many cells a row needs, and how many it may fill: further ones must be blank."""

    least: int
    most: int

    def misfit(self, cells: list[str]) -> str:
        """Return the word for what is wrong with the number of cells, or nothing. A blank row always fits."""
        if len(cells) < self.least:
            return "" if is_blank(cells) else "too_few_cells"
        return "" if is_blank(cells[self.most :]) else "too_many_cells"


def width_of(header: list[str]) -> Width:
    """Return the width that a header asks for. Nameless columns at its end may be left out.

    >>> width_of(["NIP", "", "Telefon", ""])
    Width(least=3, most=4)
    """
    named = [number for number, name in enumerate(header, 1) if name.strip()]
    return Width(max(named, default=0), len(header))


def read_rows(lines: Iterable[Line], dialect: Dialect, width: Width | None = None, first: int = 1) -> Iterator[Row]:
    """Read every row, of any number of cells if there is no width. An empty line is a row without cells.

    `first` is the number of the first line, which is where a row begins.
    """
    return rows_from(Taken(_Stream(iter(lines)), dialect, first), width)


def rows_from(taken: "Taken", width: Width | None = None) -> Iterator[Row]:
    """Read every row from where the lines are. Between two rows, whoever owns the lines may move them on."""
    while True:
        yield from _read_until_refused(taken, width)
        if not taken.refused:
            return
        row = taken.line, taken.refused
        taken.give_back()
        yield row


def skip_blank(rows: Iterator[Row]) -> Iterator[Row]:
    """Return the rows from the first on that is not blank."""
    return dropwhile(lambda row: isinstance(row[1], list) and is_blank(row[1]), rows)


def is_blank(cells: list[str]) -> bool:
    """Return whether no cell has anything but white space in it."""
    return not any(map(str.strip, cells))


class Lines(Protocol):
    """Physical lines that are handed out one by one; the last of them can be given back, to be handed out again."""

    def __iter__(self) -> Iterator[Line]:
        """Return what hands out the lines from here on."""

    def give_back(self, lines: Sequence[Line]) -> None:
        """Take back the lines that were handed out last."""


def _read_until_refused(taken: "Taken", width: Width | None) -> Iterator[Row]:
    usual = width.most if width else None
    try:
        for cells in taken.dialect.reader(taken.feed()):
            if (len(cells) != usual or taken.line <= taken.doubtful) and taken.misfits(cells, width):
                return
            line = taken.line
            taken.spend()
            yield line, cells
    except csv.Error as error:
        taken.refuse(str(error))


class _Stream:
    """Lines that come from somewhere once, and again as often as they are given back."""

    def __init__(self, fresh: Iterator[Line]) -> None:
        self._fresh = fresh
        self._given_back: deque[Line] = deque()

    def __iter__(self) -> Iterator[Line]:
        return chain(self._take_again(), self._fresh)

    def give_back(self, lines: Sequence[Line]) -> None:
        self._given_back.extendleft(reversed(lines))

    def _take_again(self) -> Iterator[Line]:
        while self._given_back:
            yield self._given_back.popleft()


class Taken:
    """The physical lines of the row that is being read, and what is remembered of those that were refused.

    A line that is a row by itself, with an even number of quotes and the width asked for, is read the same whatever is
    remembered, and so are several where the next row `is_free`: they may be read elsewhere, and `line` moved on.
    """

    def __init__(self, lines: Lines, dialect: Dialect, first: int = 1) -> None:
        """Take lines of which none is handed out yet, and the number of the first."""
        self.dialect = dialect
        self.line = first  # the number of the first line held
        self.refused = ""  # why the lines held are no row
        self.doubtful = 0.0  # up to this line, a quote too many in a row may be the end of one that was refused
        self._single = 0  # up to this line, a row may have one line only
        self._held: list[Line] = []
        self._lines = lines

    @property
    def is_free(self) -> bool:
        """Return whether a row that begins here is read the same whatever was refused above."""
        return self.line > max(self.doubtful, self._single)

    def feed(self) -> Iterator[str]:
        """Hand out lines; end before the row would pass its limits, and at a line that is too long."""
        held, characters = self._held, 0
        for line in self._lines:
            characters = characters + len(line or "") if held else 0
            if held and (line is None or self._is_full(characters)):
                self._lines.give_back([line])
                return
            held.append(line)
            if line is None:
                self.refused = "line_too_long"
                return
            yield line

    def spend(self) -> None:
        """Forget the lines held: their row is read."""
        self.line += len(self._held)
        self._held.clear()

    def give_back(self) -> None:
        """Forget the first line held, which was refused; the others are to be read again."""
        last = self.line + len(self._held) - 1
        self.doubtful = max(self.doubtful, last)
        # A row that begins here and does not close on its first line is then where the refused one was, and ends as it
        # did. It is not tried, or some lines would be read a thousand times.
        self._single = max(self._single, last - 1)
        self._lines.give_back(self._held[1:])
        del self._held[1:]
        self.spend()
        self.refused = ""

    def misfits(self, cells: list[str], width: Width | None) -> bool:
        """Return whether the cells cannot be a row, and note why."""
        if self.line <= self.doubtful and sum(self.dialect.quotes(line) for line in self._held if line) % 2:
            self.refused = "unclosed_quote"
            self.doubtful = 0  # this was the end
        elif width:
            self.refused = width.misfit(cells)
        return self.refused != ""

    def refuse(self, error: str) -> None:
        """Note why there is no row. What `csv.reader` says is the only sign of what happened."""
        if error.startswith("unexpected end of data"):
            self.refused = "unclosed_quote"
            self.doubtful = math.inf  # nothing tells on which line the quote closes, if it does
        elif len(self._held) > 1:
            self.refused = "unclosed_quote"
        else:
            self.refused = "cell_too_long" if error.startswith("field larger than") else "quote_in_cell"

    def _is_full(self, characters: int) -> bool:
        return characters > _MOST_CHARACTERS or len(self._held) > MOST_LINES or self.line <= self._single
