"""One import of one source into a database: what it is known by, how far it came, and its books.

A run is known by what went in (the source's bytes, the policy, the options that matter), so the same command goes on
where the run stopped, and a finished run changes nothing.
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Literal

import msgspec
from sqlalchemy import Connection, func, insert, select, update

from loaders.tables import BOOKS, Tables
from validators.policy import Identity

State = Literal["running", "stopped", "finished"]
OnExisting = Literal["update", "keep"]
Findings = dict[str, dict[str, int]]

FINDINGS = ("faults", "notices", "fixes", "dropped")


class Books(msgspec.Struct, frozen=True):
    """The counts of a run. They balance when every record that was read is somewhere."""

    read: int = 0
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    duplicate: int = 0
    rejected: int = 0
    blank: int = 0

    @property
    def sum(self) -> int:
        """Return how many records are somewhere."""
        return self.new + self.updated + self.unchanged + self.duplicate + self.rejected + self.blank

    @property
    def balanced(self) -> bool:
        """Return whether what was read is what was put somewhere."""
        return self.read == self.sum


class Source(msgspec.Struct, frozen=True):
    """What was read: the file's name (no folders) and the SHA-256 of its bytes."""

    name: str
    sha256: str


class Run(msgspec.Struct, frozen=True):
    """A run as the database knows it when an import begins."""

    id: str
    state: State
    next_batch: int = 1
    last_record: int = 0


def run_id(source: Source, policy: Identity, options: Mapping[str, object]) -> str:
    """Return what a run is known by: sixteen hexadecimal digits."""
    known_by = msgspec.json.encode([source.sha256, policy.sha256, dict(options)], order="deterministic")
    return hashlib.sha256(known_by).hexdigest()[:16]


def begin(
    connection: Connection, tables: Tables, source: Source, policy: Identity, options: Mapping[str, object]
) -> Run:
    """Enter a new run, or find the one that was begun; within the caller's transaction."""
    key = run_id(source, policy, options)
    runs, batches = tables.runs, tables.batches
    state = connection.scalar(select(runs.c.state).where(runs.c.run == key))
    if state is None:
        connection.execute(
            insert(runs).values(
                run=key,
                source_name=source.name,
                source_sha256=source.sha256,
                policy_name=policy.name,
                policy_version=policy.version,
                policy_sha256=policy.sha256,
                options=dict(options),
                state="running",
                started_at=datetime.now(UTC),
            )
        )
        return Run(key, "running")
    last_batch, last_record = connection.execute(
        select(func.max(batches.c.batch), func.max(batches.c.last_record)).where(batches.c.run == key)
    ).one()
    return Run(key, state, (last_batch or 0) + 1, last_record or 0)


def checkpoints(connection: Connection, tables: Tables, run: str, batch: int) -> Mapping[int, int]:
    """Return the last record of a batch and of the one before it, of those that the ledger has."""
    batches = tables.batches
    rows = connection.execute(
        select(batches.c.batch, batches.c.last_record).where(
            batches.c.run == run, batches.c.batch.in_((batch - 1, batch))
        )
    )
    return dict(iter(rows))


def end(connection: Connection, tables: Tables, run: str, state: State) -> None:
    """Note that a run has finished or was stopped."""
    connection.execute(
        update(tables.runs).where(tables.runs.c.run == run).values(state=state, finished_at=datetime.now(UTC))
    )


def books(connection: Connection, tables: Tables, run: str) -> Books:
    """Return the books of a run as the database has them; its rejections are counted where they lie."""
    batches = tables.batches
    columns = ("read", *(name for name in BOOKS if name != "rejected"))
    sums = connection.execute(
        select(*(func.coalesce(func.sum(batches.c[name]), 0).label(name) for name in columns)).where(
            batches.c.run == run
        )
    ).one()
    rejected = connection.scalar(
        select(func.count()).select_from(tables.rejections).where(tables.rejections.c.run == run)
    )
    return Books(**sums._asdict(), rejected=rejected or 0)


def findings(connection: Connection, tables: Tables, run: str) -> Findings:
    """Return what all batches of a run found, added up: faults, notices and fixes by code, dropped by name."""
    total: Findings = {name: {} for name in FINDINGS}
    for found in connection.scalars(select(tables.batches.c.findings).where(tables.batches.c.run == run)):
        for name, counts in found.items():
            for code, count in counts.items():
                total[name][code] = total[name].get(code, 0) + count
    return total
