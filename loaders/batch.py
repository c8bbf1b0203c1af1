"""Loading one batch: its rows, its rejections, its counts and its checkpoint, in one transaction.

A batch is loaded once, whoever tries: the ledger is read in the same transaction, and says how far the run has come.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

import msgspec
import polars as pl
from msgspec import structs
from sqlalchemy import Connection, insert

from loaders.bulk import Target
from loaders.database import dialect_of
from loaders.entry import Entry, Rows, parted
from loaders.errors import DatabaseRefusedError, DatabaseTemporaryError
from loaders.refusal import Refusal, complete, sift
from loaders.rejection import Rejected, in_columns
from loaders.run import Books, Findings, OnExisting, books, checkpoints
from loaders.seen import Seen
from loaders.tables import BOOKS, Tables
from loaders.transactions import Transactions
from validators.finding import Fault
from validators.kind import Kind
from validators.policy import Policy
from validators.retain import retained

_ELSEWHERE = (
    "database.run_elsewhere",
    "Another process is importing the same file into the same database, and is ahead.",
    "Let it finish; after that the same command tells what came of it.",
)


class Batch(msgspec.Struct, frozen=True):
    """What commits together.

    `accepted` has a frame for each kind of which there are records: `record` (its number) and `line` (on which it
    starts), the kind's fields, and `source_reference`; the records ascending, until the batch is prepared. `rejected`
    has the columns of `loaders.rejection`.
    """

    number: int
    last_record: int
    read: int
    blank: int
    accepted: Mapping[str, pl.DataFrame]
    rejected: pl.DataFrame
    findings: Findings
    parted: Mapping[str, Rows] = {}  # the same frames, in the order the database takes: where that was done beforehand

    def prepared(self, policy: Policy) -> "Batch":
        """Return the batch with all done that needs no database."""
        rows = {name: parted(kind, self.accepted[name]) for name, kind in policy.kinds.items() if name in self.accepted}
        return structs.replace(self, accepted={name: one.every for name, one in rows.items()}, parted=rows)

    @property
    def after(self) -> int:
        """Return the number of the record before the first."""
        return self.last_record - self.read

    def without_rows(self, *, lists: bool) -> "Batch":
        """Return the batch without what is large: its accepted rows and, unless somebody `lists` them, the rejected."""
        return structs.replace(self, accepted={}, parted={}, rejected=self.rejected if lists else self.rejected.clear())

    def __repr__(self) -> str:
        """Show the number and how much there is, and never a value."""
        accepted = {kind: len(frame) for kind, frame in self.accepted.items()}
        return f"<Batch number={self.number} accepted={accepted} rejected={len(self.rejected)}>"

    def __rich_repr__(self) -> list[tuple[str, object]]:
        """Show no more to rich, for which msgspec would list all fields."""
        accepted = {kind: len(frame) for kind, frame in self.accepted.items()}
        return [("number", self.number), ("accepted", accepted), ("rejected", len(self.rejected))]


class Committed(msgspec.Struct, frozen=True):
    """What is left of a batch that is in the database.

    batch: without its accepted rows; with its rejected ones if they are wanted (`Loader.lists`).
    refused: those of its rejections that are the database's doing.
    books: of the run so far.
    """

    batch: Batch
    refused: Sequence[Rejected]
    books: Books


class Loader(msgspec.Struct, frozen=True, eq=False):
    """Loads the batches of one run."""

    policy: Policy
    tables: Tables
    run: str
    on_existing: OnExisting
    lists: bool = True  # whether the rejections of a batch are wanted once it is committed
    seen: dict[str, Seen] = {}  # by kind

    def commit(self, transactions: Transactions, batch: Batch) -> Committed:
        """Load a batch in a transaction of its own; DatabaseError.

        To find the rows that the database refuses the batch is loaded a second time, by halves; nobody else pays for
        savepoints.
        """
        try:
            return self.committed(batch, transactions.run(partial(self.booked, batch)))
        except DatabaseRefusedError:
            refused: list[Rejected] = []
            books = transactions.run(partial(self.booked, batch, refused=refused))
            return self.committed(_with(batch, refused), books, refused)

    def committed(self, batch: Batch, books: Books, refused: Sequence[Rejected] = ()) -> Committed:
        """Return what is to be known of a batch that is in the database."""
        return Committed(batch.without_rows(lists=self.lists), refused, books)

    def booked(self, batch: Batch, connection: Connection, refused: list[Rejected] | None = None) -> Books:
        """Load a batch within the caller's transaction, as `load` does, and return the books."""
        self.load(connection, batch, refused)
        return books(connection, self.tables, self.run)

    def load(self, connection: Connection, batch: Batch, refused: list[Rejected] | None = None) -> None:
        """Load a batch within the caller's transaction, once: a batch that is in the ledger is left as it is.

        A row that the database refuses is a DatabaseRefusedError; where there is a list for such rows, they are put
        into it and among the rejections, and the others are loaded.
        """
        if self._is_there(connection, batch):
            return
        now = datetime.now(UTC)
        counts = Counter(dict.fromkeys(BOOKS, 0) | {"blank": batch.blank})
        if refused is None:
            counts.update(self._enter(connection, batch, now))
        else:
            entered, refused[:] = self._sift(connection, batch, now)
            counts.update(entered)
            batch = _with(batch, refused)
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

    def _enter(self, connection: Connection, batch: Batch, now: datetime) -> Counter[str]:
        counts: Counter[str] = Counter()
        for entry, frame in self._entries(batch, now):
            rows = batch.parted.get(entry.kind.name) or parted(entry.kind, frame)
            counts += complete(dialect_of(connection).enter(connection, entry, rows), frame)
        return counts

    def _sift(self, connection: Connection, batch: Batch, now: datetime) -> tuple[Counter[str], list[Rejected]]:
        """Enter the rows that the database takes; return how many had which outcome, and the rejections of the rest."""
        counts: Counter[str] = Counter()
        rejections: list[Rejected] = []
        for entry, frame in self._entries(batch, now):
            entered, refusals = sift(connection, entry, frame.sort("record"), dialect_of(connection).insert)
            counts += entered
            rejections += (_rejected(entry.kind, refusal) for refusal in refusals)
        return counts, rejections

    def _entries(self, batch: Batch, now: datetime) -> Iterator[tuple[Entry, pl.DataFrame]]:
        """Yield the rows of each kind, in the policy's order, and where they go."""
        for name, kind in self.policy.kinds.items():
            if name in batch.accepted:
                entry = Entry(
                    kind,
                    self.tables.kinds[name],
                    self.run,
                    self.policy.identity.sha256,
                    now,
                    self.on_existing,
                    self.seen.setdefault(name, Seen()),
                )
                yield entry, batch.accepted[name]

    def _is_there(self, connection: Connection, batch: Batch) -> bool:
        """Return whether the ledger has the batch already; DatabaseTemporaryError where it does not belong there."""
        there = checkpoints(connection, self.tables, self.run, batch.number)
        if there.get(batch.number) == batch.last_record:
            return True
        if batch.number in there or there.get(batch.number - 1, 0) != batch.after:
            raise DatabaseTemporaryError(*_ELSEWHERE)
        return False

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
        return dialect_of(connection).insert(target, batch.rejected)


def _rejected(kind: Kind, refusal: Refusal) -> Rejected:
    """Return the rejection of a row that the database refuses; its fields are canonical, as they were to be stored."""
    (row,) = refusal.row.to_dicts()
    fault = Fault("database.refused", params={"sqlstate": refusal.reason})
    return Rejected(row["record"], row["line"], kind.name, (fault,), retained(row, kind), row["source_reference"])


def _with(batch: Batch, refused: Sequence[Rejected]) -> Batch:
    """Return a batch with more rejections, which are among its findings too."""
    rejected = pl.concat([batch.rejected, in_columns(refused)]).sort("record")
    faults = Counter(batch.findings.get("faults", {}))
    faults.update(fault.code for one in refused for fault in one.faults)
    return structs.replace(batch, rejected=rejected, findings={**batch.findings, "faults": dict(faults)})
