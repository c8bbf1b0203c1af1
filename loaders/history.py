"""The runs that a database has seen: what was imported when, under which policy, with which books."""

from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec
from sqlalchemy import Connection, Row, func, inspect, select

from loaders.errors import DatabaseError, translated
from loaders.run import Books, Source, State
from loaders.tables import BOOKS, Tables
from validators.policy import Identity

_NO_RUNS = (
    "database.no_runs",
    "Nothing was ever imported into this database: it has no table intake_runs.",
    "Give with --into the one that was imported into.",
)


class Past(msgspec.Struct, frozen=True):
    """A run as the database remembers it. One that is `running` goes on now, or was interrupted."""

    run: str
    state: State
    source: Source
    policy: Identity
    options: Mapping[str, object]
    started_at: datetime
    finished_at: datetime | None
    books: Books


class RunNotFoundError(Exception):
    """No run, or more than one, begins with what was given; `runs` are those that do."""

    def __init__(self, word: str, runs: tuple[str, ...]) -> None:
        """Keep what was given and what was found."""
        self.runs = runs
        found = f"{len(runs)} runs begin with {word}: {', '.join(runs)}" if runs else f"no run begins with {word}"
        super().__init__(found)


def history(connection: Connection, tables: Tables) -> list[Past]:
    """Return all runs, the newest first; DatabaseError where the database has none of our tables."""
    with translated():
        if not inspect(connection).has_table(tables.runs.name):
            raise DatabaseError(*_NO_RUNS)
        counts = _counts(connection, tables)
        rejected = _rejected(connection, tables)
        runs = connection.execute(select(tables.runs).order_by(tables.runs.c.started_at.desc(), tables.runs.c.run))
        return [_past(row, Books(**counts.get(row.run, {}), rejected=rejected.get(row.run, 0))) for row in runs]


def one_of(runs: list[Past], word: str) -> Past:
    """Return the run that a word names, by all its digits or the first of them; RunNotFoundError."""
    found = [past for past in runs if past.run.startswith(word.lower())]
    if len(found) != 1:
        raise RunNotFoundError(word, tuple(sorted(past.run for past in found)))
    return found[0]


def _counts(connection: Connection, tables: Tables) -> dict[str, dict[str, int]]:
    """Return the sums of each run's batches; what was rejected is counted where it lies."""
    batches = tables.batches
    sums = (func.sum(batches.c[name]).label(name) for name in ("read", *BOOKS) if name != "rejected")
    rows = connection.execute(select(batches.c.run, *sums).group_by(batches.c.run)).mappings()
    return {row["run"]: {name: int(row[name]) for name in row if name != "run"} for row in rows}


def _rejected(connection: Connection, tables: Tables) -> dict[str, int]:
    rejections = tables.rejections
    return dict(iter(connection.execute(select(rejections.c.run, func.count()).group_by(rejections.c.run))))


def _past(row: Row[tuple[object, ...]], books: Books) -> Past:
    return Past(
        run=row.run,
        state=row.state,
        source=Source(row.source_name, row.source_sha256),
        policy=Identity(row.policy_name, row.policy_version, row.policy_sha256),
        options=row.options,
        started_at=_utc(row.started_at),
        finished_at=_utc(row.finished_at) if row.finished_at else None,
        books=books,
    )


def _utc(moment: datetime) -> datetime:
    """Return a moment as it was written; SQLite keeps no time zone."""
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
