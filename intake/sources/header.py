r"""Which row is the header: the first that is not blank, or one below it, where it is certain that the first is none.

Old programs put titles, dates and blank lines above their tables. A row below the first is the header if

- it holds nothing but names, two or more: each with a letter in it, none like a value (`mask.py`), no two the same;
- at least half of the rows below fit under it, and most of them are not names alone;
- each row above it is no header: it names at most half as many columns; or fewer, and hardly any row fits under it. Nor
  is it that of a table of its own.

>>> title, header, row = ["Klienci sklepu"], ["Imię", "Telefon"], ["Ewa", "600123456"]
>>> find_header([title, header, row]), find_header([header, row, row]), find_header([title, row, row])
(1, 0, None)
"""

from collections.abc import Sequence

from intake.mask import is_like_a_value
from intake.sources.rows import width_of

Cells = Sequence[list[str] | str]  # of rows that are not blank; or the reason why a row has none

_MOST_ABOVE = 50
_HARDLY_ANY = 0.2


def find_header(rows: Cells) -> int | None:
    """Return which of a file's first rows is the header; None if it is not the first, and not certain which it is."""
    above = range(1, min(_MOST_ABOVE, len(rows)))
    for at in above:
        if _names(rows[at]) and _stands_over(rows, at) and all(_is_none(rows[row:at], rows, at) for row in range(at)):
            return at
    if isinstance(rows[0], str) or _share(rows[0], rows[1:]) >= 1 / 2:
        return 0
    wider = [at for at in above if _named(rows[at]) > _named(rows[0])]
    return None if any(_share(rows[at], rows[at + 1 :]) > 1 / 2 for at in wider) else 0


def _stands_over(rows: Cells, at: int) -> bool:
    below = rows[at + 1 :]
    return _share(rows[at], below) >= 1 / 2 and sum(map(_names, below)) <= len(below) / 2


def _is_none(above: Cells, rows: Cells, header: int) -> bool:
    """Return whether the first of the rows above what may be the header is certainly none."""
    row, names = above[0], _named(rows[header])
    if isinstance(row, str):
        return True
    if _is_table(above):
        return False
    below = rows[header - len(above) + 1 :]
    return _named(row) * 2 <= names or (_named(row) < names and _share(row, below) < _HARDLY_ANY)


def _is_table(rows: Cells) -> bool:
    """Return whether rows may be a table of their own, and not what a report says of itself."""
    alike = [row for row in rows[1:] if _named(row) == _named(rows[0]) and not _names(row)]
    return _names(rows[0]) and len(alike) > 1


def _share(header: list[str] | str, rows: Cells) -> float:
    """Return the share of rows that fit under a header, of those that can be read; 0 if there are none."""
    read = [cells for cells in rows if isinstance(cells, list)]
    if isinstance(header, str) or not read:
        return 0
    width = width_of(header)
    return sum(not width.misfit(cells) for cells in read) / len(read)


def _names(row: list[str] | str) -> bool:
    cells = [] if isinstance(row, str) else [cell.strip().casefold() for cell in row if cell.strip()]
    return (
        1 < len(cells) == len(set(cells))
        and all(any(map(str.isalpha, cell)) for cell in cells)
        and not any(map(is_like_a_value, cells))
    )


def _named(row: list[str] | str) -> int:
    return 0 if isinstance(row, str) else sum(1 for cell in row if cell.strip())
