"""Batches that share a transaction, on a database to whom a commit is dear.

SQLite waits for the disk at every commit, and most of what it waits for is the same each time: of a large table every
batch changes nearly all pages of the identities' index, each of which goes into the journal, and then into the file.
Batches that share a transaction write a page of the journal once for all of them. Nobody else may write meanwhile, and
once SQLite's own memory is full of changes, nobody may read: so it is done for some seconds only, fewer than other
programs wait (five, where they say nothing: docs.python.org/3/library/sqlite3.html, connect). Who waits for SQLite
looks ten times a second whether it is his turn (sqlite.org/c3ref/busy_timeout.html): so long it is everybody's.

A transaction that fails takes all its batches with it, and they are gone: whoever loads them so must be able to make
them anew. What is in the database does not tell who shared what.
"""

import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection

from loaders.ahead import Ahead
from loaders.batch import Batch, Committed, Loader
from loaders.run import Books
from loaders.transactions import Transactions

T = TypeVar("T")

SECONDS = 2.5  # after which no further batch is taken into a transaction
PAUSE = 0.11  # seconds between two transactions, at least


def together(
    loader: Loader, transactions: Transactions, batches: Ahead[tuple[Batch, T]], enough: Callable[[Books], bool]
) -> Iterator[tuple[Committed, T]]:
    """Load batches, and yield each once committed, with what came beside it; DatabaseError, with which none is kept.

    A transaction ends with the batch after which the books are `enough`.
    """
    turn = 0.0
    while batches.has_next():  # before a transaction is begun, for others would wait with it
        time.sleep(max(0.0, turn - time.monotonic()))
        yield from transactions.once(partial(_load, loader, batches, enough))
        turn = time.monotonic() + PAUSE


def _load(
    loader: Loader, batches: Ahead[tuple[Batch, T]], enough: Callable[[Books], bool], connection: Connection
) -> list[tuple[Committed, T]]:
    until = time.monotonic() + SECONDS
    loaded = [_load_next(loader, batches, connection)]
    while not enough(loaded[-1][0].books) and (left := until - time.monotonic()) > 0 and batches.is_ready(left):
        loaded.append(_load_next(loader, batches, connection))
    return loaded


def _load_next(loader: Loader, batches: Ahead[tuple[Batch, T]], connection: Connection) -> tuple[Committed, T]:
    batch, beside = next(batches)
    return loader.committed(batch, loader.booked(batch, connection)), beside
