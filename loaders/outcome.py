"""What becomes of a row: `new`, `updated`, `unchanged` or `duplicate`. The database tells, row after row as they came.

A row is held against the one before it of the same identity, the first against the table. One that says what is there
already is `duplicate` where this run wrote that, and `unchanged` where it stood there before. So the books are the same
whatever the batches' size.
"""

from typing import Any

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Label,
    Select,
    Table,
    and_,
    case,
    func,
    or_,
    select,
    true,
    update,
)

from loaders.known import DIGEST, digest_of
from loaders.run import OnExisting
from loaders.tables import identity_of
from validators.kind import Kind


class Stage(msgspec.Struct, frozen=True, eq=False):
    """The rows of a batch of one kind, in a table of their own, and the table they are to get into.

    Where it is known that no identity comes twice (`distinct`), no row is held against another: that is much faster.
    `known`: what is known of the table: all of it; on PostgreSQL no more than a loader may read, and rows are compared
    by the digest of what they say.
    `records`: where it is about some of the rows alone, the first and the last record of them.
    """

    rows: Table
    table: Table
    kind: Kind
    known: FromClause
    distinct: bool
    records: tuple[int, int] | None = None

    @property
    def meant(self) -> ColumnElement[bool]:
        """Return the condition that rows are of those which it is about."""
        return self.rows.c.record.between(*self.records) if self.records else true()

    def identity(self, of: FromClause) -> ColumnElement[str]:
        """Return what the rows of either table are told apart by.

        It is the same expression on both sides of a comparison: SQLite looks into the index over lower() only where
        neither side has a column's affinity (sqlite.org/datatype3.html, 4.2).
        """
        assert self.kind.identity  # noqa: S101  (narrows the type)
        return identity_of(self.kind, of.c[self.kind.identity])

    def says(self, of: FromClause) -> tuple[ColumnElement[Any], ...]:
        """Return what two rows are compared by, of the rows or of what is known."""
        if self.known is self.table:
            return tuple(of.c[name] for name in self.kind.names)
        return (digest_of(self.kind, of) if of is self.rows else of.c[DIGEST],)


def settle(connection: Connection, stage: Stage, run: str, on_existing: OnExisting) -> None:
    """Write into each row of the stage its outcome, and of one that is to be written when it has its turn."""
    rows = stage.rows
    told = _outcomes(stage, run, on_existing).subquery("told")
    connection.execute(
        update(rows).where(rows.c.place == told.c.place).values(outcome=told.c.outcome, turn=told.c.turn)
    )


def _outcomes(stage: Stage, run: str, on_existing: OnExisting) -> Select[tuple[int, str, int]]:
    """Return the query of place, outcome and turn: of the rows of one identity that change it, which this one is."""
    told = _changes(stage, run, on_existing).subquery("changes")
    changed = told.c.changes == 1
    so_far: ColumnElement[int] = told.c.changes
    if not stage.distinct:
        so_far = func.sum(told.c.changes).over(partition_by=told.c.key, order_by=told.c.record)
    return select(
        told.c.place,
        case(
            (and_(changed, told.c.first, ~told.c.stands), "new"),
            (changed, "updated"),
            (or_(so_far > 0, told.c.ours), "duplicate"),
            else_="unchanged",
        ).label("outcome"),
        case((changed, so_far)).label("turn"),
    )


def _changes(stage: Stage, run: str, on_existing: OnExisting) -> Select[tuple[int, int, str, bool, bool, bool, int]]:
    """Return the query of what each row finds: its identity in the table, by this run, and whether it changes it."""
    rows, known = stage.rows, stage.known
    key = stage.identity(rows)
    stands = known.c.id.is_not(None)
    first: ColumnElement[bool] = true()
    if not stage.distinct:
        first = func.row_number().over(partition_by=key, order_by=rows.c.record) == 1

    def before(said: ColumnElement[Any], stood: ColumnElement[Any]) -> ColumnElement[Any]:
        if stage.distinct:
            return stood
        earlier = func.lag(said).over(partition_by=key, order_by=rows.c.record)
        return case((first, stood), else_=earlier)

    differs: ColumnElement[bool] = and_(first, ~stands)
    if on_existing == "update":
        pairs = zip(stage.says(rows), stage.says(known), strict=True)
        differs = or_(differs, *(said.is_distinct_from(before(said, stood)) for said, stood in pairs))
    changes: Label[int] = case((differs, 1), else_=0).label("changes")
    return (
        select(
            rows.c.place,
            rows.c.record,
            key.label("key"),
            stands.label("stands"),
            and_(stands, known.c.run == run).label("ours"),
            first.label("first"),
            changes,
        )
        .select_from(rows.outerjoin(known, key == stage.identity(known)))
        .where(stage.meant)
    )
