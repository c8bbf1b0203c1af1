r"""What a file holds, block by block and as often as it is asked for, from a file or from standard input.

gzip (RFC 1952) is known by its first bytes and undone on the way.

>>> import gzip
>>> from tempfile import TemporaryDirectory
>>> with TemporaryDirectory() as folder:
...     path = Path(folder, "shop.csv.gz")
...     _ = path.write_bytes(gzip.compress(b"NIP\n5260250274\n"))
...     content = Content(path)
...     content.compression, list(content.read(1 << 16))
('gzip', [b'NIP\n5260250274\n'])
"""

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from intake.errors import SourceError
from intake.sources.gzip_members import GZIP, Members
from intake.sources.standard_input import NAME, STANDARD_INPUT, keep

if TYPE_CHECKING:
    from intake.sources.format import Compression

_OS_CODES = {
    errno.ENOENT: "source.missing",
    errno.ENOTDIR: "source.missing",
    errno.EISDIR: "source.is_directory",
    errno.EACCES: "source.not_permitted",
    errno.EPERM: "source.not_permitted",
}
# What is known by its first bytes and not read, at the top or within gzip.
_PACKED: Final = {
    GZIP: "gzip, twice",  # once it is undone
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"7z\xbc\xaf\x27\x1c": "7-Zip",
    b"Rar!": "RAR",
    b"PARE": "Parquet's encryption",
}
# What has pieces of its own that are packed, and is read at any place: gzip around it is one thing too many.
_NEVER_IN_GZIP: Final = {b"PAR1": "gzip", b"PK\x03\x04": "gzip", b"\xd0\xcf\x11\xe0": "gzip"}

_PACKED_BLOCK = 1 << 16  # small, for it may hold a thousand times as much


class Content:
    """A file, or standard input, that is there to be read again and again."""

    def __init__(self, path: Path) -> None:
        """Look at the beginning; raise SourceError where it cannot be read, or is packed with what is not undone."""
        self.path = path
        self.name = file_name(path)
        self._kept = keep() if path == STANDARD_INPUT else None
        self.compression: Compression | None = None
        head = self.head()
        if head.startswith(GZIP):
            self.compression = "gzip"
            head = self.head()
        packed = _PACKED | _NEVER_IN_GZIP if self.compression else _PACKED
        for magic, packer in packed.items():
            if head.startswith(magic):
                raise SourceError(self.name, "source.packed", packer=packer)

    def read(self, size: int) -> "Reading":
        """Return a pass over what the file holds, in blocks of up to `size` bytes."""
        return Reading(self, size)

    def head(self, size: int = 1 << 16) -> bytes:
        """Return the first bytes of what the file holds: `size` of them, if there are so many."""
        head = b""
        for block in self.read(size):
            head += block
            if len(head) >= size:
                break
        return head[:size]

    def own_blocks(self, size: int) -> Iterator[bytes]:
        """Read the file as it is, in blocks; whatever the system says against it becomes a SourceError."""
        with self.opened() as file, system_errors(self.name):
            at = 0
            while block := os.pread(file.fileno(), size, at):
                yield block
                at += len(block)

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """Open the file for somebody who reads it at any place; whatever the system says becomes a SourceError."""
        with system_errors(self.name):
            file = nullcontext(self._kept) if self._kept else self._open()
        with file as opened:
            yield opened

    def _open(self) -> BinaryIO:
        # Looked at before it is opened: opening a pipe would wait for somebody to write into it.
        mode = self.path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise SourceError(self.name, "source.is_directory")
        if not stat.S_ISREG(mode):
            raise SourceError(self.name, "source.not_a_file")
        return self.path.open("rb", buffering=0)


class Reading:
    """A pass over a content: its blocks, of which none is empty, and what is known of the file once they were taken."""

    def __init__(self, content: Content, size: int) -> None:
        """Read nothing yet."""
        self.taken = 0  # of the file's own bytes
        self._digest = hashlib.sha256()
        self._content = content
        self._size = size

    def __iter__(self) -> Iterator[bytes]:
        """Read the file from its beginning."""
        if self._content.compression == "gzip":
            return Members(self._content.name).undo(self._own_blocks(_PACKED_BLOCK), self._size)
        return self._own_blocks(self._size)

    @property
    def sha256(self) -> str:
        """Return the SHA-256 of the bytes taken, in hexadecimal."""
        return self._digest.hexdigest()

    def _own_blocks(self, size: int) -> Iterator[bytes]:
        for block in self._content.own_blocks(size):
            self.taken += len(block)
            self._digest.update(block)
            yield block


def file_name(path: Path) -> str:
    r"""Return the file's name without folders, as text that can be written anywhere.

    >>> file_name(Path("exports/old") / os.fsdecode(b"klienci-\xb3.csv")), file_name(Path("-"))
    ('klienci-\ufffd.csv', 'standard input')
    """
    return NAME if path == STANDARD_INPUT else os.fsencode(path.name).decode(errors="replace")


@contextmanager
def system_errors(name: str) -> Iterator[None]:
    """Make a SourceError of what the system says against reading."""
    try:
        yield
    except OSError as error:
        code = _OS_CODES.get(error.errno or 0, "source.unreadable")
        reason = errno.errorcode.get(error.errno or 0, "no reason given")
        raise SourceError(name, code, error=reason) from error
