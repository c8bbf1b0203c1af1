"""python-calamine's reading of one sheet, as frames. It runs in the child alone: what it reads may end the process."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from intake.workbooks import cells
from intake.workbooks.archive import Archive
from intake.workbooks.cells import Errors, Value
from intake.workbooks.formula_errors import formula_errors
from intake.workbooks.frames import Frame, Opened, Refused, Rows
from intake.workbooks.refusal import RefusalError

_ROWS = 200  # of a frame: so few stay in the processor's cache while they are handled, which is three times as fast
_MOST_CHARACTERS = 4 << 20  # of a frame that has more than one row
_LONGEST_ROW = 1 << 20  # characters; as a line of text
_LONGEST_CELL = 32_767  # Excel's specifications: characters that a cell can contain
_MOST_COLUMNS = 1_000

Row = list[Value]


def read(archive: Archive, wanted: str | None) -> Iterator[Frame]:
    """Yield the sheet that is read, and then its rows; RefusalError."""
    with ThreadPoolExecutor(1) as pool:
        inflating = pool.submit(archive.inflate)
        if not archive.is_large:  # else both at once: what is false about it is found out all the same
            inflating.result()
        book = _open(archive.path)
        name, sheet = _choose(book, wanted)
        errors = formula_errors(archive, name, inflating.result())
    rows = _Sheet(sheet, errors)
    header = _take_header(rows)
    if not header:
        raise RefusalError(Refused("source.sheet_empty", {"sheet": name}))
    if len(header) > _MOST_COLUMNS:
        raise RefusalError(Refused("source.sheet_too_wide", {"sheet": name, "limit": _MOST_COLUMNS}))
    last = sheet.end[0] + 1 if sheet.end else rows.taken
    yield Opened(name, book.sheet_names, sorted(_hidden(book)), rows.taken, header, last)
    while block := rows.take(_ROWS):
        yield from _frames(rows.taken - len(block) + 1, block, len(header))


def _open(path: Path) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_path(path)
    except PasswordError:
        raise RefusalError(Refused("source.workbook_password")) from None
    except (CalamineError, OSError, ValueError):
        raise RefusalError(Refused("source.workbook_damaged")) from None


def _sheet(book: CalamineWorkbook, name: str) -> CalamineSheet:
    try:
        return book.get_sheet_by_name(name)
    except (CalamineError, OSError, ValueError):
        raise RefusalError(Refused("source.workbook_damaged")) from None


def _hidden(book: CalamineWorkbook) -> set[str]:
    return {one.name for one in book.sheets_metadata if one.visible != SheetVisibleEnum.Visible}


# --- which sheet -----------------------------------------------------------------------------------------------------


def _choose(book: CalamineWorkbook, wanted: str | None) -> tuple[str, CalamineSheet]:
    """Return the sheet that is wanted, or else the only one that holds anything."""
    names = [one.name for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
    if wanted is not None:
        name = _named(names, wanted)
        if name is None:
            raise RefusalError(Refused("source.sheet_unknown", {"sheet": wanted, "sheets": _listed(book, names)}))
        return name, _sheet(book, name)
    filled: dict[str, CalamineSheet | None] = {}
    for name in names:
        sheet = _sheet(book, name)
        if sheet.end is not None:
            filled[name] = None if filled else sheet  # only the first can be the one, and a second says that it is not
    if not filled:
        raise RefusalError(Refused("source.empty"))
    ((name, found), *others) = filled.items()
    if others or found is None:
        raise RefusalError(Refused("source.sheet_unclear", {"sheets": _listed(book, [*filled])}))
    return name, found


def _named(names: list[str], wanted: str) -> str | None:
    """Return the sheet of a name, in any case as in Excel, or of a number from 1."""
    for name in names:
        if name == wanted:
            return name
    for name in names:
        if name.casefold() == wanted.casefold():
            return name
    return dict(enumerate(names, 1)).get(int(wanted)) if wanted.isascii() and wanted.isdecimal() else None


def _listed(book: CalamineWorkbook, names: list[str]) -> list[str]:
    hidden = _hidden(book)
    return [f"“{name}” (hidden)" if name in hidden else f"“{name}”" for name in names]


# --- rows ------------------------------------------------------------------------------------------------------------


class _Sheet:
    """The rows of a sheet, taken from its beginning; all begin at the sheet's first column."""

    def __init__(self, sheet: CalamineSheet, errors: Errors) -> None:
        self.taken = 0
        self._rows = sheet.iter_rows()
        self._indent: Row = [""] * (sheet.start[1] if sheet.start else 0)
        self._errors = errors

    def take(self, most: int) -> list[Row]:
        """Return the next rows, with the errors of formulas in them; none where there are no more."""
        rows: list[Row] = list(islice(self._rows, most))
        if self._indent:
            rows = [self._indent + row for row in rows]
        if self._errors:
            for number, row in enumerate(rows, self.taken):
                for column, shown in self._errors.get(number, {}).items():
                    row[column : column + 1] = [shown] if column < len(row) else []
        self.taken += len(rows)
        return rows


def _take_header(rows: _Sheet) -> list[str]:
    """Return the cells of the first row that is not blank, up to the last that is not; none where all are blank."""
    while row := rows.take(1):
        names = [*cells.read(row[0])[0]]
        while names and not names[-1].strip():
            names.pop()
        if names:
            return names
    return []


def _frames(first: int, rows: list[Row], width: int) -> Iterator[Rows]:
    """Yield rows as one frame, or as more where their texts are long."""
    columns = [*zip(*rows, strict=True)]
    longest = [cells.longest(column) for column in columns]
    may_be_large = len(rows) > 1 and sum(longest) * len(rows) > _MOST_CHARACTERS
    if may_be_large and sum(sum(cells.lengths(column)) for column in columns) > _MOST_CHARACTERS:
        middle = len(rows) // 2
        yield from _frames(first, rows[:middle], width)
        yield from _frames(first + middle, rows[middle:], width)
        return
    blank = [
        place for place, cell in enumerate(columns[0]) if not cells.is_filled(cell) and cells.is_blank(rows[place])
    ]
    beyond = {place for column in columns[width:] for place, cell in enumerate(column) if cells.is_filled(cell)}
    misfits = dict.fromkeys(beyond, "too_many_cells")
    if max(longest) > _LONGEST_CELL or sum(longest) > _LONGEST_ROW:
        misfits |= {place: reason for place, row in enumerate(rows) if (reason := _too_long(row))}
    if blank or misfits:
        apart = misfits.keys() | blank
        columns = [*zip(*(row for place, row in enumerate(rows) if place not in apart), strict=True)]
    held = [cells.read(column) for column in columns[:width] or [()] * width]
    yield Rows(
        first=first,
        count=len(rows),
        columns=[texts for texts, _ in held],
        blank=[first + place for place in blank],
        malformed=[(first + place, misfits[place]) for place in sorted(misfits)],
        odd={number: odd for number, (_, odd) in enumerate(held) if odd},
    )


def _too_long(row: Row) -> str:
    """Return the word for why a row is too long, or nothing."""
    lengths = cells.lengths(row)
    if max(lengths, default=0) > _LONGEST_CELL:
        return "cell_too_long"
    return "line_too_long" if sum(lengths) > _LONGEST_ROW else ""
