"""The parent's side: starts the child that reads a workbook, takes its frames, and says why there are no more."""

import os
import select
import signal
import subprocess
import sys
import weakref
from collections.abc import Iterator

import msgspec

from intake.errors import SourceError
from intake.sources.content import Content
from intake.workbooks.frames import LARGEST, LENGTH, Frame, Refused, unpacked

_PATIENCE = 300  # seconds without a frame: the child's own limit is of processor time, and a disk may hang

# What ended the child, and what that says. A reader that gets no memory aborts; the system kills what takes too much.
_ENDED: dict[int, str] = {
    signal.SIGABRT: "source.workbook_memory",
    signal.SIGKILL: "source.workbook_memory",
    signal.SIGXCPU: "source.workbook_slow",
}


class Reading:
    """A child at work on one sheet of a workbook."""

    def __init__(self, content: Content, sheet: str | None) -> None:
        """Start it. The parent may have threads, so nothing is forked: the child is a program of its own."""
        chosen = [] if sheet is None else [sheet]
        self._name = content.name
        with content.opened() as file:
            self._process = subprocess.Popen(  # noqa: S603  (our own program)
                [sys.executable, "-P", "-m", "intake.workbooks.child", f"/dev/fd/{file.fileno()}", *chosen],
                stdin=subprocess.PIPE,  # nothing is written to it: the child ends when it closes
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # a reader that panics says what it was reading
                bufsize=0,
                pass_fds=[file.fileno()],  # standard input is kept in a file without a name
            )
        self._finalizer = weakref.finalize(self, _end, self._process)

    def frames(self) -> Iterator[Frame]:
        """Yield the frames that are still to come; SourceError."""
        try:
            while head := self._take(LENGTH):
                size = int.from_bytes(head, "big")
                content = self._take(size) if len(head) == LENGTH and size <= LARGEST else b""
                if len(content) < size:
                    break
                yield self._frame(content)
            self._wait()
        finally:
            self.end()

    def end(self) -> None:
        """End the child, if it has not ended."""
        self._finalizer()

    def _frame(self, content: bytes) -> Frame:
        try:
            frame = unpacked(content)
        except msgspec.DecodeError:
            raise SourceError(self._name, "source.workbook_failed") from None
        if isinstance(frame, Refused):
            raise SourceError(self._name, frame.code, line=None, column=None, **frame.params)
        return frame

    def _take(self, size: int) -> bytes:
        """Return so many bytes of what the child sends; fewer where it ends."""
        assert self._process.stdout  # noqa: S101  (it is a pipe)
        file = self._process.stdout.fileno()
        waiting = select.poll()
        waiting.register(file, select.POLLIN)
        taken = bytearray()
        while len(taken) < size:
            if not waiting.poll(_PATIENCE * 1000):
                raise SourceError(self._name, "source.workbook_slow")
            part = os.read(file, size - len(taken))
            if not part:
                break
            taken += part
        return bytes(taken)

    def _wait(self) -> None:
        """See how the child ended, and raise SourceError if it was not by itself."""
        try:
            status = self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            raise SourceError(self._name, "source.workbook_slow") from None
        if status:
            raise SourceError(self._name, _ENDED.get(-status, "source.workbook_failed"))


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe:
            pipe.close()
