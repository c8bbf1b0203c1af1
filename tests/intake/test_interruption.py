"""An import that is interrupted, killed or stopped by the disk goes on, and ends as if nothing had been."""

import json
import random
import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.intake.command import (
    command,
    environment,
    intake,
    rows,
    run_sql,
    small_batches,
    started,
    tables,
    without_clock,
)
from tests.intake.customers import messy, write

Contents = dict[str, list[dict[str, object]]]


def wait_for_a_batch(database: Path, process: subprocess.Popen[str]) -> None:
    """Return when the first batch is committed and the process is at the next one."""
    while process.poll() is None:
        if database.exists() and committed(database):
            return
        time.sleep(0.01)
    pytest.fail("the import ended before it could be interrupted")


def committed(database: Path) -> int:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        try:
            return int(connection.execute("SELECT count(*) FROM intake_batches").fetchone()[0])
        except sqlite3.OperationalError:  # no table yet, or locked
            return 0


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_an_import_that_is_interrupted_goes_on_where_it_was(tmp_path: Path, name: str) -> None:
    write(tmp_path, messy(21_000))
    with started(small_batches("import", "customers.csv", "--json", records=5000), tmp_path) as process:
        wait_for_a_batch(tmp_path / "customers.db", process)
        process.send_signal(signal.Signals[name])
        out, err = process.communicate()

    assert process.returncode == 130
    assert out == ""
    assert err == "Interrupted. What was committed is kept; the same command goes on there.\n"
    assert 0 < len(rows(tmp_path / "customers.db", "intake_batches")) < 5
    assert [row["state"] for row in rows(tmp_path / "customers.db", "intake_runs")] == ["running"]

    finished = intake("import", "customers.csv", "--json", cwd=tmp_path)
    whole = intake("import", "customers.csv", "--into", "sqlite:///whole.db", "--json", cwd=tmp_path)

    assert (finished.status, finished.json["outcome"]) == (1, "continued")
    assert finished.json | {"outcome": "imported", "seconds": 0} == whole.json | {"seconds": 0}
    assert without_clock(tables(tmp_path / "customers.db")) == without_clock(tables(tmp_path / "whole.db"))


def test_an_import_that_is_killed_loses_and_doubles_no_row(tmp_path: Path) -> None:
    """Killed ten times while it writes, at moments that a seed tells, and begun again each time."""
    write(tmp_path, messy(1500))  # sixty batches
    whole = tmp_path / "whole.db"
    begin = small_batches("import", "customers.csv", "--json", "--into")
    subprocess.run([*begin, f"sqlite:///{whole}"], cwd=tmp_path, env=environment(), capture_output=True, check=False)
    expected = without_clock(tables(whole))
    assert len(expected["intake_batches"]) == 60

    moments = random.Random(2)  # noqa: S311  (the same moments every time)
    kills = halves = databases = 0
    while kills < 10:
        databases += 1
        database = tmp_path / f"killed-{databases}.db"
        arguments = [*begin, f"sqlite:///{database}"]
        while not finishes(arguments, tmp_path, after=moments.uniform(0, 0.3) if kills < 10 else 600):
            kills += 1
            halves += database.with_name(f"{database.name}-journal").exists()
            assert_a_beginning(database, expected)
        assert without_clock(tables(database)) == expected

    assert halves  # some were killed in the middle of a transaction


def finishes(arguments: list[str], folder: Path, after: float) -> bool:
    """Kill the import so long after it began to write, and return whether it ended before."""
    database = folder / arguments[-1].removeprefix("sqlite:///")
    journal = database.with_name(f"{database.name}-journal")
    left_over = journal.exists() and journal.stat().st_mtime_ns
    with started(arguments, folder) as process:
        while process.poll() is None and not (journal.exists() and journal.stat().st_mtime_ns != left_over):
            time.sleep(0.001)
        try:
            process.wait(after)
        except subprocess.TimeoutExpired:
            process.kill()
        return process.wait() == 1


def assert_a_beginning(database: Path, whole: Contents) -> None:
    """What a killed import leaves is what the whole one had at the end of one of its batches."""
    contents = without_clock(tables(database))
    batches = contents.get("intake_batches", [])
    assert batches == whole["intake_batches"][: len(batches)]
    books: dict[str, int] = {}
    for batch in batches:
        for name in ("new", "rejected"):
            books[name] = books.get(name, 0) + int(str(batch[name]))
    assert len(contents.get("individuals", [])) == books.get("new", 0)
    assert contents.get("rejections", []) == whole["rejections"][: books.get("rejected", 0)]


def test_where_the_disk_fails_the_same_command_goes_on(tmp_path: Path) -> None:
    """A real limit of the system on the size of files, and then none."""
    write(tmp_path, messy(10_000))  # two batches
    intake("import", "customers.csv", "--into", "sqlite:///whole.db", cwd=tmp_path)
    blocks = (tmp_path / "whole.db").stat().st_size * 3 // 4 // 512  # as POSIX has ulimit count
    limited = ["sh", "-c", f'ulimit -f {blocks}; exec "$@"', "sh", *command("import", "customers.csv")]
    done = subprocess.run(limited, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False)

    assert done.returncode == 4
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "run the same command again" in done.stderr
    assert len(rows(tmp_path / "customers.db", "intake_batches")) == 1

    finished = intake("import", "customers.csv", "--json", cwd=tmp_path)
    assert (finished.status, finished.json["outcome"]) == (1, "continued")
    assert without_clock(tables(tmp_path / "customers.db")) == without_clock(tables(tmp_path / "whole.db"))


def test_a_database_that_fails_between_two_batches_keeps_the_first(tmp_path: Path) -> None:
    """A trigger that ends the whole transaction is no matter of its row (sqlite.org/lang_createtrigger.html)."""
    write(tmp_path, messy(10), name="small.csv")
    write(tmp_path, messy(10_000))
    intake("import", "small.csv", cwd=tmp_path)
    stop = "WHEN new.email = 'ewa6000@example.com' BEGIN SELECT RAISE(ROLLBACK, 'ewa6000@example.com'); END"
    run_sql(tmp_path / "customers.db", f"CREATE TRIGGER stop BEFORE INSERT ON individuals {stop}")

    failed = intake("import", "customers.csv", cwd=tmp_path)
    run_sql(tmp_path / "customers.db", "DROP TRIGGER stop")
    finished = intake("import", "customers.csv", "--json", cwd=tmp_path)

    assert failed.status == 2
    assert "ewa6000" not in failed.err
    assert (finished.status, finished.json["outcome"]) == (1, "continued")
    assert finished.json["books"]["read"] == 10_000


def test_the_report_of_a_run_that_went_on_has_the_counts_of_the_whole(tmp_path: Path) -> None:
    write(tmp_path, messy(10_000))
    with started(command("import", "customers.csv"), tmp_path) as process:
        wait_for_a_batch(tmp_path / "customers.db", process)
        process.kill()
    intake("import", "customers.csv", "--report", "report", cwd=tmp_path)
    (run,) = json.loads((tmp_path / "report" / "report.json").read_text(encoding="utf-8"))["runs"]
    assert run["books"]["read"] == 10_000
    assert run["faults"] == {"email.syntax": 1000}


@pytest.mark.parametrize("options", [(), ("--json",), ("--report", "report")], ids=repr)
def test_a_disk_too_full_for_what_is_told_is_a_temporary_failure(tmp_path: Path, options: tuple[str, ...]) -> None:
    """What /dev/full is for (full(4)): the records are in, and nothing but their telling is to be done again."""
    write(tmp_path, messy(40))
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / "rejections.jsonl").symlink_to("/dev/full")
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            command("import", "customers.csv", *options),
            cwd=tmp_path,
            env=environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stderr.count("\n")) == (4, 1), done.stderr
    assert done.stderr.startswith("The disk is full.")
    assert intake("import", "customers.csv", cwd=tmp_path).status == 1
