"""Loading one batch: its rows, its rejections, its counts and its checkpoint, in the caller's one transaction.

The rows go into a temporary table, and the database itself tells new, updated, unchanged and duplicate apart, row after
row as they came: a row that says what the table holds already is `duplicate` where this run wrote it, and `unchanged`
where it stood there before. So the books are the same whatever the batches' size.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import msgspec
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    Table,
    Text,
    and_,
    case,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from loaders.run import Findings, OnExisting
from loaders.tables import BOOKS, Tables, identity_of
from validators.finding import Fault
from validators.kind import Kind
from validators.policy import Policy


class Accepted(msgspec.Struct, frozen=True):
    """A clean record and where it came from."""

    record: int
    kind: str
    values: Mapping[str, str]
    source_reference: str | None = None


class Rejected(msgspec.Struct, frozen=True):
    """A refused record: its place, its faults, and what may be kept of it."""

    record: int
    line: int
    kind: str | None
    faults: tuple[Fault, ...]
    fields: Mapping[str, str | None]
    source_reference: str | None = None


class Batch(msgspec.Struct, frozen=True):
    """What commits together."""

    number: int
    last_record: int
    read: int
    blank: int
    accepted: Sequence[Accepted]
    rejected: Sequence[Rejected]
    findings: Findings


class Loader(msgspec.Struct, frozen=True, eq=False):
    """Loads the batches of one run."""

    policy: Policy
    tables: Tables
    run: str
    on_existing: OnExisting

    def load(self, connection: Connection, batch: Batch) -> None:
        """Load a batch within the caller's transaction."""
        now = datetime.now(UTC)
        counts = dict.fromkeys(BOOKS, 0) | {"blank": batch.blank}
        for name, kind in self.policy.kinds.items():
            rows = [one for one in batch.accepted if one.kind == name]
            if rows:
                for outcome, count in self._load_kind(connection, kind, rows, now):
                    counts[outcome] += count
        counts["rejected"] = self._reject(connection, batch, now)
        connection.execute(
            insert(self.tables.batches).values(
                run=self.run,
                batch=batch.number,
                last_record=batch.last_record,
                read=batch.read,
                findings=batch.findings,
                committed_at=now,
                **counts,
            )
        )

    def _reject(self, connection: Connection, batch: Batch, now: datetime) -> int:
        rejections = self.tables.rejections
        if batch.rejected:
            expires = now + timedelta(days=self.policy.rejections_days)
            stamp = {
                "run": self.run,
                "batch": batch.number,
                "policy": self.policy.identity.sha256,
                "created_at": now,
                "expires_at": expires,
            }
            connection.execute(insert(rejections), [_row(one) | stamp for one in batch.rejected])
        here = and_(rejections.c.run == self.run, rejections.c.batch == batch.number)
        return connection.scalar(select(func.count()).select_from(rejections).where(here)) or 0

    def _load_kind(
        self, connection: Connection, kind: Kind, rows: Iterable[Accepted], now: datetime
    ) -> Sequence[tuple[str, int]]:
        """Load rows of one kind; return how many had which outcome, as the database counts them."""
        stage = _stage(kind)
        stage.create(connection)
        names = kind.names
        connection.execute(
            insert(stage),
            [
                {"record": row.record, "source_reference": row.source_reference, "key": None}
                | {name: row.values.get(name) for name in names}
                for row in rows
            ],
        )
        settle(connection, stage, self.tables.kinds[kind.name], kind, self.run, self.on_existing)
        self._write(connection, stage, kind, now)
        counted = connection.execute(select(stage.c.outcome, func.count()).group_by(stage.c.outcome))
        counts = [(outcome, count) for outcome, count in counted]
        stage.drop(connection)
        return counts

    def _write(self, connection: Connection, stage: Table, kind: Kind, now: datetime) -> None:
        """Insert what is new and write over what is updated: of one identity, the last row."""
        table = self.tables.kinds[kind.name]
        said = {"run": self.run, "policy": self.policy.identity.sha256, "updated_at": now}
        contents = (*kind.names, "source_reference")
        columns = (*contents, *said, "created_at")
        connection.execute(
            insert(table).from_select(
                columns,
                select(
                    *(stage.c[name] for name in contents),
                    *(literal(value, table.c[name].type) for name, value in said.items()),
                    literal(now, table.c.created_at.type),
                )
                .where(stage.c.writes == "insert")
                .order_by(stage.c.record),
            )
        )
        if kind.identity:
            last = stage.alias("last")
            connection.execute(
                update(table)
                .where(last.c.writes == "update", last.c.key == identity_of(kind, table.c[kind.identity]))
                .values({name: last.c[name] for name in contents} | said)
            )


def settle(  # noqa: PLR0913  (two tables, the kind that they are of, and the run's two words)
    connection: Connection, stage: Table, table: Table, kind: Kind, run: str, on_existing: OnExisting
) -> None:
    """Tell, for each row of the stage, its outcome and whether it is to be written."""
    if kind.identity is None:
        connection.execute(update(stage).values(outcome="new", writes="insert"))
        return
    connection.execute(update(stage).values(key=identity_of(kind, stage.c[kind.identity])))
    told = _outcomes(stage, table, kind, run, on_existing).subquery("told")
    connection.execute(
        update(stage).where(stage.c.record == told.c.record).values(outcome=told.c.outcome, writes=told.c.writes)
    )


def _outcomes(stage: Table, table: Table, kind: Kind, run: str, on_existing: OnExisting) -> select:  # type: ignore[type-arg]
    """Return the query of record, outcome and writes. One row of an identity is held against the one before it."""
    assert kind.identity  # noqa: S101  (narrows the type)
    in_order = {"partition_by": stage.c.key, "order_by": stage.c.record}
    stands = table.c.id.is_not(None)
    first = func.row_number().over(**in_order) == 1
    before = {name: case((first, table.c[name]), else_=func.lag(stage.c[name]).over(**in_order)) for name in kind.names}
    differs: ColumnElement[bool] = or_(*(stage.c[name].is_distinct_from(before[name]) for name in kind.names))
    if on_existing == "keep":
        differs = and_(first, ~stands)
    rows = (
        select(
            stage.c.record,
            stage.c.key,
            stands.label("stands"),
            and_(stands, table.c.run == run).label("ours"),
            first.label("first"),
            case((or_(differs, and_(first, ~stands)), 1), else_=0).label("changes"),
        )
        .select_from(stage.outerjoin(table, stage.c.key == identity_of(kind, table.c[kind.identity])))
        .subquery("rows")
    )
    by_record = {"partition_by": rows.c.key, "order_by": rows.c.record}
    so_far = func.sum(rows.c.changes).over(**by_record)
    in_all = func.sum(rows.c.changes).over(partition_by=rows.c.key)
    # Of an identity the last row is written; where the first is kept, that one.
    backwards = func.row_number().over(partition_by=rows.c.key, order_by=rows.c.record.desc()) == 1
    written = and_(in_all > 0, rows.c.first if on_existing == "keep" else backwards)
    return select(
        rows.c.record,
        case(
            (and_(rows.c.changes == 1, rows.c.first, ~rows.c.stands), "new"),
            (rows.c.changes == 1, "updated"),
            (or_(so_far > 0, rows.c.ours), "duplicate"),
            else_="unchanged",
        ).label("outcome"),
        case(
            (and_(written, rows.c.stands), "update"),
            (written, "insert"),
        ).label("writes"),
    )


def _stage(kind: Kind) -> Table:
    return Table(
        f"incoming_{kind.table}",
        MetaData(),
        Column("record", Integer, primary_key=True),
        Column("key", Text, index=True),
        *(Column(name, Text) for name in kind.names),
        Column("source_reference", Text),
        Column("outcome", Text),
        Column("writes", Text),
        prefixes=["TEMPORARY"],
    )


def _row(one: Rejected) -> dict[str, object]:
    return {
        "record": one.record,
        "line": one.line,
        "kind": one.kind,
        "source_reference": one.source_reference,
        "faults": [{"code": fault.code, "field": fault.field, "params": dict(fault.params)} for fault in one.faults],
        "fields": dict(one.fields),
    }
