"""What the tables of a database are, held against those that are drawn from the policy.

The product's own tables grow by revisions (`migrations`); which one a database has stands in its table `intake_schema`.
The tables of records are what the policy says.
"""

from collections.abc import Iterator

import msgspec
from msgspec.structs import replace
from sqlalchemy import (
    Column,
    Connection,
    Index,
    Inspector,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.engine.interfaces import ReflectedColumn
from sqlalchemy.schema import CreateIndex

from loaders.known import view_of
from loaders.tables import Tables

HEAD = "0001"  # the newest revision: an import looks at it, and need not load Alembic
REVISION = Table(  # as Alembic makes it
    "intake_schema",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="intake_schema_pkc"),
)
_RESTORE = "It was there in this revision: restore the database from a copy, or give another."
UPGRADE = "Run intake db upgrade --into URL ."

# The columns by which a table of records is known where the policy names none of its name.
_OURS = {"id", "source_reference", "run", "policy", "created_at", "updated_at"}


class Difference(msgspec.Struct, frozen=True):
    """One thing in which a database is not what the policy says, and how to mend it.

    `code` is stable. `blocks`: nothing can be imported as long as it is so. `rows`: how many stand in the way, where
    that was counted.
    """

    code: str
    table: str
    message: str
    remedy: str
    column: str | None = None
    index: str | None = None
    blocks: bool = True
    rows: int | None = None

    def __str__(self) -> str:
        """Return what differs."""
        return self.message


def is_new(connection: Connection, tables: Tables) -> bool:
    """Return whether a database has none of our tables yet."""
    return not _names(inspect(connection)) & {REVISION.name, *tables.metadata.tables}


def make(connection: Connection, tables: Tables) -> None:
    """Make all tables of a new database."""
    tables.metadata.create_all(connection)
    REVISION.create(connection)
    connection.execute(insert(REVISION).values(version_num=HEAD))


def revision_of(connection: Connection) -> str | None:
    """Return the revision of the product's own tables; None where the database does not say it."""
    if REVISION.name not in inspect(connection).get_table_names():
        return None
    return connection.scalar(select(REVISION.c.version_num))


def compare(connection: Connection, tables: Tables) -> Iterator[Difference]:
    """Yield all in which a database differs from the tables of a policy."""
    inspector = inspect(connection)
    present = _names(inspector)
    found = revision_of(connection)
    if found != HEAD:
        is_of = f"is of revision {found}" if found else "does not say its revision"
        message = f"the database {is_of}, this intake is of {HEAD}"
        yield Difference("schema.revision", REVISION.name, message, UPGRADE)
    for table in tables.metadata.sorted_tables:
        remedy = UPGRADE if found != HEAD or tables.holds_records(table) else _RESTORE
        if table.name not in present:
            yield Difference("schema.table_missing", table.name, f"there is no table {table.name}", remedy)
        elif table.name not in inspector.get_table_names():
            yield _no_table(table)
        else:
            for one in _columns(connection, table, inspector.get_columns(table.name)):
                yield replace(one, remedy=remedy) if one.remedy == UPGRADE else one
            yield from _indexes(connection, table)
    yield from _views(inspector, tables)
    yield from _strangers(inspector, tables)


def _names(inspector: Inspector) -> set[str]:
    return {*inspector.get_table_names(), *inspector.get_view_names()}


def _no_table(table: Table) -> Difference:
    remedy = "Rename or drop it, or give another database."
    return Difference("schema.no_table", table.name, f"{table.name} is a view and no table", remedy)


def _columns(connection: Connection, table: Table, reflected: list[ReflectedColumn]) -> Iterator[Difference]:
    columns = {column["name"]: column for column in reflected}
    for name in sorted(columns.keys() - table.columns.keys()):
        message = f"table {table.name} has a column {name} that the policy does not name"
        remedy = f"To drop it with all it holds: intake db drop-column {table.name}.{name} --into URL --yes"
        yield Difference("schema.column_not_allowed", table.name, message, remedy, name)
    for name, column in table.columns.items():
        if name not in columns:
            message = f"table {table.name} has no column {name}"
            yield Difference("schema.column_missing", table.name, message, UPGRADE, name)
            continue
        if columns[name]["nullable"] != column.nullable and not column.primary_key:
            yield _nullable(table, column)
        wanted, found = (one.compile(connection.dialect) for one in (column.type, columns[name]["type"]))
        if wanted != found:
            message = f"table {table.name}, column {name} is {found}, not {wanted}"
            remedy = f"Make it {wanted} yourself, or give another database."
            yield Difference("schema.column_type", table.name, message, remedy, name)


def _nullable(table: Table, column: Column[object]) -> Difference:
    where = f"table {table.name}, column {column.name}"
    if column.nullable:
        return Difference("schema.column_required", table.name, f"{where}: NOT NULL is wrong", UPGRADE, column.name)
    # Whatever is imported has a value, and an import is how rows without one get it: so it does not stand in the way.
    return Difference(
        "schema.column_optional", table.name, f"{where}: NULL is wrong", UPGRADE, column.name, blocks=False
    )


def _indexes(connection: Connection, table: Table) -> Iterator[Difference]:
    present = _made(connection)
    for index in table.indexes:
        if index.name not in present:
            message = f"table {table.name} has no index {index.name}, which tells its records apart"
            yield Difference("schema.index_missing", table.name, message, UPGRADE, index=index.name)
        elif present[index.name] != _wanted(connection, index):
            message = f"table {table.name}, index {index.name} tells its records apart by something else"
            yield Difference("schema.index_other", table.name, message, UPGRADE, index=index.name)


def _made(connection: Connection) -> dict[str, str]:
    """Return how each index was made, by name; SQLAlchemy's inspector leaves those over an expression out on SQLite."""
    if connection.dialect.name == "sqlite":
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    else:  # `true`: without the name of the schema, where it is in the search path
        query = (
            "SELECT c.relname, replace(pg_get_indexdef(c.oid, 0, true), ' USING btree ', ' ') FROM pg_class c "
            "WHERE c.relkind = 'i' AND c.relnamespace = current_schema()::regnamespace"
        )
    return {name: _letters(made) for name, made in connection.execute(text(query))}


def _wanted(connection: Connection, index: Index) -> str:
    return _letters(str(CreateIndex(index).compile(dialect=connection.dialect)))


def _letters(sql: str) -> str:
    """Return what of a statement is compared: not its quotes, white space and case."""
    return "".join(sql.replace('"', "").split()).casefold()


def _views(inspector: Inspector, tables: Tables) -> Iterator[Difference]:
    """Yield the views that are missing. What is in one is not compared: `upgrade` makes all of them anew."""
    if inspector.dialect.name != "postgresql":
        return
    present = inspector.get_view_names()
    for kind in tables.identified:
        name = view_of(kind).name
        if name not in present:
            message = f"there is no view {name}, by which a loader knows the records of {kind.table}"
            yield Difference("schema.view_missing", kind.table, message, UPGRADE)


def _strangers(inspector: Inspector, tables: Tables) -> Iterator[Difference]:
    """Yield the tables of records, by their technical columns, that are of no kind of the policy."""
    for name in sorted({*inspector.get_table_names()} - {*tables.metadata.tables}):
        if {column["name"] for column in inspector.get_columns(name)} >= _OURS:
            quoted = inspector.dialect.identifier_preparer.quote(name)
            remedy = f"If it is of a kind that the policy had before, drop it with all it holds: DROP TABLE {quoted};"
            message = f"table {name} holds records of no kind that the policy names"
            yield Difference("schema.table_not_allowed", name, message, remedy, blocks=False)
