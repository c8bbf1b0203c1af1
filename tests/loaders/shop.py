"""A small shop: its policy, its tables, and loading some records of its customers."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

import polars as pl
from sqlalchemy import Connection, Engine, Table, event, select

from loaders.batch import Batch, Loader
from loaders.rejection import Rejected, in_columns
from loaders.run import OnExisting
from loaders.tables import BOOKS, draw
from validators import Fault, load_policy

POLICY: Final = load_policy(Path(__file__).with_name("shop.toml"))
TABLES: Final = draw(POLICY)
PEOPLE: Final = TABLES.kinds["person"]


class Accepted(NamedTuple):
    """One row of a batch's frames."""

    record: int
    kind: str
    values: Mapping[str, str]
    source_reference: str | None = None


Open = Callable[[str | Path], Engine]  # the fixture `opened`
Item = Accepted | Rejected | None  # None: a blank record


def person(record: int, email: str, first_name: str = "Jan", city: str | None = None) -> Accepted:
    values = {"email": email, "first_name": first_name} | ({"city": city} if city else {})
    return Accepted(record, "person", values, f"R{record}")


def voucher(record: int, code: str) -> Accepted:
    return Accepted(record, "voucher", {"code": code}, f"R{record}")


def visit(record: int, ip_address: str) -> Accepted:
    return Accepted(record, "visit", {"ip_address": ip_address}, f"R{record}")


def rejected(record: int) -> Rejected:
    faults = (Fault("email.syntax", "email"),)
    return Rejected(record, record + 1, "person", faults, {"email": "jan(at)example.com", "first_name": None}, "R7")


def frames(rows: Sequence[Accepted]) -> dict[str, pl.DataFrame]:
    return {name: frame(name, [row for row in rows if row.kind == name]) for name in {row.kind for row in rows}}


def frame(kind: str, rows: Sequence[Accepted]) -> pl.DataFrame:
    names = POLICY.kinds[kind].names if kind in POLICY.kinds else ()
    schema = {"record": pl.UInt32, "line": pl.UInt32} | dict.fromkeys((*names, "source_reference"), pl.String)
    data = [
        (row.record, row.record + 1, *(row.values.get(name) for name in names), row.source_reference) for row in rows
    ]
    return pl.DataFrame(data, schema, orient="row")


def batch_of(number: int, items: Sequence[Item], last_record: int) -> Batch:
    return Batch(
        number=number,
        last_record=last_record,
        read=len(items),
        blank=sum(item is None for item in items),
        accepted=frames([item for item in items if isinstance(item, Accepted)]),
        rejected=in_columns([item for item in items if isinstance(item, Rejected)]),
        findings={"faults": {"email.syntax": 1}},
    )


def load(
    connection: Connection,
    items: Sequence[Item],
    *,
    run: str = "now",
    on_existing: OnExisting = "update",
    cuts: Iterable[int] = (),
) -> list[dict[str, int]]:
    """Load items as one run, cut into batches where `cuts` say; return each batch's counts, without zeros."""
    loader = Loader(POLICY, TABLES, run, on_existing)
    edges = sorted({0, *cuts, len(items)})
    for number, (start, end) in enumerate(pairwise(edges), 1):
        loader.load(connection, batch_of(number, items[start:end], end).prepared(POLICY))
    batches = TABLES.batches
    rows = connection.execute(select(batches).where(batches.c.run == run).order_by(batches.c.batch)).mappings()
    return [{name: row[name] for name in BOOKS if row[name]} for row in rows]


def contents(connection: Connection, table: Table, *names: str) -> list[tuple[object, ...]]:
    rows = connection.execute(select(*(table.c[name] for name in names)).order_by(*table.primary_key))
    return [tuple(row) for row in rows]


@contextmanager
def statements_into(engine: Engine, table: str) -> Iterator[list[str]]:
    """Note the texts of the statements that insert into a table."""
    seen: list[str] = []

    def note(_connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith(f"INSERT INTO {table} "):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
