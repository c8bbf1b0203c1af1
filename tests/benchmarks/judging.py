"""Judging alone, in one process: a frame in memory by `check_table`, a sample of its rows by the composition.

    python -m tests.benchmarks.judging WELL_FORMED.csv

In turn, five times: reading the file with Polars, judging the frame, judging the sample. In seconds, the medians; of
what is held against one another, the medians of the rounds' ratios.
"""

import json
import sys
import timeit
from collections.abc import Callable
from statistics import median

import polars as pl

import validators
from tests.benchmarks.columns import NAMES
from tests.benchmarks.composition import judge

_SAMPLE = 20_000
_ROUNDS = 5


def timed(judging: Callable[[], object]) -> float:
    """Return how many seconds something takes."""
    return timeit.timeit(judging, number=1)


def main() -> None:
    """Measure, and print rows, seconds and ratios."""
    path = sys.argv[1]
    frame = pl.read_csv(path, separator=";", infer_schema=False, new_columns=NAMES)
    sample = frame.gather_every(max(1, frame.height // _SAMPLE)).to_dicts()
    rounds = [
        (
            timed(lambda: pl.read_csv(path, separator=";", infer_schema=False)),
            timed(lambda: validators.check_table(frame)),
            timed(lambda: [judge(row) for row in sample]),
        )
        for _ in range(_ROUNDS)
    ]
    reading, table, composition = (median(one[place] for one in rounds) for place in range(3))
    scale = frame.height / len(sample)
    measured = {
        "rows": frame.height,
        "reading": reading,
        "table": table,
        "sample": len(sample),
        "composition": composition,
        "to_reading": median(table / reading for reading, table, _ in rounds),
        "to_composition": median(composition * scale / table for _, table, composition in rounds),
    }
    print(json.dumps(measured))


if __name__ == "__main__":
    main()
