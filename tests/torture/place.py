"""Where a torture's imports go: one body of tests over every database.

A database to be added is a class here.
"""

import hashlib
import os
import shutil
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, NamedTuple, Protocol

from sqlalchemy import URL, Connection, Table, create_engine, func, inspect, select, text
from sqlalchemy.exc import OperationalError
from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_fixed

from loaders.tables import draw
from tests.postgresql import Server, fresh_database
from validators.policy import vipower

TABLES = draw(vipower())
Trouble = Literal["terminate", "kill", "stop", "crash"]

_REJECTION = ("run", "record", "line", "kind", "source_reference", "faults", "fields", "policy")


class Contents(NamedTuple):
    """What two imports of the same files have in common, whatever happened to them: no ids, no clock."""

    batches: int  # committed
    digest: str  # of all rows and rejections


class Database(Protocol):
    """A database of one test."""

    url: str

    def contents(self) -> Contents:
        """Return what it holds, without touching it: what a dead process left is left as it is."""

    def assert_sound(self) -> None:
        """See that it is whole and nothing lies beside it."""

    def written(self) -> str:
        """Return what is another after anything was written, be it the same."""

    def refuse(self, column: str, value: str) -> None:
        """Let the table of individuals refuse a value: a constraint of the user's own."""

    def stored(self) -> Iterator[tuple[str, bytes]]:
        """Yield all that it put on the disk: a name, and what is in it."""


class Place(Protocol):
    """A kind of database."""

    name: str

    def database(self) -> AbstractContextManager[Database]:
        """Make an empty database, which is gone afterwards."""


# --- SQLite ----------------------------------------------------------------------------------------------------------


class Sqlite:
    """Files in a temporary folder."""

    name = "SQLite"

    @contextmanager
    def database(self) -> Iterator["SqliteFile"]:
        with TemporaryDirectory(prefix="intake-torture-") as folder:
            yield SqliteFile(Path(folder, "customers.db"))


class SqliteFile:
    """A database in a file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.url = f"sqlite:///{path}"

    def contents(self) -> Contents:
        with TemporaryDirectory(prefix="intake-torture-") as folder:
            for path in self.path.parent.glob(f"{self.path.name}*"):
                shutil.copy(path, folder)
            copy = Path(folder, self.path.name)
            assert_integrity(copy)  # which also takes back what a journal says is half done
            return _contents(f"sqlite:///{copy}")

    def assert_sound(self) -> None:
        assert_integrity(self.path)
        assert [path.name for path in self.path.parent.glob(f"{self.path.name}*")] == [self.path.name]

    def written(self) -> str:
        return f"{self.path.stat().st_mtime_ns} {hashlib.sha256(self.path.read_bytes()).hexdigest()}"

    def refuse(self, column: str, value: str) -> None:
        """SQLite adds no CHECK to a table that is there; a trigger refuses as well."""
        stop = f"WHEN new.{column} = '{value}' BEGIN SELECT RAISE(ABORT, 'no'); END"
        with closing(sqlite3.connect(self.path)) as connection:
            connection.execute(f"CREATE TRIGGER refuse BEFORE INSERT ON individuals {stop}")

    def stored(self) -> Iterator[tuple[str, bytes]]:
        for path in self.path.parent.glob(f"{self.path.name}*"):
            yield path.name, path.read_bytes()


def assert_integrity(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


# --- PostgreSQL ------------------------------------------------------------------------------------------------------


class Postgresql:
    """Databases on a server; all its files are in the folder of its socket, if it is one of ours."""

    name = "PostgreSQL"

    def __init__(self, server: URL, own: Server | None = None) -> None:
        self.server = server
        self.own = own  # if it may be stopped
        self.folder = Path(str(server.query.get("host", "")))

    @contextmanager
    def database(self) -> Iterator["PostgresqlDatabase"]:
        with fresh_database(self.server) as url:
            yield PostgresqlDatabase(url, self.folder, self.own)


class PostgresqlDatabase:
    """A database on a server."""

    def __init__(self, address: URL, folder: Path, own: Server | None = None) -> None:
        self.address = address.set(drivername="postgresql+psycopg")
        self.url = address.set(drivername="postgresql").render_as_string(hide_password=False)
        self._folder = folder
        self._own = own

    def contents(self) -> Contents:
        return _contents(self.address)

    def assert_sound(self) -> None:
        """Every index agrees with its table (postgresql.org/docs/current/amcheck.html), where the server can tell."""
        with _connected(self.address) as connection:
            if connection.scalar(text("SELECT count(*) FROM pg_available_extensions WHERE name = 'amcheck'")):
                connection.execute(text("CREATE EXTENSION IF NOT EXISTS amcheck"))
                connection.execute(
                    text(
                        "SELECT bt_index_check(indexrelid, true) FROM pg_index JOIN pg_class ON oid = indrelid"
                        " JOIN pg_am ON pg_am.amname = 'btree' WHERE relnamespace = 'public'::regnamespace"
                    )
                )

    def disturb(self, how: Trouble) -> int:
        """End all connections to this database, or kill -9 a process of one: the whole server starts anew then.

        Or stop the server, as for good (`stop`) or by a crash (`crash`), and start it. Return how many there were.
        """
        if how in {"stop", "crash"}:
            assert self._own
            self._own.stop("fast" if how == "stop" else "immediate")
            self._own.start()
            return 1
        others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        with _connected(self.address) as connection:
            if how == "terminate":
                return len(connection.execute(text(f"SELECT pg_terminate_backend(pid) {others}")).all())
            processes = connection.execute(text(f"SELECT pid {others}")).scalars().all()
        for process in processes[:1]:
            os.kill(process, signal.SIGKILL)
        return len(processes[:1])

    def written(self) -> str:
        """`xmin` is the transaction that wrote a row (postgresql.org/docs/current/ddl-system-columns.html)."""
        found = []
        with _connected(self.address) as connection:
            for table in TABLES.metadata.sorted_tables:
                rows = connection.execute(text(f"SELECT xmin, ctid::text, t.*::text FROM {table.name} t"))  # noqa: S608
                found.append((table.name, sorted(map(str, rows))))
        return _digest(found)

    def refuse(self, column: str, value: str) -> None:
        with _connected(self.address) as connection, connection.begin():
            connection.execute(text(f"ALTER TABLE individuals ADD CHECK ({column} <> '{value}')"))

    def stored(self) -> Iterator[tuple[str, bytes]]:
        """The files of its tables, the write-ahead log, and the server's log, where they can be had."""
        with _connected(self.address) as connection:
            connection.execute(text("CHECKPOINT"))
            number = connection.scalar(text("SELECT oid FROM pg_database WHERE datname = current_database()"))
        if not self._folder.is_absolute():
            return
        data = self._folder / "data"
        for path in (self._folder / "log", *(data / "base" / str(number)).iterdir(), *(data / "pg_wal").glob("0*")):
            with suppress(FileNotFoundError):  # the server took it away meanwhile
                yield path.name, path.read_bytes()


# --- both ------------------------------------------------------------------------------------------------------------


@contextmanager
def _connected(url: str | URL) -> Iterator[Connection]:
    engine = create_engine(url)
    patiently = Retrying(
        retry=retry_if_exception_type(OperationalError), stop=stop_after_delay(60), wait=wait_fixed(0.2)
    )
    try:
        with patiently(engine.connect) as connection:  # a server that was killed starts anew, which takes a moment
            yield connection
    finally:
        engine.dispose()


def _contents(url: str | URL) -> Contents:
    with _connected(url) as connection:
        present = inspect(connection).get_table_names()
        if TABLES.batches.name not in present:
            return Contents(0, _digest([]))
        rows = [
            (table.name, _rows(connection, table, (*vipower().kinds[name].names, "source_reference", "run", "policy")))
            for name, table in TABLES.kinds.items()
        ]
        rows.append(("rejections", _rows(connection, TABLES.rejections, _REJECTION)))
        batches = connection.scalar(select(func.count()).select_from(TABLES.batches))
        return Contents(batches or 0, _digest([(name, held) for name, held in rows if held]))


def _rows(connection: Connection, table: Table, names: tuple[str, ...]) -> list[str]:
    """Return the rows as text, in an order that no database's collation has a say in."""
    return sorted(map(repr, connection.execute(select(*(table.c[name] for name in names)))))


def _digest(value: object) -> str:
    return hashlib.sha256(repr(value).encode()).hexdigest()
