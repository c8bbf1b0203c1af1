"""Making a database what the policy says, as far as nothing is lost; and dropping a column when a person says so.

Everything happens in the caller's transaction. SQLite cannot change a column: Alembic makes the table anew, copies the
rows and drops the old table (alembic.sqlalchemy.org/en/latest/batch.html). What SQLite drops with it, indexes and
triggers, the user's too, is made again by the statements that made it (sqlite.org/lang_altertable.html, 7).
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import (
    Column,
    ColumnClause,
    ColumnElement,
    Connection,
    MetaData,
    Table,
    TableClause,
    Text,
    column,
    func,
    inspect,
    select,
    text,
)
from sqlalchemy.exc import SAWarning
from sqlalchemy.schema import DropIndex

from loaders.errors import DatabaseError, translated
from loaders.known import make_view
from loaders.schema import Difference, compare, revision_of
from loaders.tables import Tables, identity_of

if TYPE_CHECKING:
    from alembic.operations import BatchOperations, Operations


class NotDroppableError(DatabaseError):
    """A column that is not there, or that is not to go."""

    def __init__(self, message: str) -> None:
        """Keep why."""
        super().__init__("schema.not_droppable", message, "Give TABLE.COLUMN as intake db check names it.")


FIRST = "0001"  # the revision of databases that do not say it

_NEWER = ("schema.newer", "The database is of revision {}, which this intake does not know.", "Install a newer one.")
_NO_VALUE = (
    "{rows} rows have no {column}. Import them again with one (rows that come in are complete), or change or delete "
    "those that SELECT * FROM {table} WHERE {column} IS NULL finds; then run intake db upgrade --into URL ."
)
_TWICE = (
    "{rows} identities come more than once in {table}. Decide which row of each stays and delete the others; then run "
    "intake db upgrade --into URL ."
)


def differences(connection: Connection, tables: Tables) -> list[Difference]:
    """Return all in which a database differs from the policy, with how many rows stand in the way; DatabaseError."""
    with translated():
        return [_counted(connection, tables, one) for one in compare(connection, tables)]


def upgrade(connection: Connection, tables: Tables) -> list[str]:
    """Mend what can be mended without a loss, and return what was done; DatabaseError. The rest is `differences`'."""
    with translated():
        return [
            *_migrate(connection),
            *_add(connection, tables),
            *_change_null(connection, tables),
            *_index(connection, tables),
            *_renew_views(connection, tables),
        ]


def drop_column(connection: Connection, tables: Tables, table: str, name: str) -> None:
    """Drop a column that the policy does not name, with all it holds; DatabaseError where it may not be dropped."""
    with translated():
        droppable(connection, tables, table, name)
        list(_renew_views(connection, tables))  # what reads a column stands in the way of dropping it
        with _changing(connection, table, without=name) as batch:
            batch.drop_column(name)
        if connection.dialect.name == "postgresql":
            _write_anew(connection, table)


def droppable(connection: Connection, tables: Tables, table: str, name: str) -> int:
    """Return how many rows have a value in a column that may be dropped; DatabaseError where it may not."""
    with translated():
        if obstacle := _obstacle(connection, tables, table, name):
            raise NotDroppableError(obstacle)
        return _count(connection, _column(table, name).is_not(None))


def _obstacle(connection: Connection, tables: Tables, table: str, name: str) -> str | None:
    if table not in tables.metadata.tables:
        return f"The policy has no table {table}."
    if name in tables.metadata.tables[table].columns:
        return f"The column {name} of {table} is one that must be there."
    there = inspect(connection)
    if not there.has_table(table) or name not in {one["name"] for one in there.get_columns(table)}:
        return f"The database has no column {name} in a table {table}."
    return None


# --- the product's own tables ----------------------------------------------------------------------------------------


def _migrate(connection: Connection) -> Iterator[str]:
    """Run the revisions that the database has not had yet; yield each."""
    from alembic.config import Config  # noqa: PLC0415  (late: who imports a file has no use for it)
    from alembic.migration import MigrationContext  # noqa: PLC0415
    from alembic.operations import Operations  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", "loaders:migrations")
    scripts = ScriptDirectory.from_config(config)
    context = MigrationContext.configure(connection, opts={"version_table": "intake_schema"})
    found = revision_of(connection)
    known = {script.revision for script in scripts.walk_revisions()}
    if found and found not in known:
        code, message, remedy = _NEWER
        raise DatabaseError(code, message.format(found), remedy)
    if not found and inspect(connection).has_table("intake_runs"):  # made before revisions were counted
        context.stamp(scripts, FIRST)
        found = FIRST
        yield f"noted that the database is of revision {FIRST}"
    with Operations.context(context):
        for script in reversed([*scripts.iterate_revisions("head", found or "base")]):
            script.module.upgrade()
            yield f"revision {script.revision}: {script.doc.removesuffix('.')}"
    context.stamp(scripts, "head")


# --- the tables of records -------------------------------------------------------------------------------------------


def _add(connection: Connection, tables: Tables) -> Iterator[str]:
    """Add the tables and columns that are missing; a column that must have a value, without saying so at first."""
    for one in _of_records(connection, tables, "schema.table_missing"):
        tables.metadata.tables[one.table].create(connection)
        yield f"made the table {one.table}"
    for one in _of_records(connection, tables, "schema.column_missing"):
        column = tables.metadata.tables[one.table].columns[str(one.column)]
        _operations(connection).add_column(one.table, Column(column.name, column.type))
        yield f"added the column {one.column} to {one.table}"


def _change_null(connection: Connection, tables: Tables) -> Iterator[str]:
    """Have columns demand a value that must have one, if all rows have; and no longer where none is needed."""
    by_table: dict[str, list[Difference]] = {}
    for one in _of_records(connection, tables, "schema.column_required", "schema.column_optional"):
        if not _counted(connection, tables, one).rows:
            by_table.setdefault(one.table, []).append(one)
    for table, changes in by_table.items():
        with _changing(connection, table) as batch:
            for one in changes:
                batch.alter_column(str(one.column), nullable=one.code == "schema.column_required", existing_type=Text())
        for one in changes:
            no = "no longer " if one.code == "schema.column_required" else ""
            yield f"made {one.table}.{one.column} {no}NOT NULL"


def _index(connection: Connection, tables: Tables) -> Iterator[str]:
    """Make the indexes that tell records apart, where the records that are there can be told apart."""
    for one in _of_records(connection, tables, "schema.index_missing", "schema.index_other"):
        if _counted(connection, tables, one).rows:
            continue
        index = next(index for index in tables.metadata.tables[one.table].indexes if index.name == one.index)
        connection.execute(DropIndex(index, if_exists=True))
        index.create(connection)
        yield f"made the index {one.index} of {one.table}"


def _renew_views(connection: Connection, tables: Tables) -> Iterator[str]:
    """Make the views of what a loader knows anew; yield those that were missing."""
    missing = {one.table for one in _of_records(connection, tables, "schema.view_missing")}
    if connection.dialect.name == "postgresql":
        for kind in tables.identified:
            make_view(connection, kind, tables.metadata.tables[kind.table])
            if kind.table in missing:
                yield f"made the view {kind.table}_known"


def _of_records(connection: Connection, tables: Tables, *codes: str) -> list[Difference]:
    """Return the differences of some codes, of the tables of records alone."""
    own = {table.name for table in tables.kinds.values()}
    return [one for one in compare(connection, tables) if one.code in codes and one.table in own]


# --- counting --------------------------------------------------------------------------------------------------------


def _counted(connection: Connection, tables: Tables, one: Difference) -> Difference:
    """Return a difference with how many rows stand in the way of mending it, and what to do about them."""
    if one.code == "schema.column_optional":
        return _with_rows(one, _count(connection, _column(one.table, one.column).is_(None)), _NO_VALUE)
    if one.code == "schema.column_not_allowed":
        rows = _count(connection, _column(one.table, one.column).is_not(None))
        return msgspec.structs.replace(one, rows=rows)
    if one.code in {"schema.index_missing", "schema.index_other"}:
        return _with_rows(one, _count_twice(connection, tables, one), _TWICE)
    return one


def _with_rows(one: Difference, rows: int, remedy: str) -> Difference:
    if not rows:
        return msgspec.structs.replace(one, rows=0)
    return msgspec.structs.replace(one, rows=rows, remedy=remedy.format(rows=rows, table=one.table, column=one.column))


def _column(table: str, name: str | None) -> ColumnClause[object]:
    return TableClause(table, column(str(name))).c[str(name)]


def _count(connection: Connection, condition: ColumnElement[bool]) -> int:
    return connection.scalar(select(func.count()).where(condition)) or 0


def _count_twice(connection: Connection, tables: Tables, one: Difference) -> int:
    """Return how many identities come more than once."""
    kind = next(kind for kind in tables.identified if kind.table == one.table)
    if kind.identity not in {each["name"] for each in inspect(connection).get_columns(one.table)}:
        return 0
    key = identity_of(kind, tables.metadata.tables[one.table].c[str(kind.identity)])
    twice = select(key.label("key")).where(key.is_not(None)).group_by(key).having(func.count() > 1).subquery()
    return connection.scalar(select(func.count()).select_from(twice)) or 0


# --- changing a table ------------------------------------------------------------------------------------------------


def _operations(connection: Connection) -> "Operations":
    from alembic.migration import MigrationContext  # noqa: PLC0415  (late, as above)
    from alembic.operations import Operations  # noqa: PLC0415

    return Operations(MigrationContext.configure(connection))


@contextmanager
def _changing(connection: Connection, table: str, without: str | None = None) -> Iterator["BatchOperations"]:
    """Change a table, on SQLite by moving and copying it; what else was made on it is there again afterwards.

    `without`: the column that goes, and every index that has it.
    """
    operations = _operations(connection)
    if connection.dialect.name != "sqlite":
        with operations.batch_alter_table(table) as batch:
            yield batch
        return
    again = _statements_of(connection, table, without)
    # The old table is dropped before the new one has its name: for that long, views of it lead nowhere.
    connection.exec_driver_sql("PRAGMA legacy_alter_table=ON")
    with operations.batch_alter_table(table, copy_from=_as_it_is(connection, table)) as batch:
        yield batch
    connection.exec_driver_sql("PRAGMA legacy_alter_table=OFF")
    for statement in again:
        connection.exec_driver_sql(statement)


def _as_it_is(connection: Connection, name: str) -> Table:
    """Return a table as the database has it, without indexes: they are made by their own statements."""
    with warnings.catch_warnings():  # SQLAlchemy says that it leaves indexes over an expression out
        warnings.simplefilter("ignore", SAWarning)
        table = Table(name, MetaData(), autoload_with=connection)
    table.indexes.clear()
    return table


def _statements_of(connection: Connection, table: str, without: str | None) -> list[str]:
    """Return the statements that made the indexes and triggers of a table."""
    query = text("SELECT name, sql FROM sqlite_master WHERE tbl_name = :table AND type != 'table' AND sql IS NOT NULL")
    made = connection.execute(query, {"table": table}).all()
    covered = text("SELECT count(*) FROM pragma_index_info(:index) WHERE name = :column")
    return [sql for name, sql in made if not connection.scalar(covered, {"index": name, "column": without})]


def _write_anew(connection: Connection, table: str) -> None:
    """Write a table anew: PostgreSQL only hides a dropped column, and keeps what stood in it.

    Postgresql.org/docs/18/sql-altertable.html, Notes. CLUSTER does it within the transaction, which VACUUM cannot.
    """
    preparer = connection.dialect.identifier_preparer
    key = inspect(connection).get_pk_constraint(table)["name"]
    connection.exec_driver_sql(f"CLUSTER {preparer.quote(table)} USING {preparer.quote(str(key))}")
    connection.exec_driver_sql(f"ALTER TABLE {preparer.quote(table)} SET WITHOUT CLUSTER")
