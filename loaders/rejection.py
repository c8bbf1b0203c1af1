"""Refused records: one by itself, or many in columns, as the table of rejections has them.

>>> refused = Rejected(2, 17, "contact", (Fault("required.missing", "email"),), {"first_name": "Jan", "email": None})
>>> in_columns([refused]).row(0, named=True)["fields"]
'{"first_name": "Jan", "email": null}'
>>> [*one_by_one(in_columns([refused]))] == [refused]
True
"""

from collections.abc import Iterator, Mapping, Sequence

import msgspec
import polars as pl

from loaders.json_text import json_text
from validators.finding import Fault

COLUMNS = {"record": pl.Int64, "line": pl.Int64} | dict.fromkeys(
    ("kind", "source_reference", "faults", "fields"), pl.String
)

_FAULTS: msgspec.json.Decoder[tuple[Fault, ...]] = msgspec.json.Decoder(tuple[Fault, ...])
_FIELDS: msgspec.json.Decoder[dict[str, str | None]] = msgspec.json.Decoder(dict[str, str | None])


class Rejected(msgspec.Struct, frozen=True):
    """A refused record: its place, its faults, and what may be kept of it."""

    record: int
    line: int
    kind: str | None
    faults: tuple[Fault, ...]
    fields: Mapping[str, str | None]
    source_reference: str | None = None

    def __repr__(self) -> str:
        """Show the place and the codes, and never a value."""
        return f"<Rejected record={self.record} kind={self.kind} faults={[fault.code for fault in self.faults]}>"

    def __rich_repr__(self) -> list[tuple[str, object]]:
        """Show no more to rich, for which msgspec would list all fields."""
        return [("record", self.record), ("kind", self.kind), ("faults", [fault.code for fault in self.faults])]


def in_columns(rejected: Sequence[Rejected]) -> pl.DataFrame:
    """Return refused records as rows; `faults` and `fields` are JSON."""
    columns = {
        "record": [one.record for one in rejected],
        "line": [one.line for one in rejected],
        "kind": [one.kind for one in rejected],
        "source_reference": [one.source_reference for one in rejected],
        "faults": [json_text(one.faults) for one in rejected],
        "fields": [json_text(one.fields) for one in rejected],
    }
    return pl.DataFrame(columns, COLUMNS)


def one_by_one(rows: pl.DataFrame) -> Iterator[Rejected]:
    """Yield the refused records that rows are of."""
    for record, line, kind, reference, faults, fields in rows.select(*COLUMNS).iter_rows():
        yield Rejected(record, line, kind, _FAULTS.decode(faults), _FIELDS.decode(fields), reference)
