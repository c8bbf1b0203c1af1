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
from validators.places import places
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
    if not fields:
        return Kept(pl.DataFrame(), pl.DataFrame())
    texts, withheld = _kept(fields, frame.select(field.name for field in fields))
    return Kept(_columns(fields, texts, len(frame)), _columns(fields, withheld, len(frame)))


def _kept(fields: list[Field], came: pl.DataFrame) -> tuple[pl.Series, pl.Series]:
    """Return the texts of all columns, one behind the other, that may be kept; and which values may not."""
    texts = pl.concat([as_texts(column)[0] for column in came])
    there = pl.concat(came.select(pl.all().is_not_null()).get_columns()) & (texts != "").fill_null(value=True)
    which = places(len(texts)).filter(there & texts.is_not_null())
    open_ = texts.gather(which)
    for is_safe in (_is_safe, _is_no_number):  # the first is quick, and the second is for what it leaves
        doubtful = ~is_safe(open_) | _reduced(fields, which, len(came))
        which, open_ = which.filter(doubtful), open_.filter(doubtful)
    texts = texts.set(~there, None)
    if len(which):
        asked = zip(which.to_list(), open_.to_list(), strict=True)
        texts = texts.scatter(which, [retained_text(fields[place // len(came)], text) for place, text in asked])
    return texts, there & texts.is_null()


def _reduced(fields: list[Field], which: pl.Series, rows: int) -> pl.Series:
    """Return which places are of a field that is always reduced."""
    return pl.Series([field.rule.reduced for field in fields]).gather(which // rows)


def _columns(fields: list[Field], behind: pl.Series, rows: int) -> pl.DataFrame:
    """Return as columns again what stands one behind the other."""
    return pl.DataFrame([behind.slice(place * rows, rows).alias(field.name) for place, field in enumerate(fields)])


def _is_safe(texts: pl.Series) -> pl.Series:
    return texts.str.contains(_SAFE) & (texts.str.len_bytes() <= LONGEST)


def _is_no_number(texts: pl.Series) -> pl.Series:
    return texts.str.contains(_PLAIN) & ~texts.str.contains(_DOUBTFUL) & (texts.str.len_bytes() <= LONGEST)
