"""How a file is read: what was told, found or proven about it, for people to see before anything is loaded.

>>> Format(name="csv", encoding="windows-1250", delimiter=";").as_dict()
{'name': 'csv', 'encoding': 'windows-1250', 'delimiter': ';'}
"""

from typing import Literal

import msgspec

Name = Literal["csv", "json_lines", "parquet", "workbook"]


class Format(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Facts about a source, by name; those that its format does not have are None."""

    name: Name
    encoding: str | None = None  # by its name (`encoding.NAMES`), or `utf-8-sig` for UTF-8 with a byte order mark
    delimiter: str | None = None  # what separates the columns
    sheet: str | None = None  # the one of a workbook that is read
    sheets: tuple[str, ...] = ()  # all that the workbook has
    hidden: tuple[str, ...] = ()  # those of them that a spreadsheet does not show

    def as_dict(self) -> dict[str, object]:
        """Return those that there are."""
        facts: dict[str, object] = msgspec.to_builtins(self)
        return facts
