r"""Text that was encoded twice: UTF-8 that somebody read as something else, and wrote as UTF-8 again.

Only what is certain is found. `Ã³` is no writing of any language. `Ä…` may be a letter and an ellipsis, or an `ą` that
was encoded twice: it is the latter where a small letter stands before it, or a letter after it.

>>> for text in ("KrakÃ³w", "KsiÄ…Å¼ka", "Å\x81Ã³dÅº", "Ĺ\x81ĂłdĹş", "Krak├│w", "SÃO JOÃO", "Ä… usw.", "BLÅ» og"):
...     found = doubled(text)
...     print(found and ascii(found[0]))
'\xc3\xb3'
'\xc4\u2026'
'\xc5\x81'
'\u0139\x81'
'\u251c\u2502'
None
None
None
"""

import re
import unicodedata

from intake.sources.encoding import POLISH

# What UTF-8 is mistaken for. Python's codecs leave bytes without a meaning out; Windows makes them control characters,
# as Latin-1 does.
_MISTAKEN = ("cp1252", "cp1250", "latin-1", "iso8859-2", "cp852")


def _mistakes() -> set[str]:
    found = set()
    for codec in _MISTAKEN:
        for letter in POLISH:
            first, second = (
                bytes([byte]).decode(codec if _has(codec, byte) else "latin-1") for byte in letter.encode()
            )
            found.add(first + second)
    return found


def _has(codec: str, byte: int) -> bool:
    return bytes([byte]).decode(codec, errors="ignore") != ""


def _is_certain(pair: str) -> bool:
    """Return whether no text has the pair: after the letter comes nothing that may follow one."""
    return not unicodedata.category(pair[1]).startswith("P") and pair[1] not in "™š"


_MISTAKES = sorted(_mistakes())
_CERTAIN = "|".join(re.escape(pair) for pair in _MISTAKES if _is_certain(pair))
_LIKELY = "|".join(re.escape(pair) for pair in _MISTAKES if not _is_certain(pair))
# Quotes and dashes: E2 80 and one byte more.
_DOUBLED = re.compile(rf"{_CERTAIN}|â€[^\s]|(?<=[a-z])(?:{_LIKELY})|(?:{_LIKELY})(?=[A-Za-z])")
FIRST = sorted({pair[0] for pair in _MISTAKES} | {"â"})  # what all of them begin with

REACH = 4  # characters: what has to be looked at again where a text is cut


def doubled(text: str) -> re.Match[str] | None:
    """Return the first place that certainly was encoded twice."""
    return _DOUBLED.search(text) if any(sign in text for sign in FIRST) else None
