"""A record's kind by the words of a column: `kind = { kind_of = "F/O", words = { F = "business", O = "individual" } }`.

>>> kind = KindOf("F/O", {"F": "business", "O": "individual"})
>>> kind.one({"F/O": " f "}).value, kind.one({"F/O": "firma"}).value
('business', 'firma')
"""

from collections.abc import Mapping

import polars as pl

from intake.operations.operation import Made, MadeColumn, Operation, clear, same


class KindOf(Operation, frozen=True):
    """The kind that each word stands for, in any case; what is none of them stays, for the policy may know it."""

    kind_of: str
    words: Mapping[str, str] = {}

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the name of the column."""
        return (self.kind_of,)

    def one(self, values: Mapping[str, object]) -> Made:
        """Return the kind of a record."""
        value = values.get(self.kind_of)
        return Made(self._kinds.get(_folded(value), value) if isinstance(value, str) else value)

    def many(self, rows: pl.DataFrame) -> MadeColumn:
        """Return the kinds; each distinct word is looked up once."""
        if self.kind_of not in rows.columns:
            return MadeColumn(same(None, len(rows)), clear(len(rows)))
        values = rows[self.kind_of]
        kinds = self._kinds
        known = {word: kinds[_folded(word)] for word in values.unique().drop_nulls() if _folded(word) in kinds}
        return MadeColumn(values.replace(known) if known else values, clear(len(rows)))

    @property
    def _kinds(self) -> dict[str, str]:
        return {_folded(word): kind for word, kind in self.words.items()}


def _folded(word: str) -> str:
    """Return what of a word is compared, as of the policy's own words (`validators.judge.named`)."""
    return " ".join(word.split()).casefold()
