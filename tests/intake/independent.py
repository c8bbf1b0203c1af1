"""CSV read by a small state machine over characters: what rows a text has, said a second time and in another way.

It shares nothing with the reader that it is compared with: no line is read ahead, nothing is given back, no library is
asked. It takes the text from the header on, and its time grows with the square of what quotes do not close.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")


class Row(NamedTuple):
    """A row: its cells, or None where it is none; the line on which that was found out, from 0; whether it is open."""

    cells: list[str] | None
    last: int
    open: bool = False


class Reader:
    """A text with a header, as rows."""

    def __init__(self, text: str, delimiter: str, quoting: str) -> None:
        self.lines = _LINE.findall(text)
        self.delimiter = delimiter
        self.quote = {"doubled": '"', "backslash": '"', "single": "'", "none": ""}[quoting]
        self.backslash = quoting == "backslash"
        self.header = self.row(0)
        self.most = len(self.header.cells or [])
        self.names = self.stripped(self.header.cells or [])

    def items(self) -> Iterator[tuple[int, list[str] | str]]:
        """Yield each item below the header: its line, from 0, and its cells, "blank" or "malformed"."""
        line, doubtful, alone = self.header.last + 1, -1.0, -1
        while line < len(self.lines):
            row = self.row(line, one_line=line <= alone)
            odd = sum(map(self.quotes, self.lines[line : row.last + 1])) % 2
            if row.cells is not None and self.fits(row.cells) and not (line <= doubtful and odd):
                yield line, "blank" if self.is_none(row.cells) else row.cells
                line = row.last + 1
                continue
            # It costs its first line. Up to where it was found out, a row may be its end, which begins inside it.
            yield line, "malformed"
            if row.cells is not None and line <= doubtful and odd:
                doubtful = -1
            doubtful = float("inf") if row.open else max(doubtful, row.last)
            alone = max(alone, row.last - 1)
            line += 1

    def row(self, start: int, *, one_line: bool = False) -> Row:  # noqa: C901, PLR0912  (the machine, in one piece)
        """Read the row that begins on a line, and may be told to end on it."""
        cells: list[str] = []
        cell, state = "", "begin"
        for at in range(start, len(self.lines)):
            text = self.lines[at]
            position = 0
            while position < len(text):
                sign, taken = self.sign(text, position)
                position += taken
                if state == "quoted":
                    if sign == self.quote and taken == 1:
                        state = "closed"
                    else:
                        cell += sign
                elif state == "closed" and sign == self.quote and taken == 1:
                    cell, state = cell + sign, "quoted"
                elif taken == 1 and sign == self.delimiter:
                    cells.append(cell)
                    cell, state = "", "begin"
                elif taken == 1 and sign in "\r\n":
                    return Row([*cells, cell] if cells or cell or state != "begin" else [], at)
                elif state == "closed":
                    return Row(None, at)
                elif state == "begin" and sign == self.quote and self.quote and taken == 1:
                    state = "quoted"
                else:
                    cell, state = cell + sign, "text"
            goes_on = state == "quoted" or (self.backslash and text.endswith(("\\\n", "\\\r")))
            if goes_on and one_line:
                return Row(None, at, open=True)
            if not goes_on:
                return Row([*cells, cell] if cells or cell or state != "begin" else [], at)
        return Row(None, len(self.lines) - 1, open=True)

    def sign(self, text: str, at: int) -> tuple[str, int]:
        """Return the character at a place, and how many of the text it takes: two if it is escaped."""
        if self.backslash and text[at] == "\\":
            before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
            if (
                after == "N"
                and before in {"", self.delimiter}
                and text[at + 2 : at + 3] in {"", self.delimiter, *"\r\n"}
            ):
                return "", 2
            if after and after in '"\\\r\n' + self.delimiter:
                return after, 2
        return text[at], 1

    def fits(self, cells: Sequence[str]) -> bool:
        blank = not any(cell.strip() for cell in cells)
        return blank or (len(cells) >= len(self.names) and not any(cell.strip() for cell in cells[self.most :]))

    def is_none(self, cells: Sequence[str]) -> bool:
        return not any(cell.strip() for cell in cells) or self.stripped(cells) == self.names

    def stripped(self, cells: Sequence[str]) -> list[str]:
        """Return cells up to the last that is not blank."""
        upto = max((number for number, cell in enumerate(cells, 1) if cell.strip()), default=0)
        return list(cells[:upto])

    def quotes(self, line: str) -> int:
        """Return how many quotes may open or close something."""
        if self.backslash:
            line = re.sub(r'\\[\\"]', "", line)
        return line.count(self.quote) if self.quote else 0
