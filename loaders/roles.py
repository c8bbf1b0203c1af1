"""The roles of a PostgreSQL database, each with no more rights than its work takes, as SQL for whoever administers it.

| role | may | may not |
|---|---|---|
| owner | everything with these tables | |
| migrator | become the owner, to change the schema | |
| loader | add and change customers; write the books and the rejections; know who is there | read customers' data or \
rejections, delete |
| steward | read the rejections and the books | see customers |
| auditor | count: the books, and rows by run, policy and time | see any data of persons |

The loader compares by what `known` shows. Whoever may load can still find out whether a record that he knows in full is
there, by loading it: no right prevents that.
"""

from collections.abc import Iterable, Iterator

import msgspec
from sqlalchemy import Column, Table
from sqlalchemy.dialects.postgresql import dialect

from loaders.known import view_of
from loaders.schema import REVISION
from loaders.tables import Tables, draw
from validators.kind import Kind
from validators.policy import Policy

_TIMES = ("run", "policy", "created_at", "updated_at")
_CHANGED = ("source_reference", "run", "policy", "updated_at")
_QUOTED = dialect().identifier_preparer  # type: ignore[no-untyped-call]


class Roles(msgspec.Struct, frozen=True):
    """The names of the roles: a prefix, and what each is."""

    prefix: str

    @property
    def owner(self) -> str:
        """Return whose the tables are."""
        return f"{self.prefix}_owner"

    @property
    def migrator(self) -> str:
        """Return who changes the schema."""
        return f"{self.prefix}_migrator"

    @property
    def loader(self) -> str:
        """Return who imports."""
        return f"{self.prefix}_loader"

    @property
    def steward(self) -> str:
        """Return who sees to the rejections."""
        return f"{self.prefix}_steward"

    @property
    def auditor(self) -> str:
        """Return who counts."""
        return f"{self.prefix}_auditor"

    @property
    def names(self) -> tuple[str, ...]:
        """Return all of them, the owner first."""
        return (self.owner, self.migrator, self.loader, self.steward, self.auditor)

    @property
    def everyone(self) -> str:
        """Return all of them, as SQL lists them."""
        return ", ".join(self.names)

    @property
    def others(self) -> str:
        """Return all but the owner, as SQL lists them."""
        return ", ".join(self.names[1:])


def roles_sql(policy: Policy, prefix: str) -> str:
    """Return what makes the roles and gives each its rights, and takes all others. Run again, it changes nothing."""
    roles, tables = Roles(prefix), draw(policy)
    parts = (
        _HEAD.format(policy=policy.identity),
        "BEGIN;",
        _roles(roles),
        _database(roles),
        *_records(policy, tables, roles),
        *_ledger(tables, roles),
        "COMMIT;",
    )
    return "\n\n".join(parts) + "\n"


_HEAD = """\
-- The roles of a database of the policy {policy}.
-- intake db roles | psql --set=ON_ERROR_STOP=1 DATABASE, as a superuser; and again after every intake db upgrade.
-- They are groups, as which nobody logs in. To give a person or a service one: GRANT intake_loader TO night_import;"""


def _roles(roles: Roles) -> str:
    names = ", ".join(f"'{name}'" for name in roles.names)
    return f"""\
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY[{names}] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN', name);
    END IF;
  END LOOP;
  IF NOT pg_has_role('{roles.migrator}', '{roles.owner}', 'MEMBER') THEN
    GRANT {roles.owner} TO {roles.migrator};
  END IF;
END $$;"""


def _database(roles: Roles) -> str:
    """Return the rights to get in. A loader needs temporary tables, for what it has read."""
    everyone = roles.everyone
    return f"""\
DO $$
BEGIN
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC, {everyone}', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO {everyone}', current_database());
  EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO {roles.loader}', current_database());
  EXECUTE format('REVOKE ALL ON SCHEMA %I FROM PUBLIC, {everyone}', current_schema());
  EXECUTE format('GRANT USAGE ON SCHEMA %I TO {everyone}', current_schema());
  EXECUTE format('GRANT CREATE ON SCHEMA %I TO {roles.owner}', current_schema());
END $$;"""


def _records(policy: Policy, tables: Tables, roles: Roles) -> Iterator[str]:
    for kind in policy.kinds.values():
        table = tables.kinds[kind.name]
        grants = [
            _grant("INSERT", table, roles.loader, (*kind.names, *_CHANGED, "created_at")),
            _grant("SELECT", table, roles.auditor, _TIMES),
        ]
        if kind.identity:
            grants += [
                _grant("UPDATE", table, roles.loader, (*kind.names, *_CHANGED)),
                # whom it updates; all else that it compares is in the view
                _grant("SELECT", table, roles.loader, ("id", kind.identity, "run")),
            ]
        yield _on(table, roles, grants, [_sequence(table, roles)], kind)


def _ledger(tables: Tables, roles: Roles) -> Iterator[str]:
    rejections = tables.rejections
    reads = f"{roles.loader}, {roles.steward}, {roles.auditor}"
    no_data = [one.name for one in rejections.columns if one.name not in {"fields", "faults", "source_reference"}]
    for table, writes in ((tables.runs, "INSERT, UPDATE"), (tables.batches, "INSERT")):
        yield _on(table, roles, [_grant("SELECT", table, reads), _grant(writes, table, roles.loader)])
    grants = [
        _grant("INSERT", rejections, roles.loader, _written(rejections.columns)),
        _grant("SELECT", rejections, roles.loader, ("run", "batch", "record")),  # to count them, and find them again
        _grant("SELECT", rejections, roles.steward),
        _grant("SELECT", rejections, roles.auditor, no_data),
    ]
    yield _on(rejections, roles, grants, [_sequence(rejections, roles)])
    yield _on(REVISION, roles, [_grant("SELECT", REVISION, reads)])


def _written(columns: Iterable[Column[object]]) -> list[str]:
    return [column.name for column in columns if not column.primary_key]


def _on(table: Table, roles: Roles, grants: Iterable[str], also: Iterable[str] = (), kind: Kind | None = None) -> str:
    """Return what takes all rights on a table and gives those that are due, once it is there."""
    name = _QUOTED.format_table(table)
    all_but_owner = f"PUBLIC, {roles.others}"
    statements = [
        f"ALTER TABLE {name} OWNER TO {roles.owner};",
        f"REVOKE ALL ON {name} FROM {all_but_owner};",
        *grants,
        *also,
    ]
    if kind and kind.identity:
        view = _QUOTED.format_table(view_of(kind))
        statements += [
            f"ALTER VIEW {view} OWNER TO {roles.owner};",
            f"REVOKE ALL ON {view} FROM {all_but_owner};",
            f"GRANT SELECT ON {view} TO {roles.loader};",
        ]
    lines = "\n".join(f"    {statement}" for statement in statements)
    return f"""\
DO $$
BEGIN
  IF to_regclass('{name}') IS NULL THEN
    RAISE NOTICE 'There is no table {table.name} yet: run intake db upgrade, and this again.';
  ELSE
{lines}
  END IF;
END $$;"""


def _grant(rights: str, table: Table, role: str, columns: Iterable[str] = ()) -> str:
    """Return a grant of rights, to columns where some are named."""
    names = ", ".join(_QUOTED.quote(name) for name in columns)
    return f"GRANT {rights}{f' ({names})' if names else ''} ON {_QUOTED.format_table(table)} TO {role};"


def _sequence(table: Table, roles: Roles) -> str:
    """Return the grant of what gives the rows their ids."""
    sequence = f"pg_get_serial_sequence('{_QUOTED.format_table(table)}', 'id')"
    return f"EXECUTE 'GRANT USAGE ON SEQUENCE ' || {sequence} || ' TO {roles.loader}';"
