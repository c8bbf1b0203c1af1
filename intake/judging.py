"""From a source's records to batches of accepted and rejected ones."""

from collections.abc import Iterator, Mapping

import msgspec

from intake.columns import REFERENCE, Columns
from intake.sources import Blank, Item, Malformed, Place, Source
from intake.tally import Tally
from loaders.batch import Accepted, Batch, Rejected
from validators import Fault, Policy, Verdict, check
from validators.judge import KIND_KEYS, kind_of
from validators.retain import retained
from validators.rules.reference import REFERENCE_RULE
from validators.types import OnExtra

BATCH = 5000  # records that commit together


class Judging(msgspec.Struct, frozen=True):
    """How the records of one source are judged."""

    policy: Policy
    columns: Columns
    kind: str | None
    on_extra: OnExtra | None

    def batches(self, source: Source, tally: Tally, first: int = 1, after: int = 0) -> Iterator[Batch]:
        """Judge what comes after a record, in batches; the first has the number `first`. Counts into `tally`."""
        batch = _Growing(first, self.columns)
        for item in source.items():
            if item.place.record <= after:
                continue
            self._judge(item, batch)
            if batch.read == BATCH:
                yield batch.done(tally)
                batch = _Growing(batch.number + 1, self.columns)
        if batch.read:
            yield batch.done(tally)

    def _judge(self, item: Item, batch: "_Growing") -> None:
        batch.read += 1
        batch.last_record = item.place.record
        if isinstance(item, Blank):
            batch.blank += 1
            return
        if isinstance(item, Malformed):
            batch.take(item.place, self._unread(item.reason), {})
            return
        record = self.columns.record(item.values)
        if record is None:
            batch.take(item.place, self._unread("column_twice"), {})
            return
        reference = _take_reference(record)
        if self.kind:
            for key in KIND_KEYS:
                record.pop(key, None)
        verdict = check(record, policy=self.policy, kind=self.kind, on_extra=self.on_extra)
        batch.take(item.place, verdict, record, reference, {} if verdict.accepted else self._kept(record))

    def _kept(self, record: Mapping[str, object]) -> Mapping[str, str | None]:
        """Return what may be kept of a refused record; one of no known kind is kept as what its fields make it."""
        unsaid = {name: value for name, value in record.items() if name not in KIND_KEYS}
        kind = kind_of(record, self.policy, self.kind) or kind_of(unsaid, self.policy)
        return retained(record, kind) if kind else {}

    def _unread(self, reason: str) -> Verdict:
        fault = Fault("record.malformed", params={"reason": reason})
        return Verdict(None, None, (fault,), (), (), (), self.policy.identity)


class _Growing:
    """A batch that is being filled."""

    def __init__(self, number: int, columns: Columns) -> None:
        self.number = number
        self.read = self.blank = self.last_record = 0
        self.accepted: list[Accepted] = []
        self.rejected: list[Rejected] = []
        self.tally = Tally(columns)

    def take(
        self,
        place: Place,
        verdict: Verdict,
        record: Mapping[str, object],
        reference: str | None = None,
        kept: Mapping[str, str | None] = {},
    ) -> None:
        """Take a record to where its verdict sends it."""
        self.tally.add(verdict, record, place)
        if verdict.record is not None and verdict.kind is not None:
            self.accepted.append(Accepted(place.record, verdict.kind, verdict.record, reference))
        else:
            self.rejected.append(Rejected(place.record, place.line, verdict.kind, verdict.faults, kept, reference))

    def done(self, tally: Tally) -> Batch:
        """Return the batch, its findings added to the run's."""
        tally.merge(self.tally)
        return Batch(
            number=self.number,
            last_record=self.last_record,
            read=self.read,
            blank=self.blank,
            accepted=self.accepted,
            rejected=self.rejected,
            findings=self.tally.as_dict(),
        )


def _take_reference(record: dict[str, object]) -> str | None:
    """Take the number that a record had before out of it; one that may be something else stays, as an extra field."""
    value = record.get(REFERENCE)
    if value is None:
        return None
    reading = REFERENCE_RULE.one(value if isinstance(value, str) else str(value))
    if reading.value is not None:
        del record[REFERENCE]
    return reading.value
