"""Reading a file with Polars and nothing else: the least that a program built on it can cost.

    python -m tests.benchmarks.reading FILE.csv

A malformed line is an error to Polars: it stops at the first quote that is not closed. It reads such a file only if
quotes mean nothing to it (`quote_char=None`) and further cells are thrown away (`truncate_ragged_lines=True`). Cells
with a delimiter or a line end in quotes then come apart: it is fast, and not right.
"""

import json
import sys

import polars as pl


def main() -> None:
    """Read a file and count its rows."""
    frame = pl.read_csv(sys.argv[1], separator=";", infer_schema=False, quote_char=None, truncate_ragged_lines=True)
    print(json.dumps({"rows": frame.height}))


if __name__ == "__main__":
    main()
