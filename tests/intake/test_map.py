"""`intake map`: what is certain is done, what is not is a question, and no value is shown."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from intake.proposing.as_toml import as_value
from tests.intake.command import ROOT, Typed, refused

# Ten surnames in -ski, -ska …, and two that may be first names.
FIRST_NAMES = "Ewa Jan Ola Leon Iga Piotr Ewa Jan Ola Leon Adam Marek"
SURNAMES = "Adamska Adamski Barska Barski Cieślicka Cieślicki Dolska Dolski Ilska Iwanowicz Marek Roman"
PEOPLE = list(zip(FIRST_NAMES.split(), SURNAMES.split(), strict=True))


def write(folder: Path, table: dict[str, list[str]], name: str = "old.csv") -> str:
    lines = [";".join(table), *map(";".join, zip(*table.values(), strict=True))]
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return name


def columns(text: str) -> dict[str, Any]:
    tree = tomllib.loads(text)
    assert tree.keys() == {"columns"}
    return dict(tree["columns"])


def numbered(pattern: str, many: int = len(PEOPLE)) -> list[str]:
    return [pattern.format(number) for number in range(1, many + 1)]


@pytest.fixture
def old(tmp_path: Path) -> str:
    """A file in which every field is in pieces or in a heap."""
    table = {
        "ID klienta": numbered("{}"),
        "Klient": [f"{last} {first}" for first, last in PEOPLE],
        "Ulica": numbered("ul. Polna"),
        "Nr domu": numbered("{}"),
        "Nr lokalu": numbered(" "),
        "Kod i miasto": numbered("00-9{:02} Warszawa"),
        "Kierunkowy": numbered("22"),
        "Telefon": numbered("81714{:02}"),
        "Kontakt": numbered("ewa{}@example.com"),
        "PESEL": numbered("440514013{:02}"),
    }
    (tmp_path / "empty.csv").touch()
    return write(tmp_path, table)


def test_what_is_in_pieces_is_put_together_and_a_heap_is_taken_apart(old: str, typed: Typed) -> None:
    finished = typed("map", old, "--kind", "individual")

    read = columns(finished.out)
    assert read == {
        "kind": {"constant": "individual"},
        "source_reference": "ID klienta",
        "first_name": {"full_name": "Klient", "order": "last first", "take": "first"},
        "last_name": {"full_name": "Klient", "order": "last first", "take": "last"},
        "street_address": {"street": "Ulica", "house": "Nr domu", "flat": "Nr lokalu"},
        "postal_code": {"address": "Kod i miasto", "take": "postal_code"},
        "city": {"address": "Kod i miasto", "take": "town"},
        "phone": {"number": "Telefon", "area_code": "Kierunkowy"},
        "email": "Kontakt",
    }
    assert (finished.status, finished.err) == (0, "Proposed: 8 fields.\n")
    assert "# Not kept, for they go into no field:\n#   PESEL\n" in finished.out


def test_shapes_are_shown_and_never_values(old: str, typed: Typed) -> None:
    told = typed("map", old, "--kind", "individual").out
    for value in ("Polna", "Adamsk", "example.com", "00-95", "8171", "4405"):
        assert value not in told
    assert "xx. Xxxxx 9" in told
    assert "99-999" in told


@pytest.mark.parametrize(
    ("heading", "cells", "order"),
    [
        ("Imię i nazwisko", [f"{first} {last}" for first, last in PEOPLE], "first last"),
        ("Nazwisko i imię klienta", [f"{last} {first}" for first, last in PEOPLE], "last first"),
        (
            "Imię i nazwisko",
            [f"{last} {first}" for first, last in PEOPLE],
            None,
        ),  # the name says one, the cells another
        ("Full name", [f"{first} {last}" for first, last in PEOPLE], "first last"),
        ("Full name", [f"{last} {first}" for first, last in PEOPLE], "last first"),
        ("Full name", ["Adam Marek"] * len(PEOPLE), None),
        ("Full name", [" ".join(pair) for pair in PEOPLE[:10]] + [" ".join(reversed(PEOPLE[0]))] * 2, None),
        ("Full name", [f"Powiat {last}" for _, last in PEOPLE], None),
    ],
)
def test_the_order_of_names_is_proven_by_the_column_or_its_cells_or_asked(
    tmp_path: Path, typed: Typed, heading: str, cells: list[str], order: str | None
) -> None:
    name = write(tmp_path, {heading: cells, "E-mail": numbered("ewa{}@example.com")})
    told = typed("map", name, "--kind", "contact").out
    asked = {"full_name": heading, "take": "first"}
    if order:
        assert columns(told)["first_name"] == asked | {"order": order}
    else:
        assert columns(told)["first_name"] == "?"
        for either in ("first last", "last first"):
            assert f'# first_name = {{ full_name = "{heading}", order = "{either}", take = "first" }}' in told


def test_two_columns_that_may_be_it_are_a_question_with_both(tmp_path: Path, typed: Typed) -> None:
    table = {"IP 1": numbered("192.0.2.{}"), "IP 2": numbered("198.51.100.{}"), "Uwagi": numbered("x{}")}
    told = typed("map", write(tmp_path, table), "--kind", "login").out
    assert columns(told)["ip_address"] == "?"
    assert '# ip_address = "IP 1"\n' in told
    assert '# ip_address = "IP 2"\n' in told


def test_a_name_that_the_values_belie_is_a_question(tmp_path: Path, typed: Typed) -> None:
    """Local numbers without an area code are no telephone numbers."""
    table = {"Imię": numbered("Ewa"), "Telefon": numbered("81714{:02}")}
    (tmp_path / "shop.toml").write_text(
        """\
        name = "shop"
        version = "1"
        controller = "Shop"
        default_kind = "caller"
        retention = { rejections_days = 7 }
        fields.phone = { rule = "phone", label = { pl = "Telefon", en = "Phone" } }
        kinds.caller = { label = { pl = "Tel", en = "Caller" }, clause = "x", table = "callers", required = ["phone"] }
        """,
        encoding="utf-8",
    )
    finished = typed("map", write(tmp_path, table), "--policy", "shop.toml")
    assert columns(finished.out) == {"phone": "?"}
    assert '# phone = "Telefon"\n#     its name is one that the policy knows; 0 % of 12 values pass' in finished.out
    assert finished.status == 1


def test_a_required_field_that_is_nowhere_is_asked_for(tmp_path: Path, typed: Typed) -> None:
    finished = typed("map", write(tmp_path, {"Uwagi": numbered("x")}), "--kind", "login")
    assert columns(finished.out)["ip_address"] == "?"
    assert "# No column looks like it." in finished.out


def test_the_column_of_the_kinds_is_known_by_its_words(tmp_path: Path, typed: Typed) -> None:
    table = {"Typ": ["Osoba fizyczna", "firma"] * 6, "NIP": numbered("5260250274"), "Nazwa firmy": numbered("Sklep")}
    assert columns(typed("map", write(tmp_path, table)).out)["kind"] == {"kind_of": "Typ", "words": {}}


def test_a_column_that_is_called_kind_is_that_of_the_kinds_whatever_else_stands_in_it(
    tmp_path: Path, typed: Typed
) -> None:
    table = {"Rodzaj": [*numbered("x{}", 10), "firma", "firma"], "NIP": numbered("5260250274")}
    assert columns(typed("map", write(tmp_path, table)).out)["kind"] == {"kind_of": "Rodzaj", "words": {}}


def test_json_lines_are_mapped_alike(tmp_path: Path, typed: Typed) -> None:
    lines = (json.dumps({"adres.ip": f"192.0.2.{number}", "n": number}) + "\n" for number in range(20))
    (tmp_path / "old.jsonl").write_text("".join(lines), encoding="utf-8")
    finished = typed("map", "old.jsonl", "--kind", "login")
    assert columns(finished.out)["ip_address"] == "adres.ip"
    assert finished.status == 0


def test_a_proposal_without_a_question_is_imported_as_it_stands(tmp_path: Path, typed: Typed) -> None:
    table = {"Imię": numbered("Ewa"), "Nazwisko": numbered("Nowak"), "E-mail": numbered("ewa{}@example.com")}
    name = write(tmp_path, table)
    assert typed("map", name, "--kind", "contact", "-o", "columns.toml").status == 0
    finished = typed("check", name, "--mapping", "columns.toml", "--json")
    assert (finished.status, finished.json["books"]["accepted"]) == (0, len(PEOPLE))


def test_a_file_that_is_there_is_overwritten_only_if_that_is_said(old: str, typed: Typed, tmp_path: Path) -> None:
    (tmp_path / "columns.toml").write_text("mine", encoding="utf-8")
    line = refused(typed("map", old, "-o", "columns.toml"), 2)
    assert "columns.toml is there already" in line
    assert (tmp_path / "columns.toml").read_text(encoding="utf-8") == "mine"
    assert typed("map", old, "-o", "columns.toml", "--overwrite").out == ""
    assert columns((tmp_path / "columns.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["nowhere.csv"], 2, "there is no such file"),
        (["old.csv", "--kind", "pies"], 2, "no such kind"),
        (["old.csv", "--policy", "nowhere.toml"], 2, "nowhere.toml"),
        (["old.csv", "-o", "nowhere/columns.toml"], 2, "cannot be written"),
        (["empty.csv"], 3, "holds nothing"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
@pytest.mark.usefixtures("old")
def test_slips_and_files_that_cannot_be_read(typed: Typed, arguments: list[str], status: int, said: str) -> None:
    assert said in refused(typed("map", *arguments), status)


def test_a_header_that_looks_like_a_record_is_not_shown(tmp_path: Path, typed: Typed) -> None:
    table = {"Ewa": numbered("Ewa"), "ewa0@example.com": numbered("ewa{}@example.com")}
    finished = typed("map", write(tmp_path, table), "--kind", "contact")
    assert "example.com" not in finished.out
    assert columns(finished.out)["email"] == "?"


@pytest.mark.parametrize(
    "data",
    ["Kod pocztowy", 'a"b\\c', "a\tb\x7f\x00", {"kind_of": "T", "words": {"osoba fiz.": "x"}}, {"join": ["a", "b"]}],
)
def test_what_is_written_is_what_toml_reads(data: object) -> None:
    assert tomllib.loads(f"x = {as_value(data)}")["x"] == data


def test_the_example_policy_is_one(typed: Typed) -> None:
    assert typed("policy", "check", ROOT / "docs" / "offices.toml").status == 0
