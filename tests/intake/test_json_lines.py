"""JSON Lines: objects as RFC 8259 has them, and nothing that could be read in two ways."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.errors import SourceError
from intake.sources import Blank, Malformed, Place, Record, open_source
from intake.sources.json_lines import decode
from intake.sources.nested import flat

# JSON's values; a float of Python's is written with as many digits as it takes to read it back.
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(10**38), 10**38)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
)
objects = st.dictionaries(st.text(), values, max_size=4)


@pytest.mark.parametrize(
    ("line", "result"),
    [
        # RFC 8259: 2 white space; 4 names should be unique; 6 neither NaN nor Infinity; 7 control characters escaped.
        ("{}", {}),
        (' { "a" : 1 } \r\n', {"a": 1}),
        ('{"a": 1.5, "b": -0, "c": true, "d": null, "e": ["x"]}', {"a": 1.5, "b": 0, "c": True, "d": None, "e": ["x"]}),
        ('{"a": "\\u0000\\ud800", "b": "\\ud83d\\ude42"}', {"a": "\0\ud800", "b": "\U0001f642"}),
        ('{"": 1, " a ": 2}', {"": 1, " a ": 2}),
        ('{"a": 1, "a": 1}', "duplicate_key"),
        ('{"a": 1, "\\u0061": 2}', "duplicate_key"),
        ('{"a": {"b": 1, "b": 2}}', "duplicate_key"),
        ('{"a": NaN}', "number_not_finite"),
        ('{"a": -Infinity}', "number_not_finite"),
        ('{"a": 1e999}', "number_not_finite"),
        ("NaN", "number_not_finite"),
        ('{"a": ' + "9" * 40 + "}", {"a": int("9" * 40)}),
        ('{"a": ' + "9" * 41 + "}", "number_too_long"),
        ('{"a": ' + "9" * 100_000 + "}", "number_too_long"),
        ('{"a": 01}', "not_json"),
        ('{"a": +1}', "not_json"),
        ('{"a": "x\ty"}', "not_json"),
        ('{"a": 1,}', "not_json"),
        ('{"a": 1} {"b": 2}', "not_json"),
        ('{"a": 1', "not_json"),
        ('{"a": "x', "not_json"),
        ("{'a': 1}", "not_json"),
        ('\ufeff{"a": 1}', "not_json"),
        ("NIP;Nazwa", "not_json"),
        ("[]", "not_an_object"),
        ("1", "not_an_object"),
        ('"a"', "not_an_object"),
        ("null", "not_an_object"),
    ],
)
def test_a_line_holds_an_object_or_is_named(line: str, result: object) -> None:
    found = decode(line)

    assert found == result
    assert type(found) is type(result)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"a": ' + "[" * 31 + "]" * 31 + "}", None),
        ('{"a": ' + "[" * 32 + "]" * 32 + "}", "too_deep"),
        ('{"a": ' * 33 + "1" + "}" * 33, "too_deep"),
        ("[" * 1_000_000, "too_deep"),
        ('{"a":' * 200_000, "too_deep"),
        # Brackets in text are no depth, nor are brackets side by side.
        ('{"a": "' + "[{" * 100 + '"}', None),
        ('{"a": "\\"' + "[" * 100 + '\\\\"}', None),
        ('{"a": [' + "[]," * 100 + "1]}", None),
        ('{"a": "' + "\\\\" * 400_000 + "[" * 40, "too_deep"),  # a string without an end hides nothing
    ],
)
def test_nesting_has_a_limit(line: str, reason: str | None) -> None:
    found = decode(line)

    assert (found if isinstance(found, str) else None) == reason


@given(objects)
def test_what_was_written_is_read(value: dict[str, object]) -> None:
    assert decode(json.dumps(value)) == value
    assert decode(json.dumps(value, ensure_ascii=False)) == value


@given(st.text(st.sampled_from('{}[]":,\\ua0d81e9.-NnInfity\t '), max_size=30))
def test_no_text_raises(text: str) -> None:
    assert isinstance(decode(text), dict | str)


def test_items_come_in_order_with_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "shop.jsonl"
    long = '{"a": "' + "x" * (1 << 20) + '"}'
    path.write_bytes(f'\ufeff{{"a": 1}}\r\n\n \t\n{{"a": }}\n{long}\n{{"a": 2}}'.encode())
    source = open_source(path)

    assert (source.columns, source.format.delimiter, source.format.encoding) == (None, None, "utf-8-sig")
    assert list(source.items()) == [
        Record(Place(1, 1), {"a": 1}),
        Blank(Place(2, 2)),
        Blank(Place(3, 3)),
        Malformed(Place(4, 4), "not_json"),
        Malformed(Place(5, 5), "line_too_long"),
        Record(Place(6, 6), {"a": 2}),
    ]
    assert source.position == source.size


def test_malformed_lines_cost_themselves_only(tmp_path: Path) -> None:
    path = tmp_path / "shop.ndjson"
    path.write_text("".join(f'{{"a": {"" if number % 12 == 0 else number}}}\n' for number in range(12_000)), "utf-8")
    items = list(open_source(path).items())
    malformed = [item for item in items if isinstance(item, Malformed)]

    assert len(malformed) == 1000
    assert malformed[0] == Malformed(Place(1, 1), "not_json")
    assert malformed[-1] == Malformed(Place(11_989, 11_989), "not_json")
    assert [item.values["a"] for item in items if isinstance(item, Record)] == [n for n in range(12_000) if n % 12]


@pytest.mark.parametrize(
    ("line", "result"),
    [
        ('{"a": {"b": 1, "c": {"d": null}}, "e": 2}', {"a.b": 1, "a.c.d": None, "e": 2}),
        ('{"a": {}, "b": {"c": {}}}', {}),
        ('{"a": {"b": [{"c": 1}]}}', {"a.b": [{"c": 1}]}),
        ('{"": {"": 1}}', {".": 1}),
        ('{"a": {"b": 1}, "a.b": 2}', "duplicate_key"),
        ('{"a.b": null, "a": {"b": null}}', "duplicate_key"),
        ('{"a": {"b.c": 1}, "a.b": {"c": 1}}', "duplicate_key"),
        ('{"a": {"b": 1}, "a": {"c": 1}}', "duplicate_key"),
        # Too far inside, or under too long a path: what is there stays an object, which is no text.
        ('{"a": {"b": {"c": {"d": {"e": 1}}}}}', {"a.b.c.d.e": 1}),
        ('{"a": {"b": {"c": {"d": {"e": {"f": 1}}}}}}', {"a.b.c.d.e": {"f": 1}}),
        (f'{{"{"a" * 200}": {{"b": 1}}}}', {f"{'a' * 200}.b": 1}),
        (f'{{"{"a" * 201}": {{"b": 1}}}}', {"a" * 201: {"b": 1}}),
    ],
)
def test_objects_within_a_record_are_taken_apart(tmp_path: Path, line: str, result: object) -> None:
    path = tmp_path / "shop.jsonl"
    path.write_text(line, encoding="utf-8")
    (item,) = open_source(path).items()

    assert (item.values if isinstance(item, Record) else item) == (
        Malformed(Place(1, 1), result) if isinstance(result, str) else result
    )


@given(objects)
def test_whatever_is_taken_apart_no_value_is_lost(value: dict[str, object]) -> None:
    def ends(held: object) -> list[object]:
        return [end for inner in held.values() for end in ends(inner)] if isinstance(held, dict) else [held]

    found = flat(value)

    assert found is None or list(map(repr, ends(found))) == list(map(repr, ends(value)))


def test_a_line_that_is_not_utf8_costs_itself_only_where_most_others_are(tmp_path: Path) -> None:
    path = tmp_path / "shop.jsonl"
    good, ascii_only, broken = '{"a": "Łódź"}\n'.encode(), b'{"a": "x"}\n', '{"a": "Łódź"}\n'.encode("cp1250")
    path.write_bytes(good * 2 + ascii_only + broken + good)
    source = open_source(path)

    assert list(source.items()) == [
        *(Record(Place(number, number), {"a": "Łódź"}) for number in (1, 2)),
        Record(Place(3, 3), {"a": "x"}),
        Malformed(Place(4, 4), "not_utf8"),
        Record(Place(5, 5), {"a": "Łódź"}),
    ]
    assert [item for chunk in source.chunks() for item in chunk.others] == [Malformed(Place(4, 4), "not_utf8")]
    for data in (broken, ascii_only * 9 + broken, good + broken, good * 4 + broken * 5):
        path.write_bytes(data)
        with pytest.raises(SourceError) as caught:
            open_source(path)
        assert (caught.value.code, caught.value.line) == (
            "source.not_utf8",
            data[: data.index(broken)].count(b"\n") + 1,
        )


def test_what_was_encoded_twice_is_refused_behind_a_line_that_is_not_utf8_too(tmp_path: Path) -> None:
    path = tmp_path / "shop.jsonl"
    good, broken = '{"a": "Łódź"}\n'.encode(), '{"a": "Łódź"}\n'.encode("cp1250")
    path.write_bytes(good * 2 + broken + '{"a": "KrakÃ³w"}'.encode())
    with pytest.raises(SourceError) as caught:
        open_source(path)

    assert (caught.value.code, caught.value.line, caught.value.column) == ("source.doubly_encoded", 4, 12)
    assert caught.value.params["offset"] == len(good * 2 + broken) + 11


@pytest.mark.parametrize(
    "text", ['[{"a": 1}]', '\n[\n{"a": 1}\n]', '[ {"a": 1},\n{"a": 2}]', '{\n"a": 1\n}', '\ufeff[\r\n{"a": 1}]']
)
def test_one_json_value_is_refused_with_what_makes_lines_of_it(tmp_path: Path, text: str) -> None:
    path = tmp_path / "shop.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        open_source(path)

    assert caught.value.code == "source.not_lines"
    assert "jq -c" in caught.value.remedy
    assert open_source(path, delimiter=";").format.name == "csv"  # whoever says so means it


def test_names_in_brackets_are_a_header(tmp_path: Path) -> None:
    path = tmp_path / "shop.csv"
    path.write_text("[id],[name]\n1,x\n", encoding="utf-8")

    assert open_source(path).columns == ("[id]", "[name]")
