"""`intake check FILE` and `intake import FILE…`."""

import signal
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from types import FrameType
from typing import Annotated

import msgspec
import typer

from intake.exit_status import ExitStatus
from intake.limit import Limit
from intake.mapping_file import read_mapping
from intake.outcome import Outcome
from intake.preview import preview
from intake.progress import progress
from intake.report import Report
from intake.run import Options, Watcher, check_source, import_source
from intake.sources.encoding import NAMES
from intake.summary import summarise
from loaders.database import open_database
from loaders.errors import DatabaseError
from validators import Policy, load_policy
from validators.policy import vipower


class OnExtra(StrEnum):
    """What happens to a record with fields that the policy does not name."""

    DROP = "drop"
    REJECT = "reject"


class Quoting(StrEnum):
    """What quotes mean in CSV."""

    DOUBLED = "doubled"
    BACKSLASH = "backslash"
    SINGLE = "single"
    NONE = "none"


class OnExisting(StrEnum):
    """What happens to a customer who is in the database already, and differs."""

    UPDATE = "update"
    KEEP = "keep"


_A_FILE = "CSV, JSON Lines, Parquet or a workbook; - is standard input."
File = Annotated[Path, typer.Argument(metavar="FILE", help=_A_FILE, show_default=False)]
Files = Annotated[list[Path], typer.Argument(metavar="FILE...", help=_A_FILE, show_default=False)]
PolicyFile = Annotated[Path | None, typer.Option("--policy", metavar="FILE", help="The policy; ViPower's unless said.")]
Kind = Annotated[
    str | None,
    typer.Option(
        metavar="KIND",
        help="The kind of all records. Else a column kind or rodzaj says it, else records with a NIP or a company "
        "name are business, and all others individual.",
    ),
]
Mapping = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="TOML: of which columns each field is made, where their names do not say it (intake map)."
    ),
]
Encoding = Annotated[
    str | None,
    typer.Option(help=f"That of CSV, where the file does not prove it: {', '.join(NAMES)}. JSON Lines are UTF-8."),
]
Delimiter = Annotated[str | None, typer.Option(help="What separates the columns of CSV; found by reading unless said.")]
QuotingOf = Annotated[
    Quoting | None,
    typer.Option(
        "--quoting",
        help="What quotes of CSV mean; found by reading unless said. A quote within quotes is doubled, or has a "
        "backslash before it; quotes are single; or none of them means anything.",
    ),
]
HeaderLine = Annotated[
    int | None,
    typer.Option(min=1, metavar="N", help="The line of CSV on which its header stands; found by reading unless said."),
]
Sheet = Annotated[
    str | None,
    typer.Option(metavar="NAME|N", help="That of a workbook, where more than one holds something."),
]
Extra = Annotated[
    OnExtra | None,
    typer.Option("--on-extra", help="Drop fields that the policy does not name, or reject the record."),
]
Existing = Annotated[
    OnExisting, typer.Option("--on-existing", help="Update a customer who is there already, or keep what is there.")
]
MaxRejects = Annotated[
    str | None, typer.Option(metavar="N|P%", help="Stop when more records than this, or more per cent, are refused.")
]
ReportFolder = Annotated[
    Path | None,
    typer.Option(
        "--report", metavar="DIR", help="Write report.json and rejections.jsonl there: places and reasons, no values."
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output, and no summary.")]
Into = Annotated[
    str,
    typer.Option(metavar="URL", help="The database: sqlite:///customers.db or postgresql://user@host/database."),
]
Insecure = Annotated[
    bool,
    typer.Option(
        "--allow-insecure-database",
        help="Send customers' data to a database on another host though others may read it on the way.",
    ),
]


def check(  # noqa: PLR0913  (the options that the design fixes)
    file: File,
    *,
    policy: PolicyFile = None,
    kind: Kind = None,
    mapping: Mapping = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    quoting: QuotingOf = None,
    header_line: HeaderLine = None,
    sheet: Sheet = None,
    on_extra: Extra = None,
    max_rejects: MaxRejects = None,
    report: ReportFolder = None,
    json: Json = False,
) -> int:
    """Judge a file and write nothing."""
    said = (encoding, delimiter, quoting, header_line, sheet)
    options = _options(policy, kind, mapping, said, on_extra, OnExisting.UPDATE, max_rejects)
    return _run([file], options, check_source, report, json=json)


def import_(  # noqa: PLR0913  (the options that the design fixes)
    files: Files,
    *,
    into: Into = "sqlite:///customers.db",
    policy: PolicyFile = None,
    kind: Kind = None,
    mapping: Mapping = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    quoting: QuotingOf = None,
    header_line: HeaderLine = None,
    sheet: Sheet = None,
    on_extra: Extra = None,
    on_existing: Existing = OnExisting.UPDATE,
    max_rejects: MaxRejects = None,
    report: ReportFolder = None,
    json: Json = False,
    allow_insecure: Insecure = False,
) -> int:
    """Load the good records into the database and keep the bad ones aside, with their reasons."""
    said = (encoding, delimiter, quoting, header_line, sheet)
    options = _options(policy, kind, mapping, said, on_extra, on_existing, max_rejects)
    engine = open_database(into, allow_insecure=allow_insecure)
    signal.signal(signal.SIGTERM, _interrupt)

    def load(path: Path, options: Options, watcher: Watcher) -> Outcome:
        return import_source(path, options, engine, watcher)

    return _run(files, options, load, report, json=json)


def _run(
    files: list[Path],
    options: Options,
    go: Callable[[Path, Options, Watcher], Outcome],
    folder: Path | None,
    *,
    json: bool,
) -> int:
    """Run over each file; the highest status is the command's."""
    outcomes: list[Outcome] = []
    report = Report(folder) if folder else None
    for path in files:
        with progress() as watch:
            watcher = Watcher(progress=watch, waiting=_say_waiting)
            if report:
                watcher = msgspec.structs.replace(watcher, rejection=report.rejection)
            outcome = go(path, options, watcher)
        outcomes.append(outcome)
        if not json:
            show = preview if outcome.run is None else summarise
            show(outcome, options.policy)
        if outcome.status > ExitStatus.REJECTED:
            break
    if report:
        report.close(outcomes, options.policy)
    if json:
        told = [outcome.as_dict() for outcome in outcomes]
        # Bytes, for JSON is UTF-8 (RFC 8259) whatever the terminal is.
        sys.stdout.buffer.write(msgspec.json.encode(told[0] if len(files) == 1 else {"runs": told}) + b"\n")
    return max(outcome.status for outcome in outcomes)


def _say_waiting(error: DatabaseError, seconds: float) -> None:
    sys.stderr.write(f"{error.message} Trying again in {seconds:g} s.\n")


def _options(  # noqa: PLR0913, PLR0917  (the options that the design fixes)
    policy_path: Path | None,
    kind: str | None,
    mapping_path: Path | None,
    said: tuple[str | None, str | None, Quoting | None, int | None, str | None],
    on_extra: OnExtra | None,
    on_existing: OnExisting,
    max_rejects: str | None,
) -> Options:
    policy = read_policy(policy_path)
    encoding, delimiter, quoting, header_line, sheet = said
    return Options(
        policy=policy,
        kind=kind_named(policy, kind),
        mapping=read_mapping(mapping_path, policy) if mapping_path else {},
        mapping_path=mapping_path,
        encoding=encoding,
        delimiter=delimiter,
        quoting=quoting.value if quoting else None,
        header_line=header_line,
        sheet=sheet,
        on_extra=on_extra.value if on_extra else None,
        on_existing=on_existing.value,
        max_rejects=_limit(max_rejects),
    )


def read_policy(path: Path | None) -> Policy:
    """Return the policy of a file, or ViPower's; a file that cannot be read is a usage error."""
    if path is None:
        return vipower()
    try:
        return load_policy(path)
    except OSError as error:
        message = f"{path.name} cannot be read ({error.strerror})."
        raise typer.BadParameter(message, param_hint="--policy") from None


def kind_named(policy: Policy, word: str | None) -> str | None:
    """Return the name of the kind that a word on the command line means; another word is a usage error."""
    if word is None:
        return None
    name = policy.words.get(word.strip().casefold())
    if name is None:
        message = f"the policy {policy.identity.name} has no such kind; it has {', '.join(policy.kinds)}."
        raise typer.BadParameter(message, param_hint="--kind")
    return name


def _limit(text: str | None) -> Limit | None:
    if text is None:
        return None
    try:
        return Limit.parse(text)
    except ValueError:
        message = "give a number of records (100) or a percentage (5%)."
        raise typer.BadParameter(message, param_hint="--max-rejects") from None


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
