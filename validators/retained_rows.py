"""What may be kept of the refused rows of a table: `retained`, over columns.

>>> from validators.policy import vipower
>>> rows = pl.DataFrame({"first_name": ["Jan 44051401359"], "email": ["jan(at)example.com"], "note": ["VIP"]})
>>> retained_rows(rows, vipower().kinds["contact"])
[{'first_name': None, 'email': 'jan(at)example.com'}]
"""

import polars as pl

from validators.column import as_texts
from validators.kind import Kind
from validators.readings import places
from validators.retain import retained_text
from validators.rules.text import LONGEST

# In these characters no digit hides, and in their digits no identity number: what has eleven digits in the groupings of
# a PESEL, or twelve in any, is looked at by itself.
_PLAIN = "^[ -~\xa0ĄĆĘŁŃÓŚŹŻąćęłńóśźż]*$"
_DOUBTFUL = "(?:[0-9][ \xa0-]*){12}|(?:[0-9]{2}(?:0[1-9]|1[0-2])|[0-3][0-9](?:2[1-9]|3[0-2]))[0-9]{2}[ \xa0-]*[0-9]{5}"


def retained_rows(frame: pl.DataFrame, kind: Kind) -> list[dict[str, str | None]]:
    """Return for each row the fields of the kind that came with a value; None where the value may not be kept."""
    fields = [field for field in kind.fields if field.name in frame.columns]
    if not fields:
        return [{} for _ in range(len(frame))]
    names = [field.name for field in fields]
    texts = pl.DataFrame({field.name: as_texts(frame[field.name])[0] for field in fields})
    rows: list[dict[str, str | None]] = [
        {name: text for name, text in zip(names, row, strict=True) if text} for row in texts.iter_rows()
    ]
    doubtful = texts.select(_is_doubtful(pl.col(field.name), reduced=field.rule.reduced) for field in fields)
    numbers = places(len(frame))
    for field in fields:
        for place in numbers.filter(doubtful[field.name]).to_list():
            if text := rows[place].get(field.name):
                rows[place][field.name] = retained_text(field, text)
        if frame.schema[field.name] == pl.String:
            continue
        for place in numbers.filter(texts[field.name].is_null() & frame[field.name].is_not_null()).to_list():
            came = rows[place] | {field.name: None}  # what is no text
            rows[place] = {name: came[name] for name in names if name in came}
    return rows


def _is_doubtful(text: pl.Expr, *, reduced: bool) -> pl.Expr:
    """Return the expression of which texts have to be looked at; null where there is none."""
    if reduced:
        return text.is_not_null()
    return ~text.str.contains(_PLAIN) | text.str.contains(_DOUBTFUL) | (text.str.len_bytes() > LONGEST)
