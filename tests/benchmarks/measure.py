"""A whole process, measured by a small one: wall time, CPU time of all its threads, and peak memory.

    python -S -m tests.benchmarks.measure COMMAND...

prints what the command prints, then a line of JSON. It is a process of its own, and imports next to nothing, because
Linux counts what the parent holds when it starts a child into the child's peak (`ru_maxrss`, getrusage(2)).
"""

import json
import os
import sys
import time


def main() -> None:
    """Run the command and tell what it took."""
    command = sys.argv[1:]
    began = time.perf_counter()
    child = os.posix_spawn(command[0], command, os.environ)
    _, status, usage = os.wait4(child, 0)
    wall = time.perf_counter() - began
    unit = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss, in bytes
    told = {
        "status": os.waitstatus_to_exitcode(status),
        "wall": wall,
        "cpu": usage.ru_utime + usage.ru_stime,
        "peak": usage.ru_maxrss * unit,
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
