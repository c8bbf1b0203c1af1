r"""Which character separates the columns, and what quotes mean: found by reading, or not said.

The delimiter is found by reading the first rows with each that it could be. Quotes are those of RFC 4180, unless the
file itself says otherwise: by a `\"` on a line that is no row if a `"` is doubled in it, and is one if it is escaped;
or by names in the header that stand in single quotes.

>>> find_delimiter(["Nazwa;Adres\n", "Sklep;Długa 5, Toruń\n"])
';'
>>> find_delimiter(["E-mail\n", "jan@example.pl\n"])
','
>>> find_delimiter(["Nazwa,Adres;Miasto\n", "Sklep,Długa 5;Toruń\n"])
>>> find_delimiter(["Nazwa^Adres\n", "Sklep^Długa 5\n", "Bar^Długa 7\n"])
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from intake.sources.header import find_header
from intake.sources.quoting import Dialect, Quoting
from intake.sources.rows import Row, Width, is_blank, read_rows, width_of
from intake.sources.text import Line, RawLine

_CANDIDATES = ",;\t|"
_TAB_SPELLINGS = ("\\t", "tab")  # a tab is hard to type on a command line
_ROWS = 200
MOST_BLANK = 2_000  # no header is looked for below so many
_HELD = 1 << 20  # cells and characters
_MOSTLY = 0.8
_READINGS = ("misfit", "broken", "open", "row")
_ESCAPED = b'\\"'
# What Excel reads in the first line of a file, obeys, and does not show.
_EXCEL_LINE = re.compile(r"sep=([^\r\n])[\r\n]*", re.IGNORECASE)


class _Trial(NamedTuple):
    """What the first rows look like when one delimiter is tried."""

    delimiter: str
    columns: int
    split: float  # the share of rows in which the delimiter occurs
    fit: float  # the share of rows with as many cells as the header


def find_delimiter(lines: Sequence[Line], quoting: Quoting = "doubled", *, header_is_first: bool = False) -> str | None:
    """Return the delimiter, a comma if there is but one column, or None if it cannot be told for certain.

    A delimiter gives the header two names or more, and splits most rows; if several do, most rows have as many cells as
    the header, and it gives more columns than any other that does so.
    """
    dialects = [Dialect(delimiter, quoting) for delimiter in _CANDIDATES]
    trials = [_try(read_head(lines, dialect), dialect.delimiter, header_is_first) for dialect in dialects]
    # What is wrong with such a file is said by whoever reads its header.
    hopeless = [trial.delimiter for trial in trials if trial.columns < 1 and trial.split >= 1 / 2]
    trials = [trial for trial in trials if trial.columns > 1]
    if not trials:
        return hopeless[0] if hopeless else None if _may_have_another(lines) else ","
    trials = [trial for trial in trials if trial.split >= 1 / 2]
    if len(trials) > 1:
        trials = [trial for trial in trials if trial.fit >= _MOSTLY]
        widest = max((trial.columns for trial in trials), default=0)
        trials = [trial for trial in trials if trial.columns == widest]
    return trials[0].delimiter if len(trials) == 1 else None


def read_head(lines: Iterable[Line], dialect: Dialect, first: int = 1) -> list[Row]:
    """Read the first rows that are not blank, as far as memory allows; none if too many above are."""
    head: list[Row] = []
    held = 0
    for line, cells in islice(read_rows(lines, dialect, first=first), MOST_BLANK):
        if isinstance(cells, str) or not is_blank(cells):
            head.append((line, cells))
            held += len(cells) + sum(map(len, cells))
            if len(head) > _ROWS or held > _HELD:
                break
    return head


def escapes(lines: Iterable[RawLine], delimiter: str, width: Width) -> Iterator[tuple[int, bool]]:
    """Yield each line that reads better in one way than in the other, and whether its backslashes escape quotes then.

    To be a row is best; worst is text after a closing quote; between them, a quote that may be closed further down.
    """
    for number, line in enumerate(lines, 1):
        if line and _ESCAPED in line:
            text = line.decode(errors="replace")
            doubled, escaped = (_reading(text, Dialect(delimiter, one), width) for one in ("doubled", "backslash"))
            if doubled != escaped and ("row" in {doubled, escaped} or "misfit" not in {doubled, escaped}):
                yield number, _READINGS.index(escaped) > _READINGS.index(doubled)


def has_single_quotes(header: Line, delimiter: str) -> bool:
    """Return whether a name in the header's line stands in single quotes."""
    one = re.escape(delimiter)
    return re.search(rf"(?:\A|{one})'[^']*'(?:{one}|[\r\n]|\Z)", header or "") is not None


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


def _try(head: list[Row], delimiter: str, header_is_first: bool) -> _Trial:  # noqa: FBT001
    rows = [cells for _, cells in head]
    at = 0 if header_is_first or not rows else find_header(rows) or 0
    header, below = (rows[at], rows[at + 1 :]) if rows else ([], [])
    width = width_of([] if isinstance(header, str) else header)
    if not below:
        return _Trial(delimiter, width.least, 1, 1)
    read = [cells for cells in below if isinstance(cells, list)]
    split, fit = sum(len(cells) > 1 for cells in read), sum(not width.misfit(cells) for cells in read)
    return _Trial(delimiter, width.least, split / len(below), fit / len(below))


def _may_have_another(lines: Iterable[Line]) -> bool:
    """Return whether some sign that is no usual delimiter stands in all of the first rows, always as often."""
    first = islice((line.rstrip("\r\n") for line in lines if line and line.strip()), _ROWS)
    counts = [Counter(sign for sign in line if not sign.isalnum() and sign not in "\"'") for line in first]
    if len(counts) < 3:  # noqa: PLR2004  (a header and two rows)
        return False
    return any(all(row[sign] == many for row in counts) for sign, many in counts[0].items())


def _reading(line: str, dialect: Dialect, width: Width) -> str:
    try:
        rows = list(dialect.reader([line]))
    except csv.Error as error:
        return "open" if str(error).startswith("unexpected end of data") else "broken"
    return "row" if len(rows) == 1 and not width.misfit(rows[0]) else "misfit"
