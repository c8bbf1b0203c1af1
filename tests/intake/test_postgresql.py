"""The command on a real PostgreSQL: what is in it when importers are killed, connections cut, and servers restarted."""

import random
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, Connection, Engine, create_engine, select, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from loaders.tables import draw
from tests.intake.command import command, environment, intake, rows, small_batches, started
from tests.intake.customers import customer, messy, write
from tests.postgresql import Server, fresh_database, own_server
from validators.policy import vipower

TABLES = draw(vipower())
Contents = dict[str, list[tuple[Any, ...]]]

# What two runs of one file may differ in: the clock, and the numbers that a transaction took and did not use.
_NOT_COMPARED = {"id", "started_at", "finished_at", "committed_at", "created_at", "updated_at", "expires_at"}


@pytest.fixture
def database(postgresql_server: URL) -> Iterator[str]:
    """The address of a database of the test's own, as a person writes it."""
    with fresh_database(postgresql_server) as url:
        yield typed_url(url)


@pytest.fixture
def server() -> Iterator[Server]:
    """A server that the test may stop."""
    with own_server() as server:
        yield server


def typed_url(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    engine: Engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def contents(url: str) -> Contents:
    """All that a database holds, as two runs of one file must have it in common."""
    with connected(url) as connection:
        return {
            table.name: sorted(
                map(tuple, connection.execute(select(*(c for c in table.c if c.name not in _NOT_COMPARED)))), key=repr
            )
            for table in TABLES.metadata.sorted_tables
        }


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, postgresql_server: URL) -> Contents:
    """What `messy(1500)` comes to where nothing happens."""
    folder = tmp_path_factory.mktemp("whole")
    write(folder, messy(1500))
    with fresh_database(postgresql_server) as url:
        done = run(small_batches("import", "customers.csv", "--into", typed_url(url)), folder)
        assert (done.returncode, done.stderr) == (1, "")
        found = contents(typed_url(url))
    assert len(found["intake_batches"]) == 60
    return found


def run(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        arguments, cwd=folder, env=environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )


def committed(url: str) -> int:
    try:
        with connected(url) as connection:
            return connection.scalar(text("SELECT count(*) FROM intake_batches")) or 0
    except (ProgrammingError, OperationalError):  # no table yet; a server that starts
        return 0


def wait_for(batches: int, url: str, process: subprocess.Popen[str]) -> None:
    while committed(url) < batches:
        assert process.poll() is None, "the import ended before it could be interrupted"
        time.sleep(0.01)


def test_postgresql_holds_what_sqlite_holds(tmp_path: Path, database: str) -> None:
    write(tmp_path, [*messy(200), customer(7, Miejscowość='Łódź "\\N"'), customer(8) | {"E-mail": "EWA8@example.com"}])

    into_postgresql = intake("import", "customers.csv", "--into", database, "--json", cwd=tmp_path)
    into_sqlite = intake("import", "customers.csv", "--json", cwd=tmp_path)

    assert into_postgresql.status == 1
    assert into_postgresql.json | {"seconds": 0} == into_sqlite.json | {"seconds": 0}
    assert into_postgresql.err == ""
    for name, found in contents(database).items():
        if name.startswith("intake_"):
            continue
        columns = [column.name for column in TABLES.metadata.tables[name].c if column.name not in _NOT_COMPARED]
        same = [tuple(row[column] for column in columns) for row in rows(tmp_path / "customers.db", name)]
        if name != "rejections":  # its JSON is text on SQLite
            assert found == sorted(same, key=repr)
        assert len(found) == len(same)


def test_a_file_imported_again_changes_nothing(tmp_path: Path, database: str) -> None:
    write(tmp_path, messy(200))
    first = intake("import", "customers.csv", "--into", database, "--json", cwd=tmp_path)
    with connected(database) as connection:
        before = [connection.execute(select(table)).all() for table in TABLES.metadata.sorted_tables]
        again = intake("import", "customers.csv", "--into", database, "--json", cwd=tmp_path)
        assert [connection.execute(select(table)).all() for table in TABLES.metadata.sorted_tables] == before
    assert again.json["outcome"] == "imported_before"
    assert again.json["books"] == first.json["books"]


def test_the_password_is_shown_nowhere(tmp_path: Path, database: str) -> None:
    write(tmp_path, messy(20))
    url = database.replace("postgres@", "postgres:hunter2@")
    told = intake("import", "customers.csv", "--into", url, "--report", "report", cwd=tmp_path)
    failed = intake("import", "customers.csv", "--into", url.replace("intake_test", "no_such"), cwd=tmp_path)
    assert (told.status, failed.status) == (1, 2)
    shown = told.out + told.err + failed.out + failed.err + (tmp_path / "report" / "report.json").read_text()
    assert "hunter2" not in shown
    assert "***" in told.out


def test_a_row_that_the_database_refuses_is_a_rejection_and_its_neighbours_load(tmp_path: Path, database: str) -> None:
    write(tmp_path, messy(10), name="small.csv")
    write(tmp_path, [customer(number) for number in range(1000)])
    intake("import", "small.csv", "--into", database, cwd=tmp_path)
    with connected(database) as connection:
        connection.execute(text("ALTER TABLE individuals ADD CHECK (street_address <> 'ul. Polna 777')"))

    finished = intake("import", "customers.csv", "--into", database, "--report", "report", "--json", cwd=tmp_path)
    told = intake("check", "customers.csv", cwd=tmp_path)

    assert told.status == 0
    assert (finished.status, finished.json["faults"]) == (1, {"database.refused": 1})
    assert (finished.json["books"]["read"], finished.json["books"]["rejected"]) == (1000, 1)
    with connected(database) as connection:
        row = connection.execute(select(TABLES.rejections).where(TABLES.rejections.c.record == 778)).one()
    assert (row.line, row.fields["street_address"]) == (779, "ul. Polna 777")
    assert row.faults == [{"code": "database.refused", "field": None, "params": {"sqlstate": "23514"}}]
    assert '"line":779' in (tmp_path / "report" / "rejections.jsonl").read_text()


def test_an_import_that_is_killed_loses_and_doubles_no_row(tmp_path: Path, database: str, whole: Contents) -> None:
    """Killed at moments that a seed tells, and begun again each time."""
    write(tmp_path, messy(1500))
    arguments = small_batches("import", "customers.csv", "--into", database)
    moments = random.Random(4)  # noqa: S311  (the same moments every time)
    seen = 0
    for _ in range(4):
        with started(arguments, tmp_path) as process:
            wait_for(seen + 1, database, process)
            time.sleep(moments.uniform(0, 0.1))
            process.kill()
            process.wait()
        seen = committed(database)
        assert contents(database)["intake_batches"] == sorted(_first(whole, seen), key=repr)
    assert 4 <= seen < 60
    assert run(arguments, tmp_path).returncode == 1
    assert contents(database) == whole


def _first(whole: Contents, batches: int) -> list[tuple[Any, ...]]:
    return [row for row in whole["intake_batches"] if row[1] <= batches]


def test_connections_that_are_cut_again_and_again_lose_and_double_no_row(
    tmp_path: Path, database: str, whole: Contents
) -> None:
    write(tmp_path, messy(1500))
    moments = random.Random(5)  # noqa: S311  (the same moments every time)
    cuts = 0
    patience = "attempts=50, first=0.01, longest=0.05"
    with (
        started(small_batches("import", "customers.csv", "--into", database, patience=patience), tmp_path) as process,
        connected(database) as connection,
    ):
        wait_for(1, database, process)
        while process.poll() is None and cuts < 40:
            time.sleep(moments.uniform(0, 0.05))
            cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database()"
            cuts += connection.scalar(text(f"{cut} AND pid <> pg_backend_pid()")) or 0
        _, err = process.communicate()

    assert process.returncode == 1, err
    assert cuts >= 10
    assert set(err.splitlines()) <= {
        f"The database does not answer. Trying again in {s} s." for s in (0.01, 0.02, 0.04, 0.05)
    }
    assert contents(database) == whole


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_a_server_that_is_restarted_is_waited_for(tmp_path: Path, server: Server, whole: Contents, mode: str) -> None:
    write(tmp_path, messy(1500))
    url = typed_url(server.url)
    patience = "attempts=50, first=0.1, longest=0.5"
    with started(small_batches("import", "customers.csv", "--into", url, patience=patience), tmp_path) as process:
        wait_for(3, url, process)
        server.stop(mode)
        server.start()
        _, err = process.communicate()

    assert process.returncode == 1, err
    assert "The database does not answer. Trying again in 0.1 s." in err.splitlines()
    assert contents(url) == whole


def test_where_the_server_does_not_come_back_the_same_command_goes_on(
    tmp_path: Path, server: Server, whole: Contents
) -> None:
    write(tmp_path, messy(1500))
    url = typed_url(server.url)
    arguments = small_batches("import", "customers.csv", "--into", url, patience="attempts=3, first=0.01")
    with started(arguments, tmp_path) as process:
        wait_for(3, url, process)
        server.stop()
        out, err = process.communicate()
    server.start()

    assert (process.returncode, out) == (4, "")
    assert err.splitlines()[:2] == [f"The database does not answer. Trying again in {s} s." for s in (0.01, 0.02)]
    assert err.endswith("Run the same command again; it goes on from the last batch.\n")
    assert len(err.splitlines()) == 3
    done = run(arguments, tmp_path)
    assert done.returncode == 1
    assert "it went on from where it had stopped" in done.stdout
    assert contents(url) == whole


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_two_who_import_the_same_file_at_once_do_not_double_it(
    tmp_path: Path, request: pytest.FixtureRequest, kind: str, whole: Contents
) -> None:
    write(tmp_path, messy(1500))
    url = request.getfixturevalue("database") if kind == "postgresql" else "sqlite:///customers.db"
    arguments = small_batches("import", "customers.csv", "--json", "--into", url)
    with started(arguments, tmp_path) as one, started(arguments, tmp_path) as other:
        ends = [process.communicate() for process in (one, other)]

    assert sorted((one.returncode, other.returncode)) in ([1, 1], [1, 4]), ends
    for process, (_, err) in zip((one, other), ends, strict=True):
        assert process.returncode == 1 or "Another process is importing the same file" in err
    if kind == "postgresql":
        assert contents(url) == whole
    else:
        assert len(rows(tmp_path / "customers.db", "individuals")) == len(whole["individuals"])
        assert len(rows(tmp_path / "customers.db", "intake_batches")) == 60


def test_one_who_comes_later_goes_beside_or_is_told(tmp_path: Path, database: str, whole: Contents) -> None:
    """Who continues in the middle cuts the file otherwise: of two such only one can go on."""
    write(tmp_path, messy(1500))
    later = [*command("import", "customers.csv", "--json", "--into", database)]
    with started(small_batches("import", "customers.csv", "--json", "--into", database), tmp_path) as one:
        wait_for(5, database, one)
        with started(later, tmp_path) as other:
            ends = [process.communicate() for process in (one, other)]
    assert sorted((one.returncode, other.returncode)) in ([1, 1], [1, 4]), ends
    found = contents(database)
    assert found["individuals"] == whole["individuals"]
    assert len(found["rejections"]) == len(whole["rejections"])
    (finished,) = found["intake_runs"]
    assert "finished" in finished
