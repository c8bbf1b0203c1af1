r"""The encodings that Polish files have, and what each byte would mean in them: the data that a proof is drawn from.

Of the 18 Polish letters only Ą ą Ś ś Ź ź differ between Windows-1250 and ISO-8859-2; in CP852 and Mac Central European
nearly all do. What the bytes mean is Python's to say, whose tables are made from Unicode's (CP1250.TXT, 8859-2.TXT,
CP852.TXT, CENTEURO.TXT).

>>> "".join(WINDOWS_1250.table[byte] for byte in sorted(WINDOWS_1250.polish - ISO_8859_2.polish))
'ŚŹśźĄą'
>>> encoding_named("CP1250"), encoding_named("latin2"), encoding_named("utf8"), encoding_named("koi8-r")
('windows-1250', 'iso-8859-2', 'utf-8', None)
"""

import codecs
import re
import string
import unicodedata
from collections.abc import Callable, Iterable

POLISH = "ĄąĆćĘęŁłŃńÓóŚśŹźŻż"

UTF_8 = "utf-8"
UTF_8_MARKED = "utf-8-sig"
UTF_16 = "utf-16"
UTF_16_LE = "utf-16-le"
UTF_16_BE = "utf-16-be"

# Signs that stand beside letters now and then, unlike others of their kind: ACME®, 10€, an accent for an apostrophe.
_USUAL_SIGNS = "\N{MULTIPLICATION SIGN}\N{ACUTE ACCENT}€°™®©"
# Signs that may begin a word or end it (m², †Jan), and are within none.
_NEVER_WITHIN = "¹²³¼½¾¿¡©®†‡•§‰"
_NEVER_BESIDE_KINDS = {"Sm", "Sk", "Sc", "So"}  # of mathematics, accents by themselves, of money, and others
_BOXES = range(0x2500, 0x25A0)  # box drawing and block elements
_HIGH = range(0x80, 0x100)
# What letters of Latin-1 and Latin Extended-A, Cyrillic ones, quotes and dashes, and U+FEFF begin with in UTF-8.
_USUAL_IN_UTF8 = {0xC2, 0xC3, 0xC4, 0xC5, 0xD0, 0xE2, 0xEF}


class Encoding:
    """An encoding of one byte a character, ASCII in its lower half."""

    def __init__(self, name: str, codec: str) -> None:
        """Take its name, which is also Python's and iconv's, and what Python's codec is called."""
        self.name = name
        self.codec = codec
        self.table = bytes(range(0x100)).decode(codec, errors="replace")
        self.polish = self._bytes(POLISH.__contains__)
        self.foreign = self._bytes(lambda sign: sign.isalpha() and sign not in POLISH)
        # No text has these, whoever says so: what is not assigned, control characters, what frames were drawn with,
        # and Polish letters as UTF-8 has them (`KrakÃ³w`), but where they could be two Polish letters.
        self._no_text = self._bytes(_is_no_text)
        self._pairs = [pair for pair in map(str.encode, POLISH) if not self.polish.issuperset(pair)]
        pairs = [re.escape(pair) for pair in self._pairs]
        self.wrong = re.compile(b"|".join([*pairs, _one_of(self._no_text)] if self._no_text else pairs))
        # Signs where a letter ought to be: `k±t`, `s± `, `Micha≥`. One may be meant, so it is no proof of a mistake.
        beside = self._bytes(_never_beside_letters)
        self._signs = beside | self._bytes(_NEVER_WITHIN.__contains__)
        letter = _one_of(self.polish | self.foreign | frozenset(string.ascii_letters.encode()))
        # The sign comes first, for then `re` looks for nothing else.
        before, after = rb"(?<=%b.)" % letter, rb"(?=%b)" % letter
        self.odd = re.compile(
            rb"(?s:%b(?:%b%b|(?<=%b)(?:%b|%b)))" % (_one_of(self._signs), before, after, _one_of(beside), before, after)
        )
        self._good = frozenset(_HIGH) - self.foreign - self._no_text - self._signs

    def alike(self, other: "Encoding", present: Iterable[int]) -> bool:
        """Return whether these bytes mean the same in both."""
        return all(self.table[byte] == other.table[byte] for byte in present)

    def may_be(self, present: set[int]) -> bool:
        """Return whether valid UTF-8 may be text in this encoding: `SPÓŁKA` of Windows-1250 is valid, and Cyrillic."""
        return present <= self._good or present.isdisjoint(self._no_text | _USUAL_IN_UTF8)

    def may_be_wrong(self, present: set[int]) -> bool:
        """Return whether it is worth looking for what is `wrong`."""
        return not self._no_text.isdisjoint(present) or any(present.issuperset(pair) for pair in self._pairs)

    def may_be_odd(self, present: set[int]) -> bool:
        """Return whether it is worth looking for what is `odd`."""
        return not self._signs.isdisjoint(present)

    def _bytes(self, of: Callable[[str], bool]) -> frozenset[int]:
        return frozenset(byte for byte in _HIGH if of(self.table[byte]))


def _is_no_text(sign: str) -> bool:
    return sign == "\N{REPLACEMENT CHARACTER}" or unicodedata.category(sign) == "Cc" or ord(sign) in _BOXES


def _never_beside_letters(sign: str) -> bool:
    if sign in _USUAL_SIGNS or _is_no_text(sign):
        return False
    return unicodedata.category(sign) in _NEVER_BESIDE_KINDS or sign == "¶"


def _one_of(present: frozenset[int]) -> bytes:
    return b"[%b]" % b"".join(rb"\x%02x" % byte for byte in sorted(present)) if present else rb"(?!)"


def one_of(present: frozenset[int]) -> re.Pattern[bytes]:
    """Return the pattern of any of these bytes."""
    return re.compile(_one_of(present))


WINDOWS_1250 = Encoding("windows-1250", "cp1250")
ISO_8859_2 = Encoding("iso-8859-2", "iso8859-2")
CP852 = Encoding("cp852", "cp852")
MAC = Encoding("maccentraleurope", "mac-latin2")

# Where a file means the same in several of them, it goes by the name of the first.
ENCODINGS = (WINDOWS_1250, ISO_8859_2, CP852, MAC)
# Western European files are not read, and must not be taken for Polish ones.
WESTERN = Encoding("windows-1252", "cp1252")

POLISH_IN_UTF8 = re.compile(b"|".join(map(re.escape, map(str.encode, POLISH))))

_BY_CODEC = {
    **{codecs.lookup(encoding.codec).name: encoding.name for encoding in ENCODINGS},
    **{codecs.lookup(name).name: name for name in (UTF_8, UTF_16, UTF_16_LE, UTF_16_BE)},
    codecs.lookup(UTF_8_MARKED).name: UTF_8,
}
BY_NAME = {encoding.name: encoding for encoding in ENCODINGS}
NAMES = (UTF_8, UTF_16, UTF_16_LE, UTF_16_BE, *BY_NAME)


def encoding_named(text: str) -> str | None:
    """Return the name under which an encoding is reported, given any name that Python knows; None if it is not read."""
    try:
        return _BY_CODEC.get(codecs.lookup(text).name)
    except (LookupError, ValueError):
        return None
