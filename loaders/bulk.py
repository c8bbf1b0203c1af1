"""Many rows a statement, for SQLite: hundreds of rows cost little more than the work of the database on them.

The statements go to the driver as they stand here, past what SQLAlchemy does for each row. A statement holds many rows,
and what is the same in all of them is written into its text:

    INSERT INTO people (email, city, run) VALUES (?, ?, 'a1'), (?, ?, 'a1')

Its parameters have no numbers, with which each value could be bound once: since 3.12 Python asks SQLite for the name of
each parameter, and to find that of `?1` takes longer than all the rest (github.com/python/cpython/issues/117995).
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, partial
from itertools import repeat

import msgspec
import polars as pl
from sqlalchemy import Connection, Table, literal
from sqlalchemy.exc import IntegrityError

# A statement. After each the interpreter has to be had again, which others use meanwhile; with more rows hardly
# anything becomes faster, and more memory is needed.
ROWS = 256
PATIENCE = 3  # how many more statements may fail than go through before no other is tried
AT_ONCE = 16 * ROWS  # rows that are Python's values at a time
_LITERAL = {"literal_binds": True}  # docs.sqlalchemy.org/faq/sqlexpressions.html, "Rendering Bound Parameters Inline"


class Statement(msgspec.Struct, frozen=True):
    """How many rows it inserts, its text and its parameters."""

    rows: int
    text: str
    parameters: tuple[object, ...]

    def __repr__(self) -> str:
        """Show the number of rows, and never a value."""
        return f"<Statement rows={self.rows}>"

    def __rich_repr__(self) -> list[tuple[str, object]]:
        """Show no more to rich, for which msgspec would list all fields."""
        return [("rows", self.rows)]


class Target(msgspec.Struct, frozen=True, eq=False):
    """The table that rows go into, and the values that are the same in all of them, by column."""

    connection: Connection
    table: Table
    same: Mapping[str, object] = {}

    def text(self, names: Sequence[str], rows: int) -> str:
        """Return the text of a statement for so many rows; its parameters are the columns' values, row after row."""
        dialect = self.connection.dialect
        preparer = dialect.identifier_preparer
        columns = ", ".join(preparer.format_column(self.table.c[name]) for name in (*names, *self.same))
        parameters = ["?"] * len(names)
        row = "(" + ", ".join([*parameters, *self._literals()]) + ")"
        return f"INSERT INTO {preparer.format_table(self.table)} ({columns}) VALUES {', '.join([row] * rows)}"  # noqa: S608  (quoted)

    def _literals(self) -> Iterator[str]:
        """Yield what is the same in all rows, quoted as the database reads it."""
        for name, value in self.same.items():
            yield str(literal(value, self.table.c[name].type).compile(self.connection, compile_kwargs=_LITERAL))


def insert_all(target: Target, frame: pl.DataFrame) -> int:
    """Insert all rows; return how many the database says it inserted."""
    return sum(_run(target, statement) for statement in _statements(target, frame))


def insert_new(target: Target, frame: pl.DataFrame) -> tuple[int, pl.DataFrame]:
    """Insert rows that are likely new; return how many the database says it inserted, and the rows that are left.

    SQLite undoes a statement that meets an identity which is there, and nothing but this statement
    (sqlite.org/lang_conflict.html, ABORT): its rows are left. Where too many fail, all that follow are left untried.
    A rule of the user's own may undo the whole transaction (ROLLBACK): then nothing more may be done in it.
    """
    counts: list[int] = []
    left: list[pl.DataFrame] = []
    done = 0
    for statement in _statements(target, frame.select(name for name in frame.columns if name in target.table.c)):
        if len(left) > len(counts) + PATIENCE:
            break
        try:
            counts.append(_run(target, statement))
        except IntegrityError as error:
            if not (_stands_there(error) and _driver(target).in_transaction):
                raise
            left.append(frame.slice(done, statement.rows))
        done += statement.rows
    return sum(counts), pl.concat([*left, frame.slice(done)])


def _stands_there(error: IntegrityError) -> bool:
    return getattr(error.orig, "sqlite_errorname", "") == "SQLITE_CONSTRAINT_UNIQUE"


def _run(target: Target, statement: Statement) -> int:
    return target.connection.exec_driver_sql(statement.text, statement.parameters).rowcount


def _statements(target: Target, frame: pl.DataFrame) -> Iterator[Statement]:
    """Yield the statements that insert all rows, each of many."""
    names = [name for name in frame.columns if name not in target.same]
    text = cache(partial(target.text, names))
    most = _most_rows(target, len(names))
    for part in frame.select(names).iter_slices(AT_ONCE):
        columns = part.to_dict(as_series=False)
        start = 0
        for rows in _sizes(len(part), most):
            parameters: list[object] = [None] * (rows * len(columns))
            for place, column in enumerate(columns.values()):  # a column at a time: half the time of row after row
                parameters[place :: len(columns)] = column[start : start + rows]
            yield Statement(rows, text(rows), tuple(parameters))
            start += rows


def _sizes(total: int, most: int) -> Iterator[int]:
    """Yield how many rows each statement has: the most, and of what is left always the half.

    So there are but a few statements, whatever the number of rows: the driver keeps each that it has seen, and a
    statement of hundreds of rows takes much memory.

    >>> [*_sizes(1000, 256)]
    [256, 256, 256, 128, 64, 32, 8]
    """
    while most:
        yield from repeat(most, total // most)
        total, most = total % most, most // 2


def _most_rows(target: Target, columns: int) -> int:
    """Return how many rows a statement may have: SQLite bounds its parameters (sqlite.org/limits.html, 9)."""
    parameters = _driver(target).getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)
    return max(1, min(ROWS, parameters // columns))


def _driver(target: Target) -> sqlite3.Connection:
    driver: object = target.connection.connection.dbapi_connection
    assert isinstance(driver, sqlite3.Connection)  # noqa: S101  (narrows the type)
    return driver
