"""How many records may be refused before a run stops: `100`, or `5%` of what was read.

>>> Limit.parse("100").passed(rejected=101, read=1000), Limit.parse("5%").passed(rejected=50, read=1000)
(True, False)
"""

import msgspec

# Of fewer records a percentage says nothing: the first of them may be the only bad one.
_ENOUGH = 1000


class Limit(msgspec.Struct, frozen=True):
    """So many records, or so many per cent of what was read."""

    number: float
    percent: bool

    @classmethod
    def parse(cls, text: str) -> "Limit":
        """Read `N` or `P%`; raise ValueError."""
        percent = text.endswith("%")
        number = float(text[:-1]) if percent else int(text)
        if not 0 <= number < float("inf") or (percent and number > 100):  # noqa: PLR2004  (per cent)
            raise ValueError
        return cls(number, percent)

    def passed(self, *, rejected: int, read: int, ended: bool = True) -> bool:
        """Return whether it is passed; a percentage is held against 1,000 records or more, or all there are."""
        if not self.percent:
            return rejected > self.number
        return (ended or read >= _ENOUGH) and rejected * 100 > self.number * read
