"""The `intake` command, run as a person runs it: a process of its own, on real files and real databases."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[2]

# What differs between two runs of the same file.
_CLOCK = {"started_at", "finished_at", "committed_at", "created_at", "updated_at", "expires_at"}


@dataclass(frozen=True)
class Finished:
    """What came of a command."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one object on standard output."""
        told = json.loads(self.out)
        assert isinstance(told, dict)
        return told


Typed = Callable[..., Finished]  # the fixture `typed`


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """This checkout's packages, and nothing of the caller's that could change what is shown."""
    wanted = ("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH")
    kept = {name: os.environ[name] for name in wanted if name in os.environ}
    return kept | {"PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"} | dict(extra or {})


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "intake", *map(str, arguments)]


# The command with small batches, so that a file of bearable length has many of them, each committed by itself; and with
# short pauses.
_SMALL_BATCHES = """\
from intake import run
from intake.sources import csv_columns
from loaders import together
from loaders.transactions import Patience, Transactions
csv_columns._RECORDS = {records}
together.SECONDS = 0
run.Transactions = lambda engine, _patience, waiting: Transactions(engine, Patience({patience}), waiting)
from intake.__main__ import main
main()
"""


def small_batches(*arguments: object, records: int = 25, patience: str = "") -> list[str]:
    """The command that takes so many records at a time; `patience` has other arguments of it."""
    program = _SMALL_BATCHES.format(records=records, patience=patience)
    return [sys.executable, "-c", program, *map(str, arguments)]


@contextmanager
def started(arguments: list[str], folder: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        arguments, cwd=folder, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def intake(
    *arguments: object, cwd: Path, env: Mapping[str, str] | None = None, through: Iterable[str] = ()
) -> Finished:
    """Run the command in a folder, where the default database is then made; `through` another command."""
    done = subprocess.run(
        [*through, *command(*arguments)],
        cwd=cwd,
        env=environment(env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    finished = Finished(done.returncode, done.stdout.decode(), done.stderr.decode())
    assert "Traceback" not in finished.err
    assert "fault in intake" not in finished.err
    return finished


def refused(finished: Finished, status: int) -> str:
    """The one line that says why nothing, or no more, was read."""
    assert finished.status == status, finished
    assert finished.out == ""
    assert finished.err.endswith("\n")
    assert finished.err.count("\n") == 1, finished.err
    return finished.err


def run_sql(database: Path, script: str) -> None:
    """Do to a database what somebody else may do to it."""
    with closing(sqlite3.connect(database)) as connection:
        connection.executescript(script)


def rows(database: Path, table: str) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(database)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(f"SELECT * FROM {table} ORDER BY rowid")]  # noqa: S608


def tables(database: Path) -> dict[str, list[dict[str, Any]]]:
    """All that a database holds."""
    with closing(sqlite3.connect(database)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {name: rows(database, name) for name in names}


def without_clock(contents: Mapping[str, Iterable[Mapping[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """What two runs of the same file must have in common: everything but when it was."""
    return {
        name: [{column: value for column, value in row.items() if column not in _CLOCK} for row in held]
        for name, held in contents.items()
    }
