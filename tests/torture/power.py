"""The power fails: what of an import was synced is on the disk, and of the rest nobody knows how much.

From a record of what an import did to its files (`outside`), the disk is put together as it may be after any of it:
with all that was synced, and of what was not, some writes and others not, some of them torn between two sectors. Names
that were made or taken away since the folder was synced are there up to one of them, as a file system's journal has it.
The model is that of Pillai et al., All File Systems Are Not Created Equal, OSDI 2014, section 3.
"""

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.torture.crash import Whole, assert_an_edge
from tests.torture.outside import SYNCS, Call
from tests.torture.place import SqliteFile

_SECTOR: Final = 512
_NAME: Final = "customers.db"


def cut(calls: Sequence[Call], of: Whole, times: int, moments: random.Random) -> int:
    """Cut the power so often, and see each time that there is the end of a batch, and none that was told of is lost.

    Return how many of the disks were another than the one with everything on it.
    """
    acknowledged = _acknowledged(calls)
    lost = 0
    for _ in range(times):
        after = moments.randrange(len(calls) + 1)
        disk = _Disk(calls[:after])
        found = disk.after_a_cut(moments)
        lost += found != disk.as_seen()
        with _database(found) as database:
            assert assert_an_edge(database, of) >= acknowledged[after], f"after {after} calls"
    return lost


def _acknowledged(calls: Sequence[Call]) -> list[int]:
    """Return for each number of calls how many batches the import knew by then to be committed.

    A commit is done when the journal is away and the folder synced (sqlite.org/pragma.html, synchronous=EXTRA).
    """
    known = [0]
    for number, call in enumerate(calls, 1):
        known.append(known[-1])
        if call.name in SYNCS and _last_name(calls[:number]) == "unlink":
            with _database(_Disk(calls[:number]).as_seen()) as database:
                known[-1] = database.contents().batches
    return known


def _last_name(calls: Sequence[Call]) -> str:
    return next((call.name for call in reversed(calls) if call.name not in SYNCS), "")


@contextmanager
def _database(files: dict[str, bytes]) -> Iterator[SqliteFile]:
    """Make a database of the contents of files."""
    with TemporaryDirectory(prefix="intake-torture-") as folder:
        for path, content in files.items():
            Path(folder, Path(path).name).write_bytes(content)
        yield SqliteFile(Path(folder, _NAME))


class _Disk:
    """Files: what of them is synced, and what happened to them since."""

    def __init__(self, calls: Sequence[Call]) -> None:
        self._synced: list[bytes] = []  # of each file that ever was
        self._since: list[tuple[int, Call]] = []
        self._names: dict[str, int] = {}  # which are synced
        self._names_since: list[tuple[str, int | None]] = []
        self._seen: dict[str, int] = {}  # as any process sees them
        for call in calls:
            self._take(call)

    def _take(self, call: Call) -> None:
        match call.name:
            case "openat" if call.path not in self._seen:
                self._seen[call.path] = len(self._synced)
                self._names_since.append((call.path, len(self._synced)))
                self._synced.append(b"")
            case "unlink":
                del self._seen[call.path]
                self._names_since.append((call.path, None))
            case name if name in SYNCS and call.path in self._seen:
                self._sync(self._seen[call.path])
            case name if name in SYNCS:  # the folder
                self._names = dict(self._seen)
                self._names_since.clear()
            case "pwrite64" | "ftruncate":
                self._since.append((self._seen[call.path], call))

    def _sync(self, file: int) -> None:
        for which, call in self._since:
            if which == file:
                self._synced[file] = _changed(self._synced[file], call)
        self._since = [(which, call) for which, call in self._since if which != file]

    def as_seen(self) -> dict[str, bytes]:
        """Return the files as every process saw them."""
        return _put_together(self._seen, self._synced, self._since)

    def after_a_cut(self, moments: random.Random) -> dict[str, bytes]:
        """Return the files as they may be when the power is back."""
        names = dict(self._names)
        for path, file in self._names_since[: moments.randint(0, len(self._names_since))]:
            if file is None:
                names.pop(path, None)
            else:
                names[path] = file
        kept = moments.choice((0.0, 0.5, 0.95))
        since = [(file, _torn(call, moments)) for file, call in self._since if moments.random() < kept]
        return _put_together(names, self._synced, since)


def _put_together(
    names: dict[str, int], synced: Sequence[bytes], since: Sequence[tuple[int, Call]]
) -> dict[str, bytes]:
    files = list(synced)
    for file, call in since:
        files[file] = _changed(files[file], call)
    return {path: files[file] for path, file in names.items()}


def _changed(content: bytes, call: Call) -> bytes:
    if call.name == "ftruncate":
        return content[: call.offset].ljust(call.offset, b"\0")
    before = content[: call.offset].ljust(call.offset, b"\0")
    return before + call.content + content[call.offset + len(call.content) :]


def _torn(call: Call, moments: random.Random) -> Call:
    """Return the call, or what of its write came before the end of some sector."""
    if moments.random() < 0.8 or len(call.content) <= _SECTOR:
        return call
    return call._replace(content=call.content[: _SECTOR * moments.randrange(1, len(call.content) // _SECTOR + 1)])
