"""The tables, drawn from the policy: there is no column for what it does not name.

>>> from validators.policy import vipower
>>> sorted(draw(vipower()).kinds["login"].columns.keys())
['created_at', 'id', 'ip_address', 'policy', 'run', 'source_reference', 'updated_at']
"""

import msgspec
from sqlalchemy import (
    JSON,
    Column,
    DateTime,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    func,
)
from sqlalchemy.sql.elements import ColumnElement

from loaders.known import keep_view
from validators.kind import Kind
from validators.policy import Policy

# Which counts a run's books have; `read` is their sum, and counted by itself.
BOOKS = ("new", "updated", "unchanged", "duplicate", "rejected", "blank")

IDENTITY = "_identity"  # what the names of the indexes end with that tell records apart

# An identity is compared byte by byte, and lower() knows the letters of ASCII alone: so SQLite does it anyway, and so
# PostgreSQL does it under the collation C, whatever the database's own is (its manual, 23.2.2). What the rules let in
# has no other capitals: the local part of an address is ASCII, and a domain has none (RFC 5892).
_COMPARED = Text().with_variant(Text(collation="C"), "postgresql")


class Tables(msgspec.Struct, frozen=True, eq=False):
    """All tables of a database: one for each kind, and those that the runs are kept in."""

    metadata: MetaData
    kinds: dict[str, Table]
    runs: Table
    batches: Table
    rejections: Table
    identified: tuple[Kind, ...]  # the kinds whose records are told apart

    def holds_records(self, table: Table) -> bool:
        """Return whether a table is one of the policy's, and not one of the product's own."""
        return table in self.kinds.values()


def draw(policy: Policy) -> Tables:
    """Return the tables of a policy."""
    metadata = MetaData()
    return Tables(
        metadata=metadata,
        kinds={kind.name: _kind_table(metadata, kind) for kind in policy.kinds.values()},
        runs=_runs(metadata),
        batches=_batches(metadata),
        rejections=_rejections(metadata),
        identified=tuple(kind for kind in policy.kinds.values() if kind.identity),
    )


def identity_of(kind: Kind, value: ColumnElement[str]) -> ColumnElement[str]:
    """Return what is compared where two records of a kind are held against each other."""
    if kind.identity and kind.field(kind.identity).rule.ignores_case:
        return func.lower(value)
    return value


def _kind_table(metadata: MetaData, kind: Kind) -> Table:
    table = Table(
        kind.table,
        metadata,
        Column("id", Integer, primary_key=True),
        *(
            Column(field.name, _COMPARED if field.name == kind.identity else Text, nullable=not field.required)
            for field in kind.fields
        ),
        Column("source_reference", Text),  # the checkout's order number, or the id the record had before
        Column("run", Text, nullable=False),  # that wrote the row last
        Column("policy", Text, nullable=False),  # SHA-256
        Column("created_at", DateTime(timezone=True), nullable=False),
        Column("updated_at", DateTime(timezone=True), nullable=False),
    )
    if kind.identity:
        Index(f"{kind.table}{IDENTITY}", identity_of(kind, table.c[kind.identity]), unique=True)
        keep_view(table, kind)
    return table


def _runs(metadata: MetaData) -> Table:
    return Table(
        "intake_runs",
        metadata,
        Column("run", Text, primary_key=True),
        Column("source_name", Text, nullable=False),
        Column("source_sha256", Text, nullable=False),
        Column("policy_name", Text, nullable=False),
        Column("policy_version", Text, nullable=False),
        Column("policy_sha256", Text, nullable=False),
        Column("options", JSON, nullable=False),
        Column("state", Text, nullable=False),  # running, stopped, finished
        Column("started_at", DateTime(timezone=True), nullable=False),
        Column("finished_at", DateTime(timezone=True)),
    )


def _batches(metadata: MetaData) -> Table:
    return Table(
        "intake_batches",
        metadata,
        Column("run", Text, nullable=False),
        Column("batch", Integer, nullable=False),
        Column("last_record", Integer, nullable=False),  # the checkpoint: what came up to here is in
        Column("read", Integer, nullable=False),
        *(Column(name, Integer, nullable=False) for name in BOOKS),
        Column("findings", JSON, nullable=False),  # faults, notices, fixes by code; dropped by column name
        Column("committed_at", DateTime(timezone=True), nullable=False),
        PrimaryKeyConstraint("run", "batch"),
    )


def _rejections(metadata: MetaData) -> Table:
    return Table(
        "rejections",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("run", Text, nullable=False),
        Column("batch", Integer, nullable=False),
        Column("record", Integer, nullable=False),  # its number in the source, the header not counted
        Column("line", Integer, nullable=False),  # the physical line on which it starts
        Column("kind", Text),
        Column("source_reference", Text),
        Column("faults", JSON, nullable=False),  # [{"code", "field", "params"}]
        Column("fields", JSON, nullable=False),  # the policy's fields as they came; null where a value may not be kept
        Column("policy", Text, nullable=False),
        Column("created_at", DateTime(timezone=True), nullable=False),
        Column("expires_at", DateTime(timezone=True), nullable=False),
        UniqueConstraint("run", "record"),
    )
