"""Judging a table: the same rules as `check`, over columns, with the same verdicts.

>>> table = pl.DataFrame({"ip_address": ["192.0.2.7", None], "pesel": ["44051401359", None]})
>>> verdict = check_table(table, kind="login")
>>> verdict.accepted["login"].to_dicts()
[{'row': 0, 'ip_address': '192.0.2.7'}]
>>> verdict.faults.to_dicts()
[{'row': 1, 'field': 'ip_address', 'code': 'required.missing', 'params': '{}'}]
>>> verdict.dropped.to_dicts()
[{'name': 'pesel', 'rows': 1}]
"""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial, reduce
from operator import or_
from typing import NamedTuple

import msgspec
import polars as pl
from polars.selectors import by_dtype

from validators.column import Column, Country, read_column
from validators.field import Field
from validators.judge import KIND_KEYS, shown
from validators.kind import Kind
from validators.places import marked, places
from validators.policy import Policy, vipower
from validators.row_kinds import filled, recognised_kinds, row_kinds
from validators.table_verdict import Finding, TableVerdict, dropped_frame, findings_frame
from validators.types import OnExtra

_MANY = 10_000  # rows; for fewer, a second thread costs more than it gives
_GLANCE = 1000  # rows that show how much a column has


def check_table(
    frame: pl.DataFrame, *, policy: Policy | None = None, kind: str | None = None, on_extra: OnExtra | None = None
) -> TableVerdict:
    """Judge every row of a frame as `check` would judge it as a record, null being a value that is not there.

    Columns are called after the policy's fields; `kind`, `on_extra` and the policy are as in `check`. Raises nothing.
    """
    policy = policy or vipower()
    frame = frame.with_columns(by_dtype(pl.Categorical, pl.Enum).cast(pl.String))
    kinds = row_kinds(frame, policy, kind).rechunk()
    table = _Table(
        frame,
        policy,
        {name: which for name in policy.kinds if (which := kinds == name).any()},
        kind is not None or not {*KIND_KEYS}.isdisjoint(frame.columns),
    )
    # Polars lets go of the interpreter while it works, so fields are read side by side.
    with ThreadPoolExecutor(1 if len(frame) < _MANY else pl.thread_pool_size()) as pool:
        columns = _begin(table, pool)
        extras = _extras(table)
        judge = partial(_judge, table, columns, extras, on_extra or policy.on_extra)
        judged = [*pool.map(judge, table.rows)]  # each begins when all columns have been begun, so none waits for ever
    none = findings_frame([])
    unknown = places(len(frame)).filter(kinds.is_null())
    if len(unknown):
        fault = Finding("kind", "kind.unknown", {"known": ", ".join(policy.kinds)}, unknown)
        judged.insert(0, _Judged("", pl.DataFrame(), findings_frame([fault]), none, none, []))
    return TableVerdict(
        kinds=kinds,
        accepted={one.kind: one.accepted for one in judged if len(one.accepted)},
        faults=pl.concat([none, *(one.faults for one in judged)]),
        notices=pl.concat([none, *(one.notices for one in judged)]),
        fixes=pl.concat([none, *(one.fixes for one in judged)]),
        dropped=dropped_frame([pair for one in judged for pair in one.dropped]),
        policy=policy.identity,
    )


class _Table(msgspec.Struct, frozen=True, eq=False):
    """A frame, which of its rows are of each kind that is there, and whether somebody said so."""

    frame: pl.DataFrame
    policy: Policy
    rows: dict[str, pl.Series]
    kinds_are_said: bool

    def __repr__(self) -> str:
        """Show how many there are, and never a value."""
        return f"<_Table rows={len(self.frame)} kinds={list(self.rows)}>"

    def __rich_repr__(self) -> list[tuple[str, object]]:
        """Show no more to rich, for which msgspec would list all fields."""
        return [("rows", len(self.frame)), ("kinds", list(self.rows))]

    @property
    def kinds(self) -> list[Kind]:
        """Return the kinds that are there."""
        return [self.policy.kinds[name] for name in self.rows]

    def size(self, name: str) -> float:
        """Return how much there is to read in a column, by its first rows: all of them take as long as some rules."""
        return self.column(name)[:_GLANCE].estimated_size()

    def column(self, name: str) -> pl.Series:
        """Return a column, of nulls where the table has none."""
        if name in self.frame.columns:
            return self.frame[name]
        return pl.Series([None], dtype=pl.String).new_from_index(0, len(self.frame))


class _Sort(NamedTuple):
    """What the fields of several kinds have in common that are read at once: their rule by the name, and so on."""

    name: str
    required: bool
    country: "_Sort | None"  # of the field that says the country for others

    @classmethod
    def of(cls, kind: Kind, field: Field) -> "_Sort":
        """Return what a field of a kind is read as."""
        source = kind.country_fields.get(field.country_from or "")
        return cls(field.name, field.required, cls.of(kind, source) if source else None)


class _Judged(NamedTuple):
    """What was said of the rows of one kind."""

    kind: str
    accepted: pl.DataFrame
    faults: pl.DataFrame
    notices: pl.DataFrame
    fixes: pl.DataFrame
    dropped: list[tuple[str, int]]


# --- field after field -----------------------------------------------------------------------------------------------


def _begin(table: _Table, pool: ThreadPoolExecutor) -> dict[_Sort, Future[Column]]:
    """Begin to read the columns, each once for all kinds that have the field."""
    sorts: dict[_Sort, tuple[Field, list[str]]] = {}
    for kind in table.kinds:
        for field in kind.fields:
            sorts.setdefault(_Sort.of(kind, field), (field, []))[1].append(kind.name)
    coming: dict[_Sort, Future[Column]] = {}
    countries: dict[_Sort | None, Country] = {None: Country(table.policy.default_country)}
    # A country first, for others lean on it; then the long ones, so that no thread is left with one at the end.
    leaned_on = {sort.country for sort in sorts}
    for sort in sorted(sorts, key=lambda sort: (sort not in leaned_on, -table.size(sort.name))):
        field, kinds = sorts[sort]
        if sort.country and sort.country not in countries:
            raw, column = table.column(sort.country.name), coming[sort.country].result()
            countries[sort.country] = _country(raw, column, table.policy.default_country)
        which = reduce(or_, (table.rows[name] for name in kinds))
        rows = None if which.all() else which
        coming[sort] = pool.submit(read_column, field, table.column(field.name), countries[sort.country], rows)
    return coming


def _country(raw: pl.Series, column: Column, default: str) -> Country:
    """Return the country of each row, as its column says; null where it names one that nobody can read."""
    countries = column.placed.filled(default).every()
    if column.faults:
        unreadable = marked(pl.concat([fault.at for fault in column.faults]), len(countries))
        countries = countries.set(unreadable & raw.is_not_null().rechunk(), None)
    all_usual = (countries == default).all(ignore_nulls=False)
    return Country(default) if all_usual else Country(default, countries)


# --- the record ------------------------------------------------------------------------------------------------------


def _judge(
    table: _Table,
    read: Mapping[_Sort, Future[Column]],
    extras: Iterable[pl.Series],
    on_extra: OnExtra,
    name: str,
) -> _Judged:
    """Judge the rows of one kind by their fields, and by the fields together."""
    kind, which = table.policy.kinds[name], table.rows[name]
    dropped = [(shown(one.name), one & which) for one in extras if one.name not in kind.names]
    dropped = [(column, there) for column, there in dropped if there.any()]
    columns = {field.name: read[_Sort.of(kind, field)].result() for field in kind.fields}
    faults = [*_findings(columns, "faults", which), *_together(table, kind, dropped, on_extra)]
    refused = marked(pl.concat([places(0), *(fault.rows for fault in faults)]), len(which))
    good = places(len(which)).filter(which & ~refused)
    return _Judged(
        name,
        pl.DataFrame({"row": good} | {column: one.placed.at(good) for column, one in columns.items()}),
        findings_frame(faults),
        findings_frame(_findings(columns, "notices", which)),
        findings_frame(_findings(columns, "fixes", which)),
        [(column, int(there.sum())) for column, there in dropped],
    )


def _extras(table: _Table) -> list[pl.Series]:
    """Return where the columns have a value that are no fields of all kinds which are there."""
    names = [{*kind.names} for kind in table.kinds]
    everywhere = set.intersection(*names) if names else set()
    return filled(table.frame.drop(*everywhere, *KIND_KEYS, strict=False)).get_columns()


def _together(
    table: _Table, kind: Kind, dropped: Iterable[tuple[str, pl.Series]], on_extra: OnExtra
) -> Iterator[Finding]:
    """Judge what the fields say together."""
    rows = places(len(table.frame))
    if kind is table.policy.default_kind and table.kinds_are_said:  # else it is what its fields make it
        others = recognised_kinds(table.frame, table.policy)
        which = (others != kind.name) & table.rows[kind.name]
        for name in others.filter(which).unique(maintain_order=True).to_list():
            yield Finding("kind", "kind.looks_like_business", {"kind": name}, rows.filter((others == name) & which))
    if on_extra == "reject":
        for name, there in dropped:
            yield Finding(name, "extra.forbidden", {}, rows.filter(there))


def _findings(columns: dict[str, Column], of: str, which: pl.Series) -> list[Finding]:
    """Return the faults, notices or fixes of the columns in some of the rows."""
    found = [
        Finding(name, one.code, one.params, one.at.filter(which[one.at]))
        for name, column in columns.items()
        for one in getattr(column, of)
    ]
    return [one for one in found if len(one.rows)]
