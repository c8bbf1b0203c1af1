"""A database that customers are kept in: opened with care, made or compared with the policy."""

from collections.abc import Iterator, Mapping

from sqlalchemy import URL, Connection, Engine, Table, inspect, make_url
from sqlalchemy.engine.interfaces import ReflectedColumn
from sqlalchemy.schema import CreateIndex

from loaders.dialect import Dialect
from loaders.errors import DatabaseError, DatabaseShapeError, translated
from loaders.postgresql import POSTGRESQL
from loaders.sqlite import SQLITE
from loaders.tables import Tables

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
_SECRETS = ("password", "sslpassword")  # which may stand among libpq's parameters


def open_database(url: str) -> Engine:
    """Return an engine for a database URL; DatabaseError where it cannot be used."""
    with translated():
        address = make_url(url)
        if address.drivername not in _DIALECTS:
            raise DatabaseError(*_UNSUPPORTED)
        return _DIALECTS[address.drivername].open(address)


def shown(url: URL) -> str:
    """Return an address as everybody may see it."""
    return url.difference_update_query(_SECRETS).render_as_string(hide_password=True)


def dialect_of(connection: Connection) -> Dialect:
    """Return the ways of the database that a connection leads to."""
    return _DIALECTS[connection.dialect.name]


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
    present = {name: _letters(made) for name, made in dialect_of(connection).indexes(connection).items()}
    for index in table.indexes:
        if index.name not in present:
            yield f"table {table.name} has no index {index.name}, which tells its records apart"
        elif present[index.name] != _letters(str(CreateIndex(index).compile(dialect=connection.dialect))):
            yield f"table {table.name}, index {index.name} tells its records apart by something else"


def _letters(sql: str) -> str:
    """Return what of a statement is compared: not its quotes, white space and case."""
    return "".join(sql.replace('"', "").split()).casefold()
