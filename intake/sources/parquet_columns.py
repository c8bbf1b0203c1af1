"""What the child sent of a Parquet file as chunks of columns."""

from io import BytesIO

import polars as pl

from intake.parquet.frames import Rows
from intake.sources.chunk import Chunk
from intake.sources.source import Blank, Item, Malformed, Place, Record

_NO_TEXT: list[object] = []  # what stands for a value that is no text


def chunk_of(frame: Rows, names: tuple[str, ...]) -> Chunk:
    """Return the rows of a frame; those in which a column holds what is no text are records of their own."""
    rows = pl.read_ipc_stream(BytesIO(frame.texts))
    rows.columns = list(names)
    odd: dict[int, dict[str, object]] = {}
    for column, places in frame.odd.items():
        for place in places:
            odd.setdefault(place, {})[names[column]] = _NO_TEXT
    others: dict[int, Item] = {
        place: Record(_place(frame, place), rows.row(place, named=True) | values) for place, values in odd.items()
    }
    others |= {place: Blank(_place(frame, place)) for place in frame.blank}
    others |= {place: Malformed(_place(frame, place), reason) for place, reason in frame.malformed.items()}
    kept = pl.int_range(frame.count, eager=True, dtype=pl.UInt32)
    if others:
        kept = kept.filter(~kept.is_in(list(others)))
        rows = rows[kept]
    records = kept + frame.first
    return Chunk(
        read=frame.count,
        last_record=frame.first + frame.count - 1,
        rows=rows,
        records=records,
        lines=records,
        others=[others[place] for place in sorted(others)],
    )


def _place(frame: Rows, place: int) -> Place:
    return Place(frame.first + place, frame.first + place)
