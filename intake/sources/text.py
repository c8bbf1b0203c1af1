r"""A file of text that was proven (`proving.py`), as physical lines: in UTF-8, whatever it is encoded in.

A physical line ends with LF, CR LF or a lone CR, whatever quotes it stands in: what `bytes.splitlines` calls a line,
and not the wider `str.splitlines`, for which U+2028 or a vertical tab inside a value would end one as well. Lines
keep their ends. A line longer than the limit comes as None and is never held.

>>> list(chain.from_iterable(physical_lines([b"a\r", b"\nb\r" + b"long" * 9, b"long\nc"], limit=20)))
['a\r\n', 'b\r', None, 'c']
"""

from codecs import BOM_UTF8, getincrementaldecoder
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain

from intake.errors import SourceError
from intake.sources.content import Content
from intake.sources.encoding import BY_NAME, UTF_8, UTF_8_MARKED
from intake.sources.format import Proof

Line = str | None
RawLine = bytes | None

LINE_LIMIT = 1 << 20  # bytes
_READING_BLOCK = 1 << 16


class TextFile:
    """A file whose encoding `prove` found, as it was then."""

    def __init__(  # noqa: PLR0913  (what is known of a file, each by its name)
        self, content: Content, *, sha256: str, size: int, encoding: str, proof: Proof, backslashes: bool = True
    ) -> None:
        """Take what `prove` found out; `backslashes`: whether there may be any."""
        self.content = content
        self.name = content.name
        self.sha256 = sha256
        self.size = size
        self.encoding = encoding
        self.proof = proof
        self.backslashes = backslashes
        self.position = 0  # of the file's own bytes
        self.passed = 0  # of the text's

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
        """Read blocks of UTF-8 without a byte order mark."""
        reading = self.content.read(_READING_BLOCK)
        recode = _recoder(self.encoding)
        self.position = self.passed = 0
        for block in chain(reading, [b""]):
            text = recode(block)
            if text is None:
                break
            yield text if self.passed else text.removeprefix(BOM_UTF8)
            self.position = reading.taken
            self.passed += len(block)
        if reading.sha256 != self.sha256:
            raise SourceError(self.name, "source.changed")


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
            del lines[0]
            skipping = False
        yield lines if len(text) <= limit else [line if len(line) <= limit else None for line in lines]
        if len(rest) > limit and not skipping:
            yield [None]  # at once: whoever asks for the first lines alone need not wait for the end of this one
            skipping = True
        if skipping:
            rest = rest[-1:]
    if rest and not skipping:
        yield [rest]


def decoded(line: bytes) -> Line:
    r"""Return a line of UTF-8 as text, or None if it is not UTF-8.

    >>> decoded("Łódź".encode()), decoded(b"\xa3\xf3d\x9f")
    ('Łódź', None)
    """
    try:
        return line.decode()
    except UnicodeDecodeError:
        return None


def _recoder(encoding: str) -> Callable[[bytes], bytes | None]:
    """Return what makes UTF-8 of the blocks of a file, the last of which is empty; None where they are not valid."""
    if encoding in {UTF_8, UTF_8_MARKED}:
        return bytes
    decoder = getincrementaldecoder(BY_NAME[encoding].codec if encoding in BY_NAME else encoding)()

    def recode(block: bytes) -> bytes | None:
        try:
            return decoder.decode(block, final=not block).encode()
        except UnicodeDecodeError:
            return None

    return recode
