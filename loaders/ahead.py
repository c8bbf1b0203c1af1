"""Working ahead: what comes next is made while the thing before it is in use.

>>> with ahead(letter for letter in "abc") as letters:
...     list(letters)
['a', 'b', 'c']
"""

from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing, contextmanager
from typing import Generic, TypeVar

T = TypeVar("T")


class Ahead(Iterator[T], Generic[T]):
    """Items of which the next one is always in the making. Nothing here holds on to one that was handed out."""

    def __init__(self, pool: ThreadPoolExecutor, items: Iterator[T]) -> None:
        """Begin with the first."""
        self._pool = pool
        self._items = items
        self._coming = pool.submit(next, items, None)

    def __next__(self) -> T:
        """Return the next item, as soon as it is made."""
        item = self._coming.result()
        if item is None:
            raise StopIteration
        self._coming = self._pool.submit(next, self._items, None)
        return item

    def has_next(self) -> bool:
        """Return whether there is another item, as soon as that is known."""
        return self._coming.result() is not None

    def is_ready(self, within: float) -> bool:
        """Return whether the next item is made within so many seconds: not where there is none, or it went wrong."""
        made = self._coming in wait([self._coming], within).done
        return made and not self._coming.exception() and self._coming.result() is not None


@contextmanager
def ahead(items: Generator[T, None, None]) -> Iterator[Ahead[T]]:
    """Give the items, each made in a thread while the one before it is in use. None may not be among them.

    Whoever leaves, by an exception too, waits for the one that is being made; then `items` is closed.
    """
    with closing(items), ThreadPoolExecutor(1) as pool:
        yield Ahead(pool, items)
