"""Loading what is judged, from a checkpoint to the end of the source.

Where batches share a transaction (`loaders.together`) and it fails, nothing is left of them but the source: they are
read and judged again, from the last checkpoint on. From there each batch has a transaction of its own, which is tried
again as often as the operator is patient, and in which the rows are found that the database refuses.
"""

from collections.abc import Callable, Generator, Iterator
from contextlib import closing

import msgspec

from intake.judging import Judging
from intake.sources import Source
from intake.sources.chunk import Chunk
from intake.tally import Tally
from loaders.ahead import Ahead, ahead
from loaders.batch import Batch, Committed, Loader
from loaders.database import dialect_of
from loaders.errors import DatabaseError
from loaders.run import Books, Run
from loaders.together import together
from loaders.transactions import Transactions

Judged = tuple[Batch, Tally]
Loaded = tuple[Committed, Tally]


class Loading(msgspec.Struct, frozen=True, eq=False):
    """What is loaded, and into what.

    passed: whether the books have passed the operator's limit, after which no batch is begun that would be in vain.
    begin: looks up in the database how far the run has come.
    """

    source: Source
    judging: Judging
    loader: Loader
    transactions: Transactions
    passed: Callable[[Books], bool]
    begin: Callable[[], Run]

    def after(self, run: Run) -> Generator[Loaded, None, None]:
        """Load what comes after a run's checkpoint, and yield each batch once committed; DatabaseError."""
        if dialect_of(self.transactions.engine).shares:
            try:
                yield from self._loaded(run, self._together)
            except DatabaseError:
                run = self.begin()
            else:
                return
        yield from self._loaded(run, self._one_by_one)

    def _loaded(self, run: Run, load: Callable[[Ahead[Judged]], Iterator[Loaded]]) -> Generator[Loaded, None, None]:
        # One thread reads and judges, the other writes. A third would only take time from both: there are two cores.
        with ahead(_prepared(self.judging, self.source.chunks(run.last_record), run.next_batch)) as batches:
            yield from load(batches)

    def _together(self, batches: Ahead[Judged]) -> Iterator[Loaded]:
        return together(self.loader, self.transactions, batches, self.passed)

    def _one_by_one(self, batches: Ahead[Judged]) -> Iterator[Loaded]:
        def load(judged: Judged) -> Loaded:
            batch, found = judged
            committed = self.loader.commit(self.transactions, batch)
            found.add_refused(committed.refused)
            return committed, found

        return map(load, batches)  # unlike a loop it holds on to no batch that is loaded


def _prepared(judging: Judging, chunks: Generator[Chunk, None, None], first: int) -> Generator[Judged, None, None]:
    """Yield the batches with all done that need not wait for the database; the first has the number `first`."""

    def prepare(judged: Judged) -> Judged:
        batch, found = judged
        return batch.prepared(judging.policy), found

    with closing(chunks):
        yield from map(prepare, judging.batches(chunks, first))
