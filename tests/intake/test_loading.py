"""Where batches share a transaction it does not show: not in what is stored, and not where something goes wrong."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import event

from intake.limit import Limit
from intake.run import Options, Watcher, import_source
from intake.sources import csv_columns
from loaders import together
from loaders.database import open_database
from loaders.errors import DatabaseError
from loaders.rejection import Rejected
from loaders.transactions import Patience
from tests.intake.command import rows, run_sql, tables, without_clock
from tests.intake.customers import customer, messy, write
from validators.policy import vipower

RECORDS = 200


@pytest.fixture(autouse=True)
def _batches_of_twenty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_columns, "_RECORDS", 20)


class Came:
    """What came of an import, and what people were told meanwhile."""

    def __init__(
        self,
        path: Path,
        database: Path,
        limit: str | None = None,
        begin: Callable[[object], object] = lambda _connection: None,
        waiting: Callable[[], object] = lambda: None,
    ) -> None:
        self.commits = 0
        self.listed: list[int] = []
        self.waited: list[str] = []
        self.database = database
        engine = open_database(f"sqlite:///{database}")
        event.listen(engine, "commit", self._committed)
        event.listen(engine, "begin", begin)
        self._waiting = waiting
        options = Options(
            vipower(), max_rejects=Limit.parse(limit) if limit else None, patience=Patience(3, 0.01, 0.02)
        )
        try:
            self.outcome = import_source(path, options, engine, Watcher(lambda *_: None, self._list, self._wait))
        finally:
            engine.dispose()

    def _committed(self, _connection: object) -> None:
        self.commits += 1

    def _list(self, _source: object, rejected: Rejected) -> None:
        self.listed.append(rejected.record)

    def _wait(self, error: DatabaseError, _seconds: float) -> None:
        self.waited.append(error.code)
        self._waiting()

    @property
    def stored(self) -> object:
        return without_clock(tables(self.database))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write(tmp_path, messy(RECORDS))


@pytest.fixture
def apart(path: Path, tmp_path: Path) -> Came:
    """The same file, each batch in a transaction of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(together, "SECONDS", 0)
        return Came(path, tmp_path / "apart.db")


def test_what_is_stored_and_told_is_the_same(path: Path, tmp_path: Path, apart: Came) -> None:
    shared = Came(path, tmp_path / "shared.db")
    assert apart.commits == shared.commits + RECORDS // 20 - 1
    assert shared.stored == apart.stored
    assert shared.listed == apart.listed == list(range(8, RECORDS, 10))
    assert shared.outcome.findings == apart.outcome.findings
    assert shared.outcome.books == apart.outcome.books


@pytest.mark.parametrize("seconds", [0, together.SECONDS], ids=["after others that are committed", "within the first"])
@pytest.mark.parametrize("at", [0, 100, RECORDS - 2])
def test_a_row_that_the_database_refuses_is_found_and_nobody_else_suffers(
    path: Path, tmp_path: Path, at: int, seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(together, "SECONDS", seconds)
    database = tmp_path / "shared.db"
    Came(write(tmp_path, [customer(RECORDS)], name="small.csv"), database)
    refuse = f"WHEN new.email = 'ewa{at}@example.com' BEGIN SELECT RAISE(ABORT, 'no'); END"
    run_sql(database, f"CREATE TRIGGER refuse BEFORE INSERT ON individuals {refuse}")

    came = Came(path, database)

    refused = [row["record"] for row in rows(database, "rejections") if "database.refused" in str(row["faults"])]
    assert refused == [at + 1]
    assert came.outcome.books.balanced
    assert came.outcome.findings["faults"] == {"email.syntax": RECORDS // 10, "database.refused": 1}
    assert sorted(came.listed) == sorted([*range(8, RECORDS, 10), at + 1])
    assert len({row["email"] for row in rows(database, "individuals")}) == 1 + RECORDS // 2 + RECORDS // 10 - 1


def test_who_reads_and_holds_a_commit_up_is_waited_for(
    path: Path, tmp_path: Path, apart: Came, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader in the middle of a query keeps what is written from being committed (sqlite.org/lockingv3.html)."""
    monkeypatch.setattr("loaders.sqlite._PRAGMAS", ["busy_timeout=0", "synchronous=EXTRA"])
    database = tmp_path / "shared.db"
    begun = count(1)
    with closing(sqlite3.connect(database, isolation_level=None)) as reader:

        def read(_connection: object) -> None:
            if next(begun) == 2:  # the run is entered, and its first batches are about to be
                reader.execute("BEGIN")
                reader.execute("SELECT count(*) FROM individuals").fetchone()

        came = Came(path, database, begin=read, waiting=lambda: reader.execute("ROLLBACK"))

    assert came.waited == ["database.busy"]
    assert came.stored == apart.stored
    assert came.listed == apart.listed
    assert came.outcome.findings == apart.outcome.findings


def test_a_run_stops_at_the_batch_in_which_the_limit_was_passed(path: Path, tmp_path: Path) -> None:
    shared = Came(path, tmp_path / "shared.db", limit="7")
    assert shared.outcome.how == "stopped"
    assert shared.outcome.books.rejected == 8
    assert len(rows(shared.database, "intake_batches")) == 4
