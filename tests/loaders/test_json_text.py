"""JSON in the database: what Python's own json writes, and always text."""

import json

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders.json_text import json_objects, json_text
from validators import Fault

TEXT = st.text(st.characters(exclude_categories=[]))  # halves of surrogate pairs too


@given(st.dictionaries(TEXT, TEXT | st.none() | st.integers(-(2**53), 2**53), max_size=4))
def test_it_is_what_json_dumps_writes(value: dict[str, object]) -> None:
    expected = json.dumps(value, ensure_ascii=False).encode(errors="backslashreplace").decode()
    assert json_text(value) == expected


@pytest.mark.parametrize("limit", ["80", "\ud83d"], ids=["text", "half of a pair"])
def test_faults_are_written_with_their_code_field_and_parameters(limit: str) -> None:
    faults = (Fault("text.too_long", "city", {"limit": limit}), Fault("kind.unknown"))
    assert json.loads(json_text(faults)) == [
        {"code": "text.too_long", "field": "city", "params": {"limit": limit}},
        {"code": "kind.unknown", "field": None, "params": {}},
    ]


PLAIN = st.text(st.characters(codec="utf-8"))  # what a column can hold
NAMES = ("city", 'a "name"')
VALUE = st.none() | st.sampled_from(["", "withheld"]) | PLAIN


@given(st.lists(st.fixed_dictionaries(dict.fromkeys(NAMES, VALUE)), max_size=5))
def test_columns_are_written_as_each_object_is(rows: list[dict[str, str | None]]) -> None:
    texts = pl.DataFrame(rows, dict.fromkeys(NAMES, pl.String))
    nulls = texts.select(pl.all() == "withheld")

    written = json_objects(texts.select(pl.when(pl.all() != "withheld").then(pl.all())), nulls.fill_null(value=False))

    kept = ({name: text for name in NAMES if (text := row[name]) is not None} for row in rows)
    blanked = [{name: None if text == "withheld" else text for name, text in row.items()} for row in kept]
    assert written.to_list() == [json_text(row) for row in blanked]
