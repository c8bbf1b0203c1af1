r"""Which character separates the columns: found by reading the first rows with each that it could be.

>>> find_delimiter(lambda: iter(["Nazwa;Adres\n", "Sklep;Długa 5, Toruń\n"]))
';'
>>> find_delimiter(lambda: iter(["E-mail\n", "jan@example.pl\n"]))
','
>>> find_delimiter(lambda: iter(["Nazwa,Adres;Miasto\n", "Sklep,Długa 5;Toruń\n"]))
"""

import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import NamedTuple

from intake.sources.rows import is_blank, read_rows, skip_blank, width_of
from intake.sources.text import Line

_CANDIDATES = ",;\t|"
_TAB_SPELLINGS = ("\\t", "tab")  # a tab is hard to type on a command line
_ROWS = 200
_MOSTLY = 0.8
# What Excel reads in the first line of a file, obeys, and does not show.
_EXCEL_LINE = re.compile(r"sep=([^\r\n])[\r\n]*", re.IGNORECASE)


class _Trial(NamedTuple):
    """What the first rows look like when one delimiter is tried."""

    delimiter: str
    columns: int
    split: float  # the share of rows in which the delimiter occurs
    fit: float  # the share of rows with as many cells as the header


def find_delimiter(lines: Callable[[], Iterator[Line]]) -> str | None:
    """Return the delimiter, a comma if there is but one column, or None if it cannot be told for certain.

    `lines` begins the file anew each time. A delimiter gives the header two names or more, and splits most rows; if
    several do, most rows have as many cells as the header, and it gives more columns than any other that does so.
    """
    trials = [_try(lines(), delimiter) for delimiter in _CANDIDATES]
    trials = [trial for trial in trials if trial.columns > 1]
    if not trials:
        return ","
    trials = [trial for trial in trials if trial.split >= 1 / 2]
    if len(trials) > 1:
        trials = [trial for trial in trials if trial.fit >= _MOSTLY]
        widest = max((trial.columns for trial in trials), default=0)
        trials = [trial for trial in trials if trial.columns == widest]
    return trials[0].delimiter if len(trials) == 1 else None


def excel_delimiter(line: Line) -> str | None:
    r"""Return the delimiter that a file's first line tells Excel, or None if it is no such line.

    >>> excel_delimiter("sep=;\r\n")
    ';'
    """
    told = _EXCEL_LINE.fullmatch(line or "")
    return usable_delimiter(told[1]) if told else None


def usable_delimiter(text: str) -> str | None:
    r"""Return what somebody gave as the delimiter as one character, or None if it cannot be one.

    >>> usable_delimiter("\\t"), usable_delimiter('"'), usable_delimiter(";;")
    ('\t', None, None)
    """
    character = "\t" if text.casefold() in _TAB_SPELLINGS else text
    fits = len(character) == 1 and (character.isprintable() or character == "\t") and character != '"'
    return character if fits else None


def _try(lines: Iterator[Line], delimiter: str) -> _Trial:
    rows = islice(skip_blank(read_rows(lines, delimiter)), _ROWS + 1)
    _, header = next(rows, (0, ""))
    if isinstance(header, str):
        return _Trial(delimiter, columns=0, split=0, fit=0)
    width = width_of(header)
    many = split = fit = 0
    for _, cells in rows:
        if isinstance(cells, str):
            many += 1
        elif not is_blank(cells):
            many += 1
            split += len(cells) > 1
            fit += not width.misfit(cells)
    return _Trial(delimiter, width.least, split / many, fit / many) if many else _Trial(delimiter, width.least, 1, 1)
