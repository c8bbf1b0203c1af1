"""What the child that reads Parquet may use."""

import os
import resource

MEMORY = 2 << 30  # bytes of address space
_SECONDS = 10  # of processor time: so many, and one for each mebibyte of the file; pyarrow reads fifty times as many


def bound(size: int) -> None:
    """Bound this process's memory and time for a file of `size` bytes.

    No core is left behind, which would hold customers' values. pyarrow takes its memory from the system by the piece,
    for its own allocators reserve more than they use.
    """
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_AS, MEMORY)
    _lower(resource.RLIMIT_CPU, _SECONDS + (size >> 20))
    os.environ["ARROW_DEFAULT_MEMORY_POOL"] = "system"
    os.environ["OMP_NUM_THREADS"] = "1"


def _lower(limit: int, to: int) -> None:
    """Set a limit, unless a lower one holds already."""
    _, hard = resource.getrlimit(limit)
    resource.setrlimit(limit, (to if hard == resource.RLIM_INFINITY else min(to, hard), hard))
