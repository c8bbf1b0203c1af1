"""Reading a file in each encoding: the same records, proven and taken into columns, against UTF-8."""

import time
from pathlib import Path
from statistics import median

from intake.sources import open_source
from intake.sources.encoding import ENCODINGS, UTF_16_LE
from tests.benchmarks import processes

RECORDS = 200_000
_CODECS = {UTF_16_LE: UTF_16_LE} | {encoding.name: encoding.codec for encoding in ENCODINGS}


def lines(records: int | None, rounds: int) -> list[str]:
    """Return the throughput of reading, as lines of a Markdown table; medians of pairs."""
    source = processes.source(records or RECORDS, well_formed=True).path
    return [_line(name, codec, source, rounds) for name, codec in _CODECS.items()]


def _line(name: str, codec: str, source: Path, rounds: int) -> str:
    path = processes.BUILD / "encoded.csv"
    path.write_bytes(source.read_bytes().decode().encode(codec, errors="replace"))
    pairs = [(_seconds(path, name), _seconds(source, "utf-8")) for _ in range(rounds)]
    path.unlink()
    ours, theirs = (median(pair[side] for pair in pairs) for side in (0, 1))
    share = median(b / a for a, b in pairs)
    return (
        f"| reading CSV in {name} | {ours:.2f} s | the same in UTF-8: {theirs:.2f} s | **{share:.0%}** of its speed |"
    )


def _seconds(path: Path, encoding: str) -> float:
    began = time.perf_counter()
    source = open_source(path)
    rows = sum(chunk.rows.height for chunk in source.chunks())
    took = time.perf_counter() - began
    if source.format.encoding != encoding or not rows:
        message = f"{path.name} was read as {source.format.encoding}, with {rows} rows"
        raise AssertionError(message)
    return took
