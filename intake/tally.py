"""What the judging of a source found: faults, notices, fixes by code; dropped columns; masked examples."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

import msgspec
import polars as pl

from intake.causes import Clues, Tracing
from intake.columns import Columns
from intake.mask import mask
from intake.sources import Place
from loaders.rejection import Rejected
from validators.finding import Fault, Finding, Fix, Notice
from validators.table_verdict import TableVerdict
from validators.verdict import Verdict

F = TypeVar("F", bound=Finding)

_SAMPLED = 15_000  # rows; the first chunks of a file have no more, and what they do not show is rare
_TRIED = 8  # rows with a fix, until one is accepted, as most are


class Example(msgspec.Struct, frozen=True):
    """The first record with a fault: its place, and the shape of the value."""

    fault: Fault
    place: Place
    shape: str | None


class Sample(msgspec.Struct, frozen=True):
    """What a fix did to the first value of which more is known than that it was fixed: its shape before and after."""

    code: str
    field: str
    before: str
    after: str


class Tally:
    """Counts verdicts."""

    def __init__(self, columns: Columns) -> None:
        """Begin at nothing. What is dropped is counted by the names of the columns it came from."""
        self._columns = columns
        self.faults: Counter[str] = Counter()
        self.notices: Counter[str] = Counter()
        self.fixes: Counter[str] = Counter()
        self.dropped: Counter[str] = Counter()
        self.examples: dict[str, Example] = {}
        self.said: dict[str, Finding] = {}
        self.samples: dict[str, Sample] = {}
        self.clues = Clues()  # of this chunk
        self.tracing = Tracing()  # of what was merged

    def add(self, verdict: Verdict, record: Mapping[str, object], place: Place) -> None:
        """Count one verdict."""
        for fault in verdict.faults:
            self.faults[fault.code] += 1
            if fault.code not in self.examples:
                named = fault.field not in verdict.dropped  # of what the policy does not name, no shape is shown
                value = record.get(fault.field) if fault.field and named else None
                self.examples[fault.code] = Example(fault, place, None if value is None else mask(value))
        for notice in verdict.notices:
            self.notices[notice.code] += 1
            self.said.setdefault(notice.code, notice)
        for fix in verdict.fixes:
            self.fixes[fix.code] += 1
            self.said.setdefault(fix.code, fix)
            if verdict.record and fix.code not in self.samples:
                self._sample(fix.code, fix.field, record, verdict.record)
        self.dropped.update(map(self._columns.shown, verdict.dropped))

    def add_table(self, verdict: TableVerdict, frame: pl.DataFrame, records: pl.Series, lines: pl.Series) -> None:
        """Count the verdict on a frame's rows, whose records have these numbers and stand on these lines."""
        for fault, count, row in _counted(verdict.faults, Fault):
            self.faults[fault.code] += count
            hidden = fault.code == "extra.forbidden"  # of what the policy does not name, no shape is shown
            value = frame[fault.field][row] if fault.field in frame.columns and not hidden else None
            place = Place(records[row], lines[row])
            self.examples[fault.code] = Example(fault, place, None if value is None else mask(value))
        for counts, found, kind in ((self.notices, verdict.notices, Notice), (self.fixes, verdict.fixes, Fix)):
            for finding, count, _ in _counted(found, kind):
                counts[finding.code] += count
                self.said[finding.code] = finding
        for name, rows in verdict.dropped.iter_rows():
            self.dropped[self._columns.shown(name)] += rows
        self._sample_table(verdict, frame)

    def add_refused(self, refused: Iterable[Rejected]) -> None:
        """Count records that were accepted, and that the database refused then."""
        for one in refused:
            for fault in one.faults:
                self.faults[fault.code] += 1
                self.examples.setdefault(fault.code, Example(fault, Place(one.record, one.line), None))

    def merge(self, other: "Tally") -> None:
        """Add what another tally counted."""
        self.faults += other.faults
        self.notices += other.notices
        self.fixes += other.fixes
        self.dropped += other.dropped
        self.examples = other.examples | self.examples
        self.said = other.said | self.said
        self.samples = other.samples | self.samples
        self.tracing.take(other.clues)

    def as_dict(self) -> dict[str, dict[str, int]]:
        """Return the counts as JSON has them."""
        return {
            "faults": dict(self.faults),
            "notices": dict(self.notices),
            "fixes": dict(self.fixes),
            "dropped": dict(self.dropped),
        }

    def _sample_table(self, verdict: TableVerdict, frame: pl.DataFrame) -> None:
        """Take a sample of each fix from the first accepted rows that it was made in."""
        if len(frame) > _SAMPLED:
            return
        first = verdict.fixes.group_by("code", maintain_order=True).agg(pl.col("field", "row").head(_TRIED))
        for code, fields, rows in first.iter_rows():
            for field, row in zip(fields, rows, strict=True):
                accepted = verdict.accepted.get(verdict.kinds[row])
                at = accepted["row"].index_of(row) if accepted is not None else None
                if accepted is not None and at is not None:
                    after = {field: accepted[field][at]}
                    self._sample(code, field, {field: frame[field][row] if field in frame.columns else None}, after)
                    break

    def _sample(
        self, code: str, field: str | None, before: Mapping[str, object], after: Mapping[str, str | None]
    ) -> None:
        if field is None or before.get(field) is None:
            return
        self.samples[code] = Sample(code, field, mask(before[field]), mask(after.get(field) or ""))


def _counted(findings: pl.DataFrame, kind: type[F]) -> Iterator[tuple[F, int, int]]:
    """Yield the first finding of each code, how many there are, and the first row."""
    first = pl.all().get(pl.col("row").arg_min())
    by_code = findings.group_by("code", maintain_order=True).agg(pl.len(), first)
    for code, count, row, field, params in by_code.iter_rows():
        yield kind(code, field, msgspec.json.decode(params)), count, row
