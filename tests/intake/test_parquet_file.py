"""Parquet as a source: what becomes of every type, both readings, places, and what makes it no source."""

import datetime as dt
import math
import subprocess
import sys
import uuid
from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from intake.errors import SourceError
from intake.parquet import process, reader
from intake.parquet.frames import Opened, Rows
from intake.parquet.texts import as_text
from intake.sources import Blank, Malformed, Place, Record, open_source, parquet_file
from intake.sources.nested import flat
from tests.intake.command import environment
from tests.intake.parquet_bytes import BYTE_ARRAY, column, one_column, text
from tests.intake.test_chunks import assert_same

WARSAW = dt.timezone(dt.timedelta(hours=1))


def write(folder: Path, table: pa.Table, **options: Any) -> Path:  # noqa: ANN401  (pyarrow's)
    path = folder / "shop.parquet"
    parquet.write_table(table, path, **options)
    return path


@pytest.mark.parametrize(
    ("values", "kind", "texts"),
    [
        (["Łódź", "", None], pa.string(), ["Łódź", "", None]),
        (["a", None, "a"], pa.large_string(), ["a", None, "a"]),
        (["a", None], pa.string_view(), ["a", None]),
        (["a", None, "a"], pa.dictionary(pa.int8(), pa.string()), ["a", None, "a"]),
        (["Łódź".encode(), None], pa.binary(), ["Łódź", None]),
        ([b"PL", None], pa.binary(2), ["PL", None]),
        ([600123456, -1, None], pa.int64(), ["600123456", "-1", None]),
        ([2**64 - 1], pa.uint64(), [str(2**64 - 1)]),
        (
            [600123456.0, -0.0, 1.5, 0.1, 2.0**53, float("nan"), None],
            pa.float64(),
            [
                "600123456",
                "0",
                "1.5",
                "0.1",
                "9.007199254740992e+15",
                None,
                None,
            ],
        ),
        ([0.1, 5.0], pa.float32(), ["0.1", "5"]),
        ([0.5, 5.0], pa.float16(), ["0.5", "5"]),
        ([Decimal("600123456.00"), Decimal("1.50"), None], pa.decimal128(20, 2), ["600123456", "1.50", None]),
        ([Decimal(5260250274)], pa.decimal256(60, 0), ["5260250274"]),
        ([Decimal("1.2E+9")], pa.decimal128(5, -8), ["1200000000"]),
        ([dt.date(2026, 11, 25), None], pa.date32(), ["2026-11-25", None]),
        ([dt.date(1900, 2, 28)], pa.date64(), ["1900-02-28"]),
        ([dt.datetime(2026, 11, 25, 7, 8, 9)], pa.timestamp("ns"), ["2026-11-25T07:08:09"]),  # noqa: DTZ001
        (
            [dt.datetime(2026, 11, 25, 0, 8, 9, 5000, WARSAW)],
            pa.timestamp("us", "+01:00"),
            [
                "2026-11-24T23:08:09.005000Z",
            ],
        ),
        ([dt.time(7, 8, 9)], pa.time64("us"), ["07:08:09"]),
        ([None], pa.null(), [None]),
        ([uuid.UUID(int=7).bytes], pa.uuid(), [str(uuid.UUID(int=7))]),
    ],
    ids=lambda one: str(one) if isinstance(one, pa.DataType) else "",
)
def test_values_are_text_as_people_write_it(
    values: Sequence[object], kind: pa.DataType, texts: list[str | None]
) -> None:
    """Of dates and times as ISO 8601 has them, in UTC where there is a zone."""
    found = as_text(pa.array(values, kind))

    assert found.texts.to_pylist() == texts
    assert found.odd is None or not found.odd.true_count
    assert not any(where.true_count for where in found.malformed.values())


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([True, False], pa.bool_()),
        ([["600123456"], []], pa.list_(pa.string())),
        ([[("a", 1)], []], pa.map_(pa.string(), pa.int8())),
        ([dt.timedelta(1), dt.timedelta(2)], pa.duration("s")),
        ([b"\xb3", b"\xff"], pa.binary()),
        ([b"x" * 131_073, b"\xff"], pa.binary()),
        ([2**40, -(2**60)], pa.timestamp("s")),  # years that no calendar has
    ],
    ids=str,
)
def test_what_is_no_text_is_known(values: list[object], kind: pa.DataType) -> None:
    found = as_text(pa.array([*values, None], kind))

    assert found.texts.to_pylist() == [None, None, None]
    assert found.odd is not None
    assert found.odd.to_pylist() == [True, True, False]


@given(st.lists(st.floats() | st.none()))
def test_a_float_is_the_number_that_its_text_says(numbers: list[float | None]) -> None:
    found = as_text(pa.array(numbers, pa.float64()))
    infinite = found.malformed["number_not_finite"].to_pylist()

    for number, said, malformed in zip(numbers, found.texts.to_pylist(), infinite, strict=True):
        assert malformed == (number in {float("inf"), float("-inf")})
        assert said is None if number is None or math.isnan(number) or malformed else float(said) == number


def test_records_come_with_their_numbers_and_structures_by_their_paths(tmp_path: Path) -> None:
    rows = [
        {"nip": "5260250274", "address": {"city": "Toruń", "geo": {"lat": 53.0}}, "tags": None, "saldo": 1.0},
        {"nip": " ", "address": {"city": None, "geo": None}, "tags": None, "saldo": None},
        {"nip": "1", "address": None, "tags": ["x"], "saldo": None},
        {"nip": "2", "address": None, "tags": None, "saldo": float("inf")},
        {"nip": "x" * 131_073, "address": None, "tags": ["x"], "saldo": None},
    ]
    source = open_source(write(tmp_path, pa.Table.from_pylist(rows)))
    (chunk,) = assert_same(source)

    assert source.columns == ("nip", "address.city", "address.geo.lat", "tags", "saldo")
    assert (source.format.name, source.format.encoding, source.position) == ("parquet", "utf-8", source.size)
    assert list(source.items()) == [
        Record(
            Place(1, 1),
            {"nip": "5260250274", "address.city": "Toruń", "address.geo.lat": "53", "tags": None, "saldo": "1"},
        ),
        Blank(Place(2, 2)),
        Record(Place(3, 3), {"nip": "1", "address.city": None, "address.geo.lat": None, "tags": [], "saldo": None}),
        Malformed(Place(4, 4), "number_not_finite"),
        Malformed(Place(5, 5), "cell_too_long"),
    ]
    assert chunk.records.to_list() == [1]


def test_text_that_is_not_utf8_costs_its_record_only(tmp_path: Path) -> None:
    """pyarrow reads what a file calls text as it is: it is never valid by itself."""
    path = tmp_path / "shop.parquet"
    path.write_bytes(one_column(text("a@example.pl") + b"\1\0\0\0\xb3" + text("Łódź"), 3))

    assert [type(item) for item in open_source(path).items()] == [Record, Malformed, Record]
    assert Malformed(Place(2, 2), "not_utf8") in list(open_source(path).items())


nested = st.recursive(
    st.sampled_from([pa.string(), pa.int64(), pa.bool_(), pa.list_(pa.string())]),
    lambda kinds: st.lists(kinds, min_size=1, max_size=2).map(
        lambda inner: pa.struct([(f"f{number}", kind) for number, kind in enumerate(inner)])
    ),
    max_leaves=6,
)


@settings(max_examples=4, deadline=None)
@given(kind=nested, records=st.integers(1, 30), most=st.sampled_from([3, 7]), after=st.integers(0, 9))
def test_both_readings_are_the_same_wherever_chunks_are_cut(
    tmp_path_factory: pytest.TempPathFactory, kind: pa.DataType, records: int, most: int, after: int
) -> None:
    def value(of: pa.DataType, number: int) -> object:
        if number % 5 == 0:
            return None
        if pa.types.is_struct(of):
            return {field.name: value(field.type, number + 1) for field in of}
        return {pa.string(): f"text {number}", pa.int64(): number, pa.bool_(): True}.get(of, [str(number)])

    values = [value(kind, number) for number in range(records)]
    table = pa.table({"a": pa.array(values, kind), "b": pa.array(map(str, range(records)))})
    path = write(tmp_path_factory.getbasetemp(), table, row_group_size=11)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(parquet_file, "_RECORDS", most)
        source = open_source(path)
        chunks = assert_same(source, after)

    assert all(chunk.read <= most for chunk in chunks)
    for item, whole in zip(source.items(), values, strict=True):
        assert isinstance(item, Record)
        expected = {name: one for name, one in (flat({"a": whole}) or {}).items() if one is not None}
        texts = {name: one for name, one in item.values.items() if one is not None and name != "b"}
        assert texts == {name: [] if isinstance(one, list | bool) else str(one) for name, one in expected.items()}


def test_a_frame_holds_little_whatever_its_rows_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """However heavy rows stand together; one that by itself is too much is none."""
    monkeypatch.setattr(reader, "_BYTES", 2_000)
    texts = ["x" * 900] * 4 + ["y"] * 40 + ["z" * 1_500, "z" * 1_991, "z" * 1_993] + ["x" * 900] * 4
    parquet.write_table(pa.table({"a": texts}), file := BytesIO())
    opened, *frames = reader.read(file, len(file.getvalue()), 2, 30)
    rows = [frame for frame in frames if isinstance(frame, Rows)]
    found = [text for frame in rows for text in pa.ipc.open_stream(frame.texts).read_all()["0"].to_pylist()]

    assert opened == Opened(["a"], 51)
    assert found == [*texts[2:46], None, *texts[47:]]
    assert [frame.first + place for frame in rows for place in frame.malformed] == [47]
    assert [frame.malformed[place] for frame in rows for place in frame.malformed] == ["line_too_long"]
    assert all(frame.count <= 30 and len(frame.texts) < 5_000 for frame in rows)
    assert [frame.first for frame in rows] == [3 + sum(before.count for before in rows[:at]) for at in range(len(rows))]


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["NIP", "Nazwa", "nip"], "columns 1 and 3 are both called “nip”"),
        (["a.b", "a"], "columns 1 and 2 are both called “a.b”"),
    ],
)
def test_two_columns_of_one_name_are_refused(tmp_path: Path, names: list[str], said: str) -> None:
    structure = pa.StructArray.from_arrays([pa.array(["x"])], ["b"])
    columns = [structure if name == "a" else pa.array(["x"]) for name in names]
    with pytest.raises(SourceError, match=said):
        open_source(write(tmp_path, pa.Table.from_arrays(columns, names)))


def test_a_file_that_changed_since_is_refused(tmp_path: Path) -> None:
    source = open_source(write(tmp_path, pa.table({"a": ["1"]})))
    write(tmp_path, pa.table({"a": ["2"]}))
    with pytest.raises(SourceError) as caught:
        list(source.chunks())

    assert caught.value.code == "source.changed"


def test_who_has_no_pyarrow_is_told_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "find_spec", lambda _name: None)
    with pytest.raises(SourceError) as caught:
        open_source(write(tmp_path, pa.table({"a": ["1"]})))

    assert "pip install 'vipower-intake[parquet]'" in str(caught.value)


def test_a_child_ends_when_its_parent_is_gone(tmp_path: Path) -> None:
    path = write(tmp_path, pa.table({"a": [f"{number:09}" for number in range(20_000)]}))
    command = [sys.executable, "-P", "-m", "intake.parquet.child", str(path), "send", "0", "20000"]
    with subprocess.Popen(command, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin
        with pytest.raises(subprocess.TimeoutExpired):
            child.wait(2)  # it sends, and nobody reads
        child.stdin.close()
        assert child.wait(30) == 1


def test_the_bytes_that_other_tests_make_are_parquet(tmp_path: Path) -> None:
    path = tmp_path / "shop.parquet"
    path.write_bytes(one_column(text("a@example.pl", 3), 3))

    assert parquet.read_table(path).to_pydict() == {"email": ["a@example.pl"] * 3}
    assert column("email")[1] == BYTE_ARRAY
