"""The parent's side: starts the child that reads Parquet, takes its frames, and says why there are no more."""

import signal
from collections.abc import Iterator
from importlib.util import find_spec

from intake.errors import SourceError
from intake.isolation.child import Child, SilentError
from intake.parquet.frames import LARGEST, Frame, Opened, Passed, Refused, Rows, unpacked
from intake.parquet.limits import MEMORY
from intake.sources.content import Content

_MEBIBYTE = 1 << 20
_PROVED = 20_000  # rows at a time

# What ended the child. One that gets no memory may abort; the system kills whoever takes too much of it.
_BY_MEMORY = {-signal.SIGABRT, -signal.SIGKILL}


def prove(content: Content) -> Opened:
    """Let a child read a file to its end; return what its footer says, or raise SourceError."""
    told = [frame for frame in _frames(content, "prove", 0, _PROVED) if isinstance(frame, Opened)]
    if not told:
        raise _refused(content, "source.parquet_failed", record=0)
    return told[0]


def frames(content: Content, after: int, most: int) -> Iterator[Frame]:
    """Yield what a child reads of a file after so many rows, up to `most` of them a frame; SourceError."""
    return _frames(content, "send", after, most)


def _frames(content: Content, what: str, after: int, most: int) -> Iterator[Frame]:
    if find_spec("pyarrow") is None:
        raise SourceError(content.name, "source.parquet_reader_missing")
    record = after
    child = Child("intake.parquet.child", content, what, str(after), str(most))
    try:
        for frame in map(unpacked, child.frames(LARGEST)):
            if isinstance(frame, Refused):
                raise _refused(content, frame.code, **frame.params)
            yield frame
            record += frame.count if isinstance(frame, Rows | Passed) else 0
        if status := child.wait():
            memory = status in _BY_MEMORY
            raise _refused(content, "source.parquet_memory" if memory else "source.parquet_failed", record=record)
    except SilentError:
        raise _refused(content, "source.parquet_failed", record=record) from None
    finally:
        child.end()


def _refused(content: Content, code: str, **params: int | str) -> SourceError:
    if code == "source.parquet_memory":
        params["limit"] = MEMORY // _MEBIBYTE
    return SourceError(content.name, code, line=None, column=None, **params)
