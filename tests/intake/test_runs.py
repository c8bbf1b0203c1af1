"""`intake runs`: what was imported when, under which policy, with which books."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.intake.command import Typed, intake, refused, rows, run_sql
from tests.intake.customers import customer, write

NO_EMAIL = {"E-mail": "ewa(at)example.com"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A database into which two files were imported."""
    write(tmp_path, [customer(1), customer(2) | NO_EMAIL, {}])
    write(tmp_path, [customer(1), customer(3, Telefon="600 123 456", Uwagi="VIP")], "Uwagi", name="later.csv")
    assert intake("import", "customers.csv", cwd=tmp_path).status == 1
    assert intake("import", "later.csv", cwd=tmp_path).status == 0
    return tmp_path


def test_the_list_has_the_newest_first_with_policy_and_books(folder: Path, typed: Typed) -> None:
    later, first = reversed(rows(folder / "customers.db", "intake_runs"))
    finished = typed("runs")
    assert (finished.status, finished.err) == (0, "")
    lines = finished.out.splitlines()
    assert [line.split()[0] for line in lines[::2]] == [later["run"][:8], first["run"][:8]]
    assert [line.split()[-1] for line in lines[::2]] == ["later.csv", "customers.csv"]
    assert "vipower 2026.1" in lines[0]
    assert [line.strip() for line in lines[1::2]] == [
        "2 read: 1 new, 1 unchanged",
        "3 read: 1 new, 1 rejected, 1 blank",
    ]


def test_the_list_fits_a_terminal(folder: Path, typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    run_sql(
        folder / "customers.db",
        "UPDATE intake_runs SET source_name = printf('%.200c', 'x'), policy_name = printf('%.99c', 'p'), "
        "state = 'running'; UPDATE intake_batches SET read = 6e9, new = 1e9, updated = 1e9, unchanged = 1e9, "
        "duplicate = 1e9, blank = 1e9",
    )
    lines = typed("runs").out.splitlines()
    assert max(map(len, lines)) <= 80
    assert sum("RUNNING" in line for line in lines) == 2


def test_as_json_it_has_whole_values(folder: Path) -> None:
    told = intake("runs", "--json", cwd=folder).json["runs"]
    stored = {row["run"]: row for row in rows(folder / "customers.db", "intake_runs")}
    assert [one["source"]["name"] for one in told] == ["later.csv", "customers.csv"]
    for one in told:
        row = stored[one["run"]]
        assert one["source"]["sha256"] == row["source_sha256"]
        assert one["policy"]["sha256"] == row["policy_sha256"]
        assert one["state"] == "finished"
        assert datetime.fromisoformat(one["started_at"]) == datetime.fromisoformat(row["started_at"]).replace(
            tzinfo=UTC
        )
        assert datetime.now(UTC) - datetime.fromisoformat(one["finished_at"]) < timedelta(days=1)
    assert told[1]["books"] == {
        "read": 3,
        "new": 1,
        "updated": 0,
        "unchanged": 0,
        "duplicate": 0,
        "rejected": 1,
        "blank": 1,
    }


def test_one_run_is_shown_with_what_was_found(folder: Path, typed: Typed) -> None:
    later = rows(folder / "customers.db", "intake_runs")[1]
    finished = typed("runs", "show", later["run"][:5].upper())
    assert finished.status == 0
    for said in (later["run"], later["source_sha256"], later["policy_sha256"], "later.csv", "finished"):
        assert said in finished.out
    for said in ("1  phone.format", "1  Uwagi", "1  unchanged", "on_existing update"):
        assert said in finished.out
    told = intake("runs", "show", later["run"], "--json", cwd=folder).json
    assert (told["run"], told["fixes"], told["dropped"]) == (later["run"], {"phone.format": 1}, {"Uwagi": 1})
    assert told["options"]["on_existing"] == "update"


def test_a_mapping_is_shown_as_its_file_has_it(folder: Path, typed: Typed) -> None:
    write(folder, [customer(1)], name="mapped.csv")
    mapping = '[columns]\ncity = "Miejscowość"\ncountry_code = { constant = "PL" }\n'
    (folder / "mapping.toml").write_text(mapping, encoding="utf-8")
    assert intake("import", "mapped.csv", "--mapping", "mapping.toml", cwd=folder).status == 0
    run = rows(folder / "customers.db", "intake_runs")[2]["run"]
    shown = typed("runs", "show", run).out.splitlines()
    assert [line for line in shown if line.startswith("Mapping")] == [
        'Mapping   city = "Miejscowość"',
        'Mapping   country_code = { constant = "PL" }',
    ]


@pytest.mark.parametrize(("state", "said"), [("running", "not finished"), ("stopped", "--max-rejects")])
def test_a_run_that_did_not_finish_says_how_to_go_on(folder: Path, typed: Typed, state: str, said: str) -> None:
    run_sql(folder / "customers.db", f"UPDATE intake_runs SET state = '{state}', finished_at = NULL")  # noqa: S608
    run = rows(folder / "customers.db", "intake_runs")[0]["run"]
    shown = typed("runs", "show", run).out
    assert said in shown
    assert "the same command goes on" in shown


def test_books_that_do_not_balance_are_told(folder: Path, typed: Typed) -> None:
    run_sql(folder / "customers.db", "DELETE FROM rejections")
    run = rows(folder / "customers.db", "intake_runs")[0]["run"]
    assert "1 MISSING" in typed("runs").out
    assert "MISSING" in typed("runs", "show", run).out


def test_runs_that_begin_alike_are_shown_with_as_many_digits_as_tell_them_apart(folder: Path, typed: Typed) -> None:
    run_sql(folder / "customers.db", "UPDATE intake_runs SET run = '0123456789abcde' || (source_name = 'later.csv')")
    assert {line.split()[0] for line in typed("runs").out.splitlines()[::2]} == {"0123456789abcde0", "0123456789abcde1"}
    line = refused(typed("runs", "show", "0123456789"), 2)
    assert "0123456789abcde0, 0123456789abcde1" in line


def test_a_run_that_nobody_knows(folder: Path, typed: Typed) -> None:
    assert "no run begins with zzz" in refused(typed("runs", "show", "zzz"), 2)
    assert (folder / "customers.db").exists()


def test_a_database_of_others_has_no_runs(tmp_path: Path, typed: Typed) -> None:
    run_sql(tmp_path / "customers.db", "CREATE TABLE notes (note TEXT)")
    before = (tmp_path / "customers.db").read_bytes()
    for arguments in (["runs"], ["runs", "show", "a"]):
        assert "no table intake_runs" in refused(typed(*arguments), 2)
    assert (tmp_path / "customers.db").read_bytes() == before


def test_before_the_first_import_there_are_none(typed: Typed) -> None:
    assert typed("db", "upgrade").status == 0
    assert typed("runs").out == "No runs yet.\n"


def test_options_before_the_command_are_not_lost(folder: Path, typed: Typed) -> None:
    """`intake runs --into other.db show RUN` must not look into customers.db."""
    run = rows(folder / "customers.db", "intake_runs")[0]["run"]
    assert "stand behind it" in refused(typed("runs", "--into", "sqlite:///other.db", "show", run), 2)


def test_who_looks_waits_for_nobody_who_writes(folder: Path, typed: Typed) -> None:
    """While a batch is being written, the runs are read as they were before it."""
    with closing(sqlite3.connect(folder / "customers.db", isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("DELETE FROM intake_runs")
        assert len(typed("runs").out.splitlines()) == 4
