"""The parent's side: starts the child that reads a workbook, takes its frames, and says why there are no more."""

import signal
from collections.abc import Iterator

import msgspec

from intake.errors import SourceError
from intake.isolation.child import Child, SilentError
from intake.sources.content import Content
from intake.workbooks.frames import LARGEST, Frame, Refused, unpacked

# What ended the child, and what that says. A reader that gets no memory aborts; the system kills what takes too much.
_ENDED: dict[int, str] = {
    signal.SIGABRT: "source.workbook_memory",
    signal.SIGKILL: "source.workbook_memory",
    signal.SIGXCPU: "source.workbook_slow",
}


class Reading:
    """A child at work on one sheet of a workbook."""

    def __init__(self, content: Content, sheet: str | None) -> None:
        """Start it."""
        chosen = [] if sheet is None else [sheet]
        self._name = content.name
        self._child = Child("intake.workbooks.child", content, *chosen)

    def frames(self) -> Iterator[Frame]:
        """Yield the frames that are still to come; SourceError."""
        try:
            for content in self._child.frames(LARGEST):
                yield self._frame(content)
            if status := self._child.wait():
                raise SourceError(self._name, _ENDED.get(-status, "source.workbook_failed"))
        except SilentError:
            raise SourceError(self._name, "source.workbook_slow") from None
        finally:
            self._child.end()

    def _frame(self, content: bytes) -> Frame:
        try:
            frame = unpacked(content)
        except msgspec.DecodeError:
            raise SourceError(self._name, "source.workbook_failed") from None
        if isinstance(frame, Refused):
            raise SourceError(self._name, frame.code, line=None, column=None, **frame.params)
        return frame
