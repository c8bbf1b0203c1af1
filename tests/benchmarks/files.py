"""Files: judging a frame in memory, whole processes over a file, and what happens when the file grows."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

from tests.benchmarks import processes
from tests.benchmarks.processes import Source, Took
from tests.postgresql import own_server

JUDGED = 1_000_000
IMPORTED = 200_000
GROWN = 5_000_000
_TENTH = 10


def judging(records: int | None) -> list[str]:
    """Return what judging alone costs, as lines of a Markdown table."""
    took = processes.judging(processes.source(records or JUDGED, well_formed=True).path)
    rows, theirs = took["rows"], took["composition"] / took["sample"]
    sample = f"{theirs * 1e6:.0f} µs a row (on {took['sample']:,} of them)"
    table = f"{took['table'] / rows * 1e6:.2f} µs a row | {sample} | **{took['to_composition']:.0f} ×** faster"
    reading = f"{took['reading']:.2f} s reading it with Polars | **{took['to_reading']:.2f} ×** the time"
    return [f"| `check_table`, {rows:,} rows | {table} |", f"| the same | {took['table']:.2f} s | {reading} |"]


class Against(NamedTuple):
    """Ours and what it is held against."""

    ours: Took
    theirs: Took


Round = Mapping[str, Against]


def importing(records: int | None, rounds: int, *, whole: bool) -> list[str]:
    """Return what whole processes cost, as lines of a Markdown table; medians of pairs."""
    records = records or IMPORTED
    source = processes.source(records)
    measured = [_round(source, records, whole=whole) for _ in range(rounds)]
    by_hand = "pydantic" if whole else "pydantic (a tenth of the rows, scaled)"
    of = f"{records:,} records"
    return [
        compared(f"`intake check`, {of}", f"{by_hand}, no database", _pairs(measured, "composition"), faster=True),
        compared("the same", "Polars reading the file", _pairs(measured, "reading")),
        compared(f"`intake import` into SQLite, {of}", "bare `executemany`", _pairs(measured, "bare")),
        _alone(_pairs(measured, "bare")),
        compared("the same", f"{by_hand} and SQLAlchemy", _pairs(measured, "composition_into"), faster=True),
        compared("the same file again", "the first time", _pairs(measured, "again")),
    ]


def _round(source: Source, records: int, *, whole: bool) -> Round:
    """Measure all programs over one file: ours before and after what it is held against, for machines drift."""

    def by_hand(judge: Callable[[Path], Took]) -> Took:
        return judge(source.path) if whole else _scaled(judge, records)

    def between(ours: Callable[[Path], Took], theirs: Callable[[], Took]) -> Against:
        before, held, after = ours(source.path), theirs(), ours(source.path)
        return Against(_mean(before, after), held)

    return {
        "reading": between(processes.check, lambda: processes.reading(source.path)),
        "composition": between(processes.check, lambda: by_hand(processes.composition)),
        "composition_into": between(processes.import_, lambda: by_hand(processes.composition_into)),
        "bare": between(processes.import_, lambda: processes.bare(source.clean)),
        "again": Against(theirs=processes.import_(source.path), ours=processes.again(source.path)),
    }


def _mean(one: Took, other: Took) -> Took:
    return Took(
        wall=(one.wall + other.wall) / 2, cpu=(one.cpu + other.cpu) / 2, peak=(one.peak + other.peak) / 2, told={}
    )


def _scaled(judge: Callable[[Path], Took], records: int) -> Took:
    """Return what a program would take that goes row by row: its start once, and ten times a tenth of the rows."""
    start, tenth = judge(processes.source(0).path), judge(processes.source(records // _TENTH).path)
    return tenth._replace(
        wall=start.wall + (tenth.wall - start.wall) * _TENTH, cpu=start.cpu + (tenth.cpu - start.cpu) * _TENTH
    )


Pairs = Sequence[tuple[Took, Took]]


def _pairs(measured: Sequence[Round], against: str) -> Pairs:
    return [one[against] for one in measured]


def compared(what: str, yardstick: str, pairs: Pairs, *, faster: bool = False) -> str:
    """Return a line with the medians. Faster: how often theirs has ours in it; else, how often ours has theirs."""
    ours, theirs = (_middle([pair[side] for pair in pairs]) for side in (0, 1))
    wall, cpu, peak = (
        median(getattr(a, name) / getattr(b, name) for a, b in pairs) for name in ("wall", "cpu", "peak")
    )
    ratio = (
        f"**{1 / wall:.1f} ×** faster (CPU {1 / cpu:.1f} ×" if faster else f"**{wall:.2f} ×** the time (CPU {cpu:.2f} ×"
    )
    return f"| {what} | {ours} | {yardstick}: {theirs} | {ratio}, memory {peak:.2f} ×) |"


def _alone(bare: Pairs) -> str:
    """Return the line for `executemany` without its process."""
    pairs = [(ours.wall, theirs.told["seconds"]) for ours, theirs in bare]
    ours, theirs = (median(pair[side] for pair in pairs) for side in (0, 1))
    ratio = median(a / b for a, b in pairs)
    return f"| the same | {ours:.2f} s | `executemany` and commit alone: {theirs:.2f} s | **{ratio:.2f} ×** the time |"


def _middle(taken: Sequence[Took]) -> Took:
    """Return the medians."""
    return Took(
        wall=median(one.wall for one in taken),
        cpu=median(one.cpu for one in taken),
        peak=median(one.peak for one in taken),
        told={},
    )


def postgresql(records: int | None, rounds: int) -> list[str]:
    """Return what loading into PostgreSQL costs, as lines of a Markdown table; medians of pairs."""
    records = records or JUDGED
    source = processes.source(records)
    with own_server(durable=True) as server:
        measured = [
            (*processes.into_postgresql(source.path, server.url), processes.bare_copy(source.clean, server.url))
            for _ in range(rounds)
        ]
    of = f"{records:,} records"
    return [
        compared(f"`intake import` into PostgreSQL, {of}", "bare `COPY`", [(one[0], one[2]) for one in measured]),
        compared("the same file again", "the first time", [(one[1], one[0]) for one in measured]),
    ]


def growth(records: int | None, rounds: int) -> list[str]:
    """Return what a row costs in a large file against a small one, as lines of a Markdown table."""
    large = records or GROWN
    programs: Mapping[str, Callable[[Path], Took]] = {"check": processes.check, "import": processes.import_}
    return [_grown(name, program, large, rounds) for name, program in programs.items()]


def _grown(name: str, program: Callable[[Path], Took], large: int, rounds: int) -> str:
    small = _middle([program(processes.source(IMPORTED).path) for _ in range(rounds)])
    big = program(processes.source(large).path)
    cost = (big.wall / large) / (small.wall / IMPORTED)
    return (
        f"| `intake {name}`, {large:,} records | {_a_row(big, large)} "
        f"| {IMPORTED:,} records: {_a_row(small, IMPORTED)} | "
        f"**{cost:.2f} ×** the cost per row, **{big.peak / small.peak:.2f} ×** the memory |"
    )


def _a_row(took: Took, records: int) -> str:
    return f"{took.wall / records * 1e6:.2f} µs a row (CPU {took.cpu / records * 1e6:.2f} µs), {took.peak / 1e6:.0f} MB"
