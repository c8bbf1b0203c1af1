"""What an earlier program lost: the leading zeros of codes that it took for numbers, letters that it could not write.

Both are seen in some values only, so it counts where the loss could not have been missed: a code that begins with a
zero, or has a hyphen, was no number; a text with a Polish letter has not lost them.
"""

from collections.abc import Iterator
from typing import NamedTuple

import polars as pl

from intake.causes.hits import Hits

_CODE = "postal_code.zero_lost"
_LONGEST = 5  # digits of a code without its hyphen
# One code in a hundred: fewer are mistyped, also where a shop's customers live in a region of other digits. Of Poland's
# codes a tenth begin with a zero (00 to 09).
_SHARE = 0.01

_REPLACED = "�"
_QUESTION = r"\p{L}\?|\?\p{L}"
_LETTER = "[\xc0-\u017f]"  # of Latin-1 and Latin Extended-A: all Polish ones
_LETTERS = ("text.broken_encoding", "name.characters")


class Lost(NamedTuple):
    """A cause's code and a field; the rows that lost something, ascending, and their ranks among all that could have.

    `size` is how many these are.
    """

    code: str
    field: str
    rows: pl.Series
    ranks: pl.Series
    size: int


def lost_zeros(hits: Hits, frame: pl.DataFrame) -> Iterator[Lost]:
    """Yield the fields in which codes are short of a digit or two."""
    fewest = max(1, _SHARE * len(frame))
    for field, rows in hits.rows((_CODE,), fewest):
        column = frame[field]
        no_number = (column.str.len_bytes() > _LONGEST) | column.str.starts_with("0")
        yield _ranked("zeros.lost", field, rows, no_number)


def lost_letters(hits: Hits, frame: pl.DataFrame) -> Iterator[Lost]:
    """Yield the fields in which letters are missing."""
    fewest = max(1, _SHARE * len(frame))
    for field, rows in hits.rows(_LETTERS, fewest):
        values = frame[field].gather(rows)
        lost = rows.filter(values.str.contains(_REPLACED, literal=True) | values.str.contains(_QUESTION))
        if len(lost) >= fewest:
            yield _ranked("letters.lost", field, lost, frame[field].str.contains(_LETTER))


def _ranked(code: str, field: str, lost: pl.Series, kept: pl.Series) -> Lost:
    """Return rows with their ranks among themselves and those that kept what these lost."""
    counted = kept.fill_null(value=False).scatter(lost, True)  # noqa: FBT003  (a column of it)
    return Lost(code, field, lost, (counted.cum_sum() - 1).gather(lost), int(counted.sum()))
