"""What a person reads when a run has ended: books, reasons and what to do, what was dropped, where the rest is."""

import os
import sys
import textwrap
from collections.abc import Iterator, Mapping

from rich.console import Console
from rich.text import Text

from intake.errors import shown
from intake.format_words import how_read
from intake.outcome import Outcome
from intake.sources import Place
from intake.sources.format import Format
from loaders.tables import BOOKS
from validators import Policy
from validators.messages import remedy

HOW = {
    "checked": "checked, nothing was written",
    "imported": "imported",
    "continued": "imported; it went on from where it had stopped",
    "imported_before": "was imported before, under the same policy and options; nothing was changed",
    "stopped": "STOPPED, for more records were refused than --max-rejects allows",
}


class Terminal(Console):
    """Standard output, which whoever reads it may close; the work goes on all the same."""

    def on_broken_pipe(self) -> None:
        """Print no more, where rich would end the program and leave the files behind this one unread."""
        self.quiet = True
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def summarise(outcome: Outcome, policy: Policy) -> None:
    """Print the summary of a run on standard output."""
    console = Terminal(highlight=False, emoji=False, markup=False)
    source = outcome.source
    console.print()
    console.print(Text.assemble((source.name, "bold"), f": {HOW[outcome.how]}"), soft_wrap=True)
    facts = [*how_read(source.format), f"policy {outcome.policy}", f"{outcome.seconds:.1f} s"]
    console.print("; ".join(facts), style="dim", soft_wrap=True)
    counts(console, "Records", _books(outcome))
    _causes(console, outcome)
    _reasons(console, outcome)
    findings = outcome.findings
    counts(console, "Worth a look (nothing was refused for it)", _told(outcome, findings["notices"]))
    counts(console, "Put right on the way (nothing was lost)", _told(outcome, findings["fixes"]))
    dropped = ((count, name, "") for name, count in by_count(findings["dropped"]))
    counts(console, f"Not kept, because the policy of {policy.controller} does not name it", dropped)
    _where(console, outcome)


def _where_first(place: Place, read: Format) -> str:
    return f"on line {place.line:,}" if read.sheet is None else f"in row {place.line:,} of sheet {shown(read.sheet)}"


Row = tuple[int, str, str]


def _books(outcome: Outcome) -> Iterator[Row]:
    books = outcome.books
    yield books.read, "read", ""
    if outcome.run is None:  # there is no database to tell more
        yield outcome.accepted, "accepted", ""
        yield books.rejected, "rejected", ""
        yield books.blank, "blank", ""
        return
    for name in BOOKS:
        yield getattr(books, name), name, ""
    if not books.balanced:
        yield (
            books.read - books.sum,
            "MISSING",
            "The books do not balance. Keep the database and the file, and report it.",
        )


def _told(outcome: Outcome, found: Mapping[str, int]) -> Iterator[Row]:
    """Yield counts by code with the first one's sentence; what was found before an interruption has none."""
    for code, count in by_count(found):
        said = outcome.said.get(code)
        yield count, code, said.message("en") if said else ""


def by_count(found: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return counts by name, the highest first."""
    return sorted(found.items(), key=lambda item: (-item[1], item[0]))


def counts(console: Console, title: str, rows: Iterator[Row]) -> None:
    """Print a title and, below it, lines of a count, a name and a sentence."""
    told = list(rows)
    if not told:
        return
    console.print()
    console.print(title, style="bold")
    for count, name, sentence in told:
        line = Text.assemble(f"{count:>9,}  ", (name, "cyan" if sentence else ""))
        console.print(line, soft_wrap=True)
        if sentence:
            indented(console, sentence)


def _causes(console: Console, outcome: Outcome) -> None:
    if not outcome.causes:
        return
    console.print()
    console.print("Causes: what many of them have in common", style="bold")
    for cause in outcome.causes:
        place = f"  {outcome.source.format.line}s {cause.first_line:,} to {cause.last_line:,}"
        console.print(Text.assemble(f"{cause.records:>9,}  ", (cause.code, "red"), place), soft_wrap=True)
        indented(console, cause.message("en"))
        indented(console, "→ " + cause.cure("en"))


def _reasons(console: Console, outcome: Outcome) -> None:
    faults = outcome.findings["faults"]
    if not faults:
        return
    console.print()
    console.print("Why records were refused", style="bold")
    for code, count in by_count(faults):
        console.print(Text.assemble(f"{count:>9,}  ", (code, "red")), soft_wrap=True)
        example = outcome.examples.get(code)
        if example is None:  # it was found before this run was interrupted
            continue
        fault = example.fault
        where = f", {fault.field}" if fault.field else ""
        shape = f" looked like {example.shape}" if example.shape else ""
        indented(console, fault.message("en"))
        indented(console, "→ " + remedy(code, fault.params, "en"))
        indented(console, f"First {_where_first(example.place, outcome.source.format)}{where}{shape}", "dim")


def indented(console: Console, sentence: str, style: str = "") -> None:
    """Print a sentence below a line, in as many lines as it takes."""
    for line in textwrap.wrap(sentence, max(20, console.width - 11)):
        console.print(Text(" " * 11 + line, style=style), soft_wrap=True)


def _where(console: Console, outcome: Outcome) -> None:
    if outcome.run is None:
        return
    console.print()
    console.print(f"Run {outcome.run} in {outcome.database}", soft_wrap=True)
    if outcome.books.rejected:
        waits = "The refused records wait in its table `rejections`, each with its reasons and line."
        console.print(waits, soft_wrap=True)
