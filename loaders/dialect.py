"""What each database has its own way of: one file for each of them says it, and everything else is the same for all."""

from collections import Counter
from collections.abc import Callable, Mapping

import msgspec
import polars as pl
from sqlalchemy import URL, Connection, Engine

from loaders.bulk import Target
from loaders.entry import Entry, Rows


class Opening(msgspec.Struct, frozen=True):
    """How a database is to be opened: where, with what the driver is told beside the address, and whether to write."""

    url: URL
    safe: Mapping[str, str]
    reading: bool

    def __repr__(self) -> str:
        """Show no address: there may be a password in it."""
        return f"<Opening reading={self.reading}>"

    def __rich_repr__(self) -> list[tuple[str, object]]:
        """Show no more to rich, for which msgspec would list all fields."""
        return [("reading", self.reading)]


class Dialect(msgspec.Struct, frozen=True):
    """The ways of one database.

    open: returns an engine; DatabaseError where the address cannot be one, or where nothing is that is to be read.
    take_turns: keeps other imports out of the database until the transaction ends, or waits for them.
    enter: writes the rows of one kind, and returns how many had which outcome.
    insert: inserts all rows of a frame, and returns how many the database says it inserted.
    shares: whether batches gain by sharing a transaction (`together`).
    """

    open: Callable[[Opening], Engine]
    take_turns: Callable[[Connection], None]
    enter: Callable[[Connection, Entry, Rows], Counter[str]]
    insert: Callable[[Target, pl.DataFrame], int]
    shares: bool
