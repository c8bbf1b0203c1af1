r"""JSON as it stands in the database: Polish letters as they are, for the person who reads it there.

>>> json_text({"city": "Łódź", "email": None})
'{"city": "Łódź", "email": null}'

Half of a surrogate pair, which no text of a database can hold, stands there as its escape.

>>> print(json_text({"first_name": "Jan " + chr(0xD83D)}))
{"first_name": "Jan \ud83d"}
"""

import json

import msgspec
import polars as pl

_ESCAPED = r'[\x00-\x1f"\\]'  # what stands in a JSON string as something else (RFC 8259, 7)


def json_text(value: object) -> str:
    """Return a value as JSON on one line."""
    try:
        encoded = msgspec.json.encode(value)
    except UnicodeEncodeError:
        plain = msgspec.to_builtins(value)
        return json.dumps(plain, ensure_ascii=False).encode(errors="backslashreplace").decode()
    return msgspec.json.format(encoded, indent=0).decode()  # 0: on one line, with spaces


def json_objects(texts: pl.DataFrame, nulls: pl.DataFrame) -> pl.Series:
    """Return an object for each row of one column or more, as `json_text` writes it: its texts and nulls by name.

    A name has null where `nulls`, of as many Boolean columns, is true; it is not there where the text is null.
    """
    special = texts.select(pl.all().str.join().str.contains(_ESCAPED)).row(0)
    written = [_escaped(text) if is_special else text for text, is_special in zip(texts, special, strict=True)]
    members = [_member(*one) for one in zip(texts.columns, written, nulls, strict=True)]
    return pl.select(pl.format("{{{}}}", pl.concat_str(members, separator=", ", ignore_nulls=True))).to_series()


def _escaped(text: pl.Series) -> pl.Series:
    special = text.str.contains(_ESCAPED).fill_null(value=False)
    return text.scatter(special.arg_true(), [json_text(one)[1:-1] for one in text.filter(special)])


def _member(name: str, text: pl.Series, null: pl.Series) -> pl.Expr:
    written = json_text(name) + ": "
    return pl.when(null).then(pl.lit(written + "null")).otherwise(pl.lit(written + '"') + text + '"')
