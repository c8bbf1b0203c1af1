"""The command line: what a person types, and what comes of it.

Every expected error is one line on standard error, with what, where and what to do, and an exit status of its own.
"""

import os
import sys
from typing import Final

import typer

from intake.columns import ColumnsError
from intake.commands import database, doctor, files, mapping, policy, runs
from intake.errors import SourceError
from intake.exit_status import ExitStatus
from intake.mapping_file import MappingError
from loaders.errors import DatabaseError, DatabaseTemporaryError, disk_full
from validators import PolicyError

app: Final = typer.Typer(
    help="Keeps only the customer data that the privacy policy names.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # they show local variables, and so customers' values
    rich_markup_mode=None,
)
app.command("check")(files.check)
app.command("import")(files.import_)
app.command("map")(mapping.map_)
app.add_typer(runs.app, name="runs")
app.add_typer(database.app, name="db")
app.add_typer(policy.app, name="policy")
app.command("doctor")(doctor.doctor)

# Files that are not there or not files were never begun to be read: that is a slip on the command line.
_USAGE = {
    "source.missing",
    "source.is_directory",
    "source.not_a_file",
    "source.not_permitted",
    "source.encoding_unsupported",
    "source.delimiter_unusable",
    "source.sheet_unknown",
    "source.workbook_reader_missing",
    "source.parquet_reader_missing",
    "source.header_missing",
}

# What may go by itself, or by making room.
_TEMPORARY = {"source.not_kept"}


def run(arguments: list[str] | None = None) -> int:
    """Run the command line and return the exit status."""
    try:
        status = app(arguments, prog_name="intake", standalone_mode=False)
        sys.stdout.flush()
    except typer.TyperException as error:  # a slip on the command line; where nothing stands on it, this is the help
        return _say(error.format_message(), ExitStatus.USAGE)
    except (PolicyError, MappingError, ColumnsError, SourceError, DatabaseError) as error:
        return _say(str(error), _status(error))
    except OSError as error:  # a report, or what is shown, goes to a disk that is full
        full = disk_full(error)
        if full is None:
            raise
        # What could not be shown is given up, or Python would try once more at the end (its manual, signal, SIGPIPE).
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _say(str(full), ExitStatus.TEMPORARY)
    if status == ExitStatus.INTERRUPTED:  # what Typer makes of KeyboardInterrupt
        return _say("Interrupted. What was committed is kept; the same command goes on there.", ExitStatus.INTERRUPTED)
    return status if isinstance(status, int) else ExitStatus.ACCEPTED


def _status(error: Exception) -> ExitStatus:
    if isinstance(error, SourceError) and error.code in _TEMPORARY:
        return ExitStatus.TEMPORARY
    if isinstance(error, SourceError) and error.code not in _USAGE:
        return ExitStatus.STOPPED
    return ExitStatus.TEMPORARY if isinstance(error, DatabaseTemporaryError) else ExitStatus.USAGE


def _say(message: str, status: ExitStatus) -> ExitStatus:
    sys.stderr.write(message.rstrip() + "\n")
    return status
