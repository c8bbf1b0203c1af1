"""How far a run is: on a terminal a bar with rate and time left, on standard error; in a pipe nothing at all."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from intake.run import Watch
from intake.sources import Source


@contextmanager
def progress() -> Iterator[Watch]:
    """Yield what is told, batch by batch, how many records are done."""
    console = Console(stderr=True, highlight=False, emoji=False)
    if not (sys.stderr.isatty() and console.is_terminal):
        yield lambda _source, _records: None
        return
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%  {task.fields[records]:,} records  {task.fields[rate]:,.0f}/s"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("reading", total=None, records=0, rate=0.0)

        def watch(source: Source, records: int) -> None:
            elapsed = bar.tasks[task].elapsed or 0.0
            rate = records / elapsed if elapsed else 0.0
            bar.update(
                task, description=source.name, total=source.size, completed=source.position, records=records, rate=rate
            )

        yield watch
