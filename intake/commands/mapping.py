"""`intake map FILE`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from intake.commands.files import (
    Delimiter,
    Encoding,
    File,
    HeaderLine,
    Kind,
    PolicyFile,
    QuotingOf,
    Sheet,
    kind_named,
    read_policy,
)
from intake.exit_status import ExitStatus
from intake.proposing.as_toml import as_toml
from intake.proposing.proposal import Proposed
from intake.proposing.propose import propose
from intake.proposing.sample import take_sample
from intake.sources import open_source

Output = Annotated[
    Path | None,
    typer.Option("-o", "--output", metavar="FILE", help="Write it there; on standard output unless said."),
]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Write it even if such a file is there.")]


def map_(  # noqa: PLR0913  (the options that the design fixes)
    file: File,
    *,
    policy: PolicyFile = None,
    kind: Kind = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    quoting: QuotingOf = None,
    header_line: HeaderLine = None,
    sheet: Sheet = None,
    output: Output = None,
    overwrite: Overwrite = False,
) -> int:
    """Propose a mapping: of which columns each field of the policy is made, for a person to correct."""
    judged_by = read_policy(policy)
    stated = kind_named(judged_by, kind)
    if output and output.exists() and not overwrite:
        message = f"{output.name} is there already; say another name, or --overwrite."
        raise typer.BadParameter(message, param_hint="--output")
    source = open_source(
        file,
        delimiter=delimiter,
        encoding=encoding,
        quoting=quoting.value if quoting else None,
        header_line=header_line,
        sheet=sheet,
    )
    sample = take_sample(source)
    proposed = propose(sample, judged_by, stated)
    _write(as_toml(proposed, source.name, sample, judged_by), output, overwrite=overwrite)
    sys.stderr.write(_told(proposed))
    return ExitStatus.REJECTED if proposed.has_questions else ExitStatus.ACCEPTED


def _write(text: str, path: Path | None, *, overwrite: bool) -> None:
    if path is None:
        sys.stdout.buffer.write(text.encode())  # TOML is UTF-8 whatever the terminal is
        return
    try:
        with path.open("w" if overwrite else "x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        message = f"{path.name} cannot be written ({error.strerror})."
        raise typer.BadParameter(message, param_hint="--output") from None


def _told(proposed: Proposed) -> str:
    chosen = sum(one.chosen is not None for one in proposed.fields)
    asked = [one.field for one in proposed.fields if one.chosen is None]
    questions = f"; for a person to decide: {', '.join(asked)}" if asked else ""
    return f"Proposed: {chosen} fields{questions}.\n"
