"""What each database has its own way of: one file for each of them says it, and everything else is the same for all."""

from collections import Counter
from collections.abc import Callable, Mapping

import msgspec
import polars as pl
from sqlalchemy import URL, Connection, Engine

from loaders.bulk import Target
from loaders.entry import Entry


class Dialect(msgspec.Struct, frozen=True):
    """The ways of one database.

    open: returns an engine for an address; DatabaseError where the address cannot be one.
    take_turns: keeps other imports out of the database until the transaction ends, or waits for them.
    indexes: returns how each index was made, as CREATE INDEX, by name.
    enter: writes the rows of one kind, and returns how many had which outcome.
    insert: inserts all rows of a frame, and returns how many the database says it inserted.
    """

    open: Callable[[URL], Engine]
    take_turns: Callable[[Connection], None]
    indexes: Callable[[Connection], Mapping[str, str]]
    enter: Callable[[Connection, Entry, pl.DataFrame], Counter[str]]
    insert: Callable[[Target, pl.DataFrame], int]
