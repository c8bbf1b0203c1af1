"""From a source's records to batches of accepted and rejected ones."""

from collections.abc import Callable, Iterator, Mapping
from typing import Literal

import msgspec

from intake.columns import KIND, REFERENCE, Columns
from intake.sources import Blank, Item, Malformed, Place, Source
from intake.tally import Tally
from loaders.batch import Accepted, Batch, Rejected
from validators import Fault, Policy, Verdict, check
from validators.judge import KIND_KEYS, kind_of
from validators.retain import retained
from validators.rules.reference import REFERENCE_RULE

BATCH = 5000  # records that commit together

OnExtra = Literal["drop", "reject"]
Note = Callable[[Rejected], None]


class Judging(msgspec.Struct, frozen=True):
    """How the records of one source are judged."""

    policy: Policy
    columns: Columns
    kind: str | None
    on_extra: OnExtra | None

    def batches(self, source: Source, tally: Tally, first: int = 1, after: int = 0) -> Iterator[Batch]:
        """Judge what comes after a record, in batches; the first has the number `first`. Counts into `tally`."""
        batch = _Growing(first)
        for item in source.items():
            if item.place.record <= after:
                continue
            self._judge(item, batch)
            if batch.read == BATCH:
                yield batch.done(tally)
                batch = _Growing(batch.number + 1)
        if batch.read:
            yield batch.done(tally)

    def _judge(self, item: Item, batch: "_Growing") -> None:
        batch.read += 1
        batch.last_record = item.place.record
        if isinstance(item, Blank):
            batch.blank += 1
            return
        if isinstance(item, Malformed):
            batch.reject(item.place, self._unread(item.reason), {}, {}, None)
            return
        record = self.columns.record(item.values)
        if record is None:
            batch.reject(item.place, self._unread("column_twice"), {}, {}, None)
            return
        reference = _reference(record)
        if self.kind:
            for key in KIND_KEYS:
                record.pop(key, None)
        verdict = check(record, policy=self.policy, kind=self.kind, on_extra=self.on_extra)
        if verdict.record is not None and verdict.kind:
            batch.accept(item.place, verdict, record, reference)
            return
        kind = kind_of(record, self.policy, self.kind) or kind_of({**record, KIND: None, "rodzaj": None}, self.policy)
        batch.reject(item.place, verdict, record, retained(record, kind) if kind else {}, reference)

    def _unread(self, reason: str) -> Verdict:
        fault = Fault("record.malformed", params={"reason": reason})
        return Verdict(None, None, (fault,), (), (), (), self.policy.identity)


class _Growing:
    """A batch that is being filled."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.read = self.blank = self.last_record = 0
        self.accepted: list[Accepted] = []
        self.rejected: list[Rejected] = []
        self.tally = Tally()

    def accept(self, place: Place, verdict: Verdict, record: Mapping[str, object], reference: str | None) -> None:
        self.tally.add(verdict, record, place)
        self.accepted.append(Accepted(place.record, verdict.kind or "", verdict.record or {}, reference))

    def reject(
        self,
        place: Place,
        verdict: Verdict,
        record: Mapping[str, object],
        fields: Mapping[str, str | None],
        reference: str | None,
    ) -> None:
        self.tally.add(verdict, record, place)
        self.rejected.append(Rejected(place.record, place.line, verdict.kind, verdict.faults, fields, reference))

    def done(self, tally: Tally) -> Batch:
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


def _reference(record: dict[str, object]) -> str | None:
    """Take the number that a record had before out of it; one that may be something else stays, as an extra field."""
    value = record.get(REFERENCE)
    reading = REFERENCE_RULE.one(value if isinstance(value, str) else str(value or ""))
    if reading.value is not None:
        del record[REFERENCE]
    return reading.value
