r"""gzip undone (RFC 1952), block by block, checksums and lengths included: it is whole, or it is refused.

A file may be several members, one after the other, and NULs may follow the last, as on tapes.

>>> import gzip
>>> two = gzip.compress(b"NIP\n") + gzip.compress(b"5260250274\n") + bytes(9)
>>> list(Members("shop.csv.gz").undo([two[:30], two[30:]], 100))
[b'NIP\n', b'5260250274\n']
>>> list(Members("shop.csv.gz").undo([two[:40]], 100))
Traceback (most recent call last):
intake.errors.SourceError: shop.csv.gz: the gzip data is not whole (truncated, near offset 40 of the file); ...
"""

import zlib
from collections.abc import Iterable, Iterator

from intake.errors import SourceError

GZIP = b"\x1f\x8b"

_WITH_HEADER = 31  # zlib's `wbits`: gzip's header and trailer, the largest window
# deflate makes a thousand bytes of one at most; of customers' data, five to thirty. A million blank rows are no bomb,
# though: what is below so many bytes is let through.
_MOST_FOR_ONE = 200
_LET_THROUGH = 64 << 20


class Members:
    """The members of a file, one after the other."""

    def __init__(self, name: str) -> None:
        """Take the file's name, for what there may be to say of it."""
        self._name = name
        self._taken = 0  # bytes of the file, the block that is being read included
        self._made = 0  # bytes of what it holds
        self._whole = 0  # members

    def undo(self, blocks: Iterable[bytes], size: int) -> Iterator[bytes]:
        """Yield what the blocks of a file hold, in blocks of up to `size` bytes; raise SourceError."""
        member = None
        for block in blocks:
            self._taken += len(block)
            rest = block
            while rest := rest if member or not self._whole else rest.lstrip(b"\0"):
                if not member and self._whole and not rest.startswith(GZIP[:1]):
                    raise self._broken(reason="bytes after its end")
                member = member or zlib.decompressobj(_WITH_HEADER)
                yield from self._undo(member, rest, size)
                rest = member.unused_data
                if member.eof:
                    member = None
                    self._whole += 1
        if member:
            raise self._broken(reason="truncated")

    def _undo(self, member: "zlib._Decompress", rest: bytes, size: int) -> Iterator[bytes]:
        """Yield what a member makes of bytes, up to its end."""
        full = True
        while full and not member.eof:
            text = self._step(member, rest, size)
            self._made += len(text)
            if self._made > _LET_THROUGH + _MOST_FOR_ONE * self._taken:
                raise SourceError(self._name, "source.bomb", most=_MOST_FOR_ONE)
            if text:
                yield text
            rest = member.unconsumed_tail
            full = len(text) == size or rest != b""

    def _step(self, member: "zlib._Decompress", rest: bytes, size: int) -> bytes:
        try:
            return member.decompress(rest, size)
        except zlib.error as error:
            said = str(error)
        # Raised out here, so that the error's context does not carry the bytes.
        wrong = "data check" in said or "length check" in said
        raise self._broken(reason="wrong checksum" if wrong else "corrupt")

    def _broken(self, *, reason: str) -> SourceError:
        return SourceError(self._name, "source.gzip_broken", reason=reason, offset=self._taken)
