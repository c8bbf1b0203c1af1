"""SQLite: one file, opened so that a commit is on the disk and what is deleted is gone.

`journal_mode=DELETE` (WAL can lose commits in SQLite 3.7.0 to 3.51.2), `synchronous=EXTRA`, `secure_delete=ON`;
temporary tables stay in memory, so no file of them is left behind. How rows get in is said in `entry` and `bulk`.
"""

import sqlite3
from functools import partial
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
from sqlalchemy.pool import ConnectionPoolEntry

from loaders.bulk import insert_all
from loaders.dialect import Dialect, Opening
from loaders.entry import enter
from loaders.errors import DatabaseError, disk_full
from loaders.json_text import json_text

_NOWHERE = ("database.url", "A database in memory is gone afterwards.", "Give a file, as sqlite:///customers.db .")
_MISSING = ("database.missing", "There is no such database.", "Give with --into the one that was imported into.")
_PRAGMAS = (
    "busy_timeout=10000",  # milliseconds; first, for the next one may have to wait already
    "page_size=16384",  # bytes, of a new file: what a batch changes of the index is copied and synced in fewer pieces
    "journal_mode=DELETE",
    "synchronous=EXTRA",
    "secure_delete=ON",
    "foreign_keys=ON",
    "temp_store=MEMORY",
    "cache_size=-64000",  # kibibytes: the index's pages that a batch meets stay at hand; the default is 2 MB
)


def _open(how: Opening) -> Engine:
    if how.url.database in {None, "", ":memory:"}:
        raise DatabaseError(*_NOWHERE)
    if how.reading and not Path(how.url.database or "").exists():
        raise DatabaseError(*_MISSING)
    # No parameters in exceptions or logs: they are customers' values.
    engine = create_engine(how.url, hide_parameters=True, json_serializer=json_text)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "handle_error", partial(_tell_full, Path(how.url.database or "").parent), retval=True)
    event.listen(engine, "begin", _begin_reading if how.reading else _begin)
    return engine


def _prepare(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    # The driver would begin a transaction by itself, and only before some statements; we say BEGIN ourselves.
    assert isinstance(connection, sqlite3.Connection)  # noqa: S101  (narrows the type)
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _tell_full(folder: Path, context: ExceptionContext) -> DatabaseError | None:
    """Return what is wrong where SQLite can make no file because the disk is full: it does not say why it cannot."""
    name = getattr(context.original_exception, "sqlite_errorname", "")
    if not name.startswith("SQLITE_CANTOPEN"):
        return None
    try:
        with NamedTemporaryFile(dir=folder):  # the system tells those alone who try
            return None
    except OSError as error:
        return disk_full(error)


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")  # the lock now, not in the middle of the batch


def _begin_reading(connection: Connection) -> None:
    connection.exec_driver_sql("PRAGMA query_only=ON")
    connection.exec_driver_sql("BEGIN")


def _take_turns(_connection: Connection) -> None:
    """Do nothing: who has begun a transaction is alone in the file."""


SQLITE: Final = Dialect(open=_open, take_turns=_take_turns, enter=enter, insert=insert_all, shares=True)
