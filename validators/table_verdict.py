"""What `check_table` says of a table, and how its findings become frames."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
import polars as pl

from validators.policy import Identity
from validators.types import Params


class TableVerdict(msgspec.Struct, frozen=True):
    """The verdict on each row. Rows are counted from 0.

    `kinds`     the kind of each row (Enum of the policy's kinds; null where that is the fault);
    `accepted`  by kind, a frame of its good rows, ascending: `row` (UInt32), then the policy's fields in its order
                (String, canonical; null where an optional one is empty), and no other column;
    `faults`, `notices`, `fixes`
                frames of `row` (UInt32), `field`, `code` and `params` (Categorical; `params` is a JSON object), kind by
                kind, in each field by field, in each code by code, in each ascending by row;
    `dropped`   a frame of `name` (String) and `rows` (UInt32): in how many rows a column had a value that the policy
                does not name for their kind. Of rows of no kind nothing is told;
    `policy`    which policy it was.
    """

    kinds: pl.Series
    accepted: dict[str, pl.DataFrame]
    faults: pl.DataFrame
    notices: pl.DataFrame
    fixes: pl.DataFrame
    dropped: pl.DataFrame
    policy: Identity

    def __repr__(self) -> str:
        """Show counts; no value belongs in a log."""
        told = ", ".join(f"{name}={value}" for name, value in self.__rich_repr__())
        return f"<TableVerdict {told} policy={self.policy}>"

    def __rich_repr__(self) -> list[tuple[str, object]]:
        """Show no more to rich, for which msgspec would list all fields."""
        return [("rows", len(self.kinds)), ("accepted", sum(map(len, self.accepted.values())))]


class Finding(NamedTuple):
    """What was found, of which column (None: the record as a whole), and in which rows."""

    field: str | None
    code: str
    params: Params
    rows: pl.Series


def findings_frame(findings: Sequence[Finding]) -> pl.DataFrame:
    """Return findings as a frame: a row for each row that something was found in."""
    numbers = pl.int_range(len(findings), dtype=pl.UInt32, eager=True)
    which = [numbers.new_from_index(number, len(one.rows)) for number, one in enumerate(findings)]
    told = pl.DataFrame(
        {
            "field": [one.field for one in findings],
            "code": [one.code for one in findings],
            "params": [msgspec.json.encode(dict(one.params)).decode() for one in findings],
        },
        schema=dict.fromkeys(("field", "code", "params"), pl.Categorical),
    )
    none = pl.Series([], dtype=pl.UInt32)
    rows = pl.concat([none, *(one.rows for one in findings)])
    return told[pl.concat([none, *which])].insert_column(0, rows.alias("row"))


def dropped_frame(dropped: Sequence[tuple[str, int]]) -> pl.DataFrame:
    """Return the names of what was dropped, each once, and in how many rows."""
    frame = pl.DataFrame(dropped, schema={"name": pl.String, "rows": pl.UInt32}, orient="row")
    return frame.group_by("name", maintain_order=True).agg(pl.col("rows").sum())
