"""What it costs to import `validators`, against the three libraries that it stands on."""

import subprocess
import sys
from statistics import median

_TIMED = "import time; t = time.perf_counter(); {statement}; print(time.perf_counter() - t)"
OURS = "import validators"
THEIRS = "import stdnum.pl.nip, email_validator, phonenumbers"


def seconds(statement: str) -> float:
    """Return how long an import takes in a fresh interpreter."""
    command = [sys.executable, "-c", _TIMED.format(statement=statement)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def lines(rounds: int = 15) -> list[str]:
    """Return what was measured, as lines of a Markdown table; medians of pairs."""
    pairs = [(seconds(OURS), seconds(THEIRS)) for _ in range(rounds)]
    ours, theirs = median(a for a, _ in pairs), median(b for _, b in pairs)
    ratio = median(a / b for a, b in pairs)
    return [f"| `import validators` | {ours * 1e3:.0f} ms | {theirs * 1e3:.0f} ms | **{ratio:.2f} ×** the cost |"]
