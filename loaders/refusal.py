"""Rows that the database itself refuses, found by halving: their neighbours get in.

All rows go into a stage once; then each try is about some of them, and needs no more than a savepoint. A try makes no
table of its own: thousands of them in one transaction would take all the locks that PostgreSQL has to give.
"""

from collections import Counter
from collections.abc import Callable

import msgspec
import polars as pl
from sqlalchemy import Connection, text

from loaders.bulk import Target
from loaders.entry import Entry, enter_from, staged
from loaders.errors import DatabaseRefusedError, translated

_NO_DATA = "02000"  # SQL's own code for a statement that changed no row (ISO/IEC 9075-2, "no data")
# A try of few rows looks them up one by one, however small the table was when its statement was planned (PostgreSQL's
# manual, 19.7.1).
_ONE_BY_ONE = ("enable_seqscan", "enable_hashjoin", "enable_mergejoin", "jit")


class Refusal(msgspec.Struct, frozen=True):
    """A frame of one row, and the SQLSTATE with which the database refuses it (or SQLite's name of the error)."""

    row: pl.DataFrame
    reason: str

    def __repr__(self) -> str:
        """Show the reason, and never a value."""
        return f"<Refusal reason={self.reason}>"

    def __rich_repr__(self) -> list[tuple[str, object]]:
        """Show no more to rich, for which msgspec would list all fields."""
        return [("reason", self.reason)]


Sifted = tuple[Counter[str], list[Refusal]]  # how many rows had which outcome, and those that are refused


def complete(counts: Counter[str], frame: pl.DataFrame) -> Counter[str]:
    """Return the counts; DatabaseRefusedError where the database does not say of every row what became of it.

    It let some fall without a word, as a trigger may bid it; or somebody deleted a customer between our look and our
    UPDATE. Which it is shows when the rows are tried anew.
    """
    if counts.total() != len(frame):
        raise DatabaseRefusedError(_NO_DATA)
    return counts


def sift(
    connection: Connection, entry: Entry, frame: pl.DataFrame, insert: Callable[[Target, pl.DataFrame], int]
) -> Sifted:
    """Enter the rows of one kind that the database takes, and find those that it refuses.

    `insert` inserts all rows of a frame into a table. What is wrong with more than a row (DatabaseError) is raised.
    """
    if entry.kind.identity is None:
        target = Target(connection, entry.table, entry.stamp)
        return _sifted(connection, lambda part: Counter(new=insert(target, part.select(entry.contents))), frame)
    with staged(connection, entry) as stage:
        target = Target(connection, stage.rows)
        columns = ("record", *entry.contents)
        _, unfit = _sifted(connection, lambda part: Counter(new=insert(target, part.select(columns))), frame)
        fit = frame.filter(~frame["record"].is_in([refusal.row["record"].item() for refusal in unfit]))
        if connection.dialect.name == "postgresql":
            for setting in _ONE_BY_ONE:
                connection.execute(text(f"SET LOCAL {setting} = off"))

        def enter(part: pl.DataFrame) -> Counter[str]:
            few = msgspec.structs.replace(stage, records=(part["record"][0], part["record"][-1]))
            return enter_from(connection, entry, few)

        counts, refused = _sifted(connection, enter, fit)
    return counts, [*unfit, *refused]


def _sifted(connection: Connection, enter: Callable[[pl.DataFrame], Counter[str]], frame: pl.DataFrame) -> Sifted:
    """Enter the rows that the database takes.

    Each try is a savepoint; where it fails, the first half is tried and then the second, so the rows stay in their
    order, and one that is refused costs two tries for each time that the rows can be halved.
    """
    if frame.is_empty():
        return Counter(), []
    try:
        with translated(), connection.begin_nested():
            return complete(enter(frame), frame), []
    except DatabaseRefusedError as error:
        if len(frame) == 1:
            return Counter(), [Refusal(frame, error.reason)]
    middle = len(frame) // 2
    counts, refusals = _sifted(connection, enter, frame[:middle])
    more_counts, more_refusals = _sifted(connection, enter, frame[middle:])
    return counts + more_counts, refusals + more_refusals
