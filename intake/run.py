"""A run over one source: judged only (`check_source`), or judged and loaded (`import_source`)."""

import time
from collections.abc import Callable, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path

import msgspec
from sqlalchemy import Connection, Engine

from intake.columns import Columns, fit
from intake.judging import Judging
from intake.limit import Limit
from intake.loading import Loading
from intake.mapping_file import fit_mapping, fit_questions, kind_said
from intake.operations.operation import Operation
from intake.outcome import How, Outcome
from intake.sources import Source, open_source
from intake.sources.encoding import UTF_8, UTF_8_MARKED
from intake.sources.format import Format
from intake.sources.quoting import Quoting
from intake.tally import Tally
from loaders import run as ledger
from loaders.ahead import ahead
from loaders.batch import Batch, Loader
from loaders.database import make_or_compare
from loaders.rejection import Rejected, one_by_one
from loaders.run import Books, Findings, OnExisting
from loaders.tables import draw
from loaders.transactions import Patience, Transactions, Waiting
from loaders.transport import shown
from validators.policy import Policy
from validators.types import OnExtra

Watch = Callable[[Source, int], None]  # what shows the progress: the source, and how many records are done
Note = Callable[[Source, Rejected], None]  # what lists the rejections


class Options(msgspec.Struct, frozen=True):
    """What an operator asks of a run."""

    policy: Policy
    kind: str | None = None
    mapping: Mapping[str, Operation] = {}
    mapping_path: Path | None = None
    encoding: str | None = None
    delimiter: str | None = None
    quoting: Quoting | None = None
    header_line: int | None = None
    sheet: str | None = None
    on_extra: OnExtra | None = None
    on_existing: OnExisting = "update"
    max_rejects: Limit | None = None
    patience: Patience = Patience()

    def that_matter(self, read: Format) -> dict[str, object]:
        """Return those that change what a run does to a database; they are part of what it is known by.

        `read` is how the file is read: so it is the same run whether an encoding or a sheet was said or found.
        """
        told = {} if read.encoding in {None, UTF_8, UTF_8_MARKED} else {"encoding": read.encoding}
        layout = {"quoting": self.quoting, "header_line": self.header_line, "sheet": read.sheet}
        return (
            told
            | {name: value for name, value in layout.items() if value is not None}
            | {
                "kind": self.kind,
                "mapping": {field: operation.as_data() for field, operation in self.mapping.items()},
                "delimiter": self.delimiter,
                "on_extra": self.on_extra or self.policy.on_extra,
                "on_existing": self.on_existing,
            }
        )


class Watcher(msgspec.Struct, frozen=True):
    """Who is told of a run as it goes on."""

    progress: Watch = lambda _source, _records: None
    rejection: Note | None = None
    waiting: Waiting = lambda _error, _seconds: None


def open_and_fit(path: Path, options: Options) -> tuple[Source, Judging]:
    """Open a source and see that its columns give what the policy needs; SourceError, ColumnsError, MappingError."""
    source = open_source(
        path,
        delimiter=options.delimiter,
        encoding=options.encoding,
        quoting=options.quoting,
        header_line=options.header_line,
        sheet=options.sheet,
    )
    policy, mapping = options.policy, options.mapping
    columns = Columns(policy, mapping)
    stated = options.kind or kind_said(mapping, policy)
    kind = policy.kinds[stated] if stated else None
    if options.mapping_path:
        fit_questions(options.mapping_path, mapping, [kind] if kind else policy.kinds.values())
    if source.columns is not None:
        if options.mapping_path:
            fit_mapping(options.mapping_path, mapping, source.columns)
        fit(source.name, source.columns, columns, policy, kind)
    return source, Judging(policy, columns, stated, options.on_extra)


def check_source(path: Path, options: Options, watcher: Watcher) -> Outcome:
    """Judge a file and write nothing."""
    started = time.monotonic()
    source, judging = open_and_fit(path, options)
    tally = Tally(judging.columns)
    books = Books()
    how: How = "checked"
    with ahead(source.chunks()) as chunks:
        for batch, found in judging.batches(chunks):
            tally.merge(found)
            books = _add(books, batch)
            _tell(watcher, source, batch)
            del batch, found  # they are large, and the next ones are on their way
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
        samples=tally.samples,
        causes=tally.tracing.causes(judging.columns, options.policy),
        mapping=judging.columns.assignments(),
        extras=judging.columns.extras(),
        seconds=time.monotonic() - started,
    )


def import_source(path: Path, options: Options, engine: Engine, watcher: Watcher) -> Outcome:
    """Judge a file and load it, batch by batch; DatabaseError. A run that was begun goes on where it stopped.

    A database that is not to be had for a while is waited for, as patiently as the options say.
    """
    started = time.monotonic()
    source, judging = open_and_fit(path, options)
    tables = draw(options.policy)
    origin = ledger.Source(source.name, source.sha256)
    matter = options.that_matter(source.format)
    transactions = Transactions(engine, options.patience, watcher.waiting)

    def begin(connection: Connection) -> ledger.Run:
        make_or_compare(connection, tables)
        return ledger.begin(connection, tables, origin, options.policy.identity, matter)

    def end(connection: Connection) -> tuple[Books, Findings, bool]:
        books = ledger.books(connection, tables, run.id)
        stopped = run.state != "finished" and _passed(options, books, ended=True)
        if run.state != "finished":
            ledger.end(connection, tables, run.id, "finished" if books.balanced and not stopped else "stopped")
        return books, ledger.findings(connection, tables, run.id), stopped

    run = transactions.run(begin)
    tally = Tally(judging.columns)
    how: How = "continued" if run.last_record else "imported"
    if run.state == "finished":
        how = "imported_before"
    else:
        loading = Loading(
            source,
            judging,
            Loader(options.policy, tables, run.id, options.on_existing, lists=watcher.rejection is not None),
            transactions,
            passed=partial(_passed, options, ended=False),
            begin=partial(transactions.run, begin),
        )
        with closing(loading.after(run)) as loaded:
            for committed, found in loaded:
                tally.merge(found)
                _tell(watcher, source, committed.batch)
                if loading.passed(committed.books):
                    break
    books, findings, stopped = transactions.run(end)
    if stopped:
        how = "stopped"
    return Outcome(
        how=how,
        source=source,
        policy=options.policy.identity,
        books=books,
        findings=findings,
        examples=tally.examples,
        said=tally.said,
        samples=tally.samples,
        causes=tally.tracing.causes(judging.columns, options.policy),
        mapping=judging.columns.assignments(),
        extras=judging.columns.extras(),
        seconds=time.monotonic() - started,
        run=run.id,
        database=shown(engine.url),
    )


def _passed(options: Options, books: Books, *, ended: bool) -> bool:
    limit = options.max_rejects
    return limit is not None and limit.passed(rejected=books.rejected, read=books.read, ended=ended)


def _tell(watcher: Watcher, source: Source, batch: Batch) -> None:
    watcher.progress(source, batch.last_record)
    if watcher.rejection:
        for rejected in one_by_one(batch.rejected):
            watcher.rejection(source, rejected)


def _add(books: Books, batch: Batch) -> Books:
    return Books(
        read=books.read + batch.read,
        rejected=books.rejected + len(batch.rejected),
        blank=books.blank + batch.blank,
    )
