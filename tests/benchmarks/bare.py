"""Bare `sqlite3.executemany` of rows that are clean already: the least that an import into SQLite can cost.

    python -m tests.benchmarks.bare FILE.db TABLE=CLEAN.csv... [--pragma NAME=VALUE...]

The tables are there, with their indexes. One transaction a table. It prints the seconds that `executemany` and the
commits took by themselves; what is left of the process is Python, and reading the rows. No library, no product.
"""

import argparse
import csv
import json
import sqlite3
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

_CHUNK = 10_000  # rows that are held in memory, so that they can be timed without their reading

# As long as the product's own: a run, a policy, and when the row was made and changed.
STAMP = {
    "run": "0123456789abcdef",
    "policy": "0123456789abcdef" * 4,
    "created_at": "2026-11-22 12:00:00.000000",
    "updated_at": "2026-11-22 12:00:00.000000",
}


class Clock:
    """Adds up what its calls took."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __enter__(self) -> None:
        self._began = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        self.seconds += time.perf_counter() - self._began


def load(database: sqlite3.Connection, table: str, path: Path, clock: Clock) -> int:
    """Load a file into a table; return how many rows there were."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter=";")
        columns = next(rows)
        statement = (
            f"INSERT INTO {table} ({', '.join([*columns, *STAMP])}) "  # noqa: S608  (names of our own tables)
            f"VALUES ({', '.join([*('?' for _ in columns), *map(repr, STAMP.values())])})"
        )
        count = 0
        database.execute("BEGIN IMMEDIATE")
        for chunk in _chunks(rows):
            with clock:
                database.executemany(statement, chunk)
            count += len(chunk)
        with clock:
            database.execute("COMMIT")
    return count


def _chunks(rows: Iterator[list[str]]) -> Iterator[list[list[str]]]:
    while chunk := list(islice(rows, _CHUNK)):
        yield chunk


def main() -> None:
    """Load the files."""
    parser = argparse.ArgumentParser()
    parser.add_argument("database", type=Path)
    parser.add_argument("sources", nargs="+", metavar="TABLE=CLEAN.csv")
    parser.add_argument("--pragma", action="append", default=[])
    options = parser.parse_args()
    database = sqlite3.connect(options.database, isolation_level=None)
    for pragma in options.pragma:
        database.execute(f"PRAGMA {pragma}")
    clock = Clock()
    sources = [source.partition("=") for source in options.sources]
    rows = sum(load(database, table, Path(path), clock) for table, _, path in sources)
    database.close()
    print(json.dumps({"rows": rows, "seconds": clock.seconds}))


if __name__ == "__main__":
    main()
