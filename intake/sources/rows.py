r"""Physical lines into rows of cells (RFC 4180), in such a way that a broken quote costs one line and no more.

`csv.reader` in its strict mode reads the cells. A row that it refuses, that does not close within the limits, or that
has too few or too many cells gives back all its physical lines but the first, and reading goes on with them: a quote
that nobody closed runs into the rows below it, and now and then into a later quote that happens to close it.

>>> lines = ['1;"Jan\n', '2;"ul. Długa 5\n', 'm. 3"\n', '3;"Ewa"x\n', '4;Adam\n']
>>> for row in read_rows(lines, ";"):
...     print(row)
(1, 'unclosed_quote')
(2, ['2', 'ul. Długa 5\nm. 3'])
(4, 'quote_in_cell')
(5, ['4', 'Adam'])
"""

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import chain, dropwhile
from typing import NamedTuple

from intake.sources.text import Line

Row = tuple[int, list[str] | str]  # the line on which it starts; its cells, or the reason why it has none

# What a row may take in after its first line.
_MOST_LINES = 999
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


def read_rows(lines: Iterable[Line], delimiter: str, width: Width | None = None) -> Iterator[Row]:
    """Read every row, of any number of cells if there is no width. An empty line is a row without cells."""
    taken = _Taken(iter(lines))
    usual = width.most if width else None
    while True:
        reason = ""
        try:
            for cells in csv.reader(taken.feed(), delimiter=delimiter, strict=True):
                if len(cells) != usual or taken.line <= taken.again:
                    reason = taken.judge(cells, width)
                    if reason:
                        break
                yield taken.line, cells
                taken.spend()
        except csv.Error as error:
            reason = taken.reason(str(error))
        if not (reason or taken.held):
            return
        yield taken.line, reason or "line_too_long"
        taken.give_back()


def skip_blank(rows: Iterator[Row]) -> Iterator[Row]:
    """Return the rows from the first on that is not blank."""
    return dropwhile(lambda row: isinstance(row[1], list) and is_blank(row[1]), rows)


class _Taken:
    """The physical lines of the row that is being read, and those given back to be read again."""

    def __init__(self, fresh: Iterator[Line]) -> None:
        self.line = 1  # the number of the first line held
        self.held: list[Line] = []
        self.again = 0  # the number of the last line that was ever given back
        self._fresh = fresh
        self._given_back: deque[Line] = deque()

    def feed(self) -> Iterator[str]:
        """Hand out lines; end before the row would pass its limits, and at a line that is too long."""
        held, characters = self.held, 0
        for line in chain(self._take_again(), self._fresh):
            if held:
                characters += len(line or "")
                if line is None or characters > _MOST_CHARACTERS or len(held) > _MOST_LINES:
                    self._given_back.appendleft(line)
                    return
            else:
                characters = 0
            held.append(line)
            if line is None:
                return
            yield line

    def spend(self) -> None:
        """Forget the lines held: their row is read."""
        self.line += len(self.held)
        self.held.clear()

    def give_back(self) -> None:
        """Forget the first line held; the others are to be read again."""
        self.again = max(self.again, self.line + len(self.held) - 1)
        self._given_back.extendleft(self.held[:0:-1])
        del self.held[1:]
        self.spend()

    def judge(self, cells: list[str], width: Width | None) -> str:
        """Return why the row cannot be one, or nothing."""
        # A line given back may be the end of a cell, which no one would write with a quote left over.
        if self.line <= self.again and sum(line.count('"') for line in self.held if line) % 2:
            return "unclosed_quote"
        return width.misfit(cells) if width else ""

    def reason(self, error: str) -> str:
        """Return the word for what `csv.reader` says; its words for a mistake in the first line are its only sign."""
        if len(self.held) > 1 or error.startswith("unexpected end of data"):
            return "unclosed_quote"
        return "cell_too_long" if error.startswith("field larger than") else "quote_in_cell"

    def _take_again(self) -> Iterator[Line]:
        while self._given_back:
            yield self._given_back.popleft()


def is_blank(cells: list[str]) -> bool:
    """Return whether no cell has anything but white space in it."""
    return not any(map(str.strip, cells))
