"""The child: reads one sheet of a workbook and sends it, frame by frame, on standard output.

    python -P -m intake.workbooks.child FILE [SHEET]

Whatever is wrong with the workbook is a frame too. What python-calamine says against it is not: it may quote it.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from intake.isolation.end_with_parent import end_with_parent
from intake.isolation.framing import framed
from intake.workbooks import container, limits
from intake.workbooks.frames import Frame, Refused
from intake.workbooks.refusal import RefusalError


def main() -> None:
    """Read and send."""
    limits.bound()
    end_with_parent()
    try:
        for frame in _frames(Path(sys.argv[1]), *sys.argv[2:]):
            _send(frame)
    except RefusalError as refusal:
        _send(refusal.refused)
    except MemoryError:
        _send(Refused("source.workbook_memory"))


def _frames(path: Path, sheet: str | None = None) -> Iterator[Frame]:
    archive = container.look(path)
    limits.allow_reading(archive.size)
    try:
        from intake.workbooks.reader import read  # noqa: PLC0415  (python-calamine is an extra)
    except ImportError:
        raise RefusalError(Refused("source.workbook_reader_missing")) from None
    yield from read(archive, sheet)


def _send(frame: Frame) -> None:
    sys.stdout.buffer.write(framed(frame))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
