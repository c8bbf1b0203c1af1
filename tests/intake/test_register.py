"""A real register, as it was published: of its rows with every field, those refused are wrong by any human's reading.

Register of schools (RSPO, Lubelskie, February 2020). It is no part of this project: the folder that has it is
`INTAKE_TEST_DATA`, or `shared/data` beside the checkout.
"""

import csv
import json
import os
import re
import tomllib
from pathlib import Path
from typing import Final

import pytest

from tests.intake.command import ROOT, intake, rows

REGISTER: Final = Path(os.environ.get("INTAKE_TEST_DATA", ROOT.parent / "shared" / "data")) / "schools-rspo-utf8.csv"

# The register's columns by their own names, and two that the preparation makes.
MAPPING: Final = """\
[columns]
company_name = "Nazwa"
nip = "NIP"
first_name = "Imię dyrektora"
last_name = "Nazwisko dyrektora"
street_address = "Ulica z numerem"
postal_code = "Kod pocztowy"
city = "Miejscowość"
phone = "Telefon"
email = "E-mail"
"""

NEEDED: Final = tuple(tomllib.loads(MAPPING)["columns"].values())

# Every refused row: its phone, and what any human sees in it.
REFUSED: Final = {
    "033525556": "the trunk 0 and eight digits: one is missing",
    "084664965": "the trunk 0 and eight digits: one is missing",
    "8174444422": "ten digits: one too many",
    "8463999776": "ten digits: one too many",
}

pytestmark = pytest.mark.skipif(
    not REGISTER.exists(), reason=f"{REGISTER.name} is not there; it is public, and no part of this project"
)


def prepared(row: dict[str, str]) -> dict[str, str]:
    """Compose the columns that the register has in parts, as a person would; everything else stands as it came."""
    number = row["Numer budynku"].strip()
    if flat := row["Numer lokalu"].strip():
        number += f"/{flat}"
    street = row["Ulica"].strip() or row["Miejscowość"].strip()  # a village without streets has its own name there
    head = row["Imię i nazwisko dyrektora"].split()
    return row | {
        "Ulica z numerem": f"{street} {number}" if number else "",
        "Imię dyrektora": head[0] if head else "",
        "Nazwisko dyrektora": head[-1] if len(head) > 1 else "",
    }


def filled_in(row: dict[str, str]) -> bool:
    return all(row[name].strip() for name in NEEDED)


def digits(text: str) -> str:
    return "".join(character for character in text if character.isdigit())


def read_register() -> list[dict[str, str]]:
    with REGISTER.open(encoding="utf-8-sig", newline="") as file:
        return [prepared(row) for row in csv.DictReader(file, delimiter=";")]


def write_csv(path: Path, people: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(people[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(people)


def test_the_register_imports_by_a_mapping_of_its_columns_alone(tmp_path: Path) -> None:
    schools = [row for row in read_register() if filled_in(row)]
    write_csv(tmp_path / "schools.csv", schools)
    (tmp_path / "columns.toml").write_text(MAPPING, encoding="utf-8")
    phones = [digits(row["Telefon"]) for row in schools]
    nips = {digits(row["NIP"]) for row, phone in zip(schools, phones, strict=True) if phone not in REFUSED}

    finished = intake(
        "import", "schools.csv", "--kind", "business", "--mapping", "columns.toml", "--json", cwd=tmp_path
    )

    told = finished.json
    assert finished.status == 1
    assert len(schools) == 1243
    assert {name: count for name, count in told["books"].items() if count} == {
        "read": 1243,
        "new": 1144,
        "updated": 95,  # several schools of one municipality have its NIP
        "rejected": 4,
    }
    assert told["faults"] == {"phone.invalid": 4}
    # The old trunk 0 before the nine digits of a Polish number.
    assert told["fixes"]["phone.trunk_zero"] == sum(len(phone) == 10 and phone[0] == "0" for phone in phones) == 98
    assert {row["nip"] for row in rows(tmp_path / "customers.db", "businesses")} == nips
    assert len(nips) == told["books"]["new"]
    refused = rows(tmp_path / "customers.db", "rejections")
    kept = [json.loads(row["fields"])["phone"].strip() for row in refused]
    assert kept == sorted(REFUSED, key=phones.index)


def test_of_all_rows_the_rest_is_refused_for_what_is_not_there(tmp_path: Path) -> None:
    """An empty cell of this export is one space."""
    everybody = read_register()
    write_csv(tmp_path / "schools.csv", everybody)
    (tmp_path / "columns.toml").write_text(MAPPING, encoding="utf-8")

    told = intake(
        "check", "schools.csv", "--kind", "business", "--mapping", "columns.toml", "--json", cwd=tmp_path
    ).json

    assert told["books"]["read"] == len(everybody) == 2970
    assert told["books"]["accepted"] == 1239
    empty = sum(not row[name].strip() for row in everybody for name in NEEDED)
    # Two more of the phones have a digit too many: 1587400268 and 81-53221944.
    assert told["faults"] == {"required.missing": empty, "phone.invalid": len(REFUSED) + 2}
    assert set(told["dropped"]) == {
        name for name in everybody[0] if name not in NEEDED and any(row[name].strip() for row in everybody)
    }


def test_the_register_as_it_was_published_imports_by_the_proposed_mapping_and_one_line_of_a_person(
    tmp_path: Path,
) -> None:
    """Composed by the command, it comes to the same as what `prepared` composes; but no name is guessed."""
    asked = intake("map", REGISTER, "--kind", "business", "-o", "columns.toml", cwd=tmp_path)
    assert (asked.status, asked.err) == (1, "Proposed: 8 fields; for a person to decide: company_name.\n")
    proposed = (tmp_path / "columns.toml").read_text(encoding="utf-8")
    answered = proposed.replace('company_name = "?"', 'company_name = "Nazwa"')
    (tmp_path / "columns.toml").write_text(answered, encoding="utf-8")

    told = intake("import", REGISTER, "--mapping", "columns.toml", "--json", cwd=tmp_path).json

    everybody = read_register()
    # Of more than two words, nobody can say which are first names; but a middle one in -ska is half a surname.
    heads = {row["Numer RSPO"]: re.sub(" *- *", "-", row["Imię i nazwisko dyrektora"]).split() for row in everybody}
    unclear = {number for number, words in heads.items() if len(words) > 2 and not words[1].endswith("SKA")}
    complete = [row for row in everybody if filled_in(row)]
    named = [row for row in complete if row["Numer RSPO"] not in unclear]
    accepted = [row for row in named if digits(row["Telefon"]) not in REFUSED]
    empty = sum(not row[name].strip() for row in everybody for name in NEEDED)

    assert (len(complete), len(complete) - len(named), len(accepted)) == (1243, 24, 1215)
    assert {name: count for name, count in told["books"].items() if count} == {
        "read": 2970,
        "new": len({digits(row["NIP"]) for row in accepted}),
        "updated": len(accepted) - len({digits(row["NIP"]) for row in accepted}),
        "rejected": 2970 - len(accepted),
    }
    assert told["faults"] == {
        "required.missing": empty,
        "mapping.name_unclear": 2 * len(unclear),  # of the first name and of the last
        "phone.invalid": len(REFUSED) + 2,
    }
    last = {digits(row["NIP"]): row for row in accepted}  # several schools of one municipality have its NIP
    for kept in rows(tmp_path / "customers.db", "businesses"):
        came = last[kept["nip"]]
        assert kept["street_address"] == " ".join(came["Ulica z numerem"].split()).removesuffix(
            "/-"
        )  # a dash is no flat
        words = heads[came["Numer RSPO"]]
        assert (kept["first_name"], kept["last_name"]) == (words[0], " ".join(words[1:]))
