r"""Which encoding a file that is not UTF-8 is in, told from all its bytes: proven, or not said.

An encoding is proven if the file is good Polish in it, and in no other of those that would give another text:

- **Good** is a reading in which nothing is wrong or odd (`Encoding`), and nine in ten of the letters beyond ASCII, at
  least, are Polish ones.
- A rival is **refuted** by anything in it that is wrong or odd; or if three different Polish letters of the good
  reading are foreign letters in it, and hardly any is another Polish one; or if the file has thirty Polish letters that
  are the same in both, and of those that are not the rival has none but foreign ones: of Polish texts so long there is
  none without Ą ą Ś ś Ź ź.

>>> def prove(text, codec):
...     evidence = Evidence()
...     evidence.take(text.encode(codec), at=0)
...     proven = evidence.proven()
...     return proven and proven.name
>>> text = "Zażółć gęślą jaźń"
>>> prove(text, "cp1250"), prove(text, "iso8859-2"), prove(text, "cp852"), prove(text, "mac-latin2")
('windows-1250', 'iso-8859-2', 'cp852', 'maccentraleurope')
>>> prove("żółć", "iso8859-2"), prove("Müller", "cp1250"), prove("Muñoz, García, Pérez, López", "cp1252")
('windows-1250', None, None)
"""

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from intake.sources.encoding import ENCODINGS, POLISH_IN_UTF8, WESTERN, Encoding

_ASCII = bytes(range(0x80))
_RIVALS = (*ENCODINGS, WESTERN)
_REACH = 2  # bytes: what has to be looked at again where a file is cut into blocks

_POLISH_PER_FOREIGN = 9
_FOREIGN_PER_POLISH = 3
_DISTINCT = 3
_OCCURRENCES = 3
_SHARED = 30


class Found(NamedTuple):
    """Bytes, and where they stand in the file."""

    offset: int
    bytes: bytes


class Evidence:
    """What the bytes of a file say, as far as they were taken."""

    def __init__(self) -> None:
        """Take nothing yet."""
        self.counts: Counter[int] = Counter()  # of the bytes beyond ASCII
        self.wrong: dict[Encoding, Found] = {}  # the first place of each encoding
        self.odd: dict[Encoding, Found] = {}
        self.letters_in_utf8 = 0
        self._before = b""

    def take(self, block: bytes, at: int) -> None:
        """Take the next block, which begins at this offset."""
        high = block.translate(None, delete=_ASCII)
        present = set(high) | {*self._before}
        for byte in set(high):
            self.counts[byte] += high.count(byte)
        window, start = self._before + block, at - len(self._before)
        for encoding in _RIVALS:
            if encoding not in self.wrong and encoding.may_be_wrong(present):
                _note(self.wrong, encoding, encoding.wrong.search(window), start)
            if encoding not in self.odd and encoding.may_be_odd(present):
                _note(self.odd, encoding, encoding.odd.search(window), start)
        if not present.isdisjoint(_FIRST_IN_UTF8):
            self.letters_in_utf8 += sum(found.end() > len(self._before) for found in POLISH_IN_UTF8.finditer(window))
        self._before = window[-_REACH:]

    def proven(self) -> Encoding | None:
        """Return the encoding that the file certainly is in, by the name of the first that means the same."""
        proven = [encoding for encoding in ENCODINGS if self._is_proven(encoding)]
        return proven[0] if proven and all(self.alike(proven[0], other) for other in proven) else None

    def fitting(self) -> list[Encoding]:
        """Return the encodings that the file may be in."""
        possible = [encoding for encoding in ENCODINGS if encoding not in self.wrong]
        return [encoding for encoding in possible if encoding not in self.odd] or possible

    def interrupted(self) -> Encoding | None:
        """Return the encoding that the file would be in, were it not for some places; None if there is no telling."""
        most = max(ENCODINGS, key=lambda encoding: self._count(encoding.polish))
        polish = self._count(most.polish)
        as_good = (encoding for encoding in ENCODINGS if self._count(encoding.polish) == polish)
        certain = all(self.alike(most, other) for other in as_good)
        return most if certain and polish >= _POLISH_PER_FOREIGN * (self.counts.total() - polish) else None

    def mostly_utf8(self) -> bool:
        """Return whether at least half of the bytes beyond ASCII are Polish letters as UTF-8 has them."""
        return self.letters_in_utf8 * 2 >= self.counts.total() / 2

    def alike(self, encoding: Encoding, other: Encoding) -> bool:
        """Return whether the file means the same in both."""
        return encoding.alike(other, self.counts)

    def first_name(self, encoding: Encoding) -> str:
        """Return the name of the first encoding in which the file means the same."""
        return next(other.name for other in ENCODINGS if self.alike(encoding, other))

    def letters(self, encoding: Encoding) -> str:
        """Return the file's Polish letters in an encoding, the most usual first."""
        return "".join(encoding.table[byte] for byte, _ in self.counts.most_common() if byte in encoding.polish)

    def differing(self, encodings: Iterable[Encoding]) -> frozenset[int]:
        """Return the bytes of the file that do not mean the same in all of these encodings."""
        tables = [encoding.table for encoding in encodings]
        return frozenset(byte for byte in self.counts if len({table[byte] for table in tables}) > 1)

    def _is_proven(self, encoding: Encoding) -> bool:
        if encoding in self.wrong or encoding in self.odd or not self._is_polish(encoding):
            return False
        return all(self.alike(encoding, rival) or self._refutes(encoding, rival) for rival in _RIVALS)

    def _is_polish(self, encoding: Encoding) -> bool:
        polish, foreign = self._count(encoding.polish), self._count(encoding.foreign)
        return polish > 0 and polish >= _POLISH_PER_FOREIGN * foreign

    def _refutes(self, good: Encoding, rival: Encoding) -> bool:
        if rival in self.wrong or rival in self.odd:
            return True
        apart = self.differing((good, rival)) & good.polish
        shared = (good.polish & rival.polish & self.counts.keys()) - apart
        polish = self._count(self.differing((good, rival)) & rival.polish)
        foreign = apart & rival.foreign
        if len(foreign) >= _DISTINCT and self._count(foreign) >= _FOREIGN_PER_POLISH * polish:
            return True
        long_enough = self._count(shared) >= _SHARED and len(shared) >= _DISTINCT
        return long_enough and apart <= rival.foreign and polish == 0 and self._count(apart) >= _OCCURRENCES

    def _count(self, some: Iterable[int]) -> int:
        return sum(self.counts[byte] for byte in some)


_FIRST_IN_UTF8 = {0xC3, 0xC4, 0xC5}


def _note(found: dict[Encoding, Found], encoding: Encoding, match: re.Match[bytes] | None, start: int) -> None:
    if match:
        found[encoding] = Found(start + match.start(), match[0])
