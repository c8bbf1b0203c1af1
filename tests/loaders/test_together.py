"""Batches that share a transaction are committed together or not at all, and what is stored does not tell."""

import sqlite3
import threading
import time
from collections.abc import Generator, Iterable
from contextlib import closing

import pytest
from sqlalchemy import Connection, Engine, event, select, text

from loaders import together as sharing
from loaders.ahead import ahead
from loaders.batch import Batch, Loader
from loaders.errors import DatabaseRefusedError, DatabaseUnavailableError
from loaders.run import Books
from loaders.together import together
from loaders.transactions import Transactions
from tests.loaders.shop import POLICY, TABLES, batch_of, person, rejected
from tests.loaders.test_transactions import everything, on_sqlite

LOADER = Loader(POLICY, TABLES, "now", "update")
FOUR = [batch_of(at, [person(2 * at - 1, f"a{at}@example.com"), rejected(2 * at)], 2 * at) for at in range(1, 5)]


@pytest.fixture
def commits(own_engine: Engine) -> list[str]:
    """One entry a commit."""
    made: list[str] = []
    event.listen(own_engine, "commit", lambda _connection: made.append("commit"))
    return made


def load(engine: Engine, batches: Iterable[Batch], loader: Loader = LOADER, enough: int | None = None) -> list[Books]:
    """Load batches; return what the books were after each, and `enough`: after how many records it is."""
    found: list[Books] = []
    with ahead((batch, batch.number) for batch in batches) as coming:
        for committed, number in together(loader, Transactions(engine), coming, lambda books: books.read == enough):
            assert (committed.batch.number, committed.batch.accepted, committed.refused) == (number, {}, ())
            found.append(committed.books)
    return found


def books_after(*batches: int) -> list[Books]:
    return [Books(read=2 * number, new=number, rejected=number) for number in batches]


def checkpoints(engine: Engine) -> list[tuple[int, int]]:
    batches = TABLES.batches
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(select(batches.c.batch, batches.c.last_record))]


def test_batches_that_share_a_transaction_are_committed_once(own_engine: Engine, commits: list[str]) -> None:
    assert load(own_engine, FOUR) == books_after(1, 2, 3, 4)
    assert len(commits) == 1
    assert checkpoints(own_engine) == [(1, 2), (2, 4), (3, 6), (4, 8)]


def test_when_the_time_is_over_no_other_batch_is_taken_in(
    own_engine: Engine, commits: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sharing, "SECONDS", 0)
    assert load(own_engine, FOUR) == books_after(1, 2, 3, 4)
    assert len(commits) == 4


def test_what_is_stored_does_not_tell_who_shared_a_transaction(
    own_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stored() -> list[list[tuple[object, ...]]]:
        return [[without_time(row) for row in rows] for rows in everything(own_engine)]

    load(own_engine, FOUR)
    shared = stored()
    with own_engine.begin() as connection:
        for table in TABLES.metadata.sorted_tables:
            connection.execute(table.delete())
    monkeypatch.setattr(sharing, "SECONDS", 0)
    load(own_engine, FOUR)
    assert [[row[1:] for row in rows] for rows in stored()] == [[row[1:] for row in rows] for rows in shared]


def without_time(row: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(value for value in row if not hasattr(value, "year"))


def test_a_transaction_ends_where_the_books_are_enough(own_engine: Engine, commits: list[str]) -> None:
    assert load(own_engine, FOUR, enough=4) == books_after(1, 2, 3, 4)
    assert len(commits) == 2


def test_of_a_transaction_that_fails_no_batch_is_there(own_engine: Engine) -> None:
    with own_engine.begin() as connection:
        refuse = {
            "sqlite": "CREATE TRIGGER no BEFORE INSERT ON people WHEN new.email = 'a3@example.com' "
            "BEGIN SELECT RAISE(ABORT, 'no'); END",
            "postgresql": "ALTER TABLE people ADD CHECK (email <> 'a3@example.com')",
        }
        connection.execute(text(refuse[own_engine.dialect.name]))
    with pytest.raises(DatabaseRefusedError):
        load(own_engine, FOUR)
    assert checkpoints(own_engine) == []


def test_what_came_before_a_source_broke_is_kept(own_engine: Engine) -> None:
    """As where a disk is pulled out in the middle of a file."""

    def breaking() -> Generator[Batch, None, None]:
        yield from FOUR[:2]
        raise LookupError

    with pytest.raises(LookupError):
        load(own_engine, breaking())
    assert checkpoints(own_engine) == [(1, 2), (2, 4)]


def test_rejections_are_handed_back_where_they_are_wanted(own_engine: Engine) -> None:
    def handed(loader: Loader, batch: Batch) -> list[int]:
        with ahead((one, None) for one in [batch]) as coming:
            ((committed, _),) = together(loader, Transactions(own_engine), coming, lambda _books: False)
        return committed.batch.rejected["record"].to_list()

    assert handed(Loader(POLICY, TABLES, "listed", "update"), FOUR[0]) == [2]
    assert handed(Loader(POLICY, TABLES, "other", "update", lists=False), FOUR[0]) == []


def test_nobody_waits_for_a_batch_that_does_not_come(own_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program can write while the first is made; and when the time is over, what came till then is there."""
    monkeypatch.setattr(sharing, "SECONDS", 0.05)

    def slow() -> Generator[Batch, None, None]:
        with own_engine.begin() as other:
            other.execute(text("DELETE FROM people"))
        yield FOUR[0]
        until = time.monotonic() + 30
        while not checkpoints(own_engine):
            assert time.monotonic() < until
        yield FOUR[1]

    assert load(own_engine, slow()) == books_after(1, 2)


@on_sqlite
def test_who_waits_for_the_file_gets_it_between_two_transactions(
    own_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It looks for it now and then only, and would hardly ever meet the moment between a COMMIT and a BEGIN."""
    monkeypatch.setattr(sharing, "SECONDS", 0)
    begun = threading.Event()
    there: list[int] = []

    def hold(_connection: Connection) -> None:
        begun.set()
        time.sleep(0.15)

    def write() -> None:
        begun.wait(30)
        with closing(sqlite3.connect(str(own_engine.url.database), timeout=30, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            there.extend(other.execute("SELECT count(*) FROM intake_batches").fetchone())

    event.listen(own_engine, "begin", hold)  # after the BEGIN itself
    writing = threading.Thread(target=write)
    writing.start()
    load(own_engine, FOUR)
    writing.join()
    assert there[0] in {1, 2}


@on_sqlite
def test_a_file_that_another_process_holds_ends_it_before_a_batch_is_taken(own_engine: Engine) -> None:
    event.listen(own_engine, "checkout", lambda connection, *_: connection.execute("PRAGMA busy_timeout=0"))
    with closing(sqlite3.connect(str(own_engine.url.database), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with ahead((batch, None) for batch in FOUR) as coming:
            with pytest.raises(DatabaseUnavailableError):
                next(together(LOADER, Transactions(own_engine), coming, lambda _books: False))
            other.execute("ROLLBACK")
            assert next(coming)[0].number == 1


def test_whether_there_is_another_is_known_without_taking_it() -> None:
    go_on = threading.Event()

    def slow() -> Generator[str, None, None]:
        yield "a"
        go_on.wait(30)
        yield "b"

    with ahead(slow()) as items:
        assert items.has_next()
        assert next(items) == "a"
        assert not items.is_ready(within=0.01)
        go_on.set()
        assert items.is_ready(within=30)
        assert list(items) == ["b"]
        assert not items.has_next()
        assert not items.is_ready(within=30)


def test_what_goes_wrong_in_the_making_is_raised_where_it_is_asked_for() -> None:
    def broken() -> Generator[str, None, None]:
        yield "a"
        raise LookupError

    with ahead(broken()) as items:
        assert next(items) == "a"
        assert not items.is_ready(within=30)
        for ask in (items.has_next, items.__next__):
            with pytest.raises(LookupError):
                ask()
