"""A database that customers are kept in: opened with care, made or compared with the policy.

SQLite is opened so that a commit is on the disk and what is deleted is gone: `journal_mode=DELETE` (WAL can lose
commits in SQLite 3.7.0 to 3.51.2), `synchronous=EXTRA`, `secure_delete=ON`; temporary tables stay in memory, so no
file of them is left behind.
"""

import sqlite3
from collections.abc import Iterator

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from loaders.errors import DatabaseError, DatabaseShapeError, translated
from loaders.tables import Tables

_UNSUPPORTED = ("database.unsupported", "Only SQLite can be loaded for now.", "Give sqlite:///customers.db .")
_PRAGMAS = (
    "journal_mode=DELETE",
    "synchronous=EXTRA",
    "secure_delete=ON",
    "foreign_keys=ON",
    "temp_store=MEMORY",
    "busy_timeout=10000",  # milliseconds
)


def open_database(url: str) -> Engine:
    """Return an engine for a database URL; DatabaseError where it cannot be used."""
    with translated():
        # No parameters in exceptions or logs: they are customers' values.
        engine = create_engine(url, hide_parameters=True)
    if engine.dialect.name != "sqlite":
        raise DatabaseError(*_UNSUPPORTED)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def make_or_compare(connection: Connection, tables: Tables) -> None:
    """Make the tables that are not there; DatabaseShapeError where one is there and differs. Commits nothing."""
    with translated():
        if differences := tuple(_differences(connection, tables)):
            raise DatabaseShapeError(differences)
        tables.metadata.create_all(connection)


def _differences(connection: Connection, tables: Tables) -> Iterator[str]:
    inspector = inspect(connection)
    present = set(inspector.get_table_names())
    for table in tables.metadata.sorted_tables:
        if table.name not in present:
            continue
        columns = {column["name"]: column for column in inspector.get_columns(table.name)}
        for name in columns.keys() - table.columns.keys():
            yield f"table {table.name} has a column {name} that the policy does not name"
        for name, column in table.columns.items():
            if name not in columns:
                yield f"table {table.name} has no column {name}"
            elif columns[name]["nullable"] != column.nullable and not column.primary_key:
                yield f"table {table.name}, column {name}: {'NOT NULL' if column.nullable else 'NULL'} is wrong"
        for index in table.indexes:
            if index.name not in _indexes(connection):
                yield f"table {table.name} has no index {index.name}, which tells its records apart"


def _indexes(connection: Connection) -> set[str]:
    """Return the names of all indexes; SQLAlchemy's inspector leaves those over an expression out on SQLite."""
    return set(connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'index'")))


def _prepare(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    # The driver would begin a transaction by itself, and only before some statements; we say BEGIN ourselves.
    assert isinstance(connection, sqlite3.Connection)  # noqa: S101  (narrows the type)
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")  # the lock now, not in the middle of the batch
