"""A database that customers are kept in: opened with care, made or compared with the policy."""

import os
from collections.abc import Mapping

from sqlalchemy import Connection, Engine, make_url

from loaders.dialect import Dialect, Opening
from loaders.errors import DatabaseError, DatabaseShapeError, translated
from loaders.postgresql import POSTGRESQL
from loaders.schema import compare, is_new, make
from loaders.sqlite import SQLITE
from loaders.tables import Tables
from loaders.transport import secured

_UNSUPPORTED = (
    "database.unsupported",
    "Only SQLite and PostgreSQL can be loaded.",
    "Give sqlite:///customers.db or postgresql://user@host/database .",
)
# By how an address begins, and by what SQLAlchemy calls the database.
_DIALECTS: Mapping[str, Dialect] = {
    "sqlite": SQLITE,
    "sqlite+pysqlite": SQLITE,
    "postgresql": POSTGRESQL,
    "postgresql+psycopg": POSTGRESQL,
    "postgres": POSTGRESQL,
}


def open_database(url: str, *, allow_insecure: bool = False, reading: bool = False) -> Engine:
    """Return an engine for a database URL; DatabaseError where it cannot be used.

    `allow_insecure`: a link to another host need not be safe (`transport`). `reading`: nothing will be written, so
    nothing is made, and nobody who writes is kept waiting.
    """
    with translated():
        address = make_url(url)
        if address.drivername not in _DIALECTS:
            raise DatabaseError(*_UNSUPPORTED)
        safe = secured(address, os.environ, allow_insecure=allow_insecure)
        return _DIALECTS[address.drivername].open(Opening(address, safe, reading))


def dialect_of(to: Connection | Engine) -> Dialect:
    """Return the ways of the database that a connection or an engine leads to."""
    return _DIALECTS[to.dialect.name]


def make_or_compare(connection: Connection, tables: Tables) -> None:
    """Make the tables of a new database; DatabaseShapeError where those that are there differ. Commits nothing."""
    with translated():
        if is_new(connection, tables):
            make(connection, tables)
            return
        differences = [*compare(connection, tables)]
        if any(difference.blocks for difference in differences):
            raise DatabaseShapeError(tuple(map(str, differences)))
