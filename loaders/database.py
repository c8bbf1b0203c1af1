"""A database that customers are kept in: opened with care, made or compared with the policy.

SQLite is opened so that a commit is on the disk and what is deleted is gone: `journal_mode=DELETE` (WAL can lose
commits in SQLite 3.7.0 to 3.51.2), `synchronous=EXTRA`, `secure_delete=ON`; temporary tables stay in memory, so no
file of them is left behind.
"""

import os
import sqlite3
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from loaders.errors import DatabaseError, DatabaseShapeError, translated
from loaders.json_text import json_text
from loaders.schema import compare, is_new, make
from loaders.tables import Tables
from loaders.transport import secured

_UNSUPPORTED = ("database.unsupported", "Only SQLite can be loaded for now.", "Give sqlite:///customers.db .")
_NOWHERE = ("database.url", "A database in memory is gone afterwards.", "Give a file, as sqlite:///customers.db .")
_MISSING = ("database.missing", "There is no such database.", "Give with --into the one that was imported into.")
_DRIVERS = ("sqlite", "sqlite+pysqlite")
_PRAGMAS = (
    "busy_timeout=10000",  # milliseconds; first, for the next one may have to wait already
    "journal_mode=DELETE",
    "synchronous=EXTRA",
    "secure_delete=ON",
    "foreign_keys=ON",
    "temp_store=MEMORY",
    "cache_size=-64000",  # kibibytes: the index's pages that a batch meets stay at hand; the default is 2 MB
)


def open_database(url: str, *, allow_insecure: bool = False, reading: bool = False) -> Engine:
    """Return an engine for a database URL; DatabaseError where it cannot be used.

    `allow_insecure`: a link to another host need not be safe (`transport`). `reading`: nothing will be written, so
    nothing is made, and nobody who writes is kept waiting.
    """
    with translated():
        address = make_url(url)
        if address.drivername not in _DRIVERS:
            raise DatabaseError(*_UNSUPPORTED)
        if address.database in {None, "", ":memory:"}:
            raise DatabaseError(*_NOWHERE)
        if reading and not Path(address.database).exists():
            raise DatabaseError(*_MISSING)
        safe = secured(address, os.environ, allow_insecure=allow_insecure)
        # No parameters in exceptions or logs: they are customers' values.
        engine = create_engine(url, hide_parameters=True, json_serializer=json_text, connect_args=safe)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin_reading if reading else _begin)
    return engine


def make_or_compare(connection: Connection, tables: Tables) -> None:
    """Make the tables of a new database; DatabaseShapeError where those that are there differ. Commits nothing."""
    with translated():
        if is_new(connection, tables):
            make(connection, tables)
            return
        differences = [*compare(connection, tables)]
        if any(difference.blocks for difference in differences):
            raise DatabaseShapeError(tuple(map(str, differences)))


def _prepare(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    # The driver would begin a transaction by itself, and only before some statements; we say BEGIN ourselves.
    assert isinstance(connection, sqlite3.Connection)  # noqa: S101  (narrows the type)
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")  # the lock now, not in the middle of the batch


def _begin_reading(connection: Connection) -> None:
    connection.exec_driver_sql("PRAGMA query_only=ON")
    connection.exec_driver_sql("BEGIN")
