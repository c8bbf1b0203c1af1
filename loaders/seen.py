"""What a run knows of a table without asking: while nobody else writes to it, there stands what the run itself wrote.

To ask of every identity of a large file whether it is there takes as long as a third of writing it. A run that found
the table empty need not ask, but of what it may have written itself; as soon as somebody else has taken an id, it asks
again. What it does not see of others costs no row: the identity's unique index refuses a second customer, and the
transaction is done again, with questions.

>>> seen = Seen()
>>> seen.look(last=None)
>>> ours = pl.Series(["jan@example.com", "ewa@example.com"])
>>> seen.doubtful(ours).to_list()
[False, False]
>>> seen.wrote(ours, last=2)
>>> seen.look(last=2)
>>> seen.doubtful(pl.Series(["ola@example.com", "ewa@example.com"])).to_list()
[False, True]
>>> seen.look(last=3)
>>> seen.doubtful(pl.Series(["ola@example.com"])).to_list()
[True]
"""

import polars as pl

# Marks for hashes of identities: 8 MiB. After a million identities, of one in seventy that are new it says that it may
# be there, and asks in vain.
_MARKS = 1 << 26


class Seen:
    """What one run has written to one table, and whether it is the only one that wrote."""

    __slots__ = ("_alone", "_last", "_marks")

    def __init__(self) -> None:
        """Know nothing yet."""
        self._alone: bool | None = None
        self._last: int | None = None
        self._marks = pl.Series(dtype=pl.Boolean)

    def __repr__(self) -> str:
        """Show whether it need not ask."""
        return f"<Seen alone={self._alone}>"

    def look(self, last: int | None) -> None:
        """Take the table's last id, at the beginning of a batch (None: there is no row)."""
        if self._alone is None:
            self._alone = last is None
            self._marks = pl.Series([False]).new_from_index(0, _MARKS if self._alone else 0)
        self._alone = self._alone and last == self._last

    def doubtful(self, identities: pl.Series) -> pl.Series:
        """Return of which identities the database has to be asked whether they are there."""
        if not self._alone:
            return pl.Series([True]).new_from_index(0, len(identities))
        return self._marks.gather(_marks_of(identities))

    def wrote(self, identities: pl.Series, last: int | None) -> None:
        """Take what was written, and the table's last id after it."""
        self._last = last
        if self._alone:
            self._marks = self._marks.scatter(_marks_of(identities), values=True)

    def ask(self) -> None:
        """Ask of every identity from now on."""
        self._alone = False


def _marks_of(identities: pl.Series) -> pl.Series:
    return (identities.hash() % _MARKS).cast(pl.UInt32)
