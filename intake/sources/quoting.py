r"""How cells are told apart: what stands between them, and what quotes and backslashes do.

- `doubled`: RFC 4180. A cell may stand in `"`, and a `"` inside it is written twice.
- `backslash`: the same, and a `"` inside may be written `\"`, as by MySQL and by much that is written in PHP. `\\` is a
  backslash, one before a delimiter or a line end takes its meaning from it, and `\N` as a whole cell is NULL: nothing.
  Any other backslash is itself (https://dev.mysql.com/doc/refman/8.4/en/select-into.html).
- `single`: as `doubled`, with `'` for `"`.
- `none`: quotes are text like any other, and each physical line is a row.

>>> list(Dialect(";", "backslash").reader(['1;"Sklep \\"U Zosi\\"";\\N;C:\\nowy\n']))
[['1', 'Sklep "U Zosi"', '', 'C:\\nowy']]
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, Final, Literal, NamedTuple, get_args

Quoting = Literal["doubled", "backslash", "single", "none"]
QUOTINGS: Final[tuple[Quoting, ...]] = get_args(Quoting)

_READER: Final[dict[Quoting, dict[str, Any]]] = {
    "doubled": {},
    "backslash": {"escapechar": "\\"},
    "single": {"quotechar": "'"},
    "none": {"quoting": csv.QUOTE_NONE},
}
_MEANT: Final[dict[Quoting, str]] = {"doubled": '"', "backslash": '"\\', "single": "'", "none": ""}


class Dialect(NamedTuple):
    """What stands between cells, and what their quotes mean."""

    delimiter: str
    quoting: Quoting = "doubled"

    @property
    def quote(self) -> str | None:
        """Return the sign in which cells may stand."""
        return self.meant[:1] or None

    @property
    def meant(self) -> str:
        """Return the signs that mean something beside the delimiter; a line without them is cut at delimiters alone."""
        return _MEANT[self.quoting]

    def reader(self, lines: Iterable[str]) -> Iterator[list[str]]:
        """Read rows strictly: what `csv.reader` does, whatever the lines; raise `csv.Error` as it does."""
        if self.quoting == "backslash":
            lines = map(_ended, map(_only_escapes(self.delimiter), lines))
        return csv.reader(lines, delimiter=self.delimiter, strict=True, **_READER[self.quoting])

    def quotes(self, line: str) -> int:
        """Return how many quotes of a line may open or close a cell."""
        if self.quote is None:
            return 0
        if self.quoting == "backslash":
            line = line.replace("\\\\", "").replace('\\"', "")
        return line.count(self.quote)


def _ended(line: str) -> str:
    """Return a line with an end: in a cell with an escaped one, `csv.reader` takes no other end of the text for one.

    Its state after such a line end (`AFTER_ESCAPED_CRNL` in CPython's _csv.c) is left at a delimiter or a line end.
    """
    return line if line.endswith(("\n", "\r")) else line + "\n"


@lru_cache
def _only_escapes(delimiter: str) -> Callable[[str], str]:
    """Return what doubles each backslash of a line that is no escape, and takes NULLs out."""
    one = re.escape(delimiter)
    pattern = re.compile(rf'(?P<null>(?<![^{one}])\\N(?![^{one}\r\n]))|(?P<escape>\\["\\{one}\r\n])|\\')

    def mended(match: re.Match[str]) -> str:
        return "" if match["null"] else match["escape"] or r"\\"

    return lambda line: pattern.sub(mended, line) if "\\" in line else line
