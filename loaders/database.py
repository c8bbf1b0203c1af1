"""A database that customers are kept in: opened with care, made or compared with the policy.

SQLite is opened so that a commit is on the disk and what is deleted is gone: `journal_mode=DELETE` (WAL can lose
commits in SQLite 3.7.0 to 3.51.2), `synchronous=EXTRA`, `secure_delete=ON`; temporary tables stay in memory, so no
file of them is left behind.
"""

import sqlite3
from collections.abc import Iterator

from sqlalchemy import Connection, Engine, Table, create_engine, event, inspect, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection, ReflectedColumn
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.schema import CreateIndex

from loaders.errors import DatabaseError, DatabaseShapeError, translated
from loaders.json_text import json_text
from loaders.tables import Tables

_UNSUPPORTED = ("database.unsupported", "Only SQLite can be loaded for now.", "Give sqlite:///customers.db .")
_NOWHERE = ("database.url", "A database in memory is gone afterwards.", "Give a file, as sqlite:///customers.db .")
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


def open_database(url: str) -> Engine:
    """Return an engine for a database URL; DatabaseError where it cannot be used."""
    with translated():
        address = make_url(url)
        if address.drivername not in _DRIVERS:
            raise DatabaseError(*_UNSUPPORTED)
        if address.database in {None, "", ":memory:"}:
            raise DatabaseError(*_NOWHERE)
        # No parameters in exceptions or logs: they are customers' values.
        engine = create_engine(url, hide_parameters=True, json_serializer=json_text)
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
    present = {*inspector.get_table_names(), *inspector.get_view_names()}
    for table in tables.metadata.sorted_tables:
        if table.name in present:
            yield from _wrong_columns(connection, table, inspector.get_columns(table.name))
            yield from _wrong_indexes(connection, table)


def _wrong_columns(connection: Connection, table: Table, reflected: list[ReflectedColumn]) -> Iterator[str]:
    columns = {column["name"]: column for column in reflected}
    for name in sorted(columns.keys() - table.columns.keys()):
        yield f"table {table.name} has a column {name} that the policy does not name"
    for name, column in table.columns.items():
        if name not in columns:
            yield f"table {table.name} has no column {name}"
            continue
        if columns[name]["nullable"] != column.nullable and not column.primary_key:
            yield f"table {table.name}, column {name}: {'NOT NULL' if column.nullable else 'NULL'} is wrong"
        wanted, found = (one.compile(connection.dialect) for one in (column.type, columns[name]["type"]))
        if wanted != found:
            yield f"table {table.name}, column {name} is {found}, not {wanted}"


def _wrong_indexes(connection: Connection, table: Table) -> Iterator[str]:
    present = _indexes(connection)
    for index in table.indexes:
        if index.name not in present:
            yield f"table {table.name} has no index {index.name}, which tells its records apart"
        elif present[index.name] != _letters(str(CreateIndex(index).compile(dialect=connection.dialect))):
            yield f"table {table.name}, index {index.name} tells its records apart by something else"


def _indexes(connection: Connection) -> dict[str, str]:
    """Return how each index was made, by name; SQLAlchemy's inspector leaves those over an expression out on SQLite."""
    made = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"))
    return {name: _letters(sql) for name, sql in made}


def _letters(sql: str) -> str:
    """Return what of a statement is compared: not its quotes, white space and case."""
    return "".join(sql.replace('"', "").split()).casefold()


def _prepare(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    # The driver would begin a transaction by itself, and only before some statements; we say BEGIN ourselves.
    assert isinstance(connection, sqlite3.Connection)  # noqa: S101  (narrows the type)
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")  # the lock now, not in the middle of the batch
