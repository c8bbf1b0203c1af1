"""How the rows of one kind enter its table: at once where they are new, else by way of a stage.

Most rows of an old file are new customers, and the database inserts them with little ado: it refuses what stands there
already. What it refuses, and what comes again within the batch, goes into a temporary table, the stage, where the
database itself tells what becomes of each row (`outcome`) and counts them. Both ways end in the same rows and counts.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from string import ascii_lowercase, ascii_uppercase
from typing import NamedTuple

import msgspec
import polars as pl
from sqlalchemy import Column, Connection, Integer, MetaData, Table, Text, func, insert, literal, select, update

from loaders.bulk import Target, insert_all, insert_new
from loaders.known import view_of
from loaders.outcome import Stage, settle
from loaders.run import OnExisting
from loaders.seen import Seen
from validators.kind import Kind

_KEY = "\0key"  # no field is called so


class Rows(NamedTuple):
    """The rows of a kind in the order in which they enter the database: first the `firsts` of their identity.

    `identities` is what those are told apart by. In their order the rows meet the pages of its index one after the
    other, and each of them once.
    """

    every: pl.DataFrame
    firsts: int
    identities: pl.Series

    @property
    def first(self) -> pl.DataFrame:
        """Return the rows that are the first of their identity in a batch."""
        return self.every[: self.firsts]

    @property
    def again(self) -> pl.DataFrame:
        """Return those that come after them."""
        return self.every[self.firsts :]

    def __repr__(self) -> str:
        """Show how many there are, and never a value."""
        return f"<Rows firsts={self.firsts} again={len(self.every) - self.firsts}>"

    def __rich_repr__(self) -> list[tuple[str, object]]:
        """Show no more to rich, for which msgspec would list all fields."""
        return [("firsts", self.firsts), ("again", len(self.every) - self.firsts)]


class Entry(msgspec.Struct, frozen=True, eq=False):
    """Where the rows of a kind go, which run and policy write them, and when; what the run knows of the table."""

    kind: Kind
    table: Table
    run: str
    policy: str
    now: datetime
    on_existing: OnExisting
    seen: Seen

    @property
    def written(self) -> dict[str, object]:
        """Return what is said of every row that is written."""
        return {"run": self.run, "policy": self.policy, "updated_at": self.now}

    @property
    def stamp(self) -> dict[str, object]:
        """Return what is said of every row that is new."""
        return self.written | {"created_at": self.now}

    @property
    def contents(self) -> tuple[str, ...]:
        """Return the names of the columns that come from the source."""
        return (*self.kind.names, "source_reference")


def enter(connection: Connection, entry: Entry, rows: Rows) -> Counter[str]:
    """Write rows into their table on SQLite; return how many had which outcome, as the database counts them."""
    target = Target(connection, entry.table, entry.stamp | _unsaid(entry, rows.first))
    if entry.kind.identity is None:
        return Counter(new=insert_all(target, rows.first.select(entry.contents)))
    new, left = insert_new(target, rows.first)
    return (
        Counter(new=new)
        + enter_staged(connection, entry, left, insert_all, distinct=True)
        + enter_staged(connection, entry, rows.again, insert_all)
    )


def _unsaid(entry: Entry, frame: pl.DataFrame) -> dict[str, object]:
    """Return what is the same in all rows and no customer's own: what is not there, and the policy's own defaults.

    It is written into the text of statements, where no customer's value may stand.
    """
    defaults = {field.name: field.default for field in entry.kind.fields}
    # The first column is left: a statement has to have parameters.
    unsaid = {name: defaults.get(name) for name in entry.contents[1:]}
    return {name: value for name, value in unsaid.items() if frame[name].eq_missing(value).all()}


def parted(kind: Kind, frame: pl.DataFrame) -> Rows:
    """Part the rows of a kind; those that have no identity are all the first of theirs, as they came."""
    if kind.identity is None:
        return Rows(frame, len(frame), pl.Series(dtype=pl.String))
    ordered = frame.with_columns(_compared(kind).alias(_KEY)).sort(_KEY, "record")
    comes_again = (ordered[_KEY] == ordered[_KEY].shift()).fill_null(value=False)  # no record is without an identity
    if comes_again.any():
        ordered = pl.concat([ordered.filter(~comes_again), ordered.filter(comes_again)])
    firsts = len(ordered) - int(comes_again.sum())
    return Rows(ordered.drop(_KEY), firsts, ordered[_KEY][:firsts])


def _compared(kind: Kind) -> pl.Expr:
    """Return what rows are told apart by, as the databases compare it: their lower() knows only ASCII's letters."""
    assert kind.identity  # noqa: S101  (narrows the type)
    value = pl.col(kind.identity)
    if kind.field(kind.identity).rule.ignores_case:
        return value.str.replace_many(list(ascii_uppercase), list(ascii_lowercase))
    return value


def enter_staged(
    connection: Connection,
    entry: Entry,
    frame: pl.DataFrame,
    fill: Callable[[Target, pl.DataFrame], object],
    *,
    distinct: bool = False,
) -> Counter[str]:
    """Let the database tell what becomes of each row; `distinct`: no identity comes twice. `fill` fills the stage."""
    if frame.is_empty():
        return Counter()
    with staged(connection, entry, distinct=distinct) as stage:
        fill(Target(connection, stage.rows), frame.select("record", *entry.contents))
        return enter_from(connection, entry, stage)


@contextmanager
def staged(connection: Connection, entry: Entry, *, distinct: bool = False) -> Iterator[Stage]:
    """Make a stage for rows of a kind; it is dropped afterwards."""
    incoming = _incoming(entry, sought=not distinct)
    incoming.create(connection)
    known = view_of(entry.kind) if connection.dialect.name == "postgresql" else entry.table
    yield Stage(incoming, entry.table, entry.kind, known, distinct)
    incoming.drop(connection)


def enter_from(connection: Connection, entry: Entry, stage: Stage) -> Counter[str]:
    """Write the rows of a stage into their table; return how many had which outcome."""
    settle(connection, stage, entry.run, entry.on_existing)
    return _left_alone(connection, stage) + _write(connection, entry, stage)


def _left_alone(connection: Connection, stage: Stage) -> Counter[str]:
    rows = stage.rows
    told = select(rows.c.outcome, func.count()).where(rows.c.turn.is_(None), stage.meant).group_by(rows.c.outcome)
    return Counter(dict(iter(connection.execute(told))))


def _write(connection: Connection, entry: Entry, stage: Stage) -> Counter[str]:
    """Insert what is new and write over what is updated; return how many the database says it wrote.

    Rows of one identity are written one after the other, for the database may refuse any of them (`refusal`).
    """
    rows, table = stage.rows, stage.table
    inserted = connection.execute(
        insert(table).from_select(
            (*entry.contents, *entry.stamp),
            select(
                *(rows.c[name] for name in entry.contents),
                *(literal(value, table.c[name].type) for name, value in entry.stamp.items()),
            )
            .where(rows.c.outcome == "new", stage.meant)
            .order_by(rows.c.record),
        ),
        execution_options={"preserve_rowcount": True},  # SQLAlchemy keeps that of an INSERT only where it is asked to
    )
    turns = connection.scalar(select(func.max(rows.c.turn)).where(stage.meant)) or 0
    updated = (
        connection.execute(
            update(table)
            .where(rows.c.turn == turn, rows.c.outcome == "updated", stage.meant)
            .where(stage.identity(rows) == stage.identity(table))
            .values(entry.written | {name: rows.c[name] for name in entry.contents})
        ).rowcount
        for turn in range(1, turns + 1)
    )
    return Counter(new=inserted.rowcount, updated=sum(updated))


def _incoming(entry: Entry, *, sought: bool) -> Table:
    """Return a stage; `sought`: its rows are not always taken all at once."""
    return Table(
        f"incoming_{entry.table.name}",
        MetaData(),
        Column("place", Integer, primary_key=True),  # in the order of the frame, in which all that follows is fastest
        Column("record", Integer, index=sought),
        *(Column(name, entry.table.c[name].type) for name in entry.contents),
        Column("outcome", Text),
        Column("turn", Integer, index=sought),
        prefixes=["TEMPORARY"],
    )
