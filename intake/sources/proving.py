r"""The pass over a whole file that proves its encoding before anything is read.

UTF-8 and UTF-16 are proven by being valid to the last byte, the latter with a byte order mark, or NULs in every other
place. What is neither is weighed (`evidence.py`), in a second pass. What is not proven is refused, with its place.

>>> _line_and_byte([b"a\r", b"\nb\nc\rxy", b"z!"], 9)
(4, 3)
"""

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE, getincrementaldecoder
from collections.abc import Iterable, Iterator
from itertools import chain

from intake.errors import SourceError
from intake.sources.content import Content
from intake.sources.doubled import FIRST, REACH, doubled
from intake.sources.encoding import (
    BY_NAME,
    ENCODINGS,
    UTF_8,
    UTF_8_MARKED,
    UTF_16,
    UTF_16_BE,
    UTF_16_LE,
    Encoding,
    one_of,
)
from intake.sources.evidence import Evidence, Found
from intake.sources.format import Proof, Word
from intake.sources.text import TextFile, decoded, raw_lines
from loaders.ahead import ahead

_BLOCK = 1 << 20

# UTF-32 comes first: its little-endian mark begins with UTF-16's.
_MARKS = (
    (BOM_UTF32_LE, "utf-32"),
    (BOM_UTF32_BE, "utf-32"),
    (BOM_UTF16_LE, UTF_16_LE),
    (BOM_UTF16_BE, UTF_16_BE),
    (BOM_UTF8, UTF_8_MARKED),
)
_ASCII = bytes(range(0x80))
_HIGH = frozenset(range(0x80, 0x100))
_NULS_ON_ONE_SIDE = 4
_PROVING = 3  # distinct characters beyond ASCII: in no other encoding is such a text UTF-8 from end to end
_NONE = "none"


def prove(content: Content, told: str | None = None) -> TextFile:
    """Read every byte and return the file's identity; raise SourceError if its encoding cannot be told for certain.

    `told` is the encoding that somebody said, by its name (`encoding_named`). It is believed where the file does not
    prove itself, and where it fits.
    """
    head = content.head(_BLOCK)
    mark, said = declared(head)
    if said == "utf-32":
        raise SourceError(content.name, "source.other_encoding", encoding="UTF-32", bytes=_hex(mark))
    if head and said is None and told in {UTF_16, UTF_16_LE, UTF_16_BE}:
        raise _misfit(content, Found(0, head[:2]), told, [])
    if said and told and not said.startswith(told):
        raise _misfit(content, Found(0, mark or head[:2]), told, [said])
    seen = _Decoded(content, said or UTF_8)
    if seen.doubled:
        raise _refused(content, "source.doubly_encoded", seen.doubled, said or UTF_8)
    if said:
        if seen.broken:
            raise _misfit(content, seen.broken, said, [])
        return seen.file(said, "byte_order_mark" if mark else "utf16_nulls")
    if seen.broken is None:
        encoding = _utf8_or(content, seen.rivals, told)
        return seen.file(encoding, "said" if seen.rivals else "utf8_valid")
    return _weighed(content, seen.broken, told)


def prove_utf8(content: Content) -> TextFile:
    """Prove a file that can be nothing but UTF-8, as JSON is; raise SourceError if it is not.

    Some lines may not be UTF-8 all the same, for whoever reads it to refuse one by one: fewer than half of those that
    are not ASCII. Of a file in another encoding all are.
    """
    marked = content.head(_BLOCK).startswith(BOM_UTF8)
    encoding = UTF_8_MARKED if marked else UTF_8
    seen = _Decoded(content, encoding)
    if seen.broken:
        if not _is_mostly_utf8(content):
            raise _refused(content, "source.not_utf8", seen.broken, None)
        seen = _Decoded(content, encoding, errors="surrogateescape")
    if seen.doubled:
        raise _refused(content, "source.doubly_encoded", seen.doubled, encoding)
    return seen.file(encoding, "byte_order_mark" if marked else "utf8_valid")


def _is_mostly_utf8(content: Content) -> bool:
    beyond = broken = 0
    for line in chain.from_iterable(raw_lines(content.read(_BLOCK))):
        if line is not None and not line.isascii():
            beyond += 1
            broken += decoded(line) is None
    return broken * 2 < beyond


def declared(head: bytes) -> tuple[bytes, str | None]:
    """Return the byte order mark at the beginning, and what it or NULs in every other place say."""
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return mark, encoding
    if b"\0" in head:
        return b"", next((encoding for encoding in (UTF_16_LE, UTF_16_BE) if _is_wide(head, encoding)), None)
    return b"", None


def _is_wide(head: bytes, encoding: str) -> bool:
    """Return whether a beginning with NULs is UTF-16: its line ends are, or half of it is ASCII or Latin-1."""
    signs = set(head.decode(encoding, errors="replace"))
    if any(map(_is_torn_line_end, signs)):
        return False
    if signs & {"\n", "\r"}:
        return True
    low, high = (head[0::2], head[1::2]) if encoding == UTF_16_LE else (head[1::2], head[0::2])
    return high.count(0) >= len(high) / 2 and high.count(0) >= _NULS_ON_ONE_SIDE * low.count(0)


def _is_torn_line_end(sign: str) -> bool:
    """Return whether LF or CR is one byte of a character that no Latin script has (č is U+010D)."""
    high, low = divmod(ord(sign), 0x100)
    return high > 1 and not {high, low}.isdisjoint(b"\n\r")


class _Decoded:
    """What became of a file that was read as UTF-8 or UTF-16, to its end or to where it is not."""

    def __init__(self, content: Content, encoding: str, errors: str = "strict") -> None:
        """Read the file. `errors`, if not strict, makes one character of each byte that is wrong (Python's codecs)."""
        self.broken: Found | None = None
        self.doubled: Found | None = None
        self.rivals: list[Encoding] = [] if encoding != UTF_8 else list(ENCODINGS)  # in which it may be text as well
        self.ascii_only = True
        self._content = content
        self._reading = content.read(_BLOCK)
        self._size = 0  # of what the file holds
        self._filled = False
        self._backslashes = False
        self._high: set[int] = set()
        self._letters: set[str] = set()
        self._codec = UTF_8 if encoding == UTF_8_MARKED else encoding
        self._errors = errors
        self._read()

    def file(self, encoding: str, proof: Word) -> TextFile:
        """Return the file, in this encoding, which is known so; raise SourceError if it holds nothing."""
        if not self._filled:
            raise SourceError(self._content.name, "source.empty")
        return TextFile(
            self._content,
            sha256=self._reading.sha256,
            size=self._reading.taken,
            encoding=encoding,
            proof=Proof("ascii" if self.ascii_only and proof == "utf8_valid" else proof),
            backslashes=self._backslashes,
        )

    def _read(self) -> None:
        with ahead(block for block in self._reading) as blocks:  # read and digested while the one before is looked at
            self._decode(blocks)
        if self.ascii_only:
            self.rivals = []

    def _decode(self, blocks: Iterable[bytes]) -> None:
        decoder = getincrementaldecoder(self._codec)(self._errors)
        before, start = "", 0  # the end of what was decoded; where in the file the next text begins
        for block in chain(_at_line_ends(blocks), [b""]):
            self._size += len(block)
            if self._is_settled and start == self._size - len(block) and _is_plain(block):
                self._backslashes = self._backslashes or b"\\" in block
                before, start = "", self._size
                continue
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                wrong = error.object[error.start : error.end]
                self.broken = Found(self._size - len(error.object) + error.start, wrong)
                return
            self._backslashes = self._backslashes or "\\" in text
            self._filled = self._filled or text.strip().strip("\ufeff") != ""
            if not text.isascii():
                self.ascii_only = False
                self._look_for_doubled(before + text[:REACH], start - len(self._encode(before)))
                self._look_for_doubled(text, start)
                self._drop_rivals(text, block)
            before = (before + text[-REACH:])[-REACH:]
            start = self._size - len(decoder.getstate()[0])

    @property
    def _is_settled(self) -> bool:
        """Return whether nothing is left to ask of the text but whether it is sound."""
        settled = self._filled and not self.ascii_only and not self.rivals
        return settled and self._codec == UTF_8 and self._errors == "strict"

    def _look_for_doubled(self, text: str, start: int) -> None:
        match = None if self.doubled else doubled(text)
        if match:
            self.doubled = Found(start + len(self._encode(text[: match.start()])), self._encode(match[0]))

    def _encode(self, text: str) -> bytes:
        return text.encode(self._codec, self._errors)

    def _drop_rivals(self, text: str, block: bytes) -> None:
        if self.rivals:
            self._letters |= {letter for letter in set(text) if not letter.isascii()}
            if len(self._letters) >= _PROVING:
                self.rivals = []
            self._high |= set(block.translate(None, delete=_ASCII))
            self.rivals = [rival for rival in self.rivals if rival.may_be(self._high)]


def _at_line_ends(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Cut blocks anew, at ends of lines where there are any: neither a character nor what was encoded twice has one."""
    rest = b""
    for block in blocks:
        end = block.rfind(b"\n") + 1 or len(block)
        yield b"".join((rest, memoryview(block)[:end]))
        rest = block[end:]
    if rest:
        yield rest


def _is_plain(block: bytes) -> bool:
    """Return whether a block certainly is UTF-8 and ends a line, and shows no sign of having been encoded twice."""
    import polars as pl  # noqa: PLC0415  (late: only a run needs Polars)

    if not block.endswith(b"\n"):
        return False
    try:
        text = pl.Series([block]).cast(pl.String)
    except pl.exceptions.ComputeError:
        return False
    return text.str.contains("|".join(FIRST)).to_list() == [False]


def _utf8_or(content: Content, rivals: list[Encoding], told: str | None) -> str:
    """Return what a file is that is valid UTF-8: that, unless it may be text in another encoding too (`may_be`)."""
    if told == UTF_8 or (told is None and not rivals):
        return UTF_8
    first = _first_of(content, _HIGH)
    if told is None and first:
        raise _refused(content, "source.encoding_unproven", first, None, [UTF_8, *(rival.name for rival in rivals)])
    if first is None or told is None:  # nothing but ASCII
        return UTF_8
    if BY_NAME[told] not in rivals:
        raise _misfit(content, first, told, [UTF_8])
    return told


def _weighed(content: Content, broken: Found, told: str | None) -> TextFile:
    """Return a file that is not UTF-8, in the encoding that it proves, or was said to have and may have."""
    evidence, reading, size, backslashes = Evidence(), content.read(_BLOCK), 0, False
    for block in reading:
        evidence.take(block, size)
        size += len(block)
        backslashes = backslashes or b"\\" in block
    encoding = _believed(content, evidence, broken, told) if told else _proven(content, evidence, broken)
    return TextFile(
        content,
        sha256=reading.sha256,
        size=reading.taken,
        encoding=evidence.first_name(encoding),
        proof=Proof("polish_letters", evidence.letters(encoding)) if evidence.proven() else Proof("said"),
        backslashes=backslashes,
    )


def _proven(content: Content, evidence: Evidence, broken: Found) -> Encoding:
    proven = evidence.proven()
    if proven:
        return proven
    mixed = _mixed(content, evidence, broken)
    if mixed:
        raise mixed
    fitting = evidence.fitting()
    apart = _first_of(content, evidence.differing(fitting)) or broken
    raise _refused(content, "source.encoding_unproven", apart, None, _names(fitting))


def _believed(content: Content, evidence: Evidence, broken: Found, told: str) -> Encoding:
    if told == UTF_8:
        raise _misfit(content, broken, told, _names(evidence.fitting()))
    encoding, proven = BY_NAME[told], evidence.proven()
    apart = _first_of(content, evidence.differing((encoding, proven))) if proven else None
    if proven and apart:
        raise _misfit(content, apart, told, [proven.name])
    if encoding in evidence.wrong:
        wrong = _misfit(content, evidence.wrong[encoding], told, _names(evidence.fitting()))
        raise _mixed(content, evidence, broken) or wrong
    return encoding


def _mixed(content: Content, evidence: Evidence, broken: Found) -> SourceError | None:
    """Return what to say of a file that is of one encoding but for some places."""
    if evidence.mostly_utf8():
        return _refused(content, "source.encoding_mixed", broken, UTF_8)
    rest = evidence.interrupted()
    if rest in evidence.wrong:
        return _refused(content, "source.encoding_mixed", evidence.wrong[rest], rest.name)
    if rest in evidence.odd:
        return _refused(content, "source.encoding_doubtful", evidence.odd[rest], rest.name)
    return None


def _misfit(content: Content, found: Found, encoding: str, fitting: list[str]) -> SourceError:
    return _refused(content, "source.encoding_misfit", found, encoding, fitting)


def _refused(
    content: Content, code: str, found: Found, encoding: str | None, fitting: list[str] | None = None
) -> SourceError:
    wide = encoding in {UTF_16_LE, UTF_16_BE}
    line, column = _line_and_byte(content.read(_BLOCK), found.offset, encoding if wide and encoding else None)
    params = {"encoding": encoding} if encoding else {}
    if fitting is not None:
        params["fitting"] = ", ".join(fitting) or _NONE
    return SourceError(
        content.name, code, line=line, column=column, offset=found.offset, bytes=_hex(found.bytes), **params
    )


def _names(encodings: Iterable[Encoding]) -> list[str]:
    return [encoding.name for encoding in encodings]


def _first_of(content: Content, some: frozenset[int]) -> Found | None:
    """Return the first of these bytes in the file."""
    pattern, at = one_of(some), 0
    for block in content.read(_BLOCK):
        match = pattern.search(block)
        if match:
            return Found(at + match.start(), match[0])
        at += len(block)
    return None


def _line_and_byte(blocks: Iterable[bytes], offset: int, wide: str | None = None) -> tuple[int, int]:
    """Return on which physical line the byte at `offset` stands, and which byte of that line it is, both from 1.

    `wide` is the encoding if a line end is not one byte. What comes before the offset is valid.
    """
    line, start, position, last = 1, 0, 0, ""
    decoder = getincrementaldecoder(wide or "latin-1")()
    for head in _up_to(blocks, offset):
        text = decoder.decode(head)
        line += text.count("\n") + text.count("\r") - text.count("\r\n")
        line -= last == "\r" and text.startswith("\n")
        end = max(text.rfind("\n"), text.rfind("\r"))
        position += len(head)
        if end >= 0:
            start = position - len(decoder.getstate()[0]) - len(text[end + 1 :].encode(wide or "latin-1"))
        last = text[-1:] or last
    return line, offset - start + 1


def _up_to(blocks: Iterable[bytes], offset: int) -> Iterator[bytes]:
    for block in blocks:
        yield block[:offset]
        offset -= len(block)
        if offset <= 0:
            return


def _hex(sequence: bytes) -> str:
    return sequence.hex(" ").upper()
