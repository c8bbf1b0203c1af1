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
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS + (size >> 20), resource.RLIM_INFINITY))
    os.environ["ARROW_DEFAULT_MEMORY_POOL"] = "system"
    os.environ["OMP_NUM_THREADS"] = "1"
