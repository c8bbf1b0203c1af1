"""`intake import`: the main job, and what each option makes of it."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from intake import run
from loaders import sqlite
from loaders.transactions import Patience, Transactions
from tests.intake.command import Finished, Typed, intake, rows, run_sql, tables, without_clock
from tests.intake.customers import HEADER, csv, customer, write

NO_EMAIL = {"E-mail": "ewa(at)example.com"}  # email.syntax


def books(finished: Finished) -> dict[str, int]:
    """The books of a run, without zeros."""
    return {name: count for name, count in finished.json["books"].items() if count}


def test_good_rows_stand_in_the_database_and_bad_ones_aside(tmp_path: Path) -> None:
    write(tmp_path, [customer(1), customer(2) | NO_EMAIL, customer(1), {}])

    finished = intake("import", "customers.csv", "--json", cwd=tmp_path)

    assert finished.status == 1
    assert books(finished) == {"read": 4, "new": 1, "duplicate": 1, "rejected": 1, "blank": 1}
    (row,) = rows(tmp_path / "customers.db", "individuals")
    policy = finished.json["policy"]
    assert row | {"created_at": None, "updated_at": None} == {
        "id": 1,
        "first_name": "Ewa",
        "last_name": "Kowalska",
        "street_address": "ul. Polna 1",
        "postal_code": "00-950",
        "city": "Warszawa",
        "country_code": "PL",
        "phone": "+48600000001",
        "email": "ewa1@example.com",
        "source_reference": None,
        "run": finished.json["run"],
        "policy": policy["sha256"],
        "created_at": None,
        "updated_at": None,
    }
    (rejection,) = rows(tmp_path / "customers.db", "rejections")
    assert (rejection["record"], rejection["line"], rejection["kind"]) == (2, 3, "individual")
    assert json.loads(rejection["faults"]) == [{"code": "email.syntax", "field": "email", "params": {}}]
    assert json.loads(rejection["fields"])["email"] == "ewa(at)example.com"


def test_the_json_has_what_scripts_rely_on(tmp_path: Path) -> None:
    """DESIGN, "Command line": the keys of the one object on standard output are fixed."""
    path = write(tmp_path, [customer(1, Telefon="600 123 456", Uwagi="VIP"), customer(2) | NO_EMAIL], "Uwagi")

    finished = intake("import", "customers.csv", "--json", cwd=tmp_path)

    told = finished.json
    assert finished.out.count("\n") == 1
    assert finished.err == ""
    assert set(told) >= {"run", "source", "policy", "books", "faults", "notices", "fixes", "dropped", "seconds"}
    assert set(told["source"]) == {"name", "sha256", "encoding", "delimiter"}
    assert (told["source"]["name"], told["source"]["encoding"], told["source"]["delimiter"]) == (
        path.name,
        "utf-8",
        ";",
    )
    assert set(told["policy"]) == {"name", "version", "sha256"}
    assert set(told["books"]) == {"read", "new", "updated", "unchanged", "duplicate", "rejected", "blank"}
    assert told["faults"] == {"email.syntax": 1}
    assert told["fixes"] == {"phone.format": 1}
    assert told["dropped"] == {"Uwagi": 1}
    assert isinstance(told["seconds"], float)


def test_where_every_record_is_accepted_the_status_is_0(tmp_path: Path) -> None:
    write(tmp_path, [customer(1), customer(2)])
    finished = intake("import", "customers.csv", cwd=tmp_path)
    assert finished.status == 0
    assert finished.err == ""
    assert "customers.csv" in finished.out
    assert "sqlite:///customers.db" in finished.out


def test_the_summary_says_what_was_refused_dropped_and_mended(tmp_path: Path) -> None:
    people = [customer(number, Telefon="600 123 456", Uwagi="VIP") for number in range(3)]
    write(tmp_path, [*people, customer(4) | NO_EMAIL], "Uwagi")
    finished = intake("import", "customers.csv", cwd=tmp_path)
    assert finished.status == 1
    for said in ("4", "read", "3", "new", "1", "email.syntax", "line 5", "phone.format", "Uwagi", "rejections"):
        assert said in finished.out


def test_a_pipe_gets_plain_text_and_no_progress(tmp_path: Path) -> None:
    write(tmp_path, [customer(1), customer(2) | NO_EMAIL])
    finished = intake("import", "customers.csv", cwd=tmp_path)
    assert not [character for character in finished.out if not character.isprintable() and character != "\n"]
    assert finished.err == ""


def test_a_terminal_of_another_encoding_is_no_reason_to_fail(tmp_path: Path) -> None:
    write(tmp_path, [customer(1, Uwagi_ł="VIP")], "Uwagi-ł")
    finished = intake("import", "customers.csv", cwd=tmp_path, env={"PYTHONIOENCODING": "ascii"})
    assert finished.status == 0
    assert "Uwagi-\\u0142" in finished.out
    told = intake("import", "customers.csv", "--json", cwd=tmp_path, env={"PYTHONIOENCODING": "ascii"})
    assert told.json["dropped"] == {"Uwagi-ł": 1}


def test_a_finished_file_imported_again_changes_nothing_and_says_so(tmp_path: Path) -> None:
    write(tmp_path, [customer(1), customer(2) | NO_EMAIL, customer(1)])
    first = intake("import", "customers.csv", "--json", cwd=tmp_path)
    before = tables(tmp_path / "customers.db")
    content = (tmp_path / "customers.db").read_bytes()

    again = intake("import", "customers.csv", "--json", cwd=tmp_path)
    told = intake("import", "customers.csv", cwd=tmp_path)

    assert tables(tmp_path / "customers.db") == before
    assert (tmp_path / "customers.db").read_bytes() == content
    assert again.status == told.status == first.status == 1
    assert again.json | {"outcome": "imported", "seconds": 0} == first.json | {"seconds": 0}
    assert again.json["outcome"] == "imported_before"
    assert "imported before" in told.out


def test_the_same_bytes_under_another_name_are_the_same_file(tmp_path: Path) -> None:
    write(tmp_path, [customer(1)])
    write(tmp_path, [customer(1)], name="copy.csv")
    finished = intake("import", "customers.csv", "copy.csv", "--json", cwd=tmp_path)
    assert [run["outcome"] for run in finished.json["runs"]] == ["imported", "imported_before"]


def test_a_stricter_limit_does_not_undo_what_is_finished(tmp_path: Path) -> None:
    write(tmp_path, [customer(1), customer(2) | NO_EMAIL])
    intake("import", "customers.csv", cwd=tmp_path)
    again = intake("import", "customers.csv", "--max-rejects", "0", "--json", cwd=tmp_path)
    assert (again.status, again.json["outcome"]) == (1, "imported_before")


def test_another_file_says_what_is_new_updated_and_unchanged(tmp_path: Path) -> None:
    write(tmp_path, [customer(1), customer(2)])
    moved = customer(2, Miejscowość="Łódź")
    write(tmp_path, [customer(1, E_mail="EWA1@example.com"), moved, moved, customer(3)], name="later.csv")
    intake("import", "customers.csv", cwd=tmp_path)

    finished = intake("import", "later.csv", "--json", cwd=tmp_path)

    assert books(finished) == {"read": 4, "new": 1, "updated": 2, "duplicate": 1}
    found = [(row["email"], row["city"]) for row in rows(tmp_path / "customers.db", "individuals")]
    assert found == [("EWA1@example.com", "Warszawa"), ("ewa2@example.com", "Łódź"), ("ewa3@example.com", "Warszawa")]


def test_on_existing_keep_leaves_what_is_there(tmp_path: Path) -> None:
    write(tmp_path, [customer(1)])
    write(tmp_path, [customer(1, Miejscowość="Łódź"), customer(2)], name="later.csv")
    intake("import", "customers.csv", cwd=tmp_path)

    finished = intake("import", "later.csv", "--on-existing", "keep", "--json", cwd=tmp_path)

    assert books(finished) == {"read": 2, "new": 1, "unchanged": 1}
    assert [row["city"] for row in rows(tmp_path / "customers.db", "individuals")] == ["Warszawa", "Warszawa"]


def test_an_option_that_changes_what_is_done_makes_it_another_run(tmp_path: Path) -> None:
    write(tmp_path, [customer(1, Uwagi="VIP")], "Uwagi")
    first = intake("import", "customers.csv", "--json", cwd=tmp_path)
    again = intake("import", "customers.csv", "--on-extra", "reject", "--json", cwd=tmp_path)
    assert first.json["run"] != again.json["run"]
    assert books(again) == {"read": 1, "rejected": 1}


def test_on_extra_reject_refuses_what_the_policy_does_not_name_and_keeps_nothing_of_it(tmp_path: Path) -> None:
    write(tmp_path, [customer(1, Uwagi="VIP!"), customer(2)], "Uwagi")

    finished = intake("import", "customers.csv", "--on-extra", "reject", "--report", "report", "--json", cwd=tmp_path)

    assert (finished.status, finished.json["faults"]) == (1, {"extra.forbidden": 1})
    (rejection,) = rows(tmp_path / "customers.db", "rejections")
    assert json.loads(rejection["faults"]) == [{"code": "extra.forbidden", "field": "Uwagi", "params": {}}]
    assert "Uwagi" not in json.loads(rejection["fields"])
    (example,) = json.loads((tmp_path / "report" / "report.json").read_text())["runs"][0]["examples"]
    assert (example["field"], example["shape"]) == ("Uwagi", None)


@pytest.mark.parametrize(
    ("limit", "status", "state"),
    [("1", 3, "stopped"), ("2", 1, "finished"), ("49%", 3, "stopped"), ("50%", 1, "finished")],
)
def test_a_run_stops_when_more_are_refused_than_allowed(tmp_path: Path, limit: str, status: int, state: str) -> None:
    write(tmp_path, [customer(number) | (NO_EMAIL if number % 2 else {}) for number in range(4)])

    finished = intake("import", "customers.csv", "--max-rejects", limit, "--json", cwd=tmp_path)

    assert finished.status == status
    assert books(finished) == {"read": 4, "new": 2, "rejected": 2}
    assert [row["state"] for row in rows(tmp_path / "customers.db", "intake_runs")] == [state]


def test_a_run_that_was_stopped_goes_on_under_another_limit(tmp_path: Path) -> None:
    write(tmp_path, [customer(number) | (NO_EMAIL if number < 10 else {}) for number in range(5001)])

    stopped = intake("import", "customers.csv", "--max-rejects", "9", "--json", cwd=tmp_path)
    finished = intake("import", "customers.csv", "--json", cwd=tmp_path)
    elsewhere = intake("import", "customers.csv", "--into", "sqlite:///whole.db", "--json", cwd=tmp_path)

    assert (stopped.status, books(stopped)) == (3, {"read": 5000, "new": 4990, "rejected": 10})
    assert (finished.status, books(finished)) == (1, {"read": 5001, "new": 4991, "rejected": 10})
    assert (finished.json["outcome"], elsewhere.json["outcome"]) == ("continued", "imported")
    assert without_clock(tables(tmp_path / "customers.db")) == without_clock(tables(tmp_path / "whole.db"))


def test_several_files_are_imported_one_after_the_other(tmp_path: Path) -> None:
    write(tmp_path, [customer(1)])
    write(tmp_path, [customer(2) | NO_EMAIL], name="b.csv")

    finished = intake("import", "customers.csv", "b.csv", "--json", "--report", "report", cwd=tmp_path)

    assert finished.status == 1
    assert [run["source"]["name"] for run in finished.json["runs"]] == ["customers.csv", "b.csv"]
    (line,) = (tmp_path / "report" / "rejections.jsonl").read_text().splitlines()
    assert (json.loads(line)["source"], json.loads(line)["line"]) == ("b.csv", 2)


def test_after_a_file_that_stopped_the_next_is_not_begun(tmp_path: Path) -> None:
    write(tmp_path, [customer(1) | NO_EMAIL])
    write(tmp_path, [customer(2)], name="b.csv")
    finished = intake("import", "customers.csv", "b.csv", "--max-rejects", "0", "--json", cwd=tmp_path)
    assert finished.status == 3
    assert len(finished.json["runs"]) == 1
    assert rows(tmp_path / "customers.db", "individuals") == []


def test_the_kind_is_said_by_an_option_or_by_a_column_or_recognised(tmp_path: Path) -> None:
    company = {"Nazwa firmy": "Sklep Ewa", "NIP": "5260250274"}
    text = csv(
        [customer(1), customer(2) | company, customer(3, Rodzaj="kontakt"), customer(4, Rodzaj="pies")],
        (*HEADER, "Nazwa firmy", "NIP", "Rodzaj"),
    )
    (tmp_path / "customers.csv").write_text(text, encoding="utf-8")

    said = intake("import", "customers.csv", "--json", cwd=tmp_path)
    contacts = intake(
        "import", "customers.csv", "--kind", "Kontakt z BOK", "--into", "sqlite:///contacts.db", "--json", cwd=tmp_path
    )

    assert said.json["faults"] == {"kind.unknown": 1}
    kinds = ("individuals", "businesses", "contacts")
    assert [len(rows(tmp_path / "customers.db", kind)) for kind in kinds] == [1, 1, 1]
    (rejection,) = rows(tmp_path / "customers.db", "rejections")
    assert "pies" not in str(rejection)
    assert [len(rows(tmp_path / "contacts.db", kind)) for kind in kinds] == [0, 0, 4]
    assert contacts.status == 0


def test_the_number_that_a_record_had_before_stands_beside_it(tmp_path: Path) -> None:
    write(tmp_path, [customer(1, Id="K/17"), customer(2, Id="Ewa K."), customer(3, Id="K/18") | NO_EMAIL], "Id")
    finished = intake("import", "customers.csv", "--json", cwd=tmp_path)
    found = [row["source_reference"] for row in rows(tmp_path / "customers.db", "individuals")]
    assert found == ["K/17", None]
    assert [row["source_reference"] for row in rows(tmp_path / "customers.db", "rejections")] == ["K/18"]
    assert finished.json["dropped"] == {"Id": 1}


def test_json_lines_are_imported_as_csv_is(tmp_path: Path) -> None:
    lines = [
        {"kind": "contact", "first_name": "Ewa", "last_name": "Nowak", "email": "ewa@example.com", "age": 7},
        {"kind": "contact", "Imię": "Jan", "Nazwisko": "Nowak", "E-mail": "jan@example.com", "email": ""},
        {"kind": "contact", "Imię": "Jan", "Nazwisko": "Nowak", "E-mail": "a@example.com", "email": "b@example.com"},
        {"kind": "contact", "first_name": "Ewa \ud83d", "last_name": ["Nowak"], "email": None},
    ]
    text = "".join(json.dumps(line) + "\n" for line in lines)
    (tmp_path / "customers.jsonl").write_text(text + "\n{\n", encoding="utf-8")

    finished = intake("import", "customers.jsonl", "--json", cwd=tmp_path)

    assert finished.json["source"]["delimiter"] is None
    assert books(finished) == {"read": 6, "new": 2, "rejected": 3, "blank": 1}
    assert finished.json["faults"] == {
        "record.malformed": 2,
        "text.broken_encoding": 1,
        "text.not_text": 1,
        "required.missing": 1,
    }
    assert finished.json["dropped"] == {"age": 1}
    found = [(row["first_name"], row["email"]) for row in rows(tmp_path / "customers.db", "contacts")]
    assert found == [("Ewa", "ewa@example.com"), ("Jan", "jan@example.com")]


def test_books_that_do_not_balance_have_a_status_of_their_own(tmp_path: Path) -> None:
    """Something else that writes into the same database takes a rejection away."""
    write(tmp_path, [customer(1)])
    write(tmp_path, [customer(2) | NO_EMAIL, customer(3) | NO_EMAIL], name="later.csv")
    intake("import", "customers.csv", cwd=tmp_path)
    run_sql(
        tmp_path / "customers.db",
        "CREATE TRIGGER thief AFTER INSERT ON intake_batches BEGIN DELETE FROM rejections WHERE record = 1; END",
    )

    finished = intake("import", "later.csv", "--json", cwd=tmp_path)
    again = intake("import", "later.csv", cwd=tmp_path)

    assert finished.status == 5
    assert finished.json["books"]["read"] == 2
    assert books(finished) == {"read": 2, "rejected": 1}
    assert [row["state"] for row in rows(tmp_path / "customers.db", "intake_runs")] == ["finished", "stopped"]
    assert again.status == 5
    assert "balance" in again.out


def test_a_file_that_another_process_holds_is_waited_for_and_then_said_to_be_held(
    tmp_path: Path, typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, [customer(1)])
    monkeypatch.setattr(sqlite, "_PRAGMAS", ("busy_timeout=0",))  # not ten seconds
    quick = Patience(attempts=3, first=0.01)
    monkeypatch.setattr(run, "Transactions", lambda engine, _, waiting: Transactions(engine, quick, waiting))
    typed("import", "customers.csv", "--into", "sqlite:///held.db")
    (tmp_path / "later.csv").write_text(csv([customer(2)]), encoding="utf-8")

    with closing(sqlite3.connect(tmp_path / "held.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        held = typed("import", "later.csv", "--into", "sqlite:///held.db")

    assert (held.status, held.out) == (4, "")
    first, second, last = held.err.splitlines()
    assert first == f"{last.partition(' Wait ')[0]} Trying again in 0.01 s."
    assert second.endswith("Trying again in 0.02 s.")
    assert last.startswith("Another process holds the database")
    assert typed("import", "later.csv", "--into", "sqlite:///held.db").status == 0


def test_a_row_that_sqlite_refuses_is_a_rejection_and_its_neighbours_load(tmp_path: Path) -> None:
    write(tmp_path, [customer(0)], name="small.csv")
    write(tmp_path, [customer(number) for number in range(1000)])
    intake("import", "small.csv", cwd=tmp_path)
    refuse = "WHEN new.street_address = 'ul. Polna 777' BEGIN SELECT RAISE(ABORT, 'ul. Polna 777'); END"
    run_sql(tmp_path / "customers.db", f"CREATE TRIGGER refuse BEFORE INSERT ON individuals {refuse}")

    finished = intake("import", "customers.csv", "--report", "report", cwd=tmp_path)

    assert finished.status == 1
    for said in (
        "998  new",
        "1  unchanged",
        "1  rejected",
        "database.refused",
        "First on line 779",
        "SQLITE_CONSTRAINT_TRIGGER",
    ):
        assert said in finished.out
    assert "Polna" not in finished.out + finished.err + (tmp_path / "report" / "rejections.jsonl").read_text()
    (rejection,) = rows(tmp_path / "customers.db", "rejections")
    assert (rejection["record"], rejection["line"]) == (778, 779)
