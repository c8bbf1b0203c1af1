"""Files made to exhaust or confuse whoever unpacks and decodes them, given to real processes: little memory and time.

Each is refused in one line before anything is done, or its records are, and nothing but the file is there afterwards.
"""

import gzip
import json
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Final

import pyarrow as pa
import pytest
from pyarrow import parquet

from tests.intake.bounded import bounded
from tests.intake.command import refused, rows
from tests.intake.customers import csv, customer
from tests.intake.parquet_bytes import Long, around, column, one_column, struct, text


def packed(first: bytes, again: bytes, times: int) -> bytes:
    """gzip of so much that nobody would make it: one piece, packed by itself, again and again. It has no end."""
    member = zlib.compressobj(wbits=31)
    begun = member.compress(first) + member.flush(zlib.Z_FULL_FLUSH)
    return begun + (member.compress(again) + member.flush(zlib.Z_FULL_FLUSH)) * times


def written(table: pa.Table) -> bytes:
    parquet.write_table(table, file := BytesIO())
    return file.getvalue()


def same_again(value: str, times: int) -> pa.Array:
    """A column of one value: in Parquet, a few bytes whatever the times."""
    return pa.DictionaryArray.from_arrays(pa.repeat(pa.scalar(0, pa.int8()), times), pa.array([value]))


def schema(*columns: object, children: int, rows: int = 1) -> bytes:
    """A footer of nothing but a schema."""
    return around(b"", struct({1: 2, 2: [{4: b"schema", 5: children}, *columns], 3: Long(rows), 4: []}))


CUSTOMERS: Final = csv(customer(number) for number in range(2_000)).encode()
EMAILS: Final = text("ewa@example.com", 3)
PARQUET: Final = written(pa.Table.from_pylist([customer(number) for number in range(2_000)]))

# What the file is called, what makes it, and what is said of it.
FILES: Final[dict[str, tuple[str, Callable[[], bytes], str]]] = {
    # gzip, cut or expanding
    "a line of 4 GB": ("bomb.csv.gz", lambda: packed(b"NIP;", b"x" * (1 << 20), 4096), "more than 200 times"),
    "4 GB of rows": ("bomb.jsonl.gz", lambda: packed(b"", b'{"nip": "1"}\n' * 80_000, 4096), "more than 200 times"),
    "gzip cut short": ("cut.csv.gz", lambda: gzip.compress(CUSTOMERS)[:-3000], "truncated, near offset "),
    "gzip with a wrong byte": (
        "wrong.csv.gz",
        lambda: (data := gzip.compress(CUSTOMERS))[:5000] + b"\xff\xff" + data[5002:],
        "gzip data is not whole",
    ),
    "gzip with another length": ("length.csv.gz", lambda: gzip.compress(CUSTOMERS)[:-4] + bytes(4), "wrong checksum"),
    "gzip and something more": ("more.csv.gz", lambda: gzip.compress(CUSTOMERS) + b"PK", "bytes after its end"),
    "gzip in gzip": ("twice.csv.gz", lambda: gzip.compress(gzip.compress(CUSTOMERS)), "packed with gzip, twice"),
    # Parquet whose footer is not there, or not true
    "Parquet cut short": ("cut.parquet", lambda: PARQUET[:-2000], "cut short or damaged"),
    "Parquet damaged inside": (
        "damaged.parquet",
        lambda: PARQUET[:5000] + bytes(2000) + PARQUET[7000:],
        "cut short or damaged",
    ),
    "a footer of 4 GB": ("footer.parquet", lambda: around(b"", b"", 2**32 - 1), "cut short or damaged"),
    "2**62 rows": ("rows.parquet", lambda: one_column(EMAILS, 3, rows=2**62), "more than 200 times"),
    "rows that are not there": ("missing.parquet", lambda: one_column(EMAILS, 3, rows=5), "beyond record 3"),
    "fewer rows than none": ("negative.parquet", lambda: one_column(EMAILS, 3, rows=-5), "cut short or damaged"),
    "2**31 values in a page": ("values.parquet", lambda: one_column(EMAILS, 2**31 - 1, rows=9), "cut short or damaged"),
    "a page of 2 GB": (
        "page.parquet",
        lambda: one_column(pa.compress(EMAILS, "zstd", asbytes=True), 3, codec="zstd", page_size=2**31 - 1),
        "more than 2048 MB of memory",
    ),
    "a column of 1 TB": ("column.parquet", lambda: one_column(EMAILS, 3, chunk_size=2**40), "cut short or damaged"),
    "a value of 2 GB": ("value.parquet", lambda: one_column(b"\xff\xff\xff\x7fx", 1), "cut short or damaged"),
    "structures 100,000 deep": (
        "deep.parquet",
        lambda: schema(*[{3: 0, 4: b"x", 5: 1}] * 100_000, column("a"), children=1),
        "cut short or damaged",
    ),
    "2**31 columns that are not there": (
        "children.parquet",
        lambda: schema(column("a"), children=2**31 - 1),
        "cut short or damaged",
    ),
    "20,000 columns": (
        "wide.parquet",
        lambda: schema(*(column(f"c{number}") for number in range(20_000)), children=20_000),
        "20000 columns",
    ),
    "no columns": ("none.parquet", lambda: schema(children=0, rows=2**40), "0 columns"),
    # Parquet that says the truth
    "a long text a million times": (
        "text.parquet",
        lambda: written(pa.table({"email": same_again("x" * 100_000, 1_000_000)})),
        "Parquet file beyond record 0 takes more than 2048 MB of memory",
    ),
    "80 million cells of nothing": (
        "nothing.parquet",
        lambda: written(pa.table({name: pa.nulls(10_000_000) for name in "abcdefgh"})),
        "more than 200 times",
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_it_is_refused_before_anything_is_done(tmp_path: Path, name: str) -> None:
    file, make, said = FILES[name]
    folder = tmp_path / "work"
    folder.mkdir()
    path = folder / file
    path.write_bytes(make())

    line = refused(bounded("import", file, cwd=folder), 3)

    assert line.startswith(f"{file}: ")
    assert said in line
    assert [*folder.iterdir()] == [path]


DEEP: Final = "[" * 1_000_000, '{"a":' * 200_000
PATHS: Final = '{"' + "k" * 200 + '": {"l": {"m": {' + ",".join(f'"{number}":1' for number in range(80_000)) + "}}}}"
LINES: Final = {
    "too_deep": "\n".join(DEEP),
    "number_too_long": f'{{"a": {"9" * 1_000_000}}}',
    "duplicate_key": "{" + ",".join(['"a": 1'] * 100_000) + "}",
}


def test_a_line_of_json_is_refused_for_itself(tmp_path: Path) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    good = json.dumps(customer(1), ensure_ascii=False)
    (folder / "shop.jsonl").write_text("\n".join([good, *LINES.values()]), encoding="utf-8")

    finished = bounded("import", "shop.jsonl", "--json", cwd=folder)
    kept = [json.loads(one["faults"])[0]["params"]["reason"] for one in rows(folder / "customers.db", "rejections")]

    assert finished.status == 1
    assert finished.json["books"]["new"] == 1
    assert kept == ["too_deep", *LINES]


def test_a_line_of_a_gigabyte_is_one_rejection(tmp_path: Path) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    with (folder / "shop.jsonl").open("wb") as file:
        file.write(json.dumps(customer(1), ensure_ascii=False).encode() + b'\n{"a": "')
        file.truncate(1 << 30)  # NULs, which take no room on the disk

    told = bounded("check", "shop.jsonl", "--json", cwd=folder).json

    assert told["books"] == {"read": 2, "accepted": 1, "rejected": 1, "blank": 0}


def test_long_paths_to_many_values_take_little(tmp_path: Path) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "shop.jsonl").write_text(f"{PATHS}\n" * 3, encoding="utf-8")

    assert bounded("check", "shop.jsonl", "--json", cwd=folder).json["books"]["rejected"] == 3
