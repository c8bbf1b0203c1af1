"""`intake runs`: what was imported when, under which policy, with which books."""

import sys
from typing import Annotated

import msgspec
import typer
from sqlalchemy import Connection

from intake.commands.database import DEFAULT, Json, transaction
from intake.commands.files import Insecure, Into
from intake.exit_status import ExitStatus
from intake.history import show_all, show_one
from loaders.history import Past, RunNotFoundError, history, one_of
from loaders.run import Findings, findings
from loaders.tables import Tables, draw
from validators.policy import vipower

app = typer.Typer(invoke_without_command=True, rich_markup_mode=None)


@app.callback()
def runs(context: typer.Context, *, into: Into = DEFAULT, json: Json = False, allow_insecure: Insecure = False) -> int:
    """List what was imported when, under which policy, with which books; the newest first."""
    if context.invoked_subcommand:
        if (into, json, allow_insecure) != (DEFAULT, False, False):
            message = "options stand behind it: intake runs show RUN --into URL"
            raise typer.BadParameter(message, param_hint=context.invoked_subcommand)
        return ExitStatus.ACCEPTED
    with transaction(into, allow_insecure=allow_insecure, reading=True) as connection:
        found = history(connection, _tables())
    if json:
        _print({"runs": [_as_dict(past) for past in found]})
    else:
        show_all(found)
    return ExitStatus.ACCEPTED


@app.command()
def show(
    run: Annotated[str, typer.Argument(metavar="RUN", help="Its digits, or the first of them.", show_default=False)],
    *,
    into: Into = DEFAULT,
    json: Json = False,
    allow_insecure: Insecure = False,
) -> int:
    """Show one run: its file, policy, options and books, and what was found, by code."""
    with transaction(into, allow_insecure=allow_insecure, reading=True) as connection:
        past, found = _found(connection, run)
    if json:
        _print(_as_dict(past) | found)
    else:
        show_one(past, found)
    return ExitStatus.ACCEPTED


def _found(connection: Connection, run: str) -> tuple[Past, Findings]:
    try:
        past = one_of(history(connection, _tables()), run)
    except RunNotFoundError as error:
        message = f"{error}. intake runs lists them."
        raise typer.BadParameter(message, param_hint="RUN") from None
    return past, findings(connection, _tables(), past.run)


def _tables() -> Tables:
    """Return the tables; those of the runs are the same under every policy."""
    return draw(vipower())


def _as_dict(past: Past) -> dict[str, object]:
    return {name: msgspec.to_builtins(value) for name, value in msgspec.structs.asdict(past).items()}


def _print(told: object) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(told) + b"\n")  # bytes, for JSON is UTF-8 whatever the terminal is
