"""What a loader may know of the customers in a table: who is there, and whether a row says what it would write.

On PostgreSQL a loader need not be able to read the customers' data to load them (`roles`). Beside each table with an
identity is a view `people_known`: the id, the identity, the run that wrote the row, and the SHA-256 of all the policy's
fields. A view reads with its owner's rights (postgresql.org/docs/18/rules-privileges.html), so whoever may read the
view need not be able to read the table, and what the view does not show cannot be reached through it.

Two rows say the same where their digests are equal. PostgreSQL writes a row as text unambiguously: NULL and the empty
text differ, commas and quotes are told apart (postgresql.org/docs/18/rowtypes.html, 8.16.6).
"""

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    FromClause,
    LargeBinary,
    MetaData,
    Table,
    Text,
    cast,
    event,
    func,
    literal_column,
    select,
    text,
)

from validators.kind import Kind

DIGEST = "content_sha256"


def view_of(kind: Kind) -> Table:
    """Return the view of a kind that has an identity, for use in statements."""
    assert kind.identity  # noqa: S101  (narrows the type)
    return Table(
        f"{kind.table}_known",
        MetaData(),
        Column("id"),
        Column(kind.identity, Text),
        Column("run", Text),
        Column(DIGEST, LargeBinary),
    )


def digest_of(kind: Kind, of: FromClause) -> ColumnElement[bytes]:
    """Return the digest of a row's fields. It does not hang on the order in which a policy names them."""
    row = cast(func.row(*(of.c[name] for name in sorted(kind.names))), Text)
    return func.sha256(func.convert_to(row, literal_column("'UTF8'")), type_=LargeBinary)


def make_view(connection: Connection, kind: Kind, table: Table) -> None:
    """Make the view of a kind's table, or make it anew where the policy has changed; who may read it stays."""
    view = view_of(kind)
    columns = table.c.id, table.c[str(kind.identity)], table.c.run, digest_of(kind, table).label(DIGEST)
    query = select(*columns).compile(connection, compile_kwargs={"literal_binds": True})
    name = connection.dialect.identifier_preparer.format_table(view)
    connection.execute(text(f"CREATE OR REPLACE VIEW {name} AS {query}"))


def keep_view(table: Table, kind: Kind) -> None:
    """Have the view made and dropped with its table, on PostgreSQL."""

    def after_create(_table: Table, connection: Connection, **_: object) -> None:
        if connection.dialect.name == "postgresql":
            make_view(connection, kind, table)

    def before_drop(_table: Table, connection: Connection, **_: object) -> None:
        if connection.dialect.name == "postgresql":
            name = connection.dialect.identifier_preparer.format_table(view_of(kind))
            connection.execute(text(f"DROP VIEW IF EXISTS {name}"))

    event.listen(table, "after_create", after_create)
    event.listen(table, "before_drop", before_drop)
