"""Loading one batch: its rows, its rejections, its counts and its checkpoint, in the caller's one transaction.

The rows go into a temporary table, where the database itself tells what becomes of each (`outcome`) and counts them.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import msgspec
from sqlalchemy import Column, Connection, Integer, MetaData, Table, Text, and_, func, insert, literal, select, update

from loaders.outcome import Stage, settle
from loaders.run import Findings, OnExisting
from loaders.tables import BOOKS, Tables
from validators.finding import Fault
from validators.kind import Kind
from validators.policy import Policy


class Accepted(msgspec.Struct, frozen=True):
    """A clean record and where it came from."""

    record: int
    kind: str
    values: Mapping[str, str]
    source_reference: str | None = None

    def __repr__(self) -> str:
        """Show the place, and never a value."""
        return f"<Accepted record={self.record} kind={self.kind}>"

    def __rich_repr__(self) -> list[tuple[str, object]]:
        """Show no more to rich, for which msgspec would list all fields."""
        return [("record", self.record), ("kind", self.kind)]


class Rejected(msgspec.Struct, frozen=True):
    """A refused record: its place, its faults, and what may be kept of it."""

    record: int
    line: int
    kind: str | None
    faults: tuple[Fault, ...]
    fields: Mapping[str, str | None]
    source_reference: str | None = None

    def __repr__(self) -> str:
        """Show the place and the codes, and never a value."""
        return f"<Rejected record={self.record} kind={self.kind} faults={[fault.code for fault in self.faults]}>"

    def __rich_repr__(self) -> list[tuple[str, object]]:
        """Show no more to rich, for which msgspec would list all fields."""
        return [("record", self.record), ("kind", self.kind), ("faults", [fault.code for fault in self.faults])]


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
        incoming = _incoming(kind)
        incoming.create(connection)
        names = kind.names
        connection.execute(
            insert(incoming),
            [
                {"record": row.record, "source_reference": row.source_reference}
                | {name: row.values.get(name) for name in names}
                for row in rows
            ],
        )
        stage = Stage(incoming, self.tables.kinds[kind.name], kind)
        settle(connection, stage, self.run, self.on_existing)
        self._write(connection, stage, now)
        counted = connection.execute(select(incoming.c.outcome, func.count()).group_by(incoming.c.outcome))
        counts = [(outcome, count) for outcome, count in counted]
        incoming.drop(connection)
        return counts

    def _write(self, connection: Connection, stage: Stage, now: datetime) -> None:
        """Insert what is new and write over what is updated."""
        rows, table, kind = stage.rows, stage.table, stage.kind
        said = {"run": self.run, "policy": self.policy.identity.sha256, "updated_at": now}
        contents = (*kind.names, "source_reference")
        columns = (*contents, *said, "created_at")
        connection.execute(
            insert(table).from_select(
                columns,
                select(
                    *(rows.c[name] for name in contents),
                    *(literal(value, table.c[name].type) for name, value in said.items()),
                    literal(now, table.c.created_at.type),
                )
                .where(rows.c.writes == "insert")
                .order_by(rows.c.record),
            )
        )
        if kind.identity:
            connection.execute(
                update(table)
                .where(rows.c.writes == "update", stage.identity(rows) == stage.identity(table))
                .values({name: rows.c[name] for name in contents} | said)
            )


def _incoming(kind: Kind) -> Table:
    return Table(
        f"incoming_{kind.table}",
        MetaData(),
        Column("record", Integer, primary_key=True),
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
