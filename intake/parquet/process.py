"""The parent's side: starts the child that reads Parquet, takes its frames, and says why there are no more."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from typing import IO

from intake.errors import SourceError
from intake.parquet.frames import LENGTH, Frame, Opened, Passed, Refused, Rows, unpacked
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
    # The parent may have threads, so nothing is forked: the child is a program of its own.
    with content.opened() as file:
        process = subprocess.Popen(  # noqa: S603  (this interpreter, and a module of ours)
            [sys.executable, "-P", "-m", "intake.parquet.child", what, str(after), str(most)],
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # whoever dies may say what it was reading
        )
    try:
        assert process.stdout  # noqa: S101  (it is a pipe)
        for frame in _received(process.stdout):
            if isinstance(frame, Refused):
                raise _refused(content, frame.code, **frame.params)
            yield frame
            record += frame.count if isinstance(frame, Rows | Passed) else 0
        if process.wait():
            memory = process.returncode in _BY_MEMORY
            raise _refused(content, "source.parquet_memory" if memory else "source.parquet_failed", record=record)
    finally:
        process.kill()
        process.communicate()


def _received(pipe: IO[bytes]) -> Iterator[Frame]:
    """Yield the frames that came whole."""
    while len(head := pipe.read(LENGTH)) == LENGTH:
        size = int.from_bytes(head, "big")
        body = pipe.read(size)
        if len(body) < size:
            return
        yield unpacked(body)


def _refused(content: Content, code: str, **params: int | str) -> SourceError:
    if code == "source.parquet_memory":
        params["limit"] = MEMORY // _MEBIBYTE
    return SourceError(content.name, code, line=None, column=None, **params)
