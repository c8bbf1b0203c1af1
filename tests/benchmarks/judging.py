"""Judging alone, in one process: a frame in memory by `check_table`, a sample of its rows by the composition.

    python -m tests.benchmarks.judging WELL_FORMED.csv

Best of three each, in seconds: reading the file with Polars, judging the frame, judging the sample.
"""

import json
import sys
import timeit
from collections.abc import Callable

import polars as pl

import validators
from tests.benchmarks.columns import NAMES
from tests.benchmarks.composition import judge

_SAMPLE = 20_000


def best(judging: Callable[[], object]) -> float:
    """Return the shortest of three timings."""
    return min(timeit.repeat(judging, number=1, repeat=3))


def main() -> None:
    """Measure, and print seconds and rows."""
    path = sys.argv[1]
    reading = best(lambda: pl.read_csv(path, separator=";", infer_schema=False))
    frame = pl.read_csv(path, separator=";", infer_schema=False, new_columns=NAMES)
    sample = frame.gather_every(max(1, frame.height // _SAMPLE)).to_dicts()
    measured = {
        "rows": frame.height,
        "reading": reading,
        "sample": len(sample),
        "composition": best(lambda: [judge(row) for row in sample]),
    }
    check_table = getattr(validators, "check_table", None)  # beside which all else can be measured
    if check_table:
        measured["table"] = best(lambda: check_table(frame))
    print(json.dumps(measured))


if __name__ == "__main__":
    main()
