"""A run over one source: judged only (`check_source`), or judged and loaded (`import_source`)."""

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import msgspec
from sqlalchemy import Engine

from intake.ahead import ahead
from intake.columns import Columns, fit
from intake.judging import Judging
from intake.limit import Limit
from intake.mapping_file import fit_mapping
from intake.outcome import How, Outcome
from intake.sources import Source, open_source
from intake.tally import Tally
from loaders import run as ledger
from loaders.batch import Batch, Loader, Rejected
from loaders.database import make_or_compare
from loaders.errors import translated
from loaders.run import Books, OnExisting
from loaders.tables import draw
from loaders.transport import shown
from validators.policy import Policy
from validators.types import OnExtra

Watch = Callable[[Source, int], None]  # what shows the progress: the source, and how many records are done
Note = Callable[[Rejected], None]  # what lists the rejections


class Options(msgspec.Struct, frozen=True):
    """What an operator asks of a run."""

    policy: Policy
    kind: str | None = None
    mapping: Mapping[str, str] = {}
    mapping_path: Path | None = None
    encoding: str | None = None
    delimiter: str | None = None
    on_extra: OnExtra | None = None
    on_existing: OnExisting = "update"
    max_rejects: Limit | None = None

    def that_matter(self) -> dict[str, object]:
        """Return those that change what a run does to a database; they are part of what it is known by."""
        return {
            "kind": self.kind,
            "mapping": dict(self.mapping),
            "delimiter": self.delimiter,
            "on_extra": self.on_extra or self.policy.on_extra,
            "on_existing": self.on_existing,
        }


class Watcher(msgspec.Struct, frozen=True):
    """Who is told of a run as it goes on."""

    progress: Watch = lambda _source, _records: None
    rejection: Note = lambda _rejected: None


def open_and_fit(path: Path, options: Options) -> tuple[Source, Judging]:
    """Open a source and see that its columns give what the policy needs; SourceError, ColumnsError, MappingError."""
    source = open_source(path, delimiter=options.delimiter, encoding=options.encoding)
    columns = Columns(options.policy, options.mapping)
    if source.columns is not None:
        if options.mapping_path:
            fit_mapping(options.mapping_path, options.mapping, source.columns)
        kind = options.policy.kinds[options.kind] if options.kind else None
        fit(source.name, source.columns, columns, options.policy, kind)
    return source, Judging(options.policy, columns, options.kind, options.on_extra)


def check_source(path: Path, options: Options, watcher: Watcher) -> Outcome:
    """Judge a file and write nothing."""
    started = time.monotonic()
    source, judging = open_and_fit(path, options)
    tally = Tally(judging.columns)
    books = Books()
    how: How = "checked"
    for batch, found in ahead(judging.batches(source)):
        tally.merge(found)
        books = _add(books, batch)
        _tell(watcher, source, batch)
        if _passed(options, books, ended=False):
            break
    if _passed(options, books, ended=True):
        how = "stopped"
    return Outcome(
        how=how,
        source=source,
        policy=options.policy.identity,
        books=books,
        findings=tally.as_dict(),
        examples=tally.examples,
        said=tally.said,
        seconds=time.monotonic() - started,
    )


def import_source(path: Path, options: Options, engine: Engine, watcher: Watcher) -> Outcome:
    """Judge a file and load it, batch by batch; DatabaseError. A run that was begun goes on where it stopped."""
    started = time.monotonic()
    source, judging = open_and_fit(path, options)
    tables = draw(options.policy)
    origin = ledger.Source(source.name, source.sha256)
    with translated(), engine.begin() as connection:
        make_or_compare(connection, tables)
        run = ledger.begin(connection, tables, origin, options.policy.identity, options.that_matter())
    tally = Tally(judging.columns)
    how: How = "continued" if run.last_record else "imported"
    if run.state == "finished":
        how = "imported_before"
    else:
        loader = Loader(options.policy, tables, run.id, options.on_existing)
        batches = judging.batches(source, run.next_batch, run.last_record)
        for batch, found, books in _load(ahead(batches), loader, engine):
            tally.merge(found)
            _tell(watcher, source, batch)
            if _passed(options, books, ended=False):
                break
    with translated(), engine.begin() as connection:
        books = ledger.books(connection, tables, run.id)
        findings = ledger.findings(connection, tables, run.id)
        if run.state != "finished":
            if _passed(options, books, ended=True):
                how = "stopped"
            finished = how != "stopped" and books.balanced
            ledger.end(connection, tables, run.id, "finished" if finished else "stopped")
    return Outcome(
        how=how,
        source=source,
        policy=options.policy.identity,
        books=books,
        findings=findings,
        examples=tally.examples,
        said=tally.said,
        seconds=time.monotonic() - started,
        run=run.id,
        database=shown(engine.url),
    )


def _load(
    batches: Iterator[tuple[Batch, Tally]], loader: Loader, engine: Engine
) -> Iterator[tuple[Batch, Tally, Books]]:
    """Load batch after batch, each in a transaction of its own; yield each once committed, and the books so far."""
    for batch, found in batches:
        with translated(), engine.begin() as connection:
            loader.load(connection, batch)
            books = ledger.books(connection, loader.tables, loader.run)
        yield batch, found, books


def _passed(options: Options, books: Books, *, ended: bool) -> bool:
    limit = options.max_rejects
    return limit is not None and limit.passed(rejected=books.rejected, read=books.read, ended=ended)


def _tell(watcher: Watcher, source: Source, batch: Batch) -> None:
    watcher.progress(source, batch.last_record)
    for rejected in batch.rejected:
        watcher.rejection(rejected)


def _add(books: Books, batch: Batch) -> Books:
    return Books(
        read=books.read + batch.read,
        rejected=books.rejected + len(batch.rejected),
        blank=books.blank + batch.blank,
    )
