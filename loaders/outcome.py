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

from loaders.known import DIGEST, digest_of, view_of
from loaders.run import OnExisting
from loaders.tables import identity_of
from validators.kind import Kind


class Stage(msgspec.Struct, frozen=True, eq=False):
    """The rows of a batch of one kind, in a table of their own, and the table they are to get into.

    Where it is known that no identity comes twice (`distinct`), no row is held against another: that is much faster.
    `by_digest`: rows are compared by the digest of what they say, for the loader may not read it (`known`).
    """

    rows: Table
    table: Table
    kind: Kind
    distinct: bool
    by_digest: bool

    def identity(self, of: FromClause) -> ColumnElement[str]:
        """Return what the rows of either table are told apart by.

        It is the same expression on both sides of a comparison: SQLite looks into the index over lower() only where
        neither side has a column's affinity (sqlite.org/datatype3.html, 4.2).
        """
        assert self.kind.identity  # noqa: S101  (narrows the type)
        return identity_of(self.kind, of.c[self.kind.identity])

    @property
    def known(self) -> FromClause:
        """Return what is known of the table: all of it; on PostgreSQL no more than a loader may read."""
        return view_of(self.kind) if self.by_digest else self.table

    def says(self, of: FromClause) -> tuple[ColumnElement[Any], ...]:
        """Return what two rows are compared by, of the rows or of what is known."""
        if not self.by_digest:
            return tuple(of.c[name] for name in self.kind.names)
        return (digest_of(self.kind, of) if of is self.rows else of.c[DIGEST],)


def settle(connection: Connection, stage: Stage, run: str, on_existing: OnExisting) -> None:
    """Write into each row of the stage its outcome, and whether it is to be inserted, to update, or neither."""
    rows = stage.rows
    told = _outcomes(stage, run, on_existing).subquery("told")
    connection.execute(
        update(rows).where(rows.c.place == told.c.place).values(outcome=told.c.outcome, writes=told.c.writes)
    )


def _outcomes(stage: Stage, run: str, on_existing: OnExisting) -> Select[tuple[int, str, str]]:
    """Return the query of place, outcome and writes."""
    told = _changes(stage, run, on_existing).subquery("changes")
    changed = told.c.changes == 1
    so_far: ColumnElement[int] = told.c.changes
    written = changed
    if not stage.distinct:
        so_far = func.sum(told.c.changes).over(partition_by=told.c.key, order_by=told.c.record)
        # Of an identity the last row that changes it is written. Those after it say the same, under other references.
        backwards = (told.c.changes.desc(), told.c.record.desc())
        written = and_(changed, func.row_number().over(partition_by=told.c.key, order_by=backwards) == 1)
    return select(
        told.c.place,
        case(
            (and_(changed, told.c.first, ~told.c.stands), "new"),
            (changed, "updated"),
            (or_(so_far > 0, told.c.ours), "duplicate"),
            else_="unchanged",
        ).label("outcome"),
        case((and_(written, told.c.stands), "update"), (written, "insert")).label("writes"),
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
    return select(
        rows.c.place,
        rows.c.record,
        key.label("key"),
        stands.label("stands"),
        and_(stands, known.c.run == run).label("ours"),
        first.label("first"),
        changes,
    ).select_from(rows.outerjoin(known, key == stage.identity(known)))
