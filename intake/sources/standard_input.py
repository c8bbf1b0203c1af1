"""Standard input, kept in a file without a name for as long as it is read: it comes once, and is read twice.

The file has no name from the beginning, or loses it at once: however the process ends, nothing stays behind.
"""

import errno
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, Final

from intake.errors import SourceError

STANDARD_INPUT: Final = Path("-")
NAME: Final = "standard input"

_BLOCK = 1 << 20


def keep() -> BinaryIO:
    """Read standard input to its end and return the file that it is kept in; raise SourceError."""
    try:
        kept = TemporaryFile(buffering=0)  # noqa: SIM115  (whoever has the content has it open)
    except OSError as error:
        raise _not_kept(error) from error
    for block in _standard_input():
        try:
            _write(kept, block)
        except OSError as error:
            kept.close()
            raise _not_kept(error) from error
    return kept


def _standard_input() -> Iterator[bytes]:
    if sys.stdin is None:  # closed by whoever started the command
        return
    try:
        while block := os.read(sys.stdin.fileno(), _BLOCK):
            yield block
    except OSError as error:
        raise SourceError(NAME, "source.unreadable", error=_word(error)) from error


def _write(kept: BinaryIO, block: bytes) -> None:
    rest = memoryview(block)
    while rest:
        rest = rest[kept.write(rest) :]


def _not_kept(error: OSError) -> SourceError:
    return SourceError(NAME, "source.not_kept", error=_word(error))


def _word(error: OSError) -> str:
    return errno.errorcode.get(error.errno or 0, "no reason given")
