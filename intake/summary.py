"""What a person reads when a run has ended: the books, the reasons and what to do, what was dropped, where the rest is."""

from collections.abc import Mapping

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from intake.outcome import Outcome
from loaders.tables import BOOKS
from validators import Policy
from validators.finding import Fix, Notice
from validators.messages import remedy

_HOW = {
    "checked": "Checked; nothing was written.",
    "imported": "Imported.",
    "continued": "Imported; it went on from where it had stopped.",
    "imported_before": "This file was imported before, under the same policy and options. Nothing was changed.",
    "stopped": "STOPPED: more records were refused than --max-rejects allows.",
}


def summarise(outcome: Outcome, policy: Policy) -> None:
    """Print the summary of a run on standard output."""
    console = Console(highlight=False, emoji=False, markup=False)
    source = outcome.source
    delimiter = {None: "", "\t": ", tab between columns"}.get(source.delimiter, f", {source.delimiter} between columns")
    console.print()
    console.print(Text(f"{source.name}: {_HOW[outcome.how]}", style="bold"))
    console.print(f"{source.encoding}{delimiter} · policy {outcome.policy} · {outcome.seconds:.1f} s")
    console.print(_books(outcome))
    _reasons(console, outcome)
    _counts(console, "Worth a look (nothing was refused for it)", outcome.findings["notices"], Notice)
    _counts(console, "Put right on the way (nothing was lost)", outcome.findings["fixes"], Fix)
    _dropped(console, outcome.findings["dropped"], policy)
    _where(console, outcome)


def _books(outcome: Outcome) -> Table:
    table = Table(box=box.SIMPLE, pad_edge=False, show_header=False)
    table.add_column()
    table.add_column(justify="right")
    books = outcome.books
    table.add_row("read", f"{books.read:,}")
    if outcome.how == "checked":
        rows = {"accepted": outcome.accepted, "rejected": books.rejected, "blank": books.blank}
    else:
        rows = {name: getattr(books, name) for name in BOOKS}
    for name, count in rows.items():
        table.add_row(f"  {name}", f"{count:,}" if count else "–")
    if outcome.how != "checked":
        table.add_row("", "they balance" if books.balanced else "THEY DO NOT BALANCE")
    return table


def _reasons(console: Console, outcome: Outcome) -> None:
    faults = outcome.findings["faults"]
    if not faults:
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, title="Why records were refused", title_justify="left", expand=False)
    table.add_column("records", justify="right")
    table.add_column("reason")
    table.add_column("first: line, shape")
    table.add_column("what to do")
    for code, count in sorted(faults.items(), key=lambda item: -item[1]):
        example = outcome.examples.get(code)
        if example is None:  # an earlier part of this run found it
            table.add_row(f"{count:,}", Text(code, style="bold"), "", "")
            continue
        fault = example.fault
        reason = Text.assemble((code, "bold"), f" {fault.field or ''}\n{fault.message('en')}")
        first = Text(f"{example.place.line:,}" + (f"\n{example.shape}" if example.shape else ""))
        table.add_row(f"{count:,}", reason, first, remedy(code, fault.params, "en"))
    console.print(table)


def _counts(console: Console, title: str, counts: Mapping[str, int], finding: type[Notice] | type[Fix]) -> None:
    if not counts:
        return
    table = Table(box=box.SIMPLE, pad_edge=False, show_header=False, title=title, title_justify="left")
    table.add_column(justify="right")
    table.add_column(style="bold")
    table.add_column()
    for code, count in sorted(counts.items(), key=lambda item: -item[1]):
        table.add_row(f"{count:,}", code, _plain(finding(code)))
    console.print(table)


def _plain(finding: Notice | Fix) -> str:
    """Return a code's sentence where it needs no parameter; each record has its own, and many are counted here."""
    try:
        return finding.message("en")
    except KeyError:
        return ""


def _dropped(console: Console, dropped: Mapping[str, int], policy: Policy) -> None:
    if not dropped:
        return
    table = Table(
        box=box.SIMPLE,
        pad_edge=False,
        show_header=False,
        title=f"Not kept, for the policy of {policy.controller} does not name it",
        title_justify="left",
    )
    table.add_column(justify="right")
    table.add_column()
    for name, count in sorted(dropped.items(), key=lambda item: -item[1]):
        table.add_row(f"{count:,}", Text(name))
    console.print(table)


def _where(console: Console, outcome: Outcome) -> None:
    if outcome.run is None:
        return
    console.print(f"Run {outcome.run}, database {outcome.database}", soft_wrap=True)
    if outcome.books.rejected:
        console.print("The refused records wait in its table `rejections`, with their reasons and line numbers.", soft_wrap=True)
    console.print()
