r"""A file of UTF-8 text: one pass over its bytes proves it before anything is read, then it comes as physical lines.

A physical line ends with LF, CR LF or a lone CR, whatever quotes it stands in: what `bytes.splitlines` calls a line,
and not the wider `str.splitlines`, for which U+2028 or a vertical tab inside a value would end one as well. Lines
keep their ends. A line longer than the limit comes as None and is never held.

>>> list(chain.from_iterable(physical_lines([b"a\r", b"\nb\r" + b"long" * 9, b"long\nc"], limit=20)))
['a\r\n', 'b\r', None, 'c']
"""

import errno
import hashlib
import os
import stat
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE, getincrementaldecoder
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

from intake.errors import SourceError

Line = str | None
RawLine = bytes | None

LINE_LIMIT = 1 << 20  # bytes
_PROVING_BLOCK = 1 << 20
_READING_BLOCK = 1 << 16

# UTF-32 comes first: its little-endian mark begins with UTF-16's.
_OTHER_MARKS = (
    (BOM_UTF32_LE, "UTF-32"),
    (BOM_UTF32_BE, "UTF-32"),
    (BOM_UTF16_LE, "UTF-16"),
    (BOM_UTF16_BE, "UTF-16"),
)
_OS_CODES = {
    errno.ENOENT: "source.missing",
    errno.ENOTDIR: "source.missing",
    errno.EISDIR: "source.is_directory",
    errno.EACCES: "source.not_permitted",
    errno.EPERM: "source.not_permitted",
}


class TextFile:
    """A file that `prove` found to be UTF-8, as it was then."""

    def __init__(self, path: Path, *, sha256: str, size: int, encoding: str) -> None:
        """Take what `prove` found out."""
        self.path = path
        self.name = file_name(path)
        self.sha256 = sha256
        self.size = size
        self.encoding = encoding
        self.position = 0

    def lines(self) -> Iterator[Line]:
        """Read the physical lines; raise SourceError, at the latest after the last, if the file has changed."""
        return chain.from_iterable(self._batches())

    def raw_lines(self) -> Iterator[Sequence[RawLine]]:
        """Read the physical lines as bytes, those of a block together; raise SourceError after them as `lines` does."""
        return raw_lines(self._blocks())

    def _batches(self) -> Iterator[list[Line]]:
        try:
            yield from physical_lines(self._blocks())
        except UnicodeDecodeError:
            changed = True
        else:
            changed = False
        if changed:  # raised out here, so that the error's context does not carry the bytes
            raise SourceError(self.name, "source.changed")

    def _blocks(self) -> Iterator[bytes]:
        digest = hashlib.sha256()
        self.position = 0
        for block in _blocks(self.path, _READING_BLOCK):
            digest.update(block)
            yield block if self.position else block.removeprefix(BOM_UTF8)
            self.position += len(block)
        if digest.hexdigest() != self.sha256:
            raise SourceError(self.name, "source.changed")


def prove(path: Path) -> TextFile:
    """Read every byte once and return the file's identity; raise SourceError if it is not UTF-8, or nothing at all."""
    name = file_name(path)
    digest = hashlib.sha256()
    decoder = getincrementaldecoder("utf-8")()
    size, encoding, filled = 0, "utf-8", False
    broken: UnicodeDecodeError | None = None
    for block in chain(_blocks(path, _PROVING_BLOCK), [b""]):
        if size == 0:
            _refuse_other_marks(name, block)
            encoding = "utf-8-sig" if block.startswith(BOM_UTF8) else "utf-8"
        size += len(block)
        digest.update(block)
        try:
            text = decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            broken = error
            break
        filled = filled or text.strip().strip("\ufeff") != ""
    if broken:
        offset = size - len(broken.object) + broken.start
        raise _not_utf8(path, offset, broken.object[broken.start : broken.end])
    if not filled:
        raise SourceError(name, "source.empty")
    return TextFile(path, sha256=digest.hexdigest(), size=size, encoding=encoding)


def physical_lines(blocks: Iterable[bytes], limit: int = LINE_LIMIT) -> Iterator[list[Line]]:
    """Cut blocks into lines of text, as `raw_lines` does."""
    for lines in raw_lines(blocks, limit):
        yield [line if line is None else line.decode() for line in lines]


def raw_lines(blocks: Iterable[bytes], limit: int = LINE_LIMIT) -> Iterator[Sequence[RawLine]]:
    """Cut blocks into lines and yield those that each block completes; None stands for a line of over `limit` bytes."""
    rest = b""
    skipping = False  # inside a line that is too long; `rest` is then only its last byte, which may be half a CR LF
    for block in blocks:
        text = rest + block
        lines = text.splitlines(keepends=True)
        # The last line waits for the next block even if it ends with CR: an LF may follow.
        rest = lines.pop() if lines else b""
        if skipping and lines:
            yield [None]
            del lines[0]
            skipping = False
        yield lines if len(text) <= limit else [line if len(line) <= limit else None for line in lines]
        skipping = skipping or len(rest) > limit
        if skipping:
            rest = rest[-1:]
    if rest:
        yield [None if skipping else rest]


def file_name(path: Path) -> str:
    r"""Return the file's name without folders, as text that can be written anywhere.

    >>> file_name(Path("exports/old") / os.fsdecode(b"klienci-\xb3.csv"))
    'klienci-\ufffd.csv'
    """
    return os.fsencode(path.name).decode(errors="replace")


def _blocks(path: Path, size: int) -> Iterator[bytes]:
    """Read a regular file in blocks; whatever the system says against it becomes a SourceError."""
    with _system_errors(file_name(path)):
        # Looked at before it is opened: opening a pipe would wait for somebody to write into it.
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise SourceError(file_name(path), "source.is_directory")
        if not stat.S_ISREG(mode):
            raise SourceError(file_name(path), "source.not_a_file")
        with path.open("rb", buffering=0) as file:
            while block := file.read(size):
                yield block


@contextmanager
def _system_errors(name: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        code = _OS_CODES.get(error.errno or 0, "source.unreadable")
        reason = errno.errorcode.get(error.errno or 0, "no reason given")
        raise SourceError(name, code, error=reason) from error


def _refuse_other_marks(name: str, block: bytes) -> None:
    for mark, encoding in _OTHER_MARKS:
        if block.startswith(mark):
            raise SourceError(name, "source.other_encoding", encoding=encoding, bytes=_hex(mark))


def _not_utf8(path: Path, offset: int, sequence: bytes) -> SourceError:
    line, column = _line_and_byte(_blocks(path, _PROVING_BLOCK), offset)
    return SourceError(
        file_name(path), "source.not_utf8", line=line, column=column, offset=offset, bytes=_hex(sequence)
    )


def _line_and_byte(blocks: Iterable[bytes], offset: int) -> tuple[int, int]:
    r"""Return on which physical line the byte at `offset` stands, and which byte of that line it is, both from 1.

    >>> _line_and_byte([b"a\r", b"\nb\nc\rxy", b"z!"], 9)
    (4, 3)
    """
    line, start, position, last = 1, 0, 0, b""
    for block in blocks:
        head = block[: offset - position]
        line += head.count(b"\n") + head.count(b"\r") - head.count(b"\r\n")
        line -= last == b"\r" and head.startswith(b"\n")
        end = max(head.rfind(b"\n"), head.rfind(b"\r"))
        if end >= 0:
            start = position + end + 1
        position += len(head)
        last = head[-1:]
        if position == offset:
            break
    return line, offset - start + 1


def _hex(sequence: bytes) -> str:
    return sequence.hex(" ").upper()
