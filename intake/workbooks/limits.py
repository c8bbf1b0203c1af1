"""What the child that reads a workbook may use."""

import resource

MEMORY = 2 << 30  # bytes of address space: a reader needs 32 a cell, and the texts
_LOOKING = 30  # seconds of processor time for the look at the archive
_READING = 5  # and for reading: so many, and one for each
_BYTES_A_SECOND = 4 << 20  # of what is inflated; python-calamine reads ten times as many


def bound() -> None:
    """Bound this process's memory and time, and leave no core behind, which would hold customers' values."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    _allow(_LOOKING)


def allow_reading(inflated: int) -> None:
    """Give time for reading so many bytes, from here on."""
    _allow(_READING + inflated // _BYTES_A_SECOND)


def _allow(seconds: int) -> None:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(usage.ru_utime + usage.ru_stime)
    resource.setrlimit(resource.RLIMIT_CPU, (spent + seconds, resource.RLIM_INFINITY))
