"""What `intake check` prints: how the file is read, what each column is, what would come of it, in one screen.

On a terminal long lists are cut to what fits; what an operator wants to know first comes first. Where standard output
is a file or a pipe, all is printed.
"""

import textwrap
from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.text import Text

from intake.assignment import Assignment
from intake.causes import Cause
from intake.format_words import how_read
from intake.outcome import Outcome
from intake.screen import Block, Section, lines_of
from intake.summary import HOW, Terminal, by_count
from intake.tally import Example, Sample
from validators import Policy
from validators.messages import remedy

_INDENT = " " * 11
_PROMPT = 1  # the line on which the next command is typed


def preview(outcome: Outcome, policy: Policy) -> None:
    """Print what a check found on standard output."""
    console = Terminal(highlight=False, emoji=False, markup=False)
    fitting = console.is_terminal
    head = [*_head(outcome, console.width)]
    sections = list(_sections(outcome, policy, console.width))
    height = console.height - len(head) - _PROMPT if fitting else None
    for line in (*head, *lines_of(sections, height)):
        _print(console, line, fitting=fitting)


def _print(console: Console, line: Text, *, fitting: bool) -> None:
    if fitting:
        line.truncate(console.width, overflow="ellipsis")
    console.print(line, soft_wrap=True)


def _head(outcome: Outcome, width: int) -> Iterator[Text]:
    yield Text.assemble((outcome.source.name, "bold"), f": {HOW[outcome.how]}")
    facts = [*how_read(outcome.source.format), f"policy {outcome.policy}", f"{outcome.seconds:.1f} s"]
    yield from (Text(line, style="dim") for line in textwrap.wrap("; ".join(facts), max(20, width)))
    books = outcome.books
    yield Text(
        f"{books.read:,} records: {outcome.accepted:,} accepted, {books.rejected:,} rejected, {books.blank:,} blank",
        style="bold",
    )


def _sections(outcome: Outcome, policy: Policy, width: int) -> Iterator[Section]:
    """Yield the sections in their order, which is that of their weight."""
    findings = outcome.findings
    yield Section("Causes", [_cause(cause, outcome.source.format.line, width) for cause in outcome.causes])
    faults = by_count(findings["faults"])
    yield Section("Why records were refused", [_reason(outcome, *fault) for fault in faults])
    yield Section("Columns", [*_flow(map(_assigned, outcome.mapping), width)])
    fixes = [Block([_fixed(outcome.samples.get(code), count, code)]) for code, count in by_count(findings["fixes"])]
    yield Section("Put right on the way (shapes: 9 a digit, x a letter)", fixes)
    notices = [Block([_noticed(outcome, *notice)]) for notice in by_count(findings["notices"])]
    yield Section("Worth a look (nothing was refused for it)", notices)
    dropped = dict.fromkeys(outcome.extras, 0) | findings["dropped"]
    told = (f"{name} {count:,}" if count else name for name, count in by_count(dropped))
    yield Section(f"Not kept: the policy of {policy.controller} does not name it", [*_flow(told, width)])


def _cause(cause: Cause, unit: str, width: int) -> Block:
    return Block([_cause_line(cause, unit), *(Text(line) for line in _cause_words(cause, width))])


def _cause_line(cause: Cause, unit: str) -> Text:
    shape = f", like {cause.shape}" if cause.shape else ""
    place = f"  {unit}s {cause.first_line:,} to {cause.last_line:,}{shape}"
    return Text.assemble(f"{cause.records:>9,}  ", (cause.code, "red"), place)


def _cause_words(cause: Cause, width: int) -> Iterator[str]:
    for sentence in (cause.message("en"), "→ " + cause.cure("en")):
        yield from textwrap.wrap(sentence, max(20, width), initial_indent=_INDENT, subsequent_indent=_INDENT)


def _reason(outcome: Outcome, code: str, count: int) -> Block:
    first = Text.assemble(f"{count:>9,}  ", (code, "red"))
    example = outcome.examples.get(code)
    if example is None:
        return Block([first])
    fault = example.fault
    words = f"{fault.message('en')} → {remedy(code, fault.params, 'en')}"
    told = first.append("  " + _example(example, outcome.source.format.line))
    return Block([told, Text(_INDENT + words)])


def _example(example: Example, unit: str) -> str:
    field = f" {example.fault.field}" if example.fault.field else ""
    shape = f" {_quoted(example.shape)}" if example.shape else ""
    return f"{unit} {example.place.line:,}{':' if field else ''}{field}{shape}"


def _assigned(one: Assignment) -> str:
    how = " (--mapping)" if one.by == "mapping" else ""
    return f"{one.field} ← {' + '.join(one.columns)}{how}"


def _fixed(sample: Sample | None, count: int, code: str) -> Text:
    told = f"  {_quoted(sample.before)} → {_quoted(sample.after)}" if sample else ""
    return Text(f"{count:>9,}  {code}{told}")


def _noticed(outcome: Outcome, code: str, count: int) -> Text:
    said = outcome.said.get(code)
    return Text(f"{count:>9,}  {code}" + (f"  {said.message('en')}" if said else ""))


def _quoted(shape: str) -> str:
    """Return a shape, in quotes where spaces at its ends would not be seen."""
    return shape if shape == shape.strip() else f"“{shape}”"


def _flow(items: Iterable[str], width: int) -> Iterator[Block]:
    """Yield items one after the other, in lines of this width."""
    line: list[str] = []
    for item in items:
        if line and len(_told(line)) + len(item) + 2 > width:
            yield Block([Text(_told(line))], len(line))
            line = []
        line.append(item)
    if line:
        yield Block([Text(_told(line))], len(line))


def _told(items: Iterable[str]) -> str:
    return "  " + ", ".join(items)
