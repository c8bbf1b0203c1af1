"""Loading one batch: its rows, its rejections, its counts and its checkpoint, in the caller's one transaction."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import msgspec
import polars as pl
from sqlalchemy import Connection, insert

from loaders.bulk import AT_ONCE, Columns, Target, insert_all
from loaders.entry import Entry, enter
from loaders.json_text import json_text
from loaders.run import Findings, OnExisting
from loaders.tables import BOOKS, Tables
from validators.finding import Fault
from validators.policy import Policy


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
    """What commits together.

    `accepted` has a frame for each kind of which there are records: `record` (its number), the kind's fields, and
    `source_reference`.
    """

    number: int
    last_record: int
    read: int
    blank: int
    accepted: Mapping[str, pl.DataFrame]
    rejected: Sequence[Rejected]
    findings: Findings

    def __repr__(self) -> str:
        """Show the number and how much there is, and never a value."""
        accepted = {kind: len(frame) for kind, frame in self.accepted.items()}
        return f"<Batch number={self.number} accepted={accepted} rejected={len(self.rejected)}>"

    def __rich_repr__(self) -> list[tuple[str, object]]:
        """Show no more to rich, for which msgspec would list all fields."""
        accepted = {kind: len(frame) for kind, frame in self.accepted.items()}
        return [("number", self.number), ("accepted", accepted), ("rejected", len(self.rejected))]


class Loader(msgspec.Struct, frozen=True, eq=False):
    """Loads the batches of one run."""

    policy: Policy
    tables: Tables
    run: str
    on_existing: OnExisting

    def load(self, connection: Connection, batch: Batch) -> None:
        """Load a batch within the caller's transaction."""
        now = datetime.now(UTC)
        counts = Counter(dict.fromkeys(BOOKS, 0) | {"blank": batch.blank})
        for name, kind in self.policy.kinds.items():
            if name in batch.accepted:
                entry = Entry(
                    kind, self.tables.kinds[name], self.run, self.policy.identity.sha256, now, self.on_existing
                )
                counts.update(enter(connection, entry, batch.accepted[name]))
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
        """Write the rejections; return how many the database says it wrote."""
        stamp = {
            "run": self.run,
            "batch": batch.number,
            "policy": self.policy.identity.sha256,
            "created_at": now,
            "expires_at": now + timedelta(days=self.policy.rejections_days),
        }
        target = Target(connection, self.tables.rejections, stamp)
        parts = range(0, len(batch.rejected), AT_ONCE)
        return sum(insert_all(target, _columns(batch.rejected[start : start + AT_ONCE])) for start in parts)


def _columns(rejected: Sequence[Rejected]) -> Columns:
    return {
        "record": [one.record for one in rejected],
        "line": [one.line for one in rejected],
        "kind": [one.kind for one in rejected],
        "source_reference": [one.source_reference for one in rejected],
        "faults": [json_text(one.faults) for one in rejected],
        "fields": [json_text(one.fields) for one in rejected],
    }
