"""What goes wrong with a database is told by a code, in words of ours: real failures of real databases."""

import errno
import sqlite3
import traceback
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from loaders.database import make_or_compare, open_database
from loaders.errors import DatabaseError, DatabaseTemporaryError, translated
from tests.loaders.shop import TABLES, Open, load, person, rejected

EMAIL = "jan.kowalski@example.com"


def make(engine: Engine) -> None:
    with translated(), engine.begin() as connection:
        make_or_compare(connection, TABLES)


def made(opened: Open, path: Path) -> Engine:
    engine = opened(path)
    make(engine)
    return engine


def failure(act: Callable[[], object]) -> DatabaseError:
    with pytest.raises(DatabaseError) as caught:
        act()
    return caught.value


def before_use(engine: Engine, prepare: Callable[[sqlite3.Connection], object]) -> Engine:
    """Have every connection prepared once more, after its PRAGMAs."""

    def on_checkout(connection: sqlite3.Connection, _record: ConnectionPoolEntry, _proxy: object) -> None:
        prepare(connection)

    event.listen(engine, "checkout", on_checkout)
    return engine


def load_many(engine: Engine) -> None:
    people = [person(record, f"jan{record}@example.com") for record in range(1, 2000)]
    with translated(), engine.begin() as connection:
        load(connection, people)


@pytest.mark.parametrize(
    "url",
    [
        "customers.db",
        "sqlite://customers.db",
        "oracle9://h/d",
        "http://[",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:x",
        "",
    ],
)
def test_what_is_no_address_of_a_database(url: str) -> None:
    error = failure(lambda: open_database(url))
    assert error.code in {"database.url", "database.unsupported"}
    assert "sqlite:///customers.db" in str(error)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+asyncpg://u:hunter2@h/d",
        "mysql://u:hunter2@h/d",
        "sqlite+aiosqlite:///a.db",
        "sqlite+pysqlcipher:///a.db",
    ],
)
def test_a_database_that_is_not_supported_is_refused_whatever_drivers_are_installed(url: str) -> None:
    error = failure(lambda: open_database(url))
    assert error.code == "database.unsupported"
    assert "hunter2" not in str(error)


def test_a_folder_that_is_not_there(opened: Open, tmp_path: Path) -> None:
    error = failure(lambda: made(opened, tmp_path / "no such folder" / "shop.db"))
    assert error.code == "database.not_opened"


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EACCES])
def test_a_disk_too_full_for_a_new_file_is_a_temporary_failure(
    opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """SQLite cannot make a file and does not say why: so the system is asked. (A disk that is full: tests/torture.)"""

    def no_file(**_: object) -> None:
        raise OSError(number, "no file")

    monkeypatch.setattr("loaders.sqlite.NamedTemporaryFile", no_file)
    error = failure(lambda: made(opened, tmp_path / "no such folder" / "shop.db"))
    full = number != errno.EACCES
    assert error.code == ("database.full" if full else "database.not_opened")
    assert isinstance(error, DatabaseTemporaryError) == full


def test_a_folder_in_place_of_the_file(opened: Open, tmp_path: Path) -> None:
    assert failure(lambda: made(opened, tmp_path)).code == "database.not_opened"


def test_a_file_that_is_no_database_is_left_as_it_is(opened: Open, tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    path.write_bytes(b"E-mail;Telefon\n" * 1000)
    assert failure(lambda: made(opened, path)).code == "database.not_a_database"
    assert path.read_bytes() == b"E-mail;Telefon\n" * 1000


def test_a_database_that_is_damaged(opened: Open, tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    load_many(made(opened, path))
    content = bytearray(path.read_bytes())
    content[4096:-4096] = b"\xff" * (len(content) - 8192)  # all but the first page and the last
    path.write_bytes(content)
    assert failure(lambda: load_many(opened(path))).code == "database.corrupt"


def test_a_database_that_may_only_be_read_is_a_temporary_failure(opened: Open, tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    made(opened, path)
    before = path.read_bytes()
    error = failure(lambda: load_many(opened(f"sqlite:///file:{path}?mode=ro&uri=true")))
    assert isinstance(error, DatabaseTemporaryError)
    assert error.code == "database.read_only"
    assert path.read_bytes() == before


@pytest.mark.parametrize("lock", ["EXCLUSIVE", "IMMEDIATE"])
def test_a_database_that_another_process_writes_to_is_a_temporary_failure(
    opened: Open, tmp_path: Path, lock: str
) -> None:
    path = tmp_path / "shop.db"
    engine = before_use(
        made(opened, path), lambda connection: connection.execute("PRAGMA busy_timeout=0")
    )  # not ten seconds
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute(f"BEGIN {lock}")
        error = failure(lambda: make(engine))
    assert isinstance(error, DatabaseTemporaryError)
    assert error.code == "database.busy"
    make(engine)


def test_a_full_disk_is_a_temporary_failure_and_the_batch_is_gone(opened: Open, tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    made(opened, path)
    with closing(sqlite3.connect(path)) as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0] + 2
    engine = opened(path)
    error = failure(
        lambda: load_many(before_use(engine, lambda connection: connection.execute(f"PRAGMA max_page_count={pages}")))
    )
    assert isinstance(error, DatabaseTemporaryError)
    assert error.code == "database.full"
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM people").fetchone() == (0,)


def test_a_database_that_denies_it(opened: Open, tmp_path: Path) -> None:
    engine = made(opened, tmp_path / "shop.db")

    def deny_inserts(action: int, *_: object) -> int:
        return sqlite3.SQLITE_DENY if action == sqlite3.SQLITE_INSERT else sqlite3.SQLITE_OK

    before_use(engine, lambda connection: connection.set_authorizer(deny_inserts))
    assert failure(lambda: load_many(engine)).code == "database.denied"


def test_a_row_that_the_database_refuses_is_no_temporary_failure(opened: Open, tmp_path: Path) -> None:
    engine = made(opened, tmp_path / "shop.db")

    def reject_twice() -> None:
        with translated(), engine.begin() as connection:
            load(connection, [rejected(1), rejected(1)])

    error = failure(reject_twice)
    assert not isinstance(error, DatabaseTemporaryError)
    assert error.code == "database.failed"
    assert "SQLITE_CONSTRAINT_UNIQUE" in str(error)


def test_no_error_shows_a_value(connection: Connection) -> None:
    """The driver's text may hold it: PostgreSQL's says that a key such as `jan.kowalski@example.com` already exists."""
    load(connection, [person(1, EMAIL, "Zdzisław")])
    row = dict(connection.execute(TABLES.kinds["person"].select()).mappings().one()) | {"id": 99}

    def insert_again() -> None:
        with translated(), connection.begin_nested():
            connection.execute(TABLES.kinds["person"].insert().values(row))

    error = failure(insert_again)
    shown = "".join(traceback.format_exception(error)) + repr(error) + repr(vars(error))
    assert error.code in {"database.failed", "database.conflict"}
    assert "Zdzisław" not in shown
    assert "kowalski" not in shown


def test_what_is_raised_by_a_fault_of_ours_shows_no_value_either(opened: Open, tmp_path: Path) -> None:
    engine = made(opened, tmp_path / "shop.db")
    with engine.connect() as connection, connection.begin(), pytest.raises(SQLAlchemyError) as caught:
        connection.execute(TABLES.kinds["person"].insert().values(email=EMAIL, first_name="Zdzisław"))
    assert "kowalski" not in "".join(traceback.format_exception(caught.value))
