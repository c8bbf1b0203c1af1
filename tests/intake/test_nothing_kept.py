"""What the policy does not name is nowhere afterwards, and what it names is nowhere but in the database.

Every file that a run could have written is searched as bytes, for the value in whatever way it might be written.
"""

import base64
import json
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.intake.command import command, environment, intake, rows
from tests.intake.customers import HEADER, csv, customer
from tests.intake.marks import found, found_in_files

# PESELs and a card that exist as examples only; the checksums hold.
PESEL = "44051401359"
CARD = "4111111111111111"

# Marks that stand where nothing may be kept.
EXTRA = "Zażółć-4TAJEMNICA"
UNKNOWN_KIND = "Gęślą-4TAJEMNICA"
MALFORMED = "Jaźń-4TAJEMNICA"
BESIDE_PESEL = "Chrząszcz"
BESIDE_CARD = "Szczebrzeszyn"
TOO_LONG = "Trzcina"
USER_AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0-Konstantynopol"

ACCEPTED = customer(1) | {
    "Imię": "Bożydar",
    "Nazwisko": "Brzęczyszczykiewicz",
    "Ulica i numer": "ul. Chrząkacza 17/3",
    "Miejscowość": "Łękołody",
    "Telefon": "+48605605605",
    "E-mail": "bozydar.brzeczyszczykiewicz@example.com",
}
REFUSED = customer(2) | {"Nazwisko": "Świętopełkowska", "E-mail": "swietopelkowska(at)example.com"}

FORBIDDEN = [EXTRA, UNKNOWN_KIND, MALFORMED, PESEL, CARD, BESIDE_PESEL, BESIDE_CARD, TOO_LONG]
PERSONAL = [
    *(ACCEPTED[name] for name in ("Imię", "Nazwisko", "Ulica i numer", "Miejscowość", "Telefon", "E-mail")),
    *(REFUSED[name] for name in ("Nazwisko", "E-mail")),
    "605605605",
]


def everything() -> str:
    """A file with a mark in every place where something could slip through."""
    records = [
        ACCEPTED | {"Uwagi": EXTRA},
        REFUSED | {"Uwagi": EXTRA},
        customer(3) | {"Nazwisko": f"{BESIDE_PESEL} {PESEL}"},
        customer(4) | {"Ulica i numer": f"{BESIDE_CARD} 4111 1111 1111 1111"},
        customer(5) | {"Rodzaj": UNKNOWN_KIND},
        customer(6) | {"Rodzaj": PESEL, "Uwagi": PESEL},
        customer(7) | {"Id": PESEL},
        customer(8) | {"Id": f"{EXTRA} {EXTRA}", "E-mail": f"ewa{PESEL}(at)example.com"},
        customer(9) | {"Nazwisko": TOO_LONG * 300},
        customer(10) | {"Telefon": PESEL},
        customer(11) | {"Uwagi": CARD, "Miejscowość": CARD},
    ]
    text = csv(records, (*HEADER, "Rodzaj", "Id", "Uwagi", "Przeglądarka"))
    lines = text.splitlines()
    broken = [f'{MALFORMED};"{EXTRA}', f'"{MALFORMED}"{EXTRA};x', f"{MALFORMED};{PESEL}", MALFORMED * 100_000]
    return "\n".join([*lines[:3], *broken, *lines[3:]]) + "\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "temporary").mkdir()
    (tmp_path / "customers.csv").write_text(everything(), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("arguments", [[], ["--on-extra", "reject"], ["--kind", "individual"], ["--json"]], ids=str)
def test_no_value_that_the_policy_does_not_name_is_kept_or_shown(folder: Path, arguments: list[str]) -> None:
    environment = {"TMPDIR": str(folder / "temporary"), "SQLITE_TMPDIR": str(folder / "temporary")}

    finished = intake("import", "customers.csv", "--report", "report", *arguments, cwd=folder, env=environment)

    assert finished.status == 1
    assert found(FORBIDDEN, finished.out.encode() + finished.err.encode()) == []
    assert found_in_files(FORBIDDEN, folder, "customers.csv") == {}


def test_the_search_finds_what_is_there(folder: Path) -> None:
    """The database holds what the policy names, so the very same search has to find that."""
    intake("import", "customers.csv", cwd=folder)
    held = found_in_files([*PERSONAL, "ewa3@example.com"], folder, "customers.csv")
    assert held == {"customers.db": [*PERSONAL, "ewa3@example.com"]}
    for number, value in enumerate(FORBIDDEN):
        inside = "Ala" * number + value + "kota"
        for written in (inside.encode(), inside.encode("utf-16-le"), base64.b64encode(inside.encode())):
            assert value in found(FORBIDDEN, b"..." + written + b"...")


@pytest.mark.parametrize("command_name", ["check", "import"])
def test_no_value_at_all_stands_in_the_report_or_on_the_screen(folder: Path, command_name: str) -> None:
    finished = intake(command_name, "customers.csv", "--report", "report", cwd=folder)
    assert finished.status == 1
    assert found(PERSONAL, finished.out.encode() + finished.err.encode()) == []
    assert found_in_files(PERSONAL + FORBIDDEN, folder / "report") == {}


def test_no_check_digit_can_undo_the_mask_of_an_example(folder: Path) -> None:
    """Of a PESEL or a NIP with all digits but one masked, the check digit would tell the one."""
    intake("import", "customers.csv", "--report", "report", cwd=folder)
    (run,) = json.loads((folder / "report" / "report.json").read_text(encoding="utf-8"))["runs"]
    shapes = "".join(example["shape"] or "" for example in run["examples"])
    assert {character for character in shapes if character.isalnum()} <= set("9xX")


def test_a_rejection_holds_the_fields_of_the_policy_and_no_other(folder: Path) -> None:
    intake("import", "customers.csv", cwd=folder)
    fields = {"first_name", "last_name", "street_address", "postal_code", "city", "country_code", "phone", "email"}
    kept = [json.loads(row["fields"]) for row in rows(folder / "customers.db", "rejections")]
    assert len(kept) > 10
    for one in kept:
        assert set(one) <= fields
    by_email = {one["email"]: one for one in kept if one.get("email")}
    assert by_email["ewa3@example.com"]["last_name"] is None
    assert by_email["ewa4@example.com"]["street_address"] is None
    assert by_email["swietopelkowska(at)example.com"]["last_name"] == "Świętopełkowska"


def test_a_user_agent_is_reduced_before_it_is_kept_anywhere(tmp_path: Path) -> None:
    lines = [
        {"kind": "visit", "ip_address": "192.0.2.7", "browser": USER_AGENT, "operating_system": USER_AGENT},
        {"kind": "visit", "ip_address": "no address", "browser": USER_AGENT, "operating_system": USER_AGENT},
    ]
    (tmp_path / "visits.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    finished = intake("import", "visits.jsonl", "--report", "report", cwd=tmp_path)
    assert finished.status == 1
    parts = ["Konstantynopol", "Gecko/20100101", "x86_64", "rv:128"]
    assert found(parts, finished.out.encode()) == []
    assert found_in_files(parts, tmp_path, "visits.jsonl") == {}


def test_names_of_keys_that_are_values_are_not_kept(tmp_path: Path) -> None:
    line = {"kind": "login", "ip_address": "192.0.2.7", PESEL: "x", "swietopelkowska@example.com": "x"}
    (tmp_path / "logins.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    for extra in ("drop", "reject"):
        arguments = ("--on-extra", extra, "--report", "report")
        finished = intake("import", "logins.jsonl", *arguments, cwd=tmp_path)
        assert found([PESEL, "swietopelkowska"], finished.out.encode()) == []
    assert found_in_files([PESEL, "swietopelkowska"], tmp_path, "logins.jsonl") == {}


def test_a_process_that_is_killed_leaves_none_of_it_behind(folder: Path) -> None:
    """In the middle of a transaction, when the journal and what stands in memory could be on the disk."""
    records = [customer(number) | {"Uwagi": EXTRA} for number in range(10_000)]
    extra = csv(records, (*HEADER, "Rodzaj", "Id", "Uwagi", "Przeglądarka")).partition("\n")[2]
    (folder / "customers.csv").write_text(everything() + extra, encoding="utf-8")
    journal = folder / "customers.db-journal"
    env = environment({"TMPDIR": str(folder / "temporary"), "SQLITE_TMPDIR": str(folder / "temporary")})
    with subprocess.Popen(command("import", "customers.csv"), cwd=folder, env=env, stdout=subprocess.PIPE) as process:
        while process.poll() is None and not (journal.exists() and rows_committed(folder)):
            time.sleep(0.005)
        process.kill()
    assert process.returncode == -signal.SIGKILL
    assert found_in_files(FORBIDDEN, folder, "customers.csv") == {}


def rows_committed(folder: Path) -> bool:
    return (folder / "customers.db").stat().st_size > 500_000
