"""Files whose columns must be put together or taken apart, from the command to the database."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.intake.command import Typed, intake, refused, rows

MAPPING = """\
[columns]
kind = { constant = "individual" }
first_name = { full_name = "Kto", order = "first last", take = "first" }
last_name = { full_name = "Kto", order = "first last", take = "last" }
street_address = { street = "Ulica", house = "Nr", town = "Wieś" }
postal_code = { address = "Poczta", take = "postal_code" }
city = { address = "Poczta", take = "town" }
phone = { number = "Tel", area_code = "Kier" }
"""
HEADER = ("Kto", "Ulica", "Nr", "Wieś", "Poczta", "Kier", "Tel", "E-mail", "Uwagi")
TABLE = (
    ("Ewa Kowalska", "ul. Polna", "1", "", "00-950 Warszawa", "22", "8171478", "ewa@example.com", "VIP"),
    ("Jan Nowak", "", "7", "Dołha", "21-400 Łuków", "", "600123456", "jan@example.com", ""),
    ("Jan Maria Nowak", "", "7", "Dołha", "21-400 Łuków", "", "600123456", "maria@example", ""),
    ("Ewa Maria Nowak", "ul. Polna", "1", "", "00-950 Warszawa", "22", "8171478", "em@example.com", ""),
    ("Ola Nowak", "ul. 3 Maja", "", "Łódź", "Łódź", "42", "8171478", "ola@example.com", ""),
)
EXPECTED = [
    ("Ewa", "Kowalska", "ul. Polna 1", "00-950", "Warszawa", "+48228171478"),
    ("Jan", "Nowak", "Dołha 7", "21-400", "Łuków", "+48600123456"),
]
FAULTS = [
    ["mapping.name_unclear", "mapping.name_unclear", "email.syntax"],
    ["mapping.name_unclear", "mapping.name_unclear"],
    ["street_address.number_missing", "mapping.address_unclear", "mapping.address_unclear"],
]


def write(folder: Path, suffix: str, mapping: str = MAPPING) -> str:
    if suffix == ".csv":
        text = "".join(";".join(cells) + "\n" for cells in (HEADER, *TABLE))
    else:
        records = (dict(zip(HEADER, cells, strict=True)) for cells in TABLE)
        text = "".join(json.dumps(record) + "\n" for record in records)
    (folder / f"customers{suffix}").write_text(text, encoding="utf-8")
    (folder / "columns.toml").write_text(mapping, encoding="utf-8")
    return f"customers{suffix}"


@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_fields_are_made_of_columns_and_what_is_not_certain_is_refused_with_all_reasons(
    tmp_path: Path, suffix: str
) -> None:
    finished = intake("import", write(tmp_path, suffix), "--mapping", "columns.toml", "--json", cwd=tmp_path)

    assert finished.status == 1
    kept = rows(tmp_path / "customers.db", "individuals")
    names = ("first_name", "last_name", "street_address", "postal_code", "city", "phone")
    assert [tuple(row[name] for name in names) for row in kept] == EXPECTED
    assert finished.json["dropped"] == {"Uwagi": 1}
    waiting = rows(tmp_path / "customers.db", "rejections")
    assert [[fault["code"] for fault in json.loads(row["faults"])] for row in waiting] == FAULTS
    # What came is there for a person to put right, under the fields that could not be made of it.
    fields: list[dict[str, Any]] = [json.loads(row["fields"]) for row in waiting]
    assert fields[0]["first_name"] == fields[0]["last_name"] == "Jan Maria Nowak"
    assert (fields[2]["street_address"], fields[2]["postal_code"]) == ("ul. 3 Maja", "Łódź")


def test_the_mapping_is_a_part_of_what_a_run_is_known_by(tmp_path: Path) -> None:
    def load() -> dict[str, Any]:
        return intake("import", "customers.csv", "--mapping", "columns.toml", "--json", cwd=tmp_path).json

    write(tmp_path, ".csv")
    first, again = load(), load()
    write(tmp_path, ".csv", "# a comment changes nothing\n" + MAPPING)
    commented = load()
    write(tmp_path, ".csv", MAPPING.replace('area_code = "Kier"', 'area_code = "Kier", extension = "Uwagi"'))
    other = load()

    assert (first["outcome"], again["outcome"], commented["outcome"]) == ("imported", *["imported_before"] * 2)
    assert first["run"] == again["run"] == commented["run"] != other["run"]


@pytest.mark.parametrize("command", ["check", "import"])
def test_a_mapping_that_does_not_fit_the_file_is_refused(tmp_path: Path, typed: Typed, command: str) -> None:
    name = write(tmp_path, ".csv", MAPPING.replace('"Kier"', '"Kierunkowy"'))
    line = refused(typed(command, name, "--mapping", "columns.toml"), 2)
    assert line.startswith("columns.toml: the file has no column “Kierunkowy”; its columns are “Kto”, “Ulica”")


@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
@pytest.mark.parametrize("command", ["check", "import"])
def test_a_question_that_nobody_has_answered_stops_it(tmp_path: Path, typed: Typed, command: str, suffix: str) -> None:
    name = write(tmp_path, suffix, MAPPING.replace('{ number = "Tel", area_code = "Kier" }', '"?"'))
    line = refused(typed(command, name, "--mapping", "columns.toml"), 2)
    assert line.startswith("columns.toml: columns.phone: this is a question that nobody has answered")
    assert not (tmp_path / "customers.db").exists()


def test_kinds_by_the_words_of_a_column(tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("F/O;ip;browser\nw;192.0.2.1;\nL;192.0.2.2;\nx;192.0.2.3;\n", "utf-8")
    (tmp_path / "columns.toml").write_text(
        '[columns]\nkind = { kind_of = "F/O", words = { W = "visit", L = "login" } }\n', encoding="utf-8"
    )
    told = intake("import", "customers.csv", "--mapping", "columns.toml", "--json", cwd=tmp_path).json
    assert told["faults"] == {"kind.unknown": 1}
    assert [row["ip_address"] for row in rows(tmp_path / "customers.db", "visits")] == ["192.0.2.1"]
    assert [row["ip_address"] for row in rows(tmp_path / "customers.db", "logins")] == ["192.0.2.2"]
