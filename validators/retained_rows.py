"""What may be kept of the refused rows of a table: `retained`, over columns.

>>> from validators.policy import vipower
>>> rows = pl.DataFrame({"first_name": ["Jan 44051401359"], "email": ["jan(at)example.com"], "note": ["VIP"]})
>>> retained_rows(rows, vipower().kinds["contact"])
[{'first_name': None, 'email': 'jan(at)example.com'}]
"""

from collections.abc import Iterator

import polars as pl

from validators.column import as_texts
from validators.field import Field
from validators.kind import Kind
from validators.retain import retained_text
from validators.rules.text import LONGEST

# In these characters no digit hides, and in their digits no identity number: what has eleven digits in the groupings of
# a PESEL, or twelve in any, is looked at by itself.
_PLAIN = "^[ -~\xa0ĄĆĘŁŃÓŚŹŻąćęłńóśźż]*$"
_DOUBTFUL = "(?:[0-9][ \xa0-]*){12}|(?:[0-9]{2}(?:0[1-9]|1[0-2])|[0-3][0-9](?:2[1-9]|3[0-2]))[0-9]{2}[ \xa0-]*[0-9]{5}"


def retained_rows(frame: pl.DataFrame, kind: Kind) -> list[dict[str, str | None]]:
    """Return for each row the fields of the kind that came with a value; None where the value may not be kept."""
    rows: list[dict[str, str | None]] = [{} for _ in range(len(frame))]
    fields = [field for field in kind.fields if field.name in frame.columns]
    texts = pl.DataFrame({field.name: as_texts(frame[field.name])[0] for field in fields})
    doubtful = texts.select(_is_doubtful(pl.col(field.name), reduced=field.rule.reduced) for field in fields)
    for field in fields:
        there = frame[field.name].is_not_null().to_list()
        kept = _kept(field, texts[field.name].to_list(), doubtful[field.name].to_list())
        for row, came, text in zip(rows, there, kept, strict=True):
            if came and text != "":
                row[field.name] = text
    return rows


def _is_doubtful(text: pl.Expr, *, reduced: bool) -> pl.Expr:
    """Return the expression of which texts have to be looked at; null where there is none."""
    if reduced:
        return text.is_not_null()
    return ~text.str.contains(_PLAIN) | text.str.contains(_DOUBTFUL) | (text.str.len_bytes() > LONGEST)


def _kept(field: Field, texts: list[str | None], doubtful: list[bool | None]) -> Iterator[str | None]:
    for text, is_doubtful in zip(texts, doubtful, strict=True):
        yield retained_text(field, text) if text and is_doubtful else text
