"""`make bench`: every figure as a ratio against its yardstick, both measured in one run on one machine.

python -m tests.benchmarks [checkout|start|reading|workbooks|judging|import|postgresql|growth ...]
                          [--records N] [--rounds N] [--whole]
"""

import argparse
import platform
import sqlite3
from collections.abc import Callable, Mapping

from tests.benchmarks import checkout, encodings, files, start, workbooks

_SECTIONS: Mapping[str, Callable[[argparse.Namespace], list[str]]] = {
    "checkout": lambda _: checkout.lines(),
    "start": lambda _: start.lines(),
    "reading": lambda options: encodings.lines(options.records, options.rounds),
    "workbooks": lambda options: workbooks.lines(options.records, options.rounds),
    "judging": lambda options: files.judging(options.records),
    "import": lambda options: files.importing(options.records, options.rounds, whole=options.whole),
    "postgresql": lambda options: files.postgresql(options.records, options.rounds),
    "growth": lambda options: files.growth(options.records, options.rounds),
}
_USUAL = (
    "checkout",
    "start",
    "reading",
    "workbooks",
    "judging",
    "import",
    "postgresql",
)  # growth takes minutes, and disk space


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=f"of {', '.join(_SECTIONS)}; all but growth")
    parser.add_argument("--growth", action="store_true", help="growth as well")
    parser.add_argument("--records", type=int, help="in the files; each section has a usual number of its own")
    parser.add_argument("--rounds", type=int, default=3, help="of whole processes (%(default)s)")
    parser.add_argument("--whole", action="store_true", help="yardsticks row by row on all rows, not on a tenth")
    options = parser.parse_args()
    if unknown := {*options.sections} - _SECTIONS.keys():
        parser.error(f"no section {', '.join(sorted(unknown))}; there are {', '.join(_SECTIONS)}")

    print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {platform.machine()}\n")
    print("| what | ours | yardstick | ratio |\n|---|---|---|---|")
    named = options.sections or _USUAL
    for name in [name for name in _SECTIONS if name in named or (name == "growth" and options.growth)]:
        for line in _SECTIONS[name](options):
            print(line, flush=True)


if __name__ == "__main__":
    main()
