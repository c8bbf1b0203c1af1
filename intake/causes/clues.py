"""What one chunk of a file says of causes: where what was found, and what it looks like. No value is among it.

What is here comes from what the judging found. Values are looked at only where that lies so near to each other that
there may be a cause, so a file in which it is here and there costs next to nothing.
"""

from collections.abc import Iterable
from typing import NamedTuple

import msgspec
import polars as pl

from intake.causes.constant import Repeated, repeated
from intake.causes.hits import Clue, Group, Hits
from intake.causes.lost import lost_letters, lost_zeros
from intake.causes.shifted import Side, shifted
from intake.causes.stretches import WINDOW
from intake.causes.telling import look_like
from intake.mask import mask
from intake.sources import Malformed
from validators import Policy, TableVerdict

RECORDS = "*"  # a group's `among`: all items of the source, whose numbers are the ranks

_NOTICES = ("phone.several",)  # that are a cause to tell where they are everywhere
_NOT_LOOKED_AT = {"required.missing", "required.placeholder", "extra.forbidden"}


class Seen(NamedTuple):
    """In how many records something was seen, on which line first and last, and what it looked like."""

    records: int
    first_line: int
    last_line: int
    shape: str | None = None


class Clues(msgspec.Struct):
    """What a chunk says. `sizes`: how many records there were to rank, by `among`; `filled`: values, by field."""

    clues: list[Clue] = []
    sizes: dict[str, int] = {}
    shifted: dict[Side, Seen] = {}
    constant: dict[tuple[str, int], Seen] = {}  # by field, and a hash of the value that no other process has
    filled: dict[str, int] = {}


def clues_of_rows(verdict: TableVerdict, frame: pl.DataFrame, lines: pl.Series, policy: Policy) -> Clues:
    """Return what the verdict on a chunk's rows says; `frame` has its columns in the file's order."""
    sides = shifted(verdict.faults, frame, policy)
    faults = verdict.faults
    for rows in sides.values():
        faults = faults.filter(~faults["row"].is_in(rows.implode()))
    notices = verdict.notices.filter(verdict.notices["code"].is_in(_NOTICES))
    hits = Hits(pl.concat([faults, notices]), verdict.kinds)
    clues = [_looked_at(clue, rows, frame, policy) for clue, rows in hits.clues(lines)]
    sizes = dict(hits.sizes)
    for lost in (*lost_zeros(hits, frame), *lost_letters(hits, frame)):
        among = f"{lost.code} {lost.field}"
        shape = mask(frame[lost.field][lost.rows[0]])
        clues.append(Clue(Group(lost.code, lost.field, among), lost.ranks, lines.gather(lost.rows), shape=shape))
        sizes[among] = lost.size
    found = repeated(frame, policy)
    return Clues(
        clues=clues,
        sizes=sizes,
        shifted={side: Seen(len(rows), lines[rows[0]], lines[rows[-1]]) for side, rows in sides.items()},
        constant={(one.field, one.value_hash): _seen(one, lines) for one in found.repeated},
        filled=found.filled,
    )


def clues_of_malformed(items: Iterable[Malformed]) -> list[Clue]:
    """Return what records say that could not be read."""
    by_reason: dict[str, list[Malformed]] = {}
    for item in items:
        by_reason.setdefault(item.reason, []).append(item)
    return [
        Clue(
            Group("record.malformed", None, RECORDS, reason),
            pl.Series([item.place.record for item in some], dtype=pl.Int64),
            pl.Series([item.place.line for item in some], dtype=pl.Int64),
        )
        for reason, some in by_reason.items()
    ]


def _looked_at(clue: Clue, rows: pl.Series, frame: pl.DataFrame, policy: Policy) -> Clue:
    """Return a clue with what its values look like, if there may be a cause."""
    code, field = clue.group.code, clue.group.field
    if len(rows) < WINDOW or code in _NOT_LOOKED_AT or field not in frame.columns:
        return clue
    values = frame[field].gather(rows).drop_nulls()
    if not len(values):
        return clue
    return clue._replace(shape=mask(values[0]), like=look_like(values, field, policy))


def _seen(one: Repeated, lines: pl.Series) -> Seen:
    return Seen(one.records, lines[one.first], lines[one.last], one.shape)
