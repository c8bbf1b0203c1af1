"""Slips on the command line: one line says what is wrong and what would be right, status 2, and nothing is done."""

from pathlib import Path

import pytest

from tests.intake.command import ROOT, Typed, intake, refused, rows
from tests.intake.customers import HEADER, csv, customer, write

SHIPPED = ROOT / "validators" / "policies" / "vipower.toml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, [customer(1)])
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["import"], "FILE"),
        (["check"], "FILE"),
        (["import", "customers.csv", "--into"], "--into"),
        (["import", "customers.csv", "--frobnicate"], "--frobnicate"),
        (["frobnicate"], "frobnicate"),
        (["check", "customers.csv", "customers.csv"], "customers.csv"),
        (["import", "customers.csv", "--on-extra", "keep"], "--on-extra"),
        (["import", "customers.csv", "--on-existing", "drop"], "--on-existing"),
        (["import", "customers.csv", "--max-rejects", "5 percent"], "--max-rejects"),
        (["import", "customers.csv", "--kind", "pies"], "individual, business, contact, visit, registration, login"),
        (["import", "customers.csv", "--encoding", "koi8-r"], "koi8-r"),
        (["import", "customers.csv", "--delimiter", ";;"], "“;;” cannot be a delimiter"),
        (["import", "customers.csv", "--delimiter", '"'], "delimiter"),
        (["import", "customers.csv", "--policy", "nowhere.toml"], "nowhere.toml"),
        (["import", "customers.csv", "--policy", "."], "--policy"),
        (["import", "customers.csv", "--mapping", "nowhere.toml"], "nowhere.toml"),
        (["import", "customers.csv", "--report", "customers.csv"], "--report"),
        (["import", "customers.csv", "--report", "customers.csv/report"], "--report"),
        (["import", "nowhere.csv"], "nowhere.csv: there is no such file"),
        (["import", "customers.csv/nowhere.csv"], "there is no such file"),
        (["import", "folder.csv"], "folder.csv: this is a folder"),
        (["import", "/dev/null"], "device"),
        (["import", "customers.csv", "--into", "customers.db"], "sqlite:///customers.db"),
        (
            ["import", "customers.csv", "--into", "postgresql://shop:hunter2@db.example.com/shop?sslmode=require"],
            "verify-full",
        ),
        (["import", "customers.csv", "--into", "mysql://shop:hunter2@localhost/shop"], "SQLite"),
        (["policy", "schema", "pies"], "individual"),
        (["policy", "schema", "login", "--language", "de"], "--language"),
        (["policy", "check", "nowhere.toml"], "nowhere.toml"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_slip_is_told_in_one_line(folder: Path, typed: Typed, arguments: list[str], said: str) -> None:
    (folder / "folder.csv").mkdir()

    line = refused(typed(*arguments), 2)

    assert said in line
    assert "hunter2" not in line
    assert sorted(path.name for path in folder.iterdir()) == ["customers.csv", "folder.csv"]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite:///nowhere/customers.db", "folder"),
        ("sqlite:///folder.csv", "cannot be opened"),
        ("sqlite:///customers.csv", "no SQLite database"),
    ],
)
def test_what_cannot_be_a_database_is_left_as_it_is(folder: Path, url: str, said: str) -> None:
    (folder / "folder.csv").mkdir()
    before = (folder / "customers.csv").read_bytes()
    assert said in refused(intake("import", "customers.csv", "--into", url, cwd=folder), 2)
    assert (folder / "customers.csv").read_bytes() == before
    assert list((folder / "folder.csv").iterdir()) == []


@pytest.mark.parametrize("arguments", [[], ["policy"], ["db"]])
def test_whoever_types_nothing_is_helped(tmp_path: Path, arguments: list[str]) -> None:
    finished = intake(*arguments, cwd=tmp_path)
    assert finished.status == 2
    assert "Commands:" in finished.err


@pytest.mark.parametrize("command", ["check", "import", "map", "runs", "db", "policy", "doctor"])
def test_every_command_explains_itself(typed: Typed, command: str) -> None:
    finished = typed(command, "--help")
    assert finished.status == 0
    assert f"intake {command}" in finished.out


def test_a_mapping_says_which_column_a_field_is(tmp_path: Path) -> None:
    header = ("A", "B", *HEADER[2:])
    text = csv([customer(1) | {"A": "Ewa", "B": "Nowak"}], header)
    (tmp_path / "customers.csv").write_text(text, encoding="utf-8")
    (tmp_path / "columns.toml").write_text('[columns]\nfirst_name = "A"\nlast_name = "B"\n', encoding="utf-8")

    finished = intake("import", "customers.csv", "--mapping", "columns.toml", "--json", cwd=tmp_path)

    assert finished.status == 0
    (row,) = rows(tmp_path / "customers.db", "individuals")
    assert (row["first_name"], row["last_name"]) == ("Ewa", "Nowak")


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ('[columns]\nfirst_name = "Imiona"\n', "no column “Imiona”; its columns are “Imię”, “Nazwisko”"),
        ('[columns]\nimie = "Imię"\n', "columns.imie: no such field"),
        ("[columns]\nfirst_name = 1\n", "columns.first_name: must be the name of a column"),
        ('[columns]\nfirst_name = "Imię"\nlast_name = "Imię"\n', "one column is mapped to two fields"),
        ('first_name = "Imię"\n', "[columns]"),
        ('[columns]\nfirst_name = "Imię"\n[rows]\n', "[columns]"),
        ('columns = "Imię"\n', "[columns]"),
        ("[columns\n", "is not TOML"),
        ("[columns]\nfirst_name = 'Imi\udcea'\n", "is not UTF-8"),
        ("", "[columns]"),
    ],
    ids=[
        "no such column",
        "no such field",
        "no text",
        "one column twice",
        "no table",
        "two tables",
        "no table but text",
        "no TOML",
        "no UTF-8",
        "empty",
    ],
)
def test_a_mapping_that_cannot_be_used(folder: Path, typed: Typed, mapping: str, said: str) -> None:
    (folder / "columns.toml").write_bytes(mapping.encode(errors="surrogateescape"))
    line = refused(typed("import", "customers.csv", "--mapping", "columns.toml"), 2)
    assert line.startswith("columns.toml: ")
    assert said in line
    assert not (folder / "customers.db").exists()


def test_a_policy_of_ones_own_makes_the_tables(folder: Path) -> None:
    text = SHIPPED.read_text(encoding="utf-8").replace('name = "vipower"', 'name = "shop"')
    (folder / "shop.toml").write_text(text.replace('table = "individuals"', 'table = "people"'), encoding="utf-8")

    finished = intake("import", "customers.csv", "--policy", "shop.toml", "--json", cwd=folder)

    assert finished.status == 0
    assert finished.json["policy"]["name"] == "shop"
    assert len(rows(folder / "customers.db", "people")) == 1


def test_a_policy_that_cannot_be_used_says_everything_that_is_wrong_with_it(folder: Path, typed: Typed) -> None:
    text = SHIPPED.read_text(encoding="utf-8").replace('rule = "nip"', 'rule = "nop"')
    text = text.replace('table = "logins"\nrequired', 'table = "logins"\nrequierd')
    (folder / "shop.toml").write_text(text, encoding="utf-8")

    finished = typed("import", "customers.csv", "--policy", "shop.toml")
    (folder / "shop.toml").write_text(text.replace("requierd", "required"), encoding="utf-8")
    mended = typed("import", "customers.csv", "--policy", "shop.toml")

    assert finished.status == mended.status == 2
    assert "kinds.login.requierd" in finished.err
    assert "kinds.login.required" in finished.err
    assert "fields.nip.rule" in mended.err
    assert not (folder / "customers.db").exists()


@pytest.mark.parametrize(("delimiter", "character"), [("|", "|"), ("\\t", "\t"), ("#", "#")])
def test_a_delimiter_may_be_said(tmp_path: Path, delimiter: str, character: str) -> None:
    text = csv([customer(1)], delimiter=character)
    (tmp_path / "customers.csv").write_text(text, encoding="utf-8")
    finished = intake("import", "customers.csv", "--delimiter", delimiter, "--json", cwd=tmp_path)
    assert (finished.status, finished.json["source"]["delimiter"]) == (0, character)


def test_a_delimiter_that_is_not_the_files_finds_no_columns(folder: Path, typed: Typed) -> None:
    line = refused(typed("import", folder / "customers.csv", "--delimiter", "|"), 2)
    assert "no column for first_name" in line
