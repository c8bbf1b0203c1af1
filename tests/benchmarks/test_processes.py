"""The yardsticks do the work that they are said to do: what bare SQLite holds is what the product stores."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.benchmarks import processes
from tests.benchmarks.columns import FIELDS
from tests.benchmarks.processes import Source

RECORDS = 2000


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Source:
    monkeypatch.setattr(processes, "BUILD", tmp_path)
    return processes.source(RECORDS)


def stored() -> Iterator[tuple[str, set[tuple[object, ...]]]]:
    """Return the rows of both tables in the database that the last program left."""
    database = sqlite3.connect(processes.BUILD / "customers.db")
    for table in ("businesses", "individuals"):
        fields = [name for name in FIELDS.values() if table == "businesses" or name not in {"company_name", "nip"}]
        yield table, set(database.execute(f"SELECT {', '.join(fields)} FROM {table}"))  # noqa: S608  (our own names)
    database.close()


def test_bare_sqlite_is_given_exactly_what_the_product_stores(source: Source) -> None:
    took = processes.import_(source.path)
    ours = dict(stored())
    assert took.told["books"]["new"] == sum(map(len, ours.values()))
    assert took.wall > 0
    assert took.peak > 10e6

    took = processes.bare(source.clean)
    assert dict(stored()) == ours
    assert took.told["rows"] == sum(map(len, ours.values()))


def test_the_composition_stores_what_it_accepts(source: Source) -> None:
    accepted = processes.composition_into(source.path).told["accepted"]

    assert sum(len(rows) for _, rows in stored()) == accepted
    assert processes.composition(source.path).told["accepted"] == accepted
    assert accepted > RECORDS * 0.8


def test_a_file_is_made_once(source: Source) -> None:
    made = source.path.stat().st_mtime_ns
    assert processes.source(RECORDS).path.stat().st_mtime_ns == made
    assert processes.source(RECORDS, well_formed=True).path != source.path


def test_polars_reads_every_line_where_quotes_mean_nothing(source: Source) -> None:
    lines = source.path.read_bytes().count(b"\n") - 1
    assert processes.reading(source.path).told["rows"] == lines


@pytest.mark.usefixtures("source")
def test_polars_reads_every_record_of_a_well_formed_file() -> None:
    assert processes.judging(processes.source(RECORDS, well_formed=True).path)["rows"] == RECORDS
