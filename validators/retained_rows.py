"""What may be kept of the refused rows of a table: `retained`, over columns.

>>> from validators.policy import vipower
>>> rows = pl.DataFrame({"first_name": ["Jan 44051401359"], "email": ["jan(at)example.com"], "note": ["VIP"]})
>>> kept = retained_rows(rows, vipower().kinds["contact"])
>>> kept.texts.row(0, named=True), kept.withheld.row(0)
({'first_name': None, 'email': 'jan(at)example.com'}, (True, False))
"""

from typing import NamedTuple

import polars as pl

from validators.column import as_texts
from validators.field import Field
from validators.kind import Kind
from validators.readings import places
from validators.retain import retained_text
from validators.rules.text import LONGEST

# In these characters no digit hides. What has ten digits at the most holds no identity number; nor does what has more,
# but neither eleven in the groupings of a PESEL nor twelve in any.
_SIGNS = " -/:-~\xa0ĄĆĘŁŃÓŚŹŻąćęłńóśźż\u0300-\u036f–"
_SAFE = f"^(?:[{_SIGNS}]*[0-9]){{0,10}}[{_SIGNS}]*$"
_PLAIN = f"^[0-9{_SIGNS}]*$"
_DOUBTFUL = "(?:[0-9][ \xa0-]*){12}|(?:[0-9]{2}(?:0[1-9]|1[0-2])|[0-3][0-9](?:2[1-9]|3[0-2]))[0-9]{2}[ \xa0-]*[0-9]{5}"


class Kept(NamedTuple):
    """What may be kept of rows, by field: the texts (String), and where a value came that may not be kept (Boolean).

    A text is null where it may not be kept, and where nothing came.
    """

    texts: pl.DataFrame
    withheld: pl.DataFrame

    def __repr__(self) -> str:
        """Show how many there are, and never a value."""
        return f"<Kept rows={len(self.texts)}>"

    def __rich_repr__(self) -> list[tuple[str, object]]:
        """Show no value to rich either."""
        return [("rows", len(self.texts))]


def retained_rows(frame: pl.DataFrame, kind: Kind) -> Kept:
    """Return what may be kept of each row's fields of the kind, in the kind's order."""
    fields = [field for field in kind.fields if field.name in frame.columns]
    kept = {field.name: _kept(field, frame[field.name]) for field in fields}
    return Kept(
        pl.DataFrame({name: texts for name, (texts, _) in kept.items()}),
        pl.DataFrame({name: withheld for name, (_, withheld) in kept.items()}),
    )


def _kept(field: Field, came: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Return the texts of a column that may be kept, and which values may not."""
    texts = as_texts(came)[0]
    there = came.is_not_null() & (texts != "").fill_null(value=True)
    which = places(len(came)).filter(there & texts.is_not_null())
    if not field.rule.reduced:
        for is_safe in (_is_safe, _is_no_number):  # the first is quick, and the second is for what it leaves
            which = which.filter(~is_safe(texts.gather(which)))
    texts = texts.set(~there, None)
    if len(which):
        texts = texts.scatter(which, [retained_text(field, text) for text in texts.gather(which).to_list()])
    return texts, there & texts.is_null()


def _is_safe(texts: pl.Series) -> pl.Series:
    return texts.str.contains(_SAFE) & (texts.str.len_bytes() <= LONGEST)


def _is_no_number(texts: pl.Series) -> pl.Series:
    return texts.str.contains(_PLAIN) & ~texts.str.contains(_DOUBTFUL) & (texts.str.len_bytes() <= LONGEST)
