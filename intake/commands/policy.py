"""`intake policy`: the policy as a table, checked, and as JSON Schema."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from intake.commands.files import PolicyFile, read_policy
from intake.exit_status import ExitStatus
from validators.schema import schema as schema_of

app = typer.Typer(help="The policy: show it, check it, make forms of it.", no_args_is_help=True, rich_markup_mode=None)


@app.command()
def show(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="ViPower's unless said.", show_default=False)
    ] = None,
) -> None:
    """Print a policy as a table: which data of whom, by which clause, for what it is checked, and where it is kept."""
    policy = read_policy(file)
    console = Console(highlight=False, emoji=False, markup=False)
    console.print(f"Policy {policy.identity.name} {policy.identity.version} of {policy.controller}")
    console.print(f"SHA-256 {policy.identity.sha256}")
    console.print(
        f"Fields that it does not name: {'dropped' if policy.on_extra == 'drop' else 'the record is refused'}."
    )
    console.print(f"A refused record is kept for {policy.rejections_days} days.")
    for kind in policy.kinds.values():
        console.print()
        console.print(f"{kind.label['pl']} / {kind.label['en']} ({kind.name}), table {kind.table}")
        console.print(f"Clause: „{kind.clause}”")
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for heading in ("Dane / Data", "Field", "Required", "What it must be"):
            table.add_column(heading)
        for field in kind.fields:
            required = f"else {field.default}" if field.default else "yes" if field.required else "no"
            called = f"{field.label['pl']} / {field.label['en']}"
            table.add_row(called, field.name, required, field.rule.about.replace("`", ""))
        console.print(table)
        identity = f"One record for each {kind.identity}." if kind.identity else "Each record counts."
        console.print(identity)


@app.command()
def check(file: Annotated[Path, typer.Argument(metavar="FILE", show_default=False)]) -> None:
    """Read a policy file strictly, and say what is wrong with it."""
    policy = read_policy(file)
    typer.echo(f"{file.name} is a policy: {policy.identity}, kinds {', '.join(policy.kinds)}.")


@app.command()
def schema(
    kind: Annotated[str, typer.Argument(metavar="KIND", show_default=False)],
    policy: PolicyFile = None,
    language: Annotated[str, typer.Option("--language", help="Of the titles: pl or en.")] = "pl",
) -> int:
    """Print the JSON Schema (2020-12) of a kind, from which a front end can build a form."""
    read = read_policy(policy)
    if kind not in read.kinds:
        message = f"the policy {read.identity.name} has no such kind; it has {', '.join(read.kinds)}."
        raise typer.BadParameter(message, param_hint="KIND")
    if language not in ("pl", "en"):
        message = "pl or en."
        raise typer.BadParameter(message, param_hint="--language")
    text = json.dumps(schema_of(read.kinds[kind], language), ensure_ascii=False, indent=2) + "\n"
    sys.stdout.buffer.write(text.encode())  # JSON is UTF-8 (RFC 8259) whatever the terminal is
    return ExitStatus.ACCEPTED
