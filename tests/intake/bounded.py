"""The command, run where it may not take more than so much time, and its memory looked at when it has ended.

No more than the issue allows: of memory, of the process that a user starts; of processor time, of each.
"""

import resource
import subprocess
import sys
from pathlib import Path
from typing import Final

from tests.intake.command import Finished, environment

MEBIBYTES: Final = 400
SECONDS: Final = 10

_MEASURED = """\
import sys
from pathlib import Path
from intake.commands import run
from tests.intake.bounded import peak
status = run(sys.argv[2:])
Path(sys.argv[1]).write_text(str(peak()))
sys.exit(status)
"""


def peak() -> int:
    """Most bytes of memory that this process held. `getrusage` counts those of the one that started it as well."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return 1024 * int(next(line for line in lines if line.startswith("VmHWM:")).split()[1])


def bounded(*arguments: str, cwd: Path) -> Finished:
    """Run the command; assert that it kept within bounds, and that it raised nothing."""
    measured = cwd.parent / f"{cwd.name}.bytes"
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED, str(measured), *arguments],
        cwd=cwd,
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS)),
    )
    assert b"Traceback" not in done.stderr
    assert int(measured.read_text(encoding="ascii")) < MEBIBYTES << 20
    return Finished(done.returncode, done.stdout.decode(), done.stderr.decode())
