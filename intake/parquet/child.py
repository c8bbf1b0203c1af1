"""The child: reads a Parquet file, at any place of it, and sends it, frame by frame, on standard output.

    python -P -m intake.parquet.child FILE (prove|send) AFTER MOST

To prove a file is to make everything of it, and to send how many rows there are. Whatever is wrong with the file is a
frame too. What pyarrow says against it is not: it may quote it.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from intake.isolation.end_with_parent import end_with_parent
from intake.isolation.framing import framed
from intake.parquet import limits
from intake.parquet.frames import Frame, Passed, Refused, Rows
from intake.parquet.refusal import RefusalError


def main() -> None:
    """Read and send."""
    path, what = Path(sys.argv[1]), sys.argv[2]
    after, most = map(int, sys.argv[3:])
    size = path.stat().st_size
    limits.bound(size)
    end_with_parent()
    for frame in _frames(path, size, after, most):
        passed = Passed(frame.count) if what == "prove" and isinstance(frame, Rows) else frame
        sys.stdout.buffer.write(framed(passed))
        sys.stdout.buffer.flush()


def _frames(path: Path, size: int, after: int, most: int) -> Iterator[Frame]:
    """Yield the file's frames, the last of which may say why there are no more."""
    from pyarrow import ArrowException  # noqa: PLC0415  (once memory is bound)

    from intake.parquet.reader import read  # noqa: PLC0415

    record = after
    try:
        with path.open("rb", buffering=0) as file:
            for frame in read(file, size, after, most):
                yield frame
                record += frame.count if isinstance(frame, Rows) else 0
    except RefusalError as refusal:
        yield Refused(refusal.code, refusal.params)
    except MemoryError:
        yield Refused("source.parquet_memory", {"record": record})
    except (ArrowException, OSError):
        yield Refused("source.parquet_broken", {"record": record})


if __name__ == "__main__":
    main()
