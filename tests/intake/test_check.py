"""`intake check`: a file is judged, and nothing is written."""

import json
from pathlib import Path

from tests.intake.command import Typed, intake
from tests.intake.customers import customer, write


def test_nothing_is_written(tmp_path: Path, typed: Typed) -> None:
    path = write(tmp_path, [customer(1), customer(2) | {"E-mail": "ewa(at)example.com"}, {}])
    finished = typed("check", "customers.csv")
    assert finished.status == 1
    assert "email.syntax" in finished.out
    assert list(tmp_path.iterdir()) == [path]


def test_the_json_counts_what_would_be_accepted(tmp_path: Path, typed: Typed) -> None:
    write(tmp_path, [customer(1), customer(2) | {"E-mail": "ewa(at)example.com"}, {}])
    told = typed("check", "customers.csv", "--json").json
    assert told["run"] is None
    assert told["books"] == {"read": 3, "accepted": 1, "rejected": 1, "blank": 1}
    assert told["faults"] == {"email.syntax": 1}


def test_a_check_stops_at_the_limit_too(tmp_path: Path, typed: Typed) -> None:
    write(tmp_path, [customer(1), customer(2) | {"E-mail": "ewa(at)example.com"}])
    finished = typed("check", "customers.csv", "--max-rejects", "0", "--json")
    assert (finished.status, finished.json["outcome"]) == (3, "stopped")
    assert finished.json["books"] == {"read": 2, "accepted": 1, "rejected": 1, "blank": 0}


def test_a_good_file_has_status_0(tmp_path: Path, typed: Typed) -> None:
    write(tmp_path, [customer(1), customer(1)])
    assert typed("check", "customers.csv").status == 0


def test_check_and_import_judge_alike(tmp_path: Path, typed: Typed) -> None:
    write(tmp_path, [customer(1, Telefon="022 123 45 67", Uwagi="VIP"), customer(2) | {"Kod pocztowy": "95"}], "Uwagi")
    checked = typed("check", "customers.csv", "--json").json
    imported = intake("import", "customers.csv", "--json", cwd=tmp_path).json
    for part in ("source", "policy", "faults", "notices", "fixes", "dropped"):
        assert checked[part] == imported[part]


def test_the_report_of_a_check_lists_places_and_reasons(tmp_path: Path, typed: Typed) -> None:
    write(tmp_path, [customer(1), customer(2) | {"E-mail": "ewa(at)example.com", "Telefon": ""}])

    typed("check", "customers.csv", "--report", "some/folder")

    folder = tmp_path / "some" / "folder"
    (line,) = (folder / "rejections.jsonl").read_text(encoding="utf-8").splitlines()
    told = json.loads(line)
    assert (told["source"], told["record"], told["line"], told["kind"]) == ("customers.csv", 2, 3, "individual")
    assert [(fault["code"], fault["pointer"]) for fault in told["faults"]] == [
        ("required.missing", "/phone"),
        ("email.syntax", "/email"),
    ]
    (run,) = json.loads((folder / "report.json").read_text(encoding="utf-8"))["runs"]
    shapes = {example["code"]: (example["line"], example["shape"]) for example in run["examples"]}
    assert shapes["email.syntax"] == (3, "xxx(xx)xxxxxxx.xxx")
    assert run["database"] is None
