"""From a source's chunks to batches of accepted and rejected records.

What stands in columns is judged in columns; what no column can hold, record by record.
"""

from collections.abc import Iterator, Mapping
from itertools import count

import msgspec
import polars as pl
from msgspec import structs

from intake.causes.clues import clues_of_malformed, clues_of_rows
from intake.columns import REFERENCE, Columns
from intake.sources import Blank, Malformed, Place, Record
from intake.sources.chunk import Chunk
from intake.tally import Tally
from loaders.batch import Batch
from loaders.json_text import json_objects, json_text
from loaders.rejection import COLUMNS, Rejected, in_columns
from validators import Fault, Policy, TableVerdict, Verdict, check, check_table
from validators.judge import KIND_KEYS, kind_of
from validators.readings import Readings
from validators.retain import retained
from validators.retained_rows import retained_rows
from validators.row_kinds import row_kinds
from validators.rules.reference import REFERENCE_RULE
from validators.types import OnExtra


class Judging(msgspec.Struct, frozen=True):
    """How the records of one source are judged."""

    policy: Policy
    columns: Columns
    kind: str | None
    on_extra: OnExtra | None

    def batches(self, chunks: Iterator[Chunk], first: int = 1) -> Iterator[tuple[Batch, Tally]]:
        """Judge chunk after chunk: a batch of each, with what was found; the first has the number `first`."""
        return map(self._batch, chunks, count(first))  # which holds on to no chunk that is judged

    def _batch(self, chunk: Chunk, number: int) -> tuple[Batch, Tally]:
        judged = _Judged(Tally(self.columns))
        chunk = chunk.with_odd_apart(lambda column: self.columns.target(column) is not None)
        if len(chunk.rows):
            self._judge_rows(chunk, judged)
        for item in chunk.others:
            self._judge(item, judged)
        judged.tally.clues.clues += clues_of_malformed(item for item in chunk.others if isinstance(item, Malformed))
        batch = Batch(
            number=number,
            last_record=chunk.last_record,
            read=chunk.read,
            blank=judged.blank,
            accepted=judged.accepted(self.policy),
            rejected=judged.rejected,
            findings=judged.tally.as_dict(),
        )
        return batch, judged.tally

    # --- in columns --------------------------------------------------------------------------------------------------

    def _judge_rows(self, chunk: Chunk, judged: "_Judged") -> None:
        frame, apart = self.columns.frame(chunk.rows)
        records, lines = chunk.records, chunk.lines
        if apart.any():
            alone = chunk.rows.filter(apart).iter_rows(named=True)
            for record, line, values in zip(records.filter(apart), lines.filter(apart), alone, strict=True):
                self._judge(Record(Place(record, line), values), judged)
            frame, records, lines = frame.filter(~apart), records.filter(~apart), lines.filter(~apart)
        came = frame  # in the order of the file's columns
        frame, references = _references(frame)
        if self.kind:
            frame = frame.drop(KIND_KEYS, strict=False)
        verdict = check_table(frame, policy=self.policy, kind=self.kind, on_extra=self.on_extra)
        judged.tally.add_table(verdict, frame, records, lines)
        judged.tally.clues = clues_of_rows(verdict, came, lines, self.policy)
        for kind, rows in verdict.accepted.items():
            at = rows["row"]
            at_place = records.gather(at).alias("record"), lines.gather(at).alias("line")
            judged.accept(kind, rows.drop("row").with_columns(*at_place, references.gather(at).alias(REFERENCE)))
        places = pl.DataFrame({"record": records, "line": lines, REFERENCE: references})
        judged.refuse(self._rejected(verdict, frame, places))

    def _rejected(self, verdict: TableVerdict, frame: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
        """Return the refused rows. `places`: the record, the line and the reference of each row of the frame."""
        told = _faults_by_row(verdict.faults)
        rows = told["row"]
        kinds = verdict.kinds.gather(rows).cast(pl.String)
        kept = self._kept_rows(frame[rows], kinds)
        return places[rows].with_columns(kinds.alias("kind"), told["faults"], kept.alias("fields"))

    def _kept_rows(self, refused: pl.DataFrame, kinds: pl.Series) -> pl.Series:
        """Return what may be kept of refused rows, as JSON; those of no known kind are kept as what they seem to be."""
        if kinds.null_count():
            kinds = kinds.fill_null(row_kinds(refused.drop(KIND_KEYS, strict=False), self.policy).cast(pl.String))
        kept = pl.repeat("{}", len(refused), eager=True)
        for name in kinds.unique().drop_nulls():
            which = kinds == name
            fields = retained_rows(refused.filter(which), self.policy.kinds[name])
            if fields.texts.width:
                kept = kept.scatter(which.arg_true(), json_objects(fields.texts, fields.withheld))
        return kept

    # --- record by record --------------------------------------------------------------------------------------------

    def _judge(self, item: Record | Malformed | Blank, judged: "_Judged") -> None:
        if isinstance(item, Blank):
            judged.blank += 1
            return
        if isinstance(item, Malformed):
            judged.take(item.place, self._unread(item.reason), {})
            return
        record = self.columns.record(item.values)
        if record is None:
            judged.take(item.place, self._unread("column_twice"), {})
            return
        reference = _take_reference(record)
        if self.kind:
            for key in KIND_KEYS:
                record.pop(key, None)
        verdict = check(record, policy=self.policy, kind=self.kind, on_extra=self.on_extra)
        if unclear := self.columns.unclear(item.values):
            verdict = self._refused(verdict, unclear)
        judged.take(item.place, verdict, record, reference, {} if verdict.accepted else self._kept(record))

    def _refused(self, verdict: Verdict, unclear: list[Fault]) -> Verdict:
        """Return a verdict that says of fields which could not be made for certain that, and nothing else."""
        names = self.policy.kinds[verdict.kind].names if verdict.kind else ()
        told = {fault.field: fault for fault in unclear if fault.field in names}
        if not told:
            return verdict
        faults = [*told.values(), *(fault for fault in verdict.faults if fault.field not in told)]
        order = {name: number for number, name in enumerate(names)}
        return structs.replace(
            verdict,
            record=None,
            faults=tuple(sorted(faults, key=lambda fault: order.get(fault.field or "", len(order)))),
            notices=tuple(notice for notice in verdict.notices if notice.field not in told),
            fixes=tuple(fix for fix in verdict.fixes if fix.field not in told),
        )

    def _kept(self, record: Mapping[str, object]) -> Mapping[str, str | None]:
        """Return what may be kept of a refused record; one of no known kind is kept as what its fields make it."""
        unsaid = {name: value for name, value in record.items() if name not in KIND_KEYS}
        kind = kind_of(record, self.policy, self.kind) or kind_of(unsaid, self.policy)
        return retained(record, kind) if kind else {}

    def _unread(self, reason: str) -> Verdict:
        fault = Fault("record.malformed", params={"reason": reason})
        return Verdict(None, None, (fault,), (), (), (), self.policy.identity)


class _Judged:
    """What became of the items of a chunk."""

    def __init__(self, tally: Tally) -> None:
        self.tally = tally
        self.blank = 0
        self._refused: list[Rejected] = []  # record by record
        self._rejections = in_columns([])
        self._rows: dict[str, pl.DataFrame] = {}
        self._alone: dict[str, list[dict[str, object]]] = {}  # accepted record by record

    def accept(self, kind: str, rows: pl.DataFrame) -> None:
        """Take accepted rows of a kind: its fields, `record`, `line` and `source_reference`."""
        self._rows[kind] = rows

    def accepted(self, policy: Policy) -> dict[str, pl.DataFrame]:
        """Return the accepted rows of each kind, ascending."""
        accepted = dict(self._rows)
        for name, records in self._alone.items():
            columns = ("record", "line", *policy.kinds[name].names, REFERENCE)
            rows = pl.DataFrame(records, dict.fromkeys(columns, pl.String) | {"record": pl.UInt32, "line": pl.UInt32})
            others = [accepted[name].select(columns)] if name in accepted else []
            accepted[name] = pl.concat([*others, rows]).sort("record")
        return accepted

    @property
    def rejected(self) -> pl.DataFrame:
        """Return the refused records, ascending."""
        return pl.concat([self._rejections, in_columns(self._refused)]).sort("record")

    def refuse(self, rows: pl.DataFrame) -> None:
        """Take refused rows: the columns of `loaders.rejection`, in any order."""
        self._rejections = rows.select(pl.col(name).cast(dtype) for name, dtype in COLUMNS.items())

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
            at = {"record": place.record, "line": place.line}
            row: dict[str, object] = {**at, **verdict.record, REFERENCE: reference}
            self._alone.setdefault(verdict.kind, []).append(row)
        else:
            self._refused.append(Rejected(place.record, place.line, verdict.kind, verdict.faults, kept, reference))


def _faults_by_row(faults: pl.DataFrame) -> pl.DataFrame:
    """Return `row` and `faults` of each refused row, the rows ascending: its faults as JSON, in the policy's order."""
    each = faults.select("field", "code", "params").unique()
    texts = [json_text(Fault(code, field, msgspec.json.decode(params))) for field, code, params in each.iter_rows()]
    written = each.with_columns(text=pl.Series(texts, dtype=pl.String))
    return (
        faults.join(written, on=each.columns, nulls_equal=True, maintain_order="left")
        .sort("row", maintain_order=True)
        .group_by("row", maintain_order=True)
        .agg(pl.format("[{}]", pl.col("text").str.join(", ")).alias("faults"))
    )


def _references(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series]:
    """Take the numbers that records had before out of a frame; what may be something else stays, as an extra column."""
    if REFERENCE not in frame.columns:
        return frame, pl.repeat(None, len(frame), dtype=pl.String, eager=True)
    came = frame[REFERENCE]
    there = came.is_not_null()
    readings = Readings(came.filter(there), at=there.arg_true().cast(pl.UInt32), size=len(came))
    REFERENCE_RULE.many(readings)
    references = readings.canonical()
    if len(readings) == len(came):
        return frame.drop(REFERENCE), references
    return frame.with_columns(came.zip_with(references.is_null(), references.clear(len(came)))), references


def _take_reference(record: dict[str, object]) -> str | None:
    """Take the number that a record had before out of it; one that may be something else stays, as an extra field."""
    value = record.get(REFERENCE)
    if value is None:
        return None
    reading = REFERENCE_RULE.one(value if isinstance(value, str) else str(value))
    if reading.value is not None:
        del record[REFERENCE]
    return reading.value
