"""The child: reads Parquet from standard input, at any place of it, and sends it, frame by frame, on standard output.

    python -P -m intake.parquet.child (prove|send) AFTER MOST < FILE

To prove a file is to make everything of it, and to send how many rows there are. Whatever is wrong with the file is a
frame too. What pyarrow says against it is not: it may quote it.
"""

import os
import signal
import sys
from collections.abc import Iterator

from intake.parquet import limits
from intake.parquet.frames import Frame, Passed, Refused, Rows, packed
from intake.parquet.refusal import RefusalError


def main() -> None:
    """Read and send."""
    size = os.fstat(0).st_size
    limits.bound(size)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to both; the parent says what becomes of us
    proving = sys.argv[1] == "prove"
    after, most = map(int, sys.argv[2:])
    for frame in _frames(size, after, most):
        passed = Passed(frame.count) if proving and isinstance(frame, Rows) else frame
        sys.stdout.buffer.write(packed(passed))
        sys.stdout.buffer.flush()


def _frames(size: int, after: int, most: int) -> Iterator[Frame]:
    """Yield the file's frames, the last of which may say why there are no more."""
    from pyarrow import ArrowException  # noqa: PLC0415  (once memory is bound)

    from intake.parquet.reader import read  # noqa: PLC0415

    record = after
    try:
        with open(0, "rb", buffering=0, closefd=False) as file:
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
