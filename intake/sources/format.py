"""How a file is read: what was told, found or proven about it, for people to see before anything is loaded.

>>> Format(name="csv", encoding="windows-1250", delimiter=";").as_dict()
{'name': 'csv', 'encoding': 'windows-1250', 'delimiter': ';'}
"""

from typing import Literal, NamedTuple

import msgspec

from intake.sources.quoting import Quoting

LineEnds = Literal["cr", "mixed"]
Name = Literal["csv", "json_lines", "parquet", "workbook"]
Compression = Literal["gzip"]
# How the encoding is known. `ascii`: there is nothing in the file that encodings differ in; `byte_order_mark`: the file
# begins with one; `utf16_nulls`: NULs in every other place; `utf8_valid`: all bytes are UTF-8, and not by chance;
# `polish_letters`: no other encoding makes Polish of it; `said`: a person said it, and nothing speaks against it.
Word = Literal["ascii", "byte_order_mark", "utf16_nulls", "utf8_valid", "polish_letters", "said"]


class Proof(NamedTuple):
    """How the encoding of a file is known, and the letters where they are the proof, the most usual first."""

    word: Word
    letters: str | None = None


class Format(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Facts about a source, by name. Those that its format does not have, or that are as usual, are the defaults."""

    name: Name
    encoding: str | None = None  # by its name (`encoding.NAMES`), or `utf-8-sig` for UTF-8 with a byte order mark
    proof: Word | None = None  # how the encoding is known
    letters: str | None = None  # the Polish letters of the file where they are the proof, the most usual first
    delimiter: str | None = None  # what separates the columns
    quoting: Quoting = "doubled"  # what quotes mean, of text with a delimiter (`quoting.py`)
    line_ends: LineEnds | None = None  # where the first lines end neither all with LF nor all with CR LF
    header_line: int = 1  # on which the header begins
    preamble: int = 0  # rows above the header that are not blank
    compression: Compression | None = None  # what the file as a whole is packed with
    sheet: str | None = None  # the one of a workbook that is read
    sheets: tuple[str, ...] = ()  # all that the workbook has
    hidden: tuple[str, ...] = ()  # those of them that a spreadsheet does not show

    @property
    def line(self) -> str:
        """Return the word for what `Place.line` numbers."""
        return "line" if self.sheet is None else "row"

    def as_dict(self) -> dict[str, object]:
        """Return those that are not as usual, and the name, the encoding and the delimiter."""
        facts: dict[str, object] = msgspec.to_builtins(self)
        return facts
