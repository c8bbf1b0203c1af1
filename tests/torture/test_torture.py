"""The short form of `make torture`: the same bodies, with fewer kills, and some of the calls instead of all."""

import random
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.torture.crash import Import, Whole, an_import, calls, injured, injuries, killed_at_any_moment, whole
from tests.torture.place import Place, Sqlite
from tests.torture.places import PLACES, the_place
from tests.torture.source import FORMATS
from tests.torture.steady import again, of_any_size


class Tortured(NamedTuple):
    """An import, where it goes, and what it comes to."""

    place: Place
    one: Import
    of: Whole


@pytest.fixture(scope="module", params=PLACES)
def place(request: pytest.FixtureRequest) -> Place:
    return the_place(request)


@pytest.fixture(scope="module", params=FORMATS)
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


def test_a_finished_import_that_is_run_again_writes_nothing(tortured: Tortured) -> None:
    again(*tortured, times=3)


@pytest.mark.parametrize("suffix", FORMATS)
def test_batches_of_any_size_come_to_the_same(place: Place, tmp_path: Path, suffix: str) -> None:
    of_any_size(place, tmp_path, suffix, many=32)
