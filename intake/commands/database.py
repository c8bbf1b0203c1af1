"""`intake db`: whether a database fits the policy, and making it fit."""

import re
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.text import Text
from sqlalchemy import Connection

from intake.commands.files import Insecure, Into, PolicyFile, read_policy
from intake.exit_status import ExitStatus
from intake.summary import Terminal
from loaders.database import open_database
from loaders.errors import translated
from loaders.schema import HEAD, Difference, revision_of
from loaders.schema_change import differences, drop_column, droppable
from loaders.schema_change import upgrade as upgrade_database
from loaders.tables import draw
from loaders.transport import shown

app = typer.Typer(
    help="The database: whether it fits the policy, and making it fit.", no_args_is_help=True, rich_markup_mode=None
)
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output, and nothing else.")]
DEFAULT = "sqlite:///customers.db"


@app.command()
def check(
    *, into: Into = DEFAULT, policy: PolicyFile = None, json: Json = False, allow_insecure: Insecure = False
) -> int:
    """Say in what a database differs from the policy, and how to mend it. Changes nothing; status 1 if it differs."""
    read = read_policy(policy)
    with transaction(into, allow_insecure=allow_insecure, reading=True) as connection:
        found = differences(connection, draw(read))
        revision = revision_of(connection)
        database = shown(connection.engine.url)
    if json:
        told = {
            "database": database,
            "policy": msgspec.to_builtins(read.identity),
            "revision": {"found": revision, "expected": HEAD},
            "differences": [_as_dict(one) for one in found],
        }
        sys.stdout.buffer.write(msgspec.json.encode(told) + b"\n")
    else:
        _say(found, _where(database, policy), f"{database} fits the policy {read.identity}.")
    return ExitStatus.REJECTED if found else ExitStatus.ACCEPTED


@app.command()
def upgrade(*, into: Into = DEFAULT, policy: PolicyFile = None, allow_insecure: Insecure = False) -> int:
    """Make a database fit the policy as far as nothing is lost: all of it or nothing; status 1 if something is left."""
    read = read_policy(policy)
    with transaction(into, allow_insecure=allow_insecure) as connection:
        done = upgrade_database(connection, draw(read))
        left = differences(connection, draw(read))
        database = shown(connection.engine.url)
    for step in done:
        typer.echo(f"{step[0].upper()}{step[1:]}.")
    _say(left, _where(database, policy), f"{database} fits the policy {read.identity}.")
    return ExitStatus.REJECTED if left else ExitStatus.ACCEPTED


@app.command("drop-column")
def drop(
    name: Annotated[str, typer.Argument(metavar="TABLE.COLUMN", show_default=False)],
    *,
    into: Into = DEFAULT,
    policy: PolicyFile = None,
    yes: Annotated[bool, typer.Option("--yes", help="Drop it; without, only say what it holds.")] = False,
    allow_insecure: Insecure = False,
) -> int:
    """Drop a column that the policy does not name, with all it holds, for good."""
    table, dot, column = name.partition(".")
    if not (table and dot and column):
        message = "give the table and the column with a full stop between, as people.pesel."
        raise typer.BadParameter(message, param_hint="TABLE.COLUMN")
    tables = draw(read_policy(policy))
    with transaction(into, allow_insecure=allow_insecure, reading=True) as connection:
        rows = droppable(connection, tables, table, column)
    held = f"{rows:,} {'row' if rows == 1 else 'rows'} with a value"
    if not yes:
        message = f"the column holds {held}, which nothing brings back; say --yes to drop it."
        raise typer.BadParameter(message, param_hint="TABLE.COLUMN")
    with transaction(into, allow_insecure=allow_insecure) as connection:
        drop_column(connection, tables, table, column)
    typer.echo(f"Dropped {table}.{column}: {held}.")
    return ExitStatus.ACCEPTED


@app.command()
def roles(
    *,
    policy: PolicyFile = None,
    prefix: Annotated[str, typer.Option(metavar="NAME", help="What the names of the roles begin with.")] = "intake",
) -> None:
    """Print the SQL of PostgreSQL roles with no more rights than their work takes: pipe it into psql."""
    if not re.fullmatch("[a-z][a-z0-9_]{0,49}", prefix):
        message = "lower-case letters a to z, digits and _, a letter first, 50 at most."
        raise typer.BadParameter(message, param_hint="--prefix")
    from loaders.roles import roles_sql  # noqa: PLC0415  (it loads what SQLAlchemy knows of every PostgreSQL driver)

    typer.echo(roles_sql(read_policy(policy), prefix), nl=False)


@contextmanager
def transaction(into: str, *, allow_insecure: bool, reading: bool = False) -> Iterator[Connection]:
    """Open a database for one transaction; DatabaseError."""
    engine = open_database(into, allow_insecure=allow_insecure, reading=reading)
    try:
        with translated(), engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def _as_dict(one: Difference) -> dict[str, object]:
    """Return the JSON form; SQLAlchemy's names are a kind of text of their own, which msgspec does not write."""
    told = msgspec.structs.asdict(one)
    return {name: str(value) if isinstance(value, str) else value for name, value in told.items()}


def _say(found: list[Difference], where: str, fits: str) -> None:
    """Print what differs and how to mend it, each command on one line, to be copied."""
    console = Terminal(highlight=False, emoji=False, markup=False)
    if not found:
        console.print(Text(fits), soft_wrap=True)
    for one in found:
        rows = f" ({one.rows:,} {'row' if one.rows == 1 else 'rows'})" if one.rows else ""
        console.print(Text(f"{one.message[0].upper()}{one.message[1:]}{rows}."), soft_wrap=True)
        console.print(Text(f"    {one.remedy.replace('--into URL', where)}"), soft_wrap=True)


def _where(database: str, policy: Path | None) -> str:
    """Return the options that name a database, without its password, and a policy."""
    return f"--into {shlex.quote(database)}" + (f" --policy {shlex.quote(str(policy))}" if policy else "")
