r"""PostgreSQL: rows go in by COPY, through psycopg 3; of customers the database tells in one statement what is new.

The identities of a batch, those that may be there (`seen`), are copied into a temporary table, and the database tells
which of them it knows. Rows of the others are copied into their table as they are. Those that it knows are copied into
a stage and merged from there: who differs is updated, and nobody else is touched. Rows that come again within the batch
are settled after that, as on any database (`outcome`), for a statement writes to a row no more than once.

The manual: https://www.postgresql.org/docs/current/sql-copy.html , "Text Format", of which this is a row:

>>> _copied(pl.DataFrame({"record": [1], "city": ["Łódź"], "phone": [None], "note": [""]})).decode().split("\t")
['1', 'Łódź', '\\N', '\n']
"""

from collections import Counter
from collections.abc import Generator, Mapping
from functools import partial
from io import BytesIO
from typing import Any, Final

import polars as pl
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Engine,
    FromClause,
    Integer,
    Join,
    MetaData,
    Select,
    Table,
    create_engine,
    event,
    false,
    func,
    insert,
    literal,
    literal_column,
    or_,
    select,
    text,
    true,
    update,
)
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from loaders.ahead import ahead
from loaders.bulk import AT_ONCE, Target
from loaders.dialect import Dialect, Opening
from loaders.entry import Entry, Rows, enter_staged
from loaders.errors import DatabaseError, DatabaseUnavailableError, failure
from loaders.json_text import json_text
from loaders.known import view_of
from loaders.outcome import Stage

_NO_DRIVER = (
    "database.driver",
    "What speaks with PostgreSQL is not installed.",
    "Install it with pip install 'vipower-intake[postgresql]'.",
)
# A server that is gone without a word is noticed in a minute or so, and not in the two hours that are the system's
# default (libpq, "Parameter Key Words"). What the address says itself goes before.
_LIVELINESS = {
    "connect_timeout": "10",  # seconds, as all of them
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
}
# What we send is UTF-8, whatever the address, PGCLIENTENCODING or the database's own encoding would have it read as.
_LETTERS = {"client_encoding": "utf8"}
_OTHER_LETTERS = (
    "database.encoding",
    "The database keeps its text in an encoding that has not every letter of a name.",
    "Give a database in UTF-8 (CREATE DATABASE customers ENCODING 'UTF8' TEMPLATE template0).",
)
_LOCK_TIMEOUT = "10s"  # as long as SQLite's busy_timeout
_TURN = int.from_bytes(b"intake")  # which advisory lock is ours
_SPECIAL = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_ANY_SPECIAL = r"[\\\n\r\t]"
_ESCAPES: Mapping[int, str] = {ord(sign): escaped for sign, escaped in _SPECIAL.items()}


def _open(how: Opening) -> Engine:
    given = {name: value for name, value in _LIVELINESS.items() if name not in how.url.query}
    try:
        engine = create_engine(
            how.url.set(drivername="postgresql+psycopg"),
            hide_parameters=True,  # no parameters in exceptions or logs: they are customers' values
            json_serializer=json_text,
            connect_args={**given, **how.safe, **_LETTERS},
        )
    except ImportError:
        raise DatabaseError(*_NO_DRIVER) from None
    event.listen(engine, "connect", partial(_prepare, reading=how.reading))
    return engine


def _prepare(connection: DBAPIConnection, _record: ConnectionPoolEntry, *, reading: bool) -> None:
    """Have a lock waited for no longer than on SQLite, and nothing written where nothing is to be.

    DatabaseError where the database cannot hold every letter: what it could not hold would be lost or stop the import.
    """
    cursor = connection.cursor()
    cursor.execute("SHOW server_encoding")
    if cursor.fetchone() != ("UTF8",):
        connection.close()
        raise DatabaseError(*_OTHER_LETTERS)
    cursor.execute(f"SET lock_timeout = '{_LOCK_TIMEOUT}'")
    if reading:
        cursor.execute("SET default_transaction_read_only = on")
    connection.commit()


def _take_turns(connection: Connection) -> None:
    """Wait until no other import is in a transaction (the manual, 13.3.5), for _LOCK_TIMEOUT at most.

    And have every constraint look at a row when it comes, also one that was made to wait for COMMIT.
    """
    connection.execute(select(func.pg_advisory_xact_lock(_TURN)))
    connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    # The pages of a batch's rows are met again and again: at the default of 4, for disks that turn, the planner would
    # rather read the whole of a large table for each batch (the manual, 19.7.2).
    connection.execute(text("SET LOCAL random_page_cost = 1.1"))


def _enter(connection: Connection, entry: Entry, rows: Rows) -> Counter[str]:
    first, again, identities = rows.first, rows.again, rows.identities
    if entry.kind.identity is None:
        target = Target(connection, entry.table, entry.stamp)
        return Counter(new=_insert(target, first.select(entry.contents)))
    entry.seen.look(_last_id(connection, entry))
    there = _there(connection, entry, first.filter(entry.seen.doubtful(identities)))
    known = first["record"].is_in(there.implode())
    try:
        new = _insert(Target(connection, entry.table, entry.stamp), first.select(entry.contents).filter(~known))
    except DatabaseUnavailableError:  # it may be that somebody else has entered one of them
        entry.seen.ask()
        raise
    counts = (
        Counter(new=new)
        + _merge(connection, entry, first.filter(known))
        + enter_staged(connection, entry, again, _insert)
    )
    entry.seen.wrote(identities, _last_id(connection, entry))
    return counts


def _last_id(connection: Connection, entry: Entry) -> int | None:
    known = view_of(entry.kind)
    return connection.scalar(select(known.c.id).order_by(known.c.id.desc()).limit(1))


def _there(connection: Connection, entry: Entry, frame: pl.DataFrame) -> pl.Series:
    """Return the records whose identity is in the table already."""
    if frame.is_empty():
        return frame["record"]
    identity = str(entry.kind.identity)
    keys = Table(
        f"known_{entry.table.name}",
        MetaData(),
        Column("record", Integer),
        Column(identity, entry.table.c[identity].type),
        prefixes=["TEMPORARY"],
    )
    keys.create(connection)
    _insert(Target(connection, keys), frame.select("record", identity))
    stage = Stage(keys, entry.table, entry.kind, view_of(entry.kind), distinct=True)
    known = stage.known
    records = connection.scalars(select(keys.c.record).select_from(_beside(stage, known, known.c.id))).all()
    keys.drop(connection)
    return pl.Series(records, dtype=frame.schema["record"])


# --- COPY ------------------------------------------------------------------------------------------------------------


def _insert(target: Target, frame: pl.DataFrame) -> int:
    """Copy a frame into a table; return how many rows the database says it took."""
    import psycopg  # noqa: PLC0415  (only who has a PostgreSQL needs the driver)
    from psycopg import sql  # noqa: PLC0415  (as above)

    if frame.is_empty():
        return 0
    connection = target.connection
    names = sql.SQL(", ").join(map(sql.Identifier, (*frame.columns, *target.same)))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(target.table.name), names)
    driver: object = connection.connection.dbapi_connection
    assert isinstance(driver, psycopg.Connection)  # noqa: S101  (narrows the type)
    try:
        with driver.cursor() as cursor:
            with cursor.copy(statement) as copy, ahead(_parts(frame, target.same)) as parts:
                for part in parts:
                    copy.write(part)
            return cursor.rowcount
    except psycopg.Error as error:  # past SQLAlchemy, which sees a lost connection when it is rolled back
        raise failure(error) from None


def _parts(frame: pl.DataFrame, same: Mapping[str, object]) -> Generator[bytes, None, None]:
    for part in frame.iter_slices(AT_ONCE):
        yield _copied(part, same)


def _copied(frame: pl.DataFrame, same: Mapping[str, object] = {}) -> bytes:
    r"""Return rows in COPY's text format, in which nothing can be taken for anything else: \N is null.

    `same` is what stands behind the frame's columns in every row.
    """
    rows = BytesIO()
    special = frame.select(pl.col(pl.String).str.contains(_ANY_SPECIAL).any())
    escaped = (
        pl.col(name).str.replace_many(list(_SPECIAL), list(_SPECIAL.values()))
        for name in special.columns
        if special[name].item()
    )
    stamp = "".join("\t" + str(value).translate(_ESCAPES) for value in same.values())
    frame.with_columns(*escaped).write_csv(
        rows,
        include_header=False,
        separator="\t",
        quote_style="never",
        null_value="\\N",
        line_terminator=f"{stamp}\n",
    )
    return rows.getvalue()


# --- the merge -------------------------------------------------------------------------------------------------------


def _merge(connection: Connection, entry: Entry, frame: pl.DataFrame) -> Counter[str]:
    """Merge rows of which no two have one identity."""
    if frame.is_empty():
        return Counter()
    columns = (Column(name, entry.table.c[name].type) for name in entry.contents)
    rows = Table(
        f"incoming_{entry.table.name}", MetaData(), Column("record", Integer), *columns, prefixes=["TEMPORARY"]
    )
    rows.create(connection)
    _insert(Target(connection, rows), frame.select("record", *entry.contents))
    counts = connection.execute(_merging(entry, rows)).mappings().one()
    rows.drop(connection)
    return Counter({outcome: count for outcome, count in counts.items() if count})


def _merging(entry: Entry, rows: Table) -> Select[tuple[int, int, int, int]]:
    """Return the statement that merges a stage into its table, and tells how many rows had which outcome.

    All its parts see the table as it was before (the manual, 7.8.4).
    """
    table = entry.table
    found = _found(entry, rows).cte("found")
    inserted = (
        insert(table)
        .from_select(
            (*entry.contents, *entry.stamp),
            select(
                *(rows.c[name] for name in entry.contents),
                *(literal(value, table.c[name].type) for name, value in entry.stamp.items()),
            ).where(~select(found.c.record).where(found.c.record == rows.c.record).exists()),
        )
        .returning(table.c.id)
        .cte("inserted")
    )
    updated = (
        update(table)
        .where(table.c.id == found.c.id, found.c.record == rows.c.record, found.c.differs)
        .values(entry.written | {name: rows.c[name] for name in entry.contents})
        .returning(table.c.id)
        .cte("updated")
    )
    return select(
        select(func.count()).select_from(inserted).scalar_subquery().label("new"),
        select(func.count()).select_from(updated).scalar_subquery().label("updated"),
        func.count().filter(~found.c.differs, found.c.ours).label("duplicate"),
        func.count().filter(~found.c.differs, ~found.c.ours).label("unchanged"),
    ).select_from(found)


def _found(entry: Entry, rows: Table) -> Select[tuple[int, int, bool, bool]]:
    """Return the query of the rows whose identity is in the table: where, by this run, and whether they differ."""
    stage = Stage(rows, entry.table, entry.kind, view_of(entry.kind), distinct=True)
    known = stage.known
    differs: ColumnElement[bool] = false()
    if entry.on_existing == "update":
        pairs = zip(stage.says(rows), stage.says(known), strict=True)
        differs = or_(*(said.is_distinct_from(stood) for said, stood in pairs))
    told = (known.c.id, (known.c.run == entry.run).label("ours"), differs.label("differs"))
    beside = _beside(stage, known, *told)
    return select(rows.c.record, beside.right.c.id, beside.right.c.ours, beside.right.c.differs).select_from(beside)


def _beside(stage: Stage, known: FromClause, *told: ColumnElement[Any]) -> Join:
    """Return the rows of a stage beside what is told of those that have their identity, of what a loader may know.

    Row by row through the index: OFFSET keeps the planner, which knows nothing yet of a table that is being filled,
    from reading all of it for each batch.
    """
    there = (
        select(*told)
        .where(stage.identity(stage.rows) == stage.identity(known))
        .offset(literal_column("0"))
        .lateral("there")
    )
    return stage.rows.join(there, true())


POSTGRESQL: Final = Dialect(open=_open, take_turns=_take_turns, enter=_enter, insert=_insert, shares=False)
