"""The short form of `make torture`: the same bodies, with fewer kills, and some of the calls instead of all."""

import random
from contextlib import ExitStack
from pathlib import Path
from sqlite3 import DatabaseError
from typing import NamedTuple

import pytest

from tests.torture import outside, power
from tests.torture.crash import Import, Whole, an_import, calls, injured, injuries, killed_at_any_moment, whole
from tests.torture.place import Place, Sqlite, SqliteFile
from tests.torture.places import PLACES, the_place
from tests.torture.small_disk import is_full, small_disk
from tests.torture.source import FORMATS, SHORT
from tests.torture.steady import again, of_any_size


class Tortured(NamedTuple):
    """An import, where it goes, and what it comes to."""

    place: Place
    one: Import
    of: Whole


@pytest.fixture(scope="module", params=PLACES)
def place(request: pytest.FixtureRequest) -> Place:
    return the_place(request)


@pytest.fixture(scope="module", params=SHORT)
def tortured(request: pytest.FixtureRequest, place: Place, tmp_path_factory: pytest.TempPathFactory) -> Tortured:
    one = an_import(tmp_path_factory.mktemp("torture"), request.param, many=48, batch=24)
    return Tortured(place, one, whole(place, one))


def test_an_import_that_is_killed_at_any_moment_loses_and_doubles_no_row(tortured: Tortured) -> None:
    moments = random.Random(4)  # noqa: S311  (the same moments every time)
    fell = killed_at_any_moment(*tortured, 8, moments)
    assert fell.by_batches.total() == 8


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
@pytest.mark.parametrize("tortured", ["csv"], indirect=True)
def test_an_import_that_dies_at_a_system_call_or_finds_the_disk_full_goes_on(tortured: Tortured) -> None:
    made = calls(tortured.place, tortured.one)
    assert {*made} >= {"open", "unlink"}
    every = injuries(made)
    for injury in every[:: len(every) // 15]:
        injured(*tortured, injury)


def test_so_it_is_where_batches_share_a_transaction(tmp_path: Path) -> None:
    place, one = Sqlite(), an_import(tmp_path, "csv", many=64, batch=16, shared=True)
    of = whole(place, one)
    fell = killed_at_any_moment(place, one, of, 8, random.Random(4))  # noqa: S311
    assert fell.by_batches.total() == 8
    every = injuries(calls(place, one))
    for injury in every[:: len(every) // 10]:
        injured(place, one, of, injury)


def test_an_import_that_finds_the_disk_full_says_so_and_goes_on(tmp_path: Path) -> None:
    """With room for a few pages or for none, for the database without its journal, or for no file at all."""
    one = an_import(tmp_path, "csv", many=32, batch=16)
    with ExitStack() as stack:
        try:
            disk = stack.enter_context(small_disk())
        except PermissionError:
            pytest.skip("this user may mount nothing")
        of = whole(Sqlite(), one)
        database = SqliteFile(disk.folder / "customers.db")
        assert is_full(one, of, database, disk, room=5 * 4096)
        for left in ({"room": 0}, {"files": 1}, {"files": 0}):
            database.path.unlink()
            assert is_full(one, of, database, disk, **left)


def test_a_finished_import_that_is_run_again_writes_nothing(tortured: Tortured) -> None:
    again(*tortured, times=3)


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
@pytest.mark.parametrize("tortured", [suffix for suffix in FORMATS if suffix not in SHORT], indirect=True)
def test_so_it_is_in_every_format(tortured: Tortured) -> None:
    again(*tortured, times=1)


@pytest.mark.parametrize("suffix", SHORT)
def test_batches_of_any_size_come_to_the_same(place: Place, tmp_path: Path, suffix: str) -> None:
    of_any_size(place, tmp_path, suffix, many=32)


def test_a_power_cut_loses_no_batch_that_was_told_of(tmp_path: Path) -> None:
    if not outside.is_there():
        pytest.skip("strace is not installed, or not permitted")
    one = an_import(tmp_path, "csv", many=48, batch=24)
    of = whole(Sqlite(), one)
    with Sqlite().database() as database:
        calls = outside.recorded(one, database)
    lost = power.cut(calls, of, 200, random.Random(4))  # noqa: S311
    assert lost > 50
    for unsynced in (".db", "-journal"):
        with pytest.raises((AssertionError, DatabaseError)):  # so the cuts are such as syncs are for
            power.cut([call for call in calls if not is_sync(call, unsynced)], of, 1000, random.Random(4))  # noqa: S311


def is_sync(call: outside.Call, suffix: str) -> bool:
    return call.name in outside.SYNCS and call.path.endswith(suffix)
