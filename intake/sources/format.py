"""How a file is read: what was told, found or proven about it, for people to see before anything is loaded.

>>> Format(name="csv", encoding="windows-1250", delimiter=";").as_dict()
{'name': 'csv', 'encoding': 'windows-1250', 'delimiter': ';'}
"""

from typing import Literal

import msgspec

from intake.sources.quoting import Quoting

LineEnds = Literal["cr", "mixed"]
Name = Literal["csv", "json_lines", "parquet", "workbook"]


class Format(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Facts about a source, by name. Those that its format does not have, or that are as usual, are the defaults."""

    name: Name
    encoding: str  # by its name (`encoding.NAMES`), or `utf-8-sig` for UTF-8 with a byte order mark
    delimiter: str | None = None  # what separates the columns
    quoting: Quoting = "doubled"  # what quotes mean, of text with a delimiter (`quoting.py`)
    line_ends: LineEnds | None = None  # where the first lines end neither all with LF nor all with CR LF
    header_line: int = 1  # on which the header begins
    preamble: int = 0  # rows above the header that are not blank

    def as_dict(self) -> dict[str, object]:
        """Return those that are not as usual, and the name, the encoding and the delimiter."""
        facts: dict[str, object] = msgspec.to_builtins(self)
        return facts
