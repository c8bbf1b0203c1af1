"""What a person reads of the runs that a database has seen: all of them, or one."""

from collections.abc import Iterator
from datetime import datetime

from rich.text import Text

from intake.proposing.as_toml import as_value
from intake.summary import Terminal, by_count, counts, indented
from loaders.history import Past
from loaders.run import FINDINGS, Findings
from loaders.tables import BOOKS

SHORTEST = 8  # digits of a run that are shown at least
LONGEST_POLICY = 20

_STATES = {
    "running": "not finished; it goes on now, or the same command goes on where it was interrupted",
    "stopped": "stopped by --max-rejects; the same command goes on from there",
    "finished": "finished",
}
_TITLES = {
    "faults": "Why records were refused",
    "notices": "Worth a look (nothing was refused for it)",
    "fixes": "Put right on the way (nothing was lost)",
    "dropped": "Not kept, because the policy does not name it",
}


def show_all(runs: list[Past]) -> None:
    """Print two lines for each run: which, when, under which policy, of what, and its books."""
    console = Terminal(highlight=False, emoji=False, markup=False)
    if not runs:
        console.print("No runs yet.")
        return
    digits = _digits(runs)
    for past in runs:
        policy = _cut(f"{past.policy.name} {past.policy.version}", LONGEST_POLICY)
        head = f"{past.run[:digits]}  {_moment(past.started_at)}  {policy}  "
        state = "" if past.state == "finished" else f"  {past.state.upper()}"
        name = _cut(past.source.name, console.width - len(head) - len(state))
        console.print(Text.assemble(head, (name, "bold"), (state, "red")), soft_wrap=True)
        indented(console, _books(past))


def show_one(past: Past, findings: Findings) -> None:
    """Print all that is known of a run."""
    console = Terminal(highlight=False, emoji=False, markup=False)
    for name, value in _facts(past):
        console.print(Text.assemble(f"{name:<9} ", value), soft_wrap=True)
    counts(console, "Records", _counted(past))
    for name in FINDINGS:
        counts(console, _TITLES[name], ((count, code, "") for code, count in by_count(findings[name])))


def _facts(past: Past) -> Iterator[tuple[str, str]]:
    yield "Run", past.run
    yield "State", _STATES[past.state]
    yield "File", past.source.name
    yield "SHA-256", past.source.sha256
    yield "Policy", f"{past.policy.name} {past.policy.version}"
    yield "SHA-256", past.policy.sha256
    yield "Started", _moment(past.started_at)
    if past.finished_at:
        yield "Ended", _moment(past.finished_at)
    for name, value in past.options.items():
        if isinstance(value, dict):  # the mapping: as its file has it, a line a field
            yield from (("Mapping", f"{field} = {as_value(made)}") for field, made in value.items())
        elif value:
            yield "Option", f"{name} {value}"


def _counted(past: Past) -> Iterator[tuple[int, str, str]]:
    yield past.books.read, "read", ""
    for name in BOOKS:
        yield getattr(past.books, name), name, ""
    if not past.books.balanced:
        yield past.books.read - past.books.sum, "MISSING", "The books do not balance."


def _books(past: Past) -> str:
    some = [f"{count:,} {name}" for name in BOOKS if (count := getattr(past.books, name))]
    missing = [] if past.books.balanced else [f"{past.books.read - past.books.sum:,} MISSING"]
    return f"{past.books.read:,} read" + (": " + ", ".join(some + missing) if some or missing else "")


def _digits(runs: list[Past]) -> int:
    """Return how many digits tell the runs apart."""
    most = max(len(past.run) for past in runs)
    tell = (digits for digits in range(SHORTEST, most) if len({past.run[:digits] for past in runs}) == len(runs))
    return next(tell, most)


def _moment(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M UTC")


def _cut(name: str, width: int) -> str:
    return name if len(name) <= width else name[: max(1, width - 1)] + "…"
