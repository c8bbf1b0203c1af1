"""`intake db`: what a changed policy does to a database, step by step as an operator takes them."""

import shlex
from pathlib import Path

import pytest

from tests.intake.command import ROOT, Typed, intake, refused, rows, run_sql, tables
from tests.intake.customers import customer, write

SHIPPED = (ROOT / "validators" / "policies" / "vipower.toml").read_text(encoding="utf-8")
REQUIRED = '["first_name", "last_name", "street_address", "postal_code", "city", "country_code", "phone", "email"]'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A database with two customers."""
    write(tmp_path, [customer(1), customer(2)])
    assert intake("import", "customers.csv", cwd=tmp_path).status == 0
    return tmp_path


def policy(folder: Path, new: str) -> Path:
    """The shipped policy with other fields of individuals."""
    assert REQUIRED in SHIPPED
    path = folder / "other.toml"
    path.write_text(SHIPPED.replace(REQUIRED, new, 1), encoding="utf-8")
    return path


def without_phone(folder: Path) -> Path:
    return policy(folder, REQUIRED.replace(', "phone"', ""))


def test_a_database_that_fits_is_said_to(folder: Path, typed: Typed) -> None:
    before = (folder / "customers.db").read_bytes()
    checked = typed("db", "check")
    assert (checked.status, checked.err) == (0, "")
    assert "sqlite:///customers.db fits the policy vipower" in checked.out
    assert typed("db", "upgrade").status == 0
    assert (folder / "customers.db").read_bytes() == before


def test_an_import_into_a_database_that_does_not_fit_says_so_and_changes_nothing(folder: Path, typed: Typed) -> None:
    without_phone(folder)
    before = (folder / "customers.db").read_bytes()
    line = refused(typed("import", "customers.csv", "--policy", "other.toml"), 2)
    assert "table individuals has a column phone that the policy does not name" in line
    assert "intake db upgrade" in line
    assert (folder / "customers.db").read_bytes() == before


def test_a_column_that_the_policy_no_longer_names_goes_by_the_command_that_check_names(
    folder: Path, typed: Typed
) -> None:
    without_phone(folder)
    checked = typed("db", "check", "--policy", "other.toml")
    assert checked.status == 1
    command = next(line for line in checked.out.splitlines() if "drop-column" in line).partition("intake ")[2]

    assert "2 rows with a value" in refused(typed(*shlex.split(command.replace(" --yes", ""))), 2)
    assert rows(folder / "customers.db", "individuals")[0]["phone"]
    dropped = typed(*shlex.split(command))

    assert dropped.status == 0
    assert "phone" not in rows(folder / "customers.db", "individuals")[0]
    assert b"600000001" not in (folder / "customers.db").read_bytes()
    assert typed("db", "check", "--policy", "other.toml").status == 0
    assert typed("import", "customers.csv", "--policy", "other.toml").status == 0


def test_a_field_that_becomes_required_is_filled_by_an_import(folder: Path, typed: Typed) -> None:
    """From a policy without telephones to one that demands them."""
    without_phone(folder)
    old = "--into", "sqlite:///old.db", "--policy", "other.toml"
    assert typed("import", "customers.csv", *old).status == 0
    new = "--into", "sqlite:///old.db"

    upgraded = typed("db", "upgrade", *new)
    assert upgraded.status == 1
    assert "Added the column phone to individuals." in upgraded.out
    assert "2 rows have no phone" in upgraded.out
    assert typed("import", "customers.csv", *new).status == 0
    upgraded = typed("db", "upgrade", *new)

    assert (upgraded.status, "Made individuals.phone NOT NULL." in upgraded.out) == (0, True)
    assert {row["phone"] for row in rows(folder / "old.db", "individuals")} == {"+48600000001", "+48600000002"}


def test_the_json_says_what_differs(folder: Path, typed: Typed) -> None:
    without_phone(folder)
    finished = intake("db", "check", "--policy", "other.toml", "--json", cwd=folder)
    assert (finished.status, finished.err) == (1, "")
    assert finished.json["revision"] == {"found": "0001", "expected": "0001"}
    assert finished.json["database"] == "sqlite:///customers.db"
    (one,) = finished.json["differences"]
    assert (one["code"], one["table"], one["column"], one["rows"], one["blocks"]) == (
        "schema.column_not_allowed",
        "individuals",
        "phone",
        2,
        True,
    )
    assert typed("db", "check").status == 0


def test_a_database_of_the_version_before_goes_on_after_an_upgrade(folder: Path, typed: Typed) -> None:
    before = tables(folder / "customers.db")
    run_sql(folder / "customers.db", "DROP TABLE intake_schema")
    assert "does not say its revision" in refused(typed("import", "customers.csv"), 2)
    assert typed("db", "upgrade").status == 0
    assert typed("import", "customers.csv").status == 0
    assert tables(folder / "customers.db") == before


def test_an_upgrade_makes_a_new_database_that_an_import_takes(tmp_path: Path, typed: Typed) -> None:
    write(tmp_path, [customer(1)])
    assert typed("db", "upgrade").status == 0
    assert typed("import", "customers.csv").status == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["db", "check"],
        ["db", "drop-column", "individuals.phone"],
        ["db", "drop-column", "individuals.phone", "--yes"],
        ["runs"],
        ["runs", "show", "abc"],
    ],
)
def test_who_only_looks_makes_no_database(tmp_path: Path, typed: Typed, arguments: list[str]) -> None:
    assert "There is no such database" in refused(typed(*arguments), 2)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["db", "drop-column", "phone"], "TABLE.COLUMN"),
        (["db", "drop-column", "individuals."], "TABLE.COLUMN"),
        (["db", "drop-column", "individuals.phone", "--yes"], "must be there"),
        (["db", "drop-column", "individuals.id", "--yes"], "must be there"),
        (["db", "drop-column", "individuals.pesel", "--yes"], "no column pesel"),
        (["db", "drop-column", "intake_runs.run", "--yes"], "must be there"),
        (["db", "roles", "--prefix", "a; DROP"], "--prefix"),
        (["db", "check", "--policy", "nowhere.toml"], "nowhere.toml"),
        (["db", "check", "--into", "postgresql://shop:hunter2@db.example.com/shop?sslmode=allow"], "verify-full"),
    ],
)
def test_a_slip_changes_nothing(folder: Path, typed: Typed, arguments: list[str], said: str) -> None:
    before = (folder / "customers.db").read_bytes()
    line = refused(typed(*arguments), 2)
    assert said in line
    assert "hunter2" not in line
    assert (folder / "customers.db").read_bytes() == before


def test_the_roles_are_those_of_the_policy_and_the_prefix(tmp_path: Path, typed: Typed) -> None:
    without_phone(tmp_path)
    printed = typed("db", "roles", "--policy", "other.toml", "--prefix", "shop")
    assert printed.status == 0
    assert "shop_loader" in printed.out
    assert "intake_loader TO" not in printed.out.partition("BEGIN")[2]
    individuals = printed.out.partition("'individuals'")[2].partition("END $$")[0]
    assert "INSERT (first_name, last_name, street_address, postal_code, city, country_code, email," in individuals
