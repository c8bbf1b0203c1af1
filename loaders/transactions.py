"""Transactions that are worth insisting on: a database that is gone for a while is waited for.

The answer to a COMMIT can be lost, so work that is done again must first look whether it is done already.
"""

from collections.abc import Callable
from typing import TypeVar

import msgspec
from sqlalchemy import Connection, Engine
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential

from loaders.database import dialect_of
from loaders.errors import DatabaseError, DatabaseUnavailableError, translated

T = TypeVar("T")
Waiting = Callable[[DatabaseError, float], None]  # what tells people: what happened, and for how many seconds we wait


class Patience(msgspec.Struct, frozen=True):
    """How often a transaction is begun, and for how many seconds we wait before the second time: then twice as long."""

    attempts: int = 8
    first: float = 1.0
    longest: float = 30.0


class Transactions(msgspec.Struct, frozen=True, eq=False):
    """Transactions of one database, one after the other."""

    engine: Engine
    patience: Patience = Patience()
    waiting: Waiting = lambda _error, _seconds: None

    def run(self, work: Callable[[Connection], T]) -> T:
        """Do work in a transaction of its own; DatabaseError, with which nothing of it is kept.

        While the database is not to be had (DatabaseUnavailableError) it is done again, from its beginning.
        """
        insisting = Retrying(
            retry=retry_if_exception_type(DatabaseUnavailableError),
            stop=stop_after_attempt(self.patience.attempts),
            wait=wait_exponential(multiplier=self.patience.first, max=self.patience.longest),
            before_sleep=self._tell,
            reraise=True,
        )
        done: T = insisting(self.once, work)
        return done

    def once(self, work: Callable[[Connection], T]) -> T:
        """Do work in a transaction of its own, and do not insist; DatabaseError, with which nothing of it is kept."""
        with translated(), self.engine.begin() as connection:
            dialect_of(connection).take_turns(connection)
            return work(connection)

    def _tell(self, state: RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, DatabaseError):
            self.waiting(error, state.upcoming_sleep)
