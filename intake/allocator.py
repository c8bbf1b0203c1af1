"""How Polars' allocator, jemalloc, keeps memory: what it is told before Polars loads, for it reads it once.

Columns come and go by the megabyte. By default their pages are given back to the system after half a second (large ones
at once) and fetched anew, which is a fifth of the time that judging takes; huge pages, where the system offers them
(`madvise`), and pages kept for some seconds nearly end that. docs/performance.md has the figures.

>>> environment = {}
>>> tune(environment)
>>> list(environment)
['_RJEM_MALLOC_CONF']
"""

from collections.abc import MutableMapping

_NAME = "_RJEM_MALLOC_CONF"  # jemalloc's own name for it in builds for Rust (jemalloc.net, TUNING.md)
_SETTINGS = "thp:always,dirty_decay_ms:10000,muzzy_decay_ms:10000"


def tune(environment: MutableMapping[str, str]) -> None:
    """Say the settings in an environment, unless somebody has said others. Elsewhere than on Linux nobody reads it."""
    environment.setdefault(_NAME, _SETTINGS)
