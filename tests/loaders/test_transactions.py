"""A database that is gone for a while is waited for, and a batch is loaded once, whatever became of its COMMIT."""

import itertools
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing

import psycopg
import pytest
from sqlalchemy import Connection, Engine, event, select, text

from loaders.batch import Loader
from loaders.database import open_database
from loaders.errors import DatabaseError, DatabaseRefusedError, DatabaseTemporaryError, DatabaseUnavailableError
from loaders.run import Books
from loaders.transactions import Patience, Transactions
from tests.loaders.shop import PEOPLE, POLICY, TABLES, batch_of, contents, load, person, rejected

LOADER = Loader(POLICY, TABLES, "now", "update")
QUICK = Patience(attempts=4, first=0.001, longest=0.002)
BATCH = batch_of(1, [person(1, "jan@example.com"), person(2, "JAN@example.com"), rejected(3), None], 4)
BOOKS = Books(read=4, new=1, updated=1, rejected=1, blank=1)

on_postgresql = pytest.mark.parametrize("own_engine", ["postgresql"], indirect=True)
on_sqlite = pytest.mark.parametrize("own_engine", ["sqlite"], indirect=True)


class Told:
    """What people were told while we waited."""

    def __init__(self) -> None:
        self.codes: list[str] = []
        self.seconds: list[float] = []

    def __call__(self, error: DatabaseError, seconds: float) -> None:
        self.codes.append(error.code)
        self.seconds.append(seconds)


def once(act: Callable[[Connection], None]) -> Callable[[Connection], None]:
    """Do it the first time alone."""
    left = [act]

    def hook(connection: Connection) -> None:
        if left:
            left.pop()(connection)

    return hook


def terminate(connection: Connection) -> None:
    """Have the server end this connection, as an administrator does."""
    pid = connection.scalar(text("SELECT pg_backend_pid()"))
    with connection.engine.connect() as other:
        other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})


def everything(engine: Engine) -> list[list[tuple[object, ...]]]:
    with engine.connect() as connection:
        return [
            [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in TABLES.metadata.sorted_tables
        ]


@on_postgresql
@pytest.mark.parametrize("statement", ["begin", "incoming_people", "intake_batches", "rejections"])
def test_a_connection_that_is_cut_is_made_again(own_engine: Engine, statement: str) -> None:
    """Cut before the transaction's first statement, in the middle of the rows, and before its last ones."""
    cut = once(terminate)
    seen: list[str] = []

    def before(connection: Connection, _cursor: object, sql: str, *_: object) -> None:
        seen.append(sql)
        if ("pg_" not in sql and statement in sql) or statement == "begin":
            cut(connection)

    event.listen(own_engine, "before_cursor_execute", before)
    told = Told()

    committed = LOADER.commit(Transactions(own_engine, QUICK, told), BATCH)

    assert told.codes == ["database.connection"]
    assert committed.books == BOOKS


@on_postgresql
def test_a_connection_that_is_cut_before_copy_is_made_again(own_engine: Engine) -> None:
    cut = once(terminate)

    def after(connection: Connection, _cursor: object, sql: str, *_: object) -> None:
        if "CREATE TEMPORARY TABLE" in sql:
            cut(connection)

    event.listen(own_engine, "after_cursor_execute", after)
    told = Told()
    assert LOADER.commit(Transactions(own_engine, QUICK, told), BATCH).books == BOOKS
    assert told.codes == ["database.connection"]


@on_postgresql
@pytest.mark.parametrize("at", range(4, 60, 8))
def test_a_connection_that_is_cut_while_refused_rows_are_looked_for_is_made_again(own_engine: Engine, at: int) -> None:
    with own_engine.begin() as connection:
        connection.execute(text("ALTER TABLE people ADD CHECK (first_name <> 'Zenon')"))
    seen = itertools.count(1)

    def before(connection: Connection, *_: object) -> None:
        if connection is not other and next(seen) == at:
            driver: object = connection.connection.dbapi_connection
            assert isinstance(driver, psycopg.Connection)
            other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": driver.info.backend_pid})

    items = [person(1, "a@example.com"), person(2, "b@example.com", "Zenon"), person(3, "a@example.com", "Ewa")]
    with own_engine.connect() as other:
        for what in ("before_cursor_execute", "savepoint", "rollback_savepoint", "release_savepoint"):
            event.listen(own_engine, what, before)
        told = Told()
        committed = LOADER.commit(Transactions(own_engine, QUICK, told), batch_of(1, items, 3))

    assert told.codes == ["database.connection"]
    assert committed.books == Books(read=3, new=1, updated=1, rejected=1)


@on_postgresql
def test_a_connection_that_the_server_ends_for_being_idle_is_made_again(own_engine: Engine) -> None:
    """As where the importer's machine slept in the middle of a transaction (SQLSTATE 25P03)."""

    def sleep(connection: Connection) -> None:
        connection.execute(text("SET idle_in_transaction_session_timeout = '20ms'"))
        time.sleep(0.2)

    asleep = once(sleep)

    def work(connection: Connection) -> object:
        asleep(connection)
        return connection.scalar(text("SELECT 7"))

    told = Told()
    assert Transactions(own_engine, QUICK, told).run(work) == 7
    assert told.codes == ["database.connection"]


@on_postgresql
def test_an_answer_to_commit_that_is_lost_does_not_double_a_batch(own_engine: Engine) -> None:
    def lose(connection: Connection) -> None:
        raw = connection.connection.dbapi_connection
        assert raw
        raw.commit()
        raw.close()  # the server has committed; nobody told us

    event.listen(own_engine, "commit", once(lose))
    told = Told()

    committed = LOADER.commit(Transactions(own_engine, QUICK, told), BATCH)

    assert told.codes == ["database.connection"]
    assert committed.books == BOOKS
    with own_engine.connect() as connection:
        assert contents(connection, PEOPLE, "email") == [("JAN@example.com",)]


@on_postgresql
def test_refused_rows_are_known_though_the_answer_to_commit_is_lost(own_engine: Engine) -> None:
    with own_engine.begin() as connection:
        connection.execute(text("ALTER TABLE people ADD CHECK (first_name <> 'Zenon')"))

    def lose(connection: Connection) -> None:
        raw = connection.connection.dbapi_connection
        assert raw
        raw.commit()
        raw.close()

    event.listen(own_engine, "commit", once(lose))
    batch = batch_of(1, [person(1, "jan@example.com"), person(2, "z@example.com", "Zenon")], 2)

    committed = LOADER.commit(Transactions(own_engine, QUICK), batch)

    assert committed.batch.rejected["record"].to_list() == [2]
    assert committed.books == Books(read=2, new=1, rejected=1)


@on_postgresql
@pytest.mark.parametrize("state", ["40001", "40P01", "57P01", "57P02", "57P03", "08006", "55P03", "53300"])
def test_what_passes_by_itself_is_tried_again(own_engine: Engine, state: str) -> None:
    event.listen(own_engine, "commit", once(lambda connection: fail(connection, state)))
    told = Told()
    assert LOADER.commit(Transactions(own_engine, QUICK, told), BATCH).books == BOOKS
    assert len(told.codes) == 1


@on_postgresql
@pytest.mark.parametrize("state", ["42501", "42P01", "XX000", "23514", "53100", "25006", "3D000", "25P04", "2200H"])
def test_what_does_not_pass_by_itself_is_told_at_once(own_engine: Engine, state: str) -> None:
    told = Told()
    with pytest.raises(DatabaseError) as caught:
        Transactions(own_engine, QUICK, told).run(lambda connection: fail(connection, state))
    assert told.codes == []
    assert not isinstance(caught.value, DatabaseUnavailableError)
    assert isinstance(caught.value, DatabaseTemporaryError) == (state in {"53100", "25006", "25P04"})
    assert isinstance(caught.value, DatabaseRefusedError) == (state == "23514")


def fail(connection: Connection, state: str) -> None:
    connection.execute(text(f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{state}'; END $$"))


def test_pauses_grow_up_to_a_limit_and_end(own_engine: Engine) -> None:
    told, tries = Told(), []
    busy = DatabaseUnavailableError("database.busy", "Busy.", "Wait.")

    def work(_connection: Connection) -> None:
        tries.append(1)
        raise busy

    with pytest.raises(DatabaseUnavailableError):
        Transactions(own_engine, Patience(attempts=5, first=0.001, longest=0.004), told).run(work)

    assert len(tries) == 5
    assert told.seconds == [0.001, 0.002, 0.004, 0.004]


def test_a_batch_that_is_loaded_again_changes_nothing(own_engine: Engine) -> None:
    transactions = Transactions(own_engine)
    LOADER.commit(transactions, BATCH)
    before = everything(own_engine)
    for _ in range(20):
        assert LOADER.commit(transactions, BATCH).books == BOOKS
    assert everything(own_engine) == before


@pytest.mark.parametrize(
    ("number", "last", "read"),
    [(1, 3, 3), (3, 6, 1), (2, 6, 1)],
    ids=["cut elsewhere", "one is missing", "a gap"],
)
def test_a_batch_that_does_not_follow_is_told_and_changes_nothing(
    own_engine: Engine, number: int, last: int, read: int
) -> None:
    transactions = Transactions(own_engine)
    LOADER.commit(transactions, BATCH)
    before = everything(own_engine)
    items = [person(last - read + 1 + place, f"ewa{place}@example.com") for place in range(read)]

    with pytest.raises(DatabaseTemporaryError) as caught:
        LOADER.commit(transactions, batch_of(number, items, last))

    assert caught.value.code == "database.run_elsewhere"
    assert everything(own_engine) == before


def test_of_two_who_load_the_same_batch_at_once_one_does(own_engine: Engine) -> None:
    batches = [
        batch_of(
            number,
            [person(number * 2 - 1, f"a{number}@example.com"), person(number * 2, "x@example.com", "Jan")],
            number * 2,
        )
        for number in range(1, 30)
    ]
    ends: list[Books] = []

    def load_all() -> None:
        transactions = Transactions(own_engine, Patience(attempts=20, first=0.01, longest=0.05))
        ends.append([LOADER.commit(transactions, batch).books for batch in batches][-1])

    threads = [threading.Thread(target=load_all) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert ends == [Books(read=58, new=30, duplicate=28)] * 2


@on_sqlite
def test_a_file_that_another_process_holds_is_waited_for(own_engine: Engine) -> None:
    event.listen(own_engine, "checkout", lambda connection, *_: connection.execute("PRAGMA busy_timeout=0"))
    with closing(sqlite3.connect(str(own_engine.url.database), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        told: list[str] = []

        def let_go(error: DatabaseError, _seconds: float) -> None:
            told.append(error.code)
            if len(told) == 2:
                other.execute("ROLLBACK")

        assert LOADER.commit(Transactions(own_engine, QUICK, let_go), BATCH).books == BOOKS
    assert told == ["database.busy"] * 2


@on_postgresql
def test_another_transaction_of_ours_is_waited_for(own_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("loaders.postgresql._LOCK_TIMEOUT", "10ms")
    impatient = open_database(own_engine.url.render_as_string(hide_password=False))

    def hold(_connection: Connection) -> None:
        with pytest.raises(DatabaseUnavailableError) as caught:
            LOADER.commit(Transactions(impatient, QUICK), BATCH)
        assert caught.value.code == "database.busy"

    Transactions(own_engine).run(hold)
    assert LOADER.commit(Transactions(impatient, QUICK), BATCH).books == BOOKS
    impatient.dispose()


@on_postgresql
@pytest.mark.parametrize(
    ("names", "books"), [(["Ewa"], Books(read=1, new=1)), (["Jan", "Ewa"], Books(read=2, new=1, updated=1))]
)
def test_a_customer_whom_somebody_else_deletes_meanwhile_is_entered_anew(
    own_engine: Engine, names: list[str], books: Books
) -> None:
    """Our UPDATE waits for the DELETE, and then finds nobody: the row may not be lost."""
    with own_engine.begin() as connection:
        load(connection, [person(1, "jan@example.com")], run="before")
    items = [person(record, "jan@example.com", name) for record, name in enumerate(names, 1)]
    with own_engine.connect() as checkout:
        checkout.execute(PEOPLE.delete())
        waiting = threading.Timer(0.5, checkout.commit)
        waiting.start()
        committed = LOADER.commit(Transactions(own_engine, QUICK), batch_of(1, items, len(items)))
        waiting.join()
    assert committed.refused == []
    assert committed.books == books
    with own_engine.connect() as connection:
        assert contents(connection, PEOPLE, "email", "first_name") == [("jan@example.com", "Ewa")]


@on_postgresql
def test_a_customer_whom_somebody_else_enters_meanwhile_is_seen_at_the_second_look(own_engine: Engine) -> None:
    """The checkout takes no turns with imports: its row comes between our look and our INSERT."""
    row = {"email": "jan@example.com", "first_name": "Jan", "run": "checkout", "policy": "p"}
    with own_engine.connect() as checkout:
        checkout.execute(PEOPLE.insert().values(row | dict.fromkeys(("created_at", "updated_at"), text("now()"))))
        waiting = threading.Timer(0.5, checkout.commit)
        waiting.start()
        told = Told()
        committed = LOADER.commit(Transactions(own_engine, QUICK, told), batch_of(1, [person(1, "JAN@example.com")], 1))
        waiting.join()
    assert told.codes == ["database.conflict"]
    assert committed.books == Books(read=1, updated=1)
