"""A real register under a policy of its own: no line of Python, and no line of the proposed mapping corrected.

Address book of all Polish local governments (May 2021), Windows-1250. It is no part of this project: the folder that
has it is `INTAKE_TEST_DATA`, or `shared/data` beside the checkout.
"""

import csv
import os
import re
from pathlib import Path
from typing import Any, Final

import phonenumbers
import pytest

from tests.intake.command import ROOT, intake, rows

REGISTER: Final = Path(os.environ.get("INTAKE_TEST_DATA", ROOT.parent / "shared" / "data")) / (
    "local-governments-cp1250.csv"
)
POLICY: Final = ROOT / "docs" / "offices.toml"

# Every refused row by its number in the register of the country's division, and what stands as its street and house:
# no number, which the rule for street addresses asks for.
REFUSED: Final[dict[str, tuple[str, str]]] = {
    "0214011": ("Rynek-Ratusz", ""),
    "0609022": ("Borzechów", ""),
    "0618042": ("Krynice", ""),
    "0620072": ("Nielisz", ""),
    "1002022": ("Bedlno", ""),
    "1013023": ("ul. Jana Pawła II", "q"),
    "1013032": ("Cielądz", ""),
    "1410012": ("Huszlew", ""),
    "1425042": ("Jastrzębia", ""),
    "1436032": ("Przyłęk", ""),
    "1661011": ("Rynek Ratusz", ""),
    "2010082": ("Perlejewo", ""),
}

pytestmark = pytest.mark.skipif(
    not REGISTER.exists(), reason=f"{REGISTER.name} is not there; it is public, and no part of this project"
)


def register() -> list[dict[str, str]]:
    with REGISTER.open(encoding="cp1250", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    return [row | {"Kod_TERYT": row["Kod_TERYT"].strip()} for row in rows]


def phone(row: dict[str, str]) -> str | None:
    """The number that the three columns say by phonenumbers alone: of several extensions, the first."""
    number = "".join(re.findall("[0-9]", row["telefon kierunkowy"] + row["telefon"]))
    parsed = phonenumbers.parse(number, "PL")
    if not phonenumbers.is_valid_number(parsed):
        return None
    extension = re.match(r"\s*([0-9]+)", row["wewnętrzny"])
    e164 = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return f"{e164};ext={extension[1]}" if extension else e164


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("offices")
    proposed = intake("map", REGISTER, "--policy", POLICY, "-o", "columns.toml", cwd=folder)
    assert proposed.status == 0, proposed.err
    finished = intake("import", REGISTER, "--policy", POLICY, "--mapping", "columns.toml", "--json", cwd=folder)
    assert finished.status == 1
    return folder, finished.json


def test_the_register_imports_by_the_mapping_that_is_proposed(imported: tuple[Path, dict[str, Any]]) -> None:
    folder, told = imported
    everything = register()

    assert {name: count for name, count in told["books"].items() if count} == {
        "read": len(everything),
        "new": len(everything) - len(REFUSED),
        "rejected": len(REFUSED),
    }
    assert (len(everything), len(REFUSED)) == (2825, 12)
    assert told["faults"] == {"street_address.number_missing": len(REFUSED)}
    cells = {row["Kod_TERYT"]: (row["Ulica"], row["Nr domu"]) for row in everything}
    refused = {row["source_reference"]: row for row in rows(folder / "customers.db", "rejections")}
    assert {number: cells[number] for number in refused} == REFUSED


def test_the_phone_is_right_wherever_the_register_has_one(imported: tuple[Path, dict[str, Any]]) -> None:
    folder, _ = imported
    kept = {row["source_reference"]: row["phone"] for row in rows(folder / "customers.db", "offices")}
    right = {row["Kod_TERYT"]: phone(row) for row in register()}

    assert None not in right.values()
    assert kept == {number: one for number, one in right.items() if number not in REFUSED}
    assert sum(";ext=" in one for one in right.values() if one) == 278


def test_a_village_without_streets_has_its_own_name_there(imported: tuple[Path, dict[str, Any]]) -> None:
    folder, _ = imported
    kept = {row["source_reference"]: row["street_address"] for row in rows(folder / "customers.db", "offices")}
    without = [row for row in register() if not row["Ulica"].strip()]

    assert len(without) == 28
    for row in without:
        assert kept[row["Kod_TERYT"]] == f"{row['miejscowość'].strip()} {row['Nr domu'].strip()}"


def test_the_table_has_the_fields_of_the_policy_and_no_others(imported: tuple[Path, dict[str, Any]]) -> None:
    folder, _ = imported
    (first, *_) = rows(folder / "customers.db", "offices")
    technical = {"id", "source_reference", "run", "policy", "created_at", "updated_at"}  # DESIGN.md, "Tables"
    assert first.keys() - technical == {"name", "street_address", "postal_code", "city", "phone", "email"}
