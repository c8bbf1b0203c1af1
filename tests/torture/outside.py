"""An import looked at from outside, with strace: the one way to stop it at an fsync, and to see what it had synced.

strace(1), --inject and --trace-path. It has to be installed, and permitted (ptrace), for `make torture` alone.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from tests.intake.command import environment
from tests.torture.child import Ended
from tests.torture.crash import TEMPORARY, Import, Whole, assert_an_edge, assert_whole
from tests.torture.place import SqliteFile

SYNCS: Final = ("fsync", "fdatasync")
_CHANGES: Final = ("write", "pwrite64", "ftruncate", "unlink", "openat")
_PROGRAM: Final = """\
import sys
from intake.__main__ import main
from tests.torture.child import small_batches
with small_batches(int(sys.argv.pop(1)), shared=sys.argv.pop(1) == "True"):
    main()
"""
# 4812  pwrite64(5</tmp/x/customers.db>, "\x53...", 4096, 0) = 4096
_LINE: Final = re.compile(r"^\d+ +(?P<call>\w+)\((?P<arguments>.*)\) += (?P<result>-?\d+)")
_NAMED: Final = re.compile(r'^(?:AT_FDCWD(?:<[^>]*>)?, )?(?:\d+<(?P<open>[^>]*)>|"(?P<path>[^"]*)")')
_WRITTEN: Final = re.compile(r', "(?P<bytes>(?:\\x[0-9a-f]{2})*)", \d+(?:, (?P<offset>\d+))?$')


class Call(NamedTuple):
    """A call that changes a file or syncs it; of a write, where and what."""

    name: str
    path: str
    offset: int = 0
    content: bytes = b""


def is_there() -> bool:
    """Return whether strace is installed and may be used."""
    return shutil.which("strace") is not None and traced("-e", "trace=none", "true").returncode == 0


def traced(*arguments: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a program under strace."""
    return subprocess.run(
        [shutil.which("strace") or "strace", "-f", "-qq", *arguments],
        cwd=folder,
        env=environment({"POLARS_MAX_THREADS": "1"}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def recorded(one: Import, database: SqliteFile) -> list[Call]:
    """Import, and return what was done to the database's files and its folder, in this order."""
    with TemporaryDirectory(prefix="intake-torture-") as folder:
        log = Path(folder, "log")
        told = ("-xx", "-y", "-s", "1000000", "-e", f"trace={','.join((*_CHANGES, *SYNCS))}", "-o", str(log))
        done = traced(*told, *_paths(database), *_command(one, database), folder=one.folder)
        assert done.returncode == 1, done.stderr
        return list(_calls(log.read_text(encoding="utf-8")))


def killed_at_a_sync(one: Import, of: Whole, database: SqliteFile, at: int) -> None:
    """Kill an import at one of its syncs, and see that it goes on."""
    killed = f"inject={','.join(SYNCS)}:signal=KILL:when={at}"
    ended = _ended(one, database, killed)
    assert ended.status in {-9, 128 + 9}, ended  # strace ends as what it runs
    assert_an_edge(database, of)
    assert_whole(_ended(one, database), database, of)


def failing_at_a_sync(one: Import, of: Whole, database: SqliteFile, at: int, error: str) -> None:
    """Let a sync of an import fail, and all that follow, and see that it says so and goes on."""
    ended = _ended(one, database, f"inject={','.join(SYNCS)}:error={error}:when={at}+")
    assert ended.status == TEMPORARY, ended
    assert ended.err.count("\n") == 1, ended
    assert_an_edge(database, of)
    assert_whole(_ended(one, database), database, of)


def _ended(one: Import, database: SqliteFile, injected: str = "trace=none") -> Ended:
    done = traced(
        "-o", "/dev/null", "-e", f"trace={','.join(SYNCS)}", "-e", injected, *_command(one, database), folder=one.folder
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def _command(one: Import, database: SqliteFile) -> list[str]:
    return [sys.executable, "-c", _PROGRAM, str(one.batch), str(one.shared), *one.into(database).arguments]


def _paths(database: SqliteFile) -> list[str]:
    paths = (database.path, database.path.with_name(f"{database.path.name}-journal"), database.path.parent)
    return [f"--trace-path={path}" for path in paths]


def _calls(log: str) -> Iterator[Call]:
    for line in log.splitlines():
        read = _LINE.match(line)
        if read is None or read["result"].startswith("-"):
            continue
        name, arguments = read["call"], read["arguments"]
        if name == "openat" and "O_CREAT" not in arguments:
            continue
        named = _NAMED.match(arguments)
        assert named, name
        path = _text(named["open"] or named["path"])
        if written := _WRITTEN.search(arguments):
            yield Call(name, path, int(written["offset"] or 0), bytes.fromhex(written["bytes"].replace("\\x", "")))
        elif name == "ftruncate":
            yield Call(name, path, int(arguments.rpartition(", ")[2], 0))
        else:
            yield Call(name, path)


def _text(path: str) -> str:
    """Return a path that strace wrote as it writes every text: as hexadecimal digits."""
    return bytes.fromhex(path.replace("\\x", "")).decode() if path.startswith("\\x") else path
