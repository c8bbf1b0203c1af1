"""What the header of a table says of the rows below it.

>>> table = Table.under(["NIP", "", "Nazwa", ""], ["NIP", "(column 2)", "Nazwa", "(column 4)"], line=1)
>>> table.values(["5260250274", " ", "Sklep", "x", ""])
{'NIP': '5260250274', 'Nazwa': 'Sklep', '(column 4)': 'x'}
>>> table.holds_nothing(["", " ", ""]), table.holds_nothing(["NIP", "", "Nazwa"])
(True, True)
"""

from collections.abc import Sequence
from typing import NamedTuple, Self

from intake.sources.rows import Width, is_blank, width_of


class Table(NamedTuple):
    """The names of a table's columns, and where its header ends."""

    header_line: int  # on which the header begins
    header: Sequence[str]  # its cells, up to the last that is not blank
    names: Sequence[str]
    nameless: Sequence[str]  # those that the header does not say: they stand for columns that should hold nothing
    width: Width

    @classmethod
    def under(cls, header: list[str], names: list[str], line: int) -> Self:
        """Take a header's cells, the names that they give, and the line on which it begins."""
        nameless = [name for name, cell in zip(names, header, strict=True) if not cell.strip()]
        return cls(line, header[: width_of(header).least], names, nameless, width_of(header))

    def holds_nothing(self, cells: list[str]) -> bool:
        """Return whether a row is no record: blank, or the header once more, as reports have it on each page."""
        many = len(self.header)
        return is_blank(cells) or (cells[:many] == self.header and is_blank(cells[many:]))

    def values(self, cells: list[str]) -> dict[str, object]:
        """Return a row's values by their names: nameless ones only if there is something in them."""
        values: dict[str, object] = dict(zip(self.names, cells, strict=False))  # what is beyond the names is blank
        for name in self.nameless:
            if not str(values.get(name, "")).strip():
                values.pop(name, None)
        return values
