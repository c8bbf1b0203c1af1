"""The `intake` command."""

import gc
import os
import sys
from io import TextIOWrapper
from types import TracebackType

from intake.exit_status import ExitStatus

# New containers before garbage is looked for: a run makes next to none, and the lists of a file's lines are long.
_MANY = 10_000
# Seconds after which a thread has to let another one in. While a batch is written another one is judged, and who writes
# comes back from the database thousands of times: Python's own 5 ms would be waited for too often.
_TURN = 0.0005
# How Polars' allocator keeps memory that is free again (jemalloc.net/jemalloc.3.html, TUNING): all threads from one
# store, for what one of them reads another writes and lets go; and for ten seconds, since the next chunk will need it.
ALLOCATOR = {"_RJEM_MALLOC_CONF": "narenas:1,dirty_decay_ms:10000"}


def main() -> None:
    """Run the command line and exit with its status."""
    sys.excepthook = _without_values
    # A terminal that cannot show a letter is shown its code, on standard output as on standard error.
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    for name, value in ALLOCATOR.items():
        os.environ.setdefault(name, value)  # it is read when Polars loads
    gc.disable()  # what is imported stays: to look through it again and again takes a tenth of the time to start
    try:
        from intake.commands import run  # noqa: PLC0415  (so that even an import that fails is told without values)
    except ImportError as error:
        sys.stderr.write(_unsound(error) + "\n")
        sys.exit(ExitStatus.USAGE)
    gc.freeze()
    gc.set_threshold(_MANY)
    gc.enable()
    sys.setswitchinterval(_TURN)
    sys.exit(run())


def _unsound(error: ImportError) -> str:
    """Return what is wrong with an environment in which a module cannot be imported, and what to do."""
    name = (error.name or "").partition(".")[0]
    if name in {"validators", "loaders", "intake"}:
        return f"Another package hides our {name}: keep vipower-intake in an environment of its own."
    return f"The package {name} cannot be imported: install the command with pip install 'vipower-intake[intake]'."


def _without_values(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Tell of a fault in the program itself: where, but not the error's text, which may hold a customer's value."""
    while trace and trace.tb_next:
        trace = trace.tb_next
    where = f" at {trace.tb_frame.f_globals.get('__name__')}, line {trace.tb_lineno}" if trace else ""
    if issubclass(kind, KeyboardInterrupt):
        sys.exit(ExitStatus.INTERRUPTED)
    del error
    sys.stderr.write(f"This is a fault in intake itself: {kind.__name__}{where}. Please report this line.\n")
    sys.exit(ExitStatus.FAULT)


if __name__ == "__main__":
    main()
