"""`make torture`: imports are killed, cut and starved of disk, until it is certain that they lose and double no row.

It prints a line a section, for the table in docs/reliability.md, and stops at the first import that did not come to
what it comes to where nothing happens.
"""

import argparse
import platform
import random
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.torture import crash
from tests.torture.place import Place, Sqlite
from tests.torture.source import FORMATS

_SECTIONS: Final = ("kills", "calls", "syncs", "power", "replay", "sizes")


def main() -> None:
    """Torture, and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture")
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=f"of {', '.join(_SECTIONS)}; all unless said")
    parser.add_argument("--kills", type=int, default=1000, help="at random moments (%(default)s)")
    parser.add_argument("--cuts", type=int, default=2000, help="of the power, at random moments (%(default)s)")
    parser.add_argument("--seed", type=int, default=4, help="of what is random (%(default)s)")
    options = parser.parse_args()
    if unknown := {*options.sections} - {*_SECTIONS}:
        parser.error(f"no section {', '.join(sorted(unknown))}; there are {', '.join(_SECTIONS)}")

    print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {platform.platform()}\n")
    print("| what | where | how often | outcome |\n|---|---|---|---|")
    for name in [name for name in _SECTIONS if name in (options.sections or _SECTIONS)]:
        for line in _lines(name, Sqlite(), options):
            print(line, flush=True)


def _lines(name: str, place: Place, options: argparse.Namespace) -> Iterator[str]:
    sections: dict[str, Callable[[Place, Path, argparse.Namespace], Iterator[str]]] = {
        "kills": _kills,
        "calls": _calls,
        "syncs": _syncs,
        "power": _power,
        "replay": _replay,
        "sizes": _sizes,
    }
    with TemporaryDirectory(prefix="intake-torture-") as folder:
        started = time.monotonic()
        for told in sections[name](place, Path(folder), options):
            minutes = (time.monotonic() - started) / 60
            print(f"{name}: {minutes:.1f} min", flush=True, file=__import__("sys").stderr)
            yield told


def _kills(place: Place, folder: Path, options: argparse.Namespace) -> Iterator[str]:
    one = crash.an_import(folder, "csv", many=64, batch=16)
    of = crash.whole(place, one)
    fell = crash.killed_at_any_moment(place, one, of, options.kills, random.Random(options.seed))  # noqa: S311
    spread = f"{min(fell.by_batches.values())} to {max(fell.by_batches.values())}"
    yield (
        f"| kill -9 at a random moment, again and again until the import has ended | {place.name} "
        f"| {fell.by_batches.total()} kills in {fell.imports} imports; after each of 0 to {of.contents.batches} batches "
        f"{spread} | as if never killed |"
    )


def _calls(place: Place, folder: Path, _options: argparse.Namespace) -> Iterator[str]:
    one = crash.an_import(folder, "csv", many=48, batch=24)
    of = crash.whole(place, one)
    every = crash.injuries(crash.calls(place, one))
    for what, sentence in _INJURIES.items():
        due = [injury for injury in every if injury.what == what]
        for injury in due:
            crash.injured(place, one, of, injury)
        yield f"| {sentence} | {place.name} | {len(due)}: all of an import | as if never {'full' if what == 'full' else 'killed'} |"


_INJURIES: Final = {
    "kill": "kill -9 before a system call that changes a file",
    "tear": "kill -9 in the middle of a write, half of it written",
    "full": "disk full, from a write on",
}
_syncs=_power=_replay=_sizes=None
if __name__ == "__main__":
    main()
