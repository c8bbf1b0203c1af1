"""A disk with as little room as a test wants, and an import into a database on it.

It is a file system in memory (tmpfs(5)), so who makes it must be permitted to mount, as root is. There a full disk is a
real one: SQLite is told of it where it makes a file as well as where it writes, and PostgreSQL by its own system calls.
"""

import itertools
import os
import pwd
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.postgresql import Server, execute
from tests.torture.child import command
from tests.torture.crash import Import, Whole, assert_an_edge, assert_says_that_the_disk_is_full, assert_whole
from tests.torture.place import Database, PostgresqlDatabase, SqliteFile

_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_LITTLE: Final = 12 * 4096
_AMPLE: Final = 1 << 30
_FILES: Final = 100_000


class SmallDisk:
    """A disk, and where it is."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def leave(self, room: int = _AMPLE, files: int = _FILES) -> None:
        """Have room for no more than so many bytes and new files."""
        now = os.statvfs(self.folder)
        size = (now.f_blocks - now.f_bfree) * now.f_frsize + room
        _mount(f"remount,size={size},nr_inodes={now.f_files - now.f_ffree + files}", self.folder)


@contextmanager
def small_disk() -> Iterator[SmallDisk]:
    """A disk that is gone afterwards; PermissionError where this user may not make one."""
    with TemporaryDirectory(prefix="intake-torture-") as name:
        folder = Path(name)
        _mount(f"size={_AMPLE}", folder)
        try:
            (folder / "x").write_text("x")  # a size of 0 would be one without bounds
            yield SmallDisk(folder)
        finally:
            subprocess.run(["/bin/umount", "--lazy", folder], check=True)


def _mount(options: str, folder: Path) -> None:
    done = subprocess.run(
        ["/bin/mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise PermissionError(done.stderr)


def full_for_sqlite(one: Import, of: Whole) -> int:
    """Import with room for no page, one, two, until it is enough; then with room for no file, one, two.

    Return how often the disk was full.
    """
    times = 0
    with small_disk() as disk:
        database = SqliteFile(disk.folder / "customers.db")
        for limit in ("room", "files"):
            count = 0
            while is_full(one, of, database, disk, **{limit: count * (_PAGE if limit == "room" else 1)}):
                times += 1
                count += 1
                database.path.unlink(missing_ok=True)
    return times


def full_for_postgresql(one: Import, of: Whole, server: Server) -> int:
    """Import into a database of which all tables are on a disk with room for a little, and a little more.

    Return how often the disk was full.
    """
    with small_disk() as disk:
        place = disk.folder / "tablespace"
        place.mkdir()
        disk.folder.chmod(0o755)
        if server.programs.user:
            os.chown(place, pwd.getpwnam(server.programs.user).pw_uid, -1)
        execute(server.url, f"CREATE TABLESPACE small LOCATION '{place}'")
        for times in itertools.count():
            execute(server.url, "CREATE DATABASE on_small TABLESPACE small")
            database = PostgresqlDatabase(server.url.set(database="on_small"), server.data.parent)
            was_full = is_full(one, of, database, disk, room=times * _LITTLE)
            execute(server.url, "DROP DATABASE on_small")
            if not was_full:
                execute(server.url, "DROP TABLESPACE small")
                return times
    return 0


def is_full(one: Import, of: Whole, database: Database, disk: SmallDisk, **left: int) -> bool:
    """Import with so little left, and once more with enough; return whether it was too little at first."""
    disk.leave(**left)
    ended = command(one.into(database))
    disk.leave()
    if ended.status == 1:
        assert_whole(ended, database, of)
        return False
    assert_says_that_the_disk_is_full(ended)
    assert_an_edge(database, of)
    assert_whole(command(one.into(database)), database, of)
    return True
