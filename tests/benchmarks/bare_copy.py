"""Bare COPY: the rows as they ought to be stored, from files into tables that are there, a transaction a table.

    python -m tests.benchmarks.bare_copy URL TABLE=ROWS.csv ...

It judges nothing. The files have a header, and all columns but the id.
"""

import argparse
import json
import time
from pathlib import Path

import psycopg
from psycopg import sql

_BLOCK = 1 << 20


def load(connection: psycopg.Connection, table: str, path: Path) -> int:
    """Copy a file into a table; return how many rows there were."""
    with path.open("rb") as file, connection.cursor() as cursor:
        names = file.readline().decode().strip().split(",")
        columns = sql.SQL(", ").join(map(sql.Identifier, names))
        with cursor.copy(
            sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(sql.Identifier(table), columns)
        ) as copy:
            while block := file.read(_BLOCK):
                copy.write(block)
        connection.commit()
        return cursor.rowcount


def main() -> None:
    """Load the files."""
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("sources", nargs="+", metavar="TABLE=ROWS.csv")
    options = parser.parse_args()
    with psycopg.connect(options.url) as connection:
        began = time.perf_counter()
        sources = [source.partition("=") for source in options.sources]
        rows = sum(load(connection, table, Path(path)) for table, _, path in sources)
        print(json.dumps({"rows": rows, "seconds": time.perf_counter() - began}))


if __name__ == "__main__":
    main()
