"""Do `check` and `check_table` judge alike? `make parity FILE=customers.csv` asks them about every record of a file.

What differs is told by its place and its codes; no value is shown. The status is 0 where nothing differs, 1 where
something does, 2 where the file cannot be read.
"""

# ruff: noqa: T201  (a program: what it prints is its result)

import argparse
import math
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import msgspec
import polars as pl

from intake.columns import Columns
from intake.errors import SourceError
from intake.sources import Record, open_source
from validators import Verdict, check, check_table
from validators.finding import Finding
from validators.policy import Policy, vipower
from validators.table_verdict import TableVerdict
from validators.types import OnExtra, Params

Found = tuple[str | None, str, Params]  # field, code, parameters

_AT_ONCE = 20_000  # records
_TOLD = 20  # differences; more are only counted


# --- two readings of a table -----------------------------------------------------------------------------------------


class Told(NamedTuple):
    """What was said of one row. Faults stand in the policy's order; that of the others is nobody's promise."""

    kind: str | None
    record: Mapping[str, str] | None
    faults: list[Found]
    notices: list[Found]
    fixes: list[Found]


def differences(
    frame: pl.DataFrame, *, policy: Policy | None = None, kind: str | None = None, on_extra: OnExtra | None = None
) -> Iterator[tuple[int, str]]:
    """Yield each row that `check_table` judges otherwise than `check` does, and in what they differ.

    What they say of the table as a whole, the counts of what was dropped, stands behind its last row.
    """
    table = check_table(frame, policy=policy, kind=kind, on_extra=on_extra)
    dropped: Counter[str] = Counter()
    for row, (record, many) in enumerate(zip(frame.iter_rows(named=True), by_row(table), strict=True)):
        verdict = check(record, policy=policy, kind=kind, on_extra=on_extra)
        dropped.update(verdict.dropped)
        one = _told(verdict)
        if one != many:
            yield row, "; ".join(_apart(one, many))
    if dropped != (told := dict(table.dropped.iter_rows())):
        yield len(frame), f"dropped: check {dict(dropped)}, check_table {told}"


def by_row(table: TableVerdict) -> Iterator[Told]:
    """Yield what a table's verdict says of each row."""
    size = len(table.kinds)
    records: list[dict[str, str] | None] = [None] * size
    for frame in table.accepted.values():
        names = frame.columns[1:]
        for row, *values in frame.iter_rows():
            records[row] = {name: value for name, value in zip(names, values, strict=True) if value is not None}
    faults, notices, fixes = (_found(frame) for frame in (table.faults, table.notices, table.fixes))
    for row, kind in enumerate(table.kinds):
        yield Told(kind, records[row], faults.get(row, []), _sorted(notices.get(row, [])), _sorted(fixes.get(row, [])))


def _found(frame: pl.DataFrame) -> dict[int, list[Found]]:
    found: dict[int, list[Found]] = {}
    for row, field, code, params in frame.iter_rows():
        found.setdefault(row, []).append((field, code, _params(params)))
    return found


@cache
def _params(text: str) -> Params:
    params: Params = msgspec.json.decode(text)
    return params


def _told(verdict: Verdict) -> Told:
    return Told(
        verdict.kind,
        verdict.record,
        _as_found(verdict.faults),
        _sorted(_as_found(verdict.notices)),
        _sorted(_as_found(verdict.fixes)),
    )


def _sorted(found: list[Found]) -> list[Found]:
    return sorted(found, key=str)


def _as_found(findings: Iterable[Finding]) -> list[Found]:
    return [(one.field, one.code, one.params) for one in findings]


def _apart(one: Told, many: Told) -> Iterator[str]:
    """Tell in what two readings of a row differ, without the record's values."""
    for part, mine, theirs in zip(Told._fields, one, many, strict=True):
        if mine == theirs:
            continue
        if part != "record":
            yield f"{part}: check {mine}, check_table {theirs}"
        elif one.record is None or many.record is None:
            yield f"accepted by {'check_table' if one.record is None else 'check'} alone"
        else:
            names = one.record.keys() | many.record.keys()
            apart = sorted(name for name in names if one.record.get(name) != many.record.get(name))
            yield f"canonical values of {', '.join(apart)}"


# --- a file ----------------------------------------------------------------------------------------------------------


def compare(path: Path, policy: Policy) -> int:
    """Compare all records of a file, tell what differs and how much there was; return the exit status."""
    columns = Columns(policy, {})
    compared = different = read = 0
    records = (item for item in open_source(path).items() if isinstance(item, Record))
    while batch := list(islice(records, _AT_ONCE)):
        for frame, places in _frames(columns, batch):
            compared += len(frame)
            for row, what in differences(frame, policy=policy):
                different += 1
                if different <= _TOLD:
                    print(f"{places[row] if row < len(places) else 'together'}: {what}")
        read += len(batch)
    if different > _TOLD:
        print(f"... and {different - _TOLD:,} more")
    print(f"{path.name}: {_count(compared, 'record')} compared, {_count(different, 'difference')}")
    if left_out := read - compared:
        print(f"{_count(left_out, 'record')} left out, which no table holds: lists, objects, two keys for a field")
    return 1 if different else 0


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _frames(columns: Columns, batch: Iterable[Record]) -> Iterator[tuple[pl.DataFrame, list[str]]]:
    """Yield records as frames, with their places. Of one frame are those whose values are of the same types."""
    alike: dict[tuple[tuple[str, type], ...], list[tuple[str, dict[str, object]]]] = {}
    for item in batch:
        record = columns.record(item.values)
        if record is not None and all(map(_fits_a_column, record.values())):
            types = tuple((name, type(value)) for name, value in record.items())
            alike.setdefault(types, []).append((f"record {item.place.record}, line {item.place.line}", record))
    for group in alike.values():
        places, records = zip(*group, strict=True)
        yield pl.DataFrame(records, infer_schema_length=None), list(places)


def _fits_a_column(value: object) -> bool:
    match value:
        case str():
            return not any("\ud800" <= character <= "\udfff" for character in value)
        case int():  # or a bool
            return -(2**63) <= value < 2**63
        case float():
            return math.isfinite(value)
        case _:
            return value is None


def main(arguments: Sequence[str]) -> int:
    """Compare the files that are named; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="make parity", usage="make parity FILE=customers.csv", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("file", type=Path, nargs="?", metavar="FILE", help="CSV or JSON Lines")
    path = parser.parse_args([one for one in arguments if one]).file
    if path is None:
        print("parity: no file named; say which: make parity FILE=customers.csv", file=sys.stderr)
        return 2
    try:
        return compare(path, vipower())
    except SourceError as error:
        print(f"parity: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
