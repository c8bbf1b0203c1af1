"""The command in a process that was started warm: forked from one that has imported everything and used nothing.

`multiprocessing`'s fork server does it. It has imported what the command needs, and no thread of it runs yet (Polars
starts its own when it is first used), so a fork is as good as a fresh process and takes milliseconds.
"""

import multiprocessing
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from intake.__main__ import main
from intake.commands import run  # noqa: F401  (imported before the fork, for it takes a second)
from intake.sources import chunk, csv_columns, json_columns, parquet_file
from loaders import together
from tests.torture.calls import Injury, injure
from validators.policy import vipower

_SIZES: Final = (
    (chunk, "_FIRST"),
    (csv_columns, "_RECORDS"),
    (json_columns, "_LINES"),
    (parquet_file, "_RECORDS"),
)
_CONTEXT: Final = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload([__name__])
KILLED: Final = -9

vipower()  # read before the fork
for late in ("sqlalchemy.dialects.sqlite", "sqlalchemy.dialects.postgresql", "pydantic", "validators.table"):
    import_module(late)  # what would be imported when it is first used


class Order(NamedTuple):
    """What to run, where, in batches of how many records, whether these share transactions, and what is to go wrong."""

    arguments: list[str]
    folder: Path
    batch: int
    shared: bool = False
    injury: Injury | None = None
    environment: Mapping[str, str] = {}


class Ended(NamedTuple):
    """What came of it."""

    status: int
    out: str
    err: str


class Running:
    """A command that runs until it ends, or is killed."""

    def __init__(self, order: Order) -> None:
        self._folder = order.folder
        self._process = _CONTEXT.Process(target=_obey, args=(order,))
        self._process.start()

    def ends_within(self, seconds: float) -> bool:
        """Wait so long and return whether it has ended."""
        self._process.join(seconds)
        return self._process.exitcode is not None

    def kill_after(self, seconds: float) -> Ended:
        """Kill it unless it ends before, and return what came of it."""
        self._process.join(seconds)
        self._process.kill()  # of one that has ended nothing comes
        return self.wait()

    def wait(self) -> Ended:
        """Return what came of it."""
        self._process.join()
        status = self._process.exitcode
        assert status is not None
        self._process.close()
        out, err = ((self._folder / name).read_text(encoding="utf-8", errors="replace") for name in ("out", "err"))
        return Ended(status, out, err)


def command(order: Order) -> Ended:
    """Run a command to its end."""
    return Running(order).wait()


@contextmanager
def small_batches(records: int, *, shared: bool = False) -> Iterator[None]:
    """Let sources give chunks of so many records in this process, and each be committed by itself unless `shared`."""
    with pytest.MonkeyPatch.context() as patch:
        for module, name in _SIZES:
            patch.setattr(module, name, records)
        if not shared:
            patch.setattr(together, "SECONDS", 0)
        yield


def _obey(order: Order) -> None:
    os.chdir(order.folder)
    os.environ.update({"POLARS_MAX_THREADS": "1"} | dict(order.environment))  # small files gain nothing by more
    for descriptor, name in (1, "out"), (2, "err"):
        os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), descriptor)
    sys.argv = ["intake", *order.arguments]
    with small_batches(order.batch, shared=order.shared), injure(order.injury):
        try:
            main()
        except Exception:  # noqa: BLE001  (as the interpreter does at a program's end)
            sys.excepthook(*sys.exc_info())
