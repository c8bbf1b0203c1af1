"""Rows that the database itself refuses, found by halving: their neighbours get in."""

from collections import Counter
from collections.abc import Callable

import msgspec
import polars as pl
from sqlalchemy import Connection

from loaders.errors import DatabaseRefusedError, translated


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


def sifted(
    connection: Connection, enter: Callable[[pl.DataFrame], Counter[str]], frame: pl.DataFrame
) -> tuple[Counter[str], list[Refusal]]:
    """Enter the rows that the database takes; return how many had which outcome, and those that it refuses.

    Each try is a savepoint; where it fails, the first half is tried and then the second, so the rows stay in their
    order, and one that is refused costs two tries for each time that the rows can be halved. What is wrong with more
    than a row (DatabaseError) is raised.
    """
    try:
        with translated(), connection.begin_nested():
            return enter(frame), []
    except DatabaseRefusedError as error:
        if len(frame) == 1:
            return Counter(), [Refusal(frame, error.reason)]
    middle = len(frame) // 2
    counts, refusals = sifted(connection, enter, frame[:middle])
    more_counts, more_refusals = sifted(connection, enter, frame[middle:])
    return counts + more_counts, refusals + more_refusals
