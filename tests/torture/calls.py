"""SQLite's system calls, one after the other: what happens if the process dies at this one, or the disk is full?

SQLite lets its calls be replaced, "to facilitate testing" (sqlite.org/c3ref/vfs.html, xSetSystemCall). So nothing has
to be installed, compiled or permitted, and it is done to the very library that Python's sqlite3 uses.

fsync is not among them. It changes nothing that a killed process leaves to the next, so dying before or after one is
dying after the call before it or before the next. What is lost where the machine dies, `power` tells; what an fsync
that fails comes to, `syncs` does: those look at the process from outside, with strace.
"""

import _sqlite3
import ctypes
import errno
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_int64, c_long, c_size_t, c_void_p
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

MADE: Final = "calls"  # the file that the calls' names are written into, one a line


class Injury(NamedTuple):
    """What is to happen at which call, from 1 on.

    `kill`: the process is killed before it. `tear`: killed in the middle of it, if it is a write, with half of it
    written. `full`: no room for it on the disk, if it is a write, nor for any write that follows. `count`: nothing.
    """

    what: Literal["kill", "tear", "full", "count"]
    at: int = 0


class _Vfs(Structure):
    """struct sqlite3_vfs (sqlite.org/c3ref/vfs.html)."""


_PVFS = POINTER(_Vfs)
_Vfs._fields_ = [
    *((name, c_int) for name in ("iVersion", "szOsFile", "mxPathname")),
    ("pNext", c_void_p),
    ("zName", c_char_p),
    ("pAppData", c_void_p),
    *((name, c_void_p) for name in ("xOpen", "xDelete", "xAccess", "xFullPathname")),
    *((name, c_void_p) for name in ("xDlOpen", "xDlError", "xDlSym", "xDlClose", "xRandomness", "xSleep")),
    *((name, c_void_p) for name in ("xCurrentTime", "xGetLastError", "xCurrentTimeInt64")),
    ("xSetSystemCall", CFUNCTYPE(c_int, _PVFS, c_char_p, c_void_p)),
    ("xGetSystemCall", CFUNCTYPE(c_void_p, _PVFS, c_char_p)),
    ("xNextSystemCall", c_void_p),
]

# What changes files, by SQLite's name of it (sqlite.org/src, os_unix.c, aSyscall).
_TYPES: Final[dict[str, Any]] = {
    "open": CFUNCTYPE(c_int, c_char_p, c_int, c_int, use_errno=True),
    "write": CFUNCTYPE(c_long, c_int, c_void_p, c_size_t, use_errno=True),
    "pwrite": CFUNCTYPE(c_long, c_int, c_void_p, c_size_t, c_int64, use_errno=True),
    "pwrite64": CFUNCTYPE(c_long, c_int, c_void_p, c_size_t, c_int64, use_errno=True),
    "ftruncate": CFUNCTYPE(c_int, c_int, c_int64, use_errno=True),
    "unlink": CFUNCTYPE(c_int, c_char_p, use_errno=True),
}
WRITES: Final = ("write", "pwrite", "pwrite64")


class _Calls:
    """The calls as SQLite makes them from now on."""

    def __init__(self, injury: Injury) -> None:
        self.injury = injury
        self.made: list[str] = []
        library = ctypes.CDLL(_sqlite3.__file__)
        library.sqlite3_vfs_find.restype = _PVFS
        vfs = library.sqlite3_vfs_find(None)
        self.kept: list[object] = []  # SQLite holds their addresses only
        for name, kind in _TYPES.items():
            address = vfs.contents.xGetSystemCall(vfs, name.encode())
            if address:
                ours = kind(self._instead(name, kind(address)))
                self.kept.append(ours)
                vfs.contents.xSetSystemCall(vfs, name.encode(), ctypes.cast(ours, c_void_p))

    def _instead(self, name: str, call: Callable[..., int]) -> Callable[..., int]:
        def made(*arguments: int) -> int:
            if name == "open" and not arguments[1] & os.O_CREAT:
                return call(*arguments)
            self.made.append(name)
            if self._is_due(name):
                return self._spoil(name, call, arguments)
            return call(*arguments)

        return made

    def _is_due(self, name: str) -> bool:
        match self.injury.what:
            case "count":
                return False
            case "full":
                return len(self.made) >= self.injury.at and name in WRITES
            case _:
                return len(self.made) == self.injury.at

    def _spoil(self, name: str, call: Callable[..., int], arguments: tuple[int, ...]) -> int:
        if self.injury.what == "full":
            ctypes.set_errno(errno.ENOSPC)
            return -1
        if self.injury.what == "tear" and name in WRITES:
            file, bytes_, size, *rest = arguments
            call(file, bytes_, size // 2, *rest)
        os.kill(os.getpid(), signal.SIGKILL)
        return -1


@contextmanager
def injure(injury: Injury | None) -> Iterator[None]:
    """Let something happen to SQLite's calls in this process; their names are in the file `MADE` afterwards."""
    if injury is None:
        yield
        return
    made = Path(MADE).absolute()
    calls = _Calls(injury)
    try:
        yield
    finally:
        made.write_text("\n".join(calls.made), encoding="utf-8")
