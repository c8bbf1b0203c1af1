"""`intake doctor`: whether this environment is sound."""

import sys
from importlib import metadata

import typer

import intake
import loaders
import validators
from intake.exit_status import ExitStatus

OURS = "vipower-intake"


def doctor() -> int:
    """Look whether this environment is sound: PyPI has unrelated projects called validators and intake."""
    distributions = metadata.packages_distributions()
    sound = True
    for module in (validators, loaders, intake):
        name = module.__name__
        strangers = sorted({one for one in distributions.get(name, []) if one != OURS})
        if strangers:
            sound = False
            typer.echo(f"{name}: the package {', '.join(strangers)} has this name too; one of them hides the other.")
            typer.echo(
                f"    Remove it (pip uninstall {' '.join(strangers)}), or keep {OURS} in an environment of its own."
            )
        else:
            typer.echo(f"{name}: ours")
    typer.echo(f"Python {sys.version.split()[0]}")
    for name in ("phonenumbers", "python-stdnum", "email-validator", "msgspec", "SQLAlchemy"):
        typer.echo(f"{name} {metadata.version(name)}")
    return ExitStatus.ACCEPTED if sound else ExitStatus.USAGE
