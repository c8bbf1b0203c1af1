"""An import that dies, or finds the disk full: what it leaves is the end of a batch, and going on ends as ever."""

import json
import random
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from intake.run import Options, Watcher, import_source
from loaders.database import open_database
from tests.torture.calls import MADE, WRITES, Injury
from tests.torture.child import KILLED, Ended, Order, Running, command, small_batches
from tests.torture.place import Contents, Database, Place, Postgresql, Trouble
from tests.torture.source import Files, write_files
from validators.policy import vipower

TEMPORARY: Final = 4  # DESIGN, "Command line": the exit status
# Between two imports of the same files, in what --json tells. The last four tell of what was read this time alone.
_DIFFERS = ("outcome", "seconds", "database", "mapping", "extras", "samples", "causes")


class Import(NamedTuple):
    """One command: which files, its folder, in batches of how many, and whether they share transactions."""

    files: Files
    folder: Path
    batch: int
    shared: bool = False

    def into(self, database: Database, injury: Injury | None = None) -> Order:
        return Order(
            ["import", *self.files.arguments, "--into", database.url, "--json"],
            self.folder,
            self.batch,
            self.shared,
            injury,
        )


class Whole(NamedTuple):
    """What the import comes to where nothing happens to it."""

    contents: Contents
    told: object
    edges: Mapping[int, str]  # what was in the database by how many batches it had
    seconds: float


def an_import(folder: Path, suffix: str, many: int, batch: int, *, shared: bool = False) -> Import:
    return Import(write_files(folder, suffix, many), folder, batch, shared)


def whole(place: Place, one: Import) -> Whole:
    """Import undisturbed, and once more with a look at the database after every batch."""
    first = undisturbed(place, one)
    started = time.monotonic()
    assert undisturbed(place, one) == first
    seconds = time.monotonic() - started  # the second time: the first has the fork server to wait for
    edges = _edges(place, one)
    contents, shown = first
    assert edges[contents.batches] == contents.digest
    return Whole(contents, shown, edges, seconds)


def undisturbed(place: Place, one: Import) -> tuple[Contents, object]:
    """Import once: what is in the database then, and what the command tells."""
    with place.database() as database:
        ended = command(one.into(database))
        assert ended.status == 1, ended
        database.assert_sound()
        return database.contents(), told(ended)


def _edges(place: Place, one: Import) -> dict[int, str]:
    with place.database() as database, small_batches(one.batch):
        found = [database.contents()]
        engine = open_database(database.url)
        watcher = Watcher(progress=lambda _source, _records: found.append(database.contents()))
        for path in one.files:
            import_source(path, Options(vipower()), engine, watcher)
        engine.dispose()
    return dict(found)


def told(ended: Ended) -> object:
    runs = json.loads(ended.out)["runs"]
    for run in runs:
        books = run["books"]
        assert books["read"] == sum(count for name, count in books.items() if name != "read")
    return [{name: value for name, value in run.items() if name not in _DIFFERS} for run in runs]


def assert_an_edge(database: Database, of: Whole) -> int:
    """See that the database holds what it has to after the batches that it has, and return how many."""
    batches, digest = database.contents()
    assert of.edges[batches] == digest, f"after {batches} batches"
    return batches


def assert_whole(ended: Ended, database: Database, of: Whole) -> None:
    """See that an import that has ended came to the same as if nothing had happened to it."""
    assert ended.status == 1, ended
    assert ended.err == ""
    assert told(ended) == of.told
    assert database.contents() == of.contents
    database.assert_sound()


# --- at any moment ---------------------------------------------------------------------------------------------------


class Kills(NamedTuple):
    """Where kills fell: by how many batches were committed then; and how many imports took them."""

    by_batches: Counter[int]
    imports: int


def killed_at_any_moment(place: Place, one: Import, of: Whole, kills: int, moments: random.Random) -> Kills:
    """Kill an import, and its going on, and so forth, until it has ended; and again, until there are so many kills."""
    fell: Counter[int] = Counter()
    imports = 0
    while fell.total() < kills:
        imports += 1
        with place.database() as database:
            while True:
                last = fell.total() == kills
                ended = _run(one.into(database), None if last else moments.uniform(0, of.seconds))
                if ended.status != KILLED:
                    break
                fell[assert_an_edge(database, of)] += 1
            assert_whole(ended, database, of)
    return Kills(fell, imports)


class Cuts(NamedTuple):
    """How often an import was cut off in which way, and how many imports took it."""

    by_trouble: Counter[Trouble]
    imports: int


def cut_off(place: Postgresql, one: Import, of: Whole, times: int, moments: random.Random) -> Cuts:
    """Cut an import off from its server, and again, until it has ended by itself.

    One that gives up says that it is a matter of time, and goes on when it is run again.
    """
    troubles: tuple[Trouble, ...] = ("terminate", "kill", "stop", "crash") if place.own else ("terminate", "kill")
    cuts: Counter[Trouble] = Counter()
    imports = 0
    while cuts.total() < times:
        with place.database() as database:
            ended = None
            while ended is None or ended.status == TEMPORARY:
                imports += 1
                running = Running(one.into(database))
                while not running.ends_within(moments.uniform(0, of.seconds)) and cuts.total() < times:
                    trouble = moments.choice(troubles)
                    cuts[trouble] += database.disturb(trouble)
                ended = running.wait()
                assert "Traceback" not in ended.err
                assert_an_edge(database, of)
            assert ended.status == 1, ended
            assert_whole(ended._replace(err=""), database, of)  # that it waited and tried again was said there
    return Cuts(cuts, imports)


def _run(order: Order, seconds: float | None) -> Ended:
    running = Running(order)
    return running.wait() if seconds is None else running.kill_after(seconds)


# --- at every system call --------------------------------------------------------------------------------------------


def calls(place: Place, one: Import) -> list[str]:
    """Return the names of the calls that change files, as an import makes them."""
    with place.database() as database:
        command(one.into(database, Injury("count")))
        return (one.folder / MADE).read_text(encoding="utf-8").split()


def injuries(made: Iterable[str]) -> list[Injury]:
    """Return all that can happen to calls: the process dies at each and within each write, or the disk is full."""
    found = []
    for at, name in enumerate(made, 1):
        found.append(Injury("kill", at))
        if name in WRITES:
            found += [Injury("tear", at), Injury("full", at)]
    return found


def injured(place: Place, one: Import, of: Whole, injury: Injury) -> None:
    """See that an import that is injured leaves the end of a batch, says so if it can, and goes on."""
    with place.database() as database:
        ended = command(one.into(database, injury))
        if injury.what == "full":
            assert_says_that_the_disk_is_full(ended)
        else:
            assert ended.status == KILLED, ended
        assert_an_edge(database, of)
        assert_whole(command(one.into(database)), database, of)


def assert_says_that_the_disk_is_full(ended: Ended) -> None:
    assert ended.status == TEMPORARY, ended
    assert ended.out == ""
    assert ended.err.count("\n") == 1, ended
    assert "run the same command again" in ended.err.lower()
