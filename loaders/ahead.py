"""Working ahead: what comes next is made while the thing before it is in use.

>>> with ahead(letter for letter in "abc") as letters:
...     list(letters)
['a', 'b', 'c']
"""

from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import TypeVar

T = TypeVar("T")


@contextmanager
def ahead(items: Generator[T, None, None]) -> Iterator[Iterator[T]]:
    """Give the items, each made in a thread while the one before it is in use. None may not be among them.

    Whoever leaves, by an exception too, waits for the one that is being made; then `items` is closed.
    """
    with closing(items), ThreadPoolExecutor(1) as pool:
        yield _made_in(pool, items)


def _made_in(pool: ThreadPoolExecutor, items: Iterator[T]) -> Iterator[T]:
    coming = pool.submit(next, items, None)
    while (item := coming.result()) is not None:
        coming = pool.submit(next, items, None)
        handed = [item]
        del item  # it is large: here nothing holds on to it, while somebody has it or has done with it
        yield handed.pop()
