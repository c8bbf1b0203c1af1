"""Files that are not UTF-8, imported as a person imports them."""

from pathlib import Path

import pytest

from tests.intake.command import intake, refused, rows
from tests.intake.customers import csv, customer

POLISH = [
    customer(1, Imię="Małgorzata", Nazwisko="Źrebięta-Kąś", Miejscowość="Łódź"),
    customer(2, Imię="Jan", Nazwisko="Żółć", Miejscowość="Świętochłowice"),
    customer(3, Imię="Ćma", Nazwisko="Dębińska", Miejscowość="Gdańsk"),
]
# ę is the same in both, ą of Windows-1250 is š of ISO-8859-2, and there is nothing else to go by.
OPEN = csv([customer(1, Nazwisko="Kąt")]).replace("Miejscowość", "Miasto")


def put(folder: Path, data: bytes) -> None:
    (folder / "customers.csv").write_bytes(data)


def surnames(folder: Path) -> list[object]:
    return [row["last_name"] for row in rows(folder / "customers.db", "individuals")]


@pytest.mark.parametrize(
    ("codec", "name"),
    [
        ("cp1250", "windows-1250"),
        ("iso8859-2", "iso-8859-2"),
        ("cp852", "cp852"),
        ("mac-latin2", "maccentraleurope"),
        ("utf-16", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
def test_a_file_is_imported_whatever_it_is_encoded_in(tmp_path: Path, codec: str, name: str) -> None:
    put(tmp_path, csv(POLISH).encode(codec))
    told = intake("import", "customers.csv", "--json", cwd=tmp_path).json
    again = intake("import", "customers.csv", "--encoding", name, "--json", cwd=tmp_path).json

    assert (told["source"]["encoding"], told["books"]["new"]) == (name, 3)
    assert sorted(surnames(tmp_path), key=str) == ["Dębińska", "Źrebięta-Kąś", "Żółć"]
    # What it proves by itself need not be said, and is the same run when it is.
    assert (again["outcome"], again["run"]) == ("imported_before", told["run"])


def test_what_is_not_proven_is_imported_when_it_is_said(tmp_path: Path) -> None:
    put(tmp_path, OPEN.encode("cp1250"))

    line = refused(intake("import", "customers.csv", cwd=tmp_path), 3)
    assert "line 1, byte 4 of the line (offset 3 of the file): EA is not the same" in line
    assert line.endswith("(--encoding): windows-1250, iso-8859-2, maccentraleurope\n")
    assert not (tmp_path / "customers.db").exists()

    first = intake("import", "customers.csv", "--encoding", "cp1250", "--json", cwd=tmp_path).json
    assert surnames(tmp_path) == ["Kąt"]

    # Another word about the same bytes gives other records, so it is another run.
    second = intake("import", "customers.csv", "--encoding", "latin2", "--json", cwd=tmp_path).json
    assert (second["outcome"], second["books"]["updated"]) == ("imported", 1)
    assert second["run"] != first["run"]
    assert surnames(tmp_path) == ["Kšt"]


def test_what_was_said_and_does_not_fit_stops_it_before_anything_is_done(tmp_path: Path) -> None:
    put(tmp_path, csv(POLISH).encode("cp1250"))

    line = refused(intake("import", "customers.csv", "--encoding", "iso-8859-2", cwd=tmp_path), 3)
    assert "is not iso-8859-2; what fits (--encoding): windows-1250;" in line
    assert not (tmp_path / "customers.db").exists()
