"""The parent's side: a child that reads one file and sends frames on its standard output."""

import os
import select
import subprocess
import sys
import weakref
from collections.abc import Iterator

from intake.isolation.framing import LENGTH
from intake.sources.content import Content

_PATIENCE = 300  # seconds without a frame: the child's own limit is of processor time, and a disk may hang


class SilentError(Exception):
    """A child that sends nothing, and does not end either."""


class Child:
    """A module of ours at work on one file: `python -P -m MODULE FILE ARGUMENT ...`."""

    def __init__(self, module: str, content: Content, *arguments: str) -> None:
        """Start it. The parent may have threads, so nothing is forked: the child is a program of its own."""
        with content.opened() as file:
            self._process = subprocess.Popen(  # noqa: S603  (this interpreter, and a module of ours)
                [sys.executable, "-P", "-m", module, f"/dev/fd/{file.fileno()}", *arguments],
                stdin=subprocess.PIPE,  # nothing is written to it: the child ends when it closes
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # a reader that panics says what it was reading
                bufsize=0,
                pass_fds=[file.fileno()],  # standard input is kept in a file without a name
            )
        self._finalizer = weakref.finalize(self, _end, self._process)

    def frames(self, largest: int) -> Iterator[bytes]:
        """Yield the frames that come whole, without their lengths; SilentError. One of more bytes is none."""
        while len(head := self._take(LENGTH)) == LENGTH:
            size = int.from_bytes(head, "big")
            content = self._take(size) if size <= largest else b""
            if len(content) < size:
                return
            yield content

    def wait(self) -> int:
        """Return the status with which the child ended (negative: by which signal); SilentError."""
        try:
            return self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            raise SilentError from None

    def end(self) -> None:
        """End the child, if it has not ended."""
        self._finalizer()

    def _take(self, size: int) -> bytes:
        """Return so many bytes of what the child sends; fewer where it ends."""
        assert self._process.stdout  # noqa: S101  (it is a pipe)
        file = self._process.stdout.fileno()
        waiting = select.poll()
        waiting.register(file, select.POLLIN)
        taken = bytearray()
        while len(taken) < size:
            if not waiting.poll(_PATIENCE * 1000):
                raise SilentError
            part = os.read(file, size - len(taken))
            if not part:
                break
            taken += part
        return bytes(taken)


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe:
            pipe.close()
