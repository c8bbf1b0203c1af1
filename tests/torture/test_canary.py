"""No mark of what may not be kept is anywhere: after success, rejection, a crash, a refused row, a failing database."""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.intake.marks import found
from tests.torture.calls import MADE, Injury
from tests.torture.canary import Canary, misplaced, write_canary
from tests.torture.child import KILLED, Ended, Order, command
from tests.torture.place import Database, Place, Sqlite
from tests.torture.places import PLACES, the_place
from tests.torture.source import SHORT

ONCE: Final = pytest.mark.parametrize("canary", ["csv"], indirect=True)  # what is of the database, not the format
ON_SQLITE: Final = pytest.mark.parametrize("place", ["sqlite"], indirect=True)  # what is of the files beside it


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest) -> Place:
    return the_place(request)


@pytest.fixture
def database(place: Place) -> Iterator[Database]:
    with place.database() as database:
        yield database


@pytest.fixture(params=SHORT)
def canary(request: pytest.FixtureRequest, tmp_path: Path) -> Canary:
    return write_canary(tmp_path / "sources", request.param, many=40)


def run(canary: Canary, database: Database, folder: Path, *more: str, injury: Injury | None = None) -> Ended:
    """Import the marked files in batches of 16; whatever wants a temporary file is to make it in `folder`."""
    (folder / "temporary").mkdir(exist_ok=True)
    temporary = {name: str(folder / "temporary") for name in ("TMPDIR", "ONCE_TMPDIR", "POLARS_TEMP_DIR")}
    arguments = ["import", *canary.files.arguments, "--into", database.url, "--report", "report", *more]
    return command(Order(arguments, folder, 16, injury=injury, environment=temporary))


@pytest.mark.parametrize("json", [[], ["--json"]], ids=["summary", "json"])
def test_after_an_import(canary: Canary, database: Database, tmp_path: Path, json: list[str]) -> None:
    assert run(canary, database, tmp_path, *json).status == 1
    assert (tmp_path / "report" / "report.json").exists()
    assert misplaced(canary, database, tmp_path) == set()


@ONCE
def test_where_records_with_extra_fields_are_refused(canary: Canary, database: Database, tmp_path: Path) -> None:
    assert run(canary, database, tmp_path, "--on-extra", "reject").status == 1
    assert misplaced(canary, database, tmp_path, accepted_in="rejections") == set()


@ONCE
def test_after_a_crash_in_the_middle_of_a_batch(canary: Canary, tmp_path: Path) -> None:
    """At several moments of it, with what SQLite has written into its journal and not taken away."""
    journals = 0
    made = calls(canary, tmp_path)
    for at in range(len(made) // 2, len(made), len(made) // 10):
        with Sqlite().database() as database:
            assert run(canary, database, tmp_path, injury=Injury("kill", at)).status == KILLED
            journals += any(name.endswith("-journal") for name, _ in database.stored())
            assert misplaced(canary, database, tmp_path) == set()
    assert journals


@ONCE
def test_after_the_disk_was_full(canary: Canary, tmp_path: Path) -> None:
    made = calls(canary, tmp_path)
    for at in range(len(made) // 2, len(made), len(made) // 5):
        with Sqlite().database() as database:
            assert run(canary, database, tmp_path, injury=Injury("full", at)).status == 4
            assert misplaced(canary, database, tmp_path) == set()


def test_after_the_database_refused_a_row(canary: Canary, database: Database, tmp_path: Path) -> None:
    """By a constraint of the user's own; the row may become a rejection, and stands nowhere else."""
    before = canary.files._replace(after=canary.files.before)
    run(canary._replace(files=before), database, tmp_path)
    refused = canary.marks.accepted.pop()
    database.refuse("last_name", refused)

    assert run(canary, database, tmp_path).status in {1, 2}

    canary.marks.refused.append(refused)
    assert misplaced(canary, database, tmp_path) == set()


@ONCE
def test_the_search_finds_every_mark_where_it_is(canary: Canary) -> None:
    """However it is written, and wherever: what is not found above is not there."""
    marks = [*canary.marks.extra, *canary.marks.refused]
    for number, mark in enumerate(marks[:30]):
        inside = "Ala" * (number % 3) + "x" * (number % 4) + mark + "kota"
        for content in (inside.encode(), inside.encode("utf-16-le"), inside.encode("utf-16-be")):
            for written in (content, base64.b64encode(content), content.hex().encode(), content.hex().upper().encode()):
                assert found(marks, b"..." + written + b"...") == [mark]


@ONCE
@ON_SQLITE
def test_a_mark_that_is_planted_is_found(canary: Canary, database: Database, tmp_path: Path) -> None:
    run(canary, database, tmp_path)
    for place in ("report/report.json", "out", "temporary/x", "x.db"):
        with (tmp_path / place).open("a", encoding="utf-8") as file:
            file.write(canary.marks.refused[0])
        assert misplaced(canary, database, tmp_path) == {place}
        (tmp_path / place).unlink()


@ONCE
def test_a_mark_in_the_database_is_found(canary: Canary, database: Database, tmp_path: Path) -> None:
    """What is there is taken for what may not be, one kind of mark after the other."""
    run(canary, database, tmp_path)
    marks = canary.marks
    marks.refused, marks.accepted = marks.accepted, marks.refused
    assert misplaced(canary, database, tmp_path) == {"individuals", "rejections"}
    marks.extra.append(marks.accepted.pop())
    assert misplaced(canary, database, tmp_path) > {"individuals", "rejections"}  # and the files that they are in


def calls(canary: Canary, folder: Path) -> list[str]:
    """Return the calls of an import that nothing happens to."""
    with Sqlite().database() as database:
        run(canary, database, folder, injury=Injury("count"))
    return (folder / MADE).read_text(encoding="utf-8").split()
