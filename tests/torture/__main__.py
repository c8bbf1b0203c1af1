"""`make torture`: imports are killed, cut and starved of disk, until it is certain that they lose and double no row.

It prints a line a section, for the table in docs/reliability.md, and stops at the first import that did not come to
what it comes to where nothing happens.

python -m tests.torture [SECTION ...] [--kills N] [--power-cuts N] [--cuts N] [--minutes N] [--shared | --postgresql]
"""

import argparse
import platform
import random
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from tests.intake.fuzz import fuzzed
from tests.postgresql import own_server
from tests.torture import crash, outside, power, small_disk, steady
from tests.torture.place import Place, Postgresql, Sqlite, Trouble
from tests.torture.source import FORMATS

_INJURIES: Final = {
    "kill": "kill -9 before a system call that changes a file",
    "tear": "kill -9 within a write, half of it written",
    "full": "no room on the disk from a write on",
}


_TROUBLES: Final[Mapping[Trouble, str]] = {
    "terminate": "connections ended",
    "kill": "processes killed",
    "stop": "restarts",
    "crash": "crashes of the whole server",
}


class Section(NamedTuple):
    """What a section works with: where, an own folder, and how often."""

    place: Place
    folder: Path
    options: argparse.Namespace

    @property
    def moments(self) -> random.Random:
        """Return a die of the section's own, the same every time."""
        return random.Random(self.options.seed)  # noqa: S311

    def small(self) -> crash.Import:
        """Return an import of three batches: short enough for each of its system calls."""
        return self.an_import("csv", many=48, batch=24)

    def an_import(self, suffix: str, many: int, batch: int) -> crash.Import:
        """Return an import whose batches share transactions or not, as the options say."""
        return crash.an_import(self.folder, suffix, many, batch, shared=self.options.shared)

    def row(self, what: str, how_often: str) -> str:
        """Return a line of the table."""
        return f"| {what} | {self.place.name} | {how_often} |"


def main() -> None:
    """Torture, and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture")
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=f"of {', '.join(_SECTIONS)}; all unless said")
    parser.add_argument("--kills", type=int, default=1000, help="of the importer, at random moments (%(default)s)")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="take each Nth system call (%(default)s)")
    parser.add_argument("--power-cuts", type=int, default=10_000, help="at random moments (%(default)s)")
    parser.add_argument("--cuts", type=int, default=100, help="of connections to a server (%(default)s)")
    parser.add_argument("--minutes", type=float, default=60, help="of reading fuzzed files (%(default)s)")
    parser.add_argument("--seed", type=int, default=4, help="of what is random (%(default)s)")
    parser.add_argument("--shared", action="store_true", help="batches share a transaction, as they do on SQLite")
    parser.add_argument("--postgresql", action="store_true", help="into PostgreSQL instead of SQLite")
    options = parser.parse_args()
    if unknown := {*options.sections} - _SECTIONS.keys():
        parser.error(f"no section {', '.join(sorted(unknown))}; there are {', '.join(_SECTIONS)}")

    print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {platform.system()}\n")
    print("| what | where | how often |\n|---|---|---|")
    with ExitStack() as stack:
        place: Place = _server(stack) if options.postgresql else Sqlite()
        for name in options.sections or _SECTIONS:
            folder = Path(stack.enter_context(TemporaryDirectory(prefix="intake-torture-")))
            for line in _SECTIONS[name](Section(place, folder, options)):
                print(line, flush=True)


def _server(stack: ExitStack) -> Postgresql:
    own = stack.enter_context(own_server())
    return Postgresql(own.url, own)


def _kills(section: Section) -> Iterator[str]:
    one = section.an_import("csv", many=64, batch=16)
    of = crash.whole(section.place, one)
    fell = crash.killed_at_any_moment(section.place, one, of, section.options.kills, section.moments)
    spread = ", ".join(f"{count} after {batches}" for batches, count in sorted(fell.by_batches.items()))
    yield section.row(
        "`kill -9` at random moments, again and again until the import has ended",
        f"{fell.by_batches.total()} kills in {fell.imports} imports; by committed batches: {spread}",
    )


def _calls(section: Section) -> Iterator[str]:
    if isinstance(section.place, Postgresql):
        return
    one = section.small()
    of = crash.whole(section.place, one)
    every = crash.injuries(crash.calls(section.place, one))
    for what, sentence in _INJURIES.items():
        there = [injury for injury in every if injury.what == what]
        due = there[:: section.options.every]
        for injury in due:
            crash.injured(section.place, one, of, injury)
        yield section.row(sentence, f"at {len(due)} of {len(there)}")


def _syncs(section: Section) -> Iterator[str]:
    if not _can_trace(section):
        return
    one = section.small()
    of = crash.whole(section.place, one)
    with Sqlite().database() as database:
        syncs = sum(call.name in outside.SYNCS for call in outside.recorded(one, database))
    due = range(1, syncs + 1, section.options.every)
    for at in due:
        with Sqlite().database() as database:
            outside.killed_at_a_sync(one, of, database, at)
        for error in ("ENOSPC", "EIO"):
            with Sqlite().database() as database:
                outside.failing_at_a_sync(one, of, database, at, error)
    yield section.row("`kill -9` at an fsync", f"at {len(due)} of {syncs}")
    yield section.row(
        "fsync fails from one on, as if there were no room (ENOSPC), or the disk broken (EIO)",
        f"at {len(due)} of {syncs}, both ways",
    )


def _power(section: Section) -> Iterator[str]:
    if not _can_trace(section):
        return
    one = section.small()
    of = crash.whole(section.place, one)
    with Sqlite().database() as database:
        calls = outside.recorded(one, database)
    times = section.options.power_cuts
    lost = power.cut(calls, of, times, section.moments)
    yield section.row(
        "power cut: what was not synced is there, lost, or torn between two sectors",
        f"{times} cuts after any of {len(calls)} system calls; {lost} of them lost something that was not synced",
    )


def _disk(section: Section) -> Iterator[str]:
    """In batches that are small, but not of one page each."""
    one = section.small()
    of = crash.whole(section.place, one)
    if isinstance(section.place, Postgresql):
        assert section.place.own
        times = small_disk.full_for_postgresql(one, of, section.place.own)
    else:
        times = small_disk.full_for_sqlite(one, of)
    yield section.row("a disk that is full, with room for a little more each time until it is enough", f"{times} times")


def _replay(section: Section) -> Iterator[str]:
    for suffix in FORMATS:
        one = section.an_import(suffix, many=64, batch=16)
        steady.again(section.place, one, crash.whole(section.place, one), times=20)
        yield section.row(f"a finished import again ({suffix})", "20 times; nothing was written")


def _sizes(section: Section) -> Iterator[str]:
    for suffix in FORMATS:
        steady.of_any_size(section.place, section.folder, suffix, many=64, shared=section.options.shared)
        sizes = ", ".join(map(str, steady.SIZES[:-1]))
        yield section.row(f"batches of any size ({suffix})", f"of {sizes} records, and all in one")


def _cuts(section: Section) -> Iterator[str]:
    if not isinstance(section.place, Postgresql):
        return
    one = section.an_import("csv", many=64, batch=16)
    of = crash.whole(section.place, one)
    cuts = crash.cut_off(section.place, one, of, section.options.cuts, section.moments)
    how = ", ".join(f"{cuts.by_trouble[trouble]} {said}" for trouble, said in _TROUBLES.items())
    yield section.row(
        "the server ends the connections, a process of it is killed and it starts anew, or it is stopped and started",
        f"{cuts.by_trouble.total()} times in {cuts.imports} imports: {how}",
    )


def _fuzz(section: Section) -> Iterator[str]:
    if isinstance(section.place, Postgresql):
        return
    came: Counter[str] = Counter()
    until = time.monotonic() + section.options.minutes * 60
    while time.monotonic() < until:
        # The numbers of the test are not taken again.
        came[fuzzed(section.folder, section.options.seed * 10_000_000 + came.total())] += 1
    read = came.pop("read", 0)
    refused = ", ".join(f"{count} as `{code}`" for code, count in came.most_common())
    yield (
        "| CSV made by a grammar and spoilt, against an independent reader | no database | "
        f"{read + came.total()} files in {section.options.minutes:g} minutes: {read} read, refused {refused} |"
    )


_SECTIONS: Final[Mapping[str, Callable[[Section], Iterator[str]]]] = {
    "kills": _kills,
    "calls": _calls,
    "syncs": _syncs,
    "power": _power,
    "disk": _disk,
    "replay": _replay,
    "sizes": _sizes,
    "cuts": _cuts,
    "fuzz": _fuzz,
}


def _can_trace(section: Section) -> bool:
    if isinstance(section.place, Postgresql):
        return False
    if not outside.is_there():
        sys.exit("The sections syncs and power need strace: install it (apt install strace), or name the others.")
    return True


if __name__ == "__main__":
    main()
