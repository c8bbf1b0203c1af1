"""What an operator says of a file's layout: obeyed, part of what a run is known by, and asked for with its place."""

from pathlib import Path

import pytest

from intake.run import Options
from intake.sources.format import Format
from tests.intake.command import Typed, refused
from tests.intake.customers import csv, customer
from validators.policy import vipower

READ = Format(name="csv", encoding="utf-8")
LINES = csv([customer(1), customer(2)]).splitlines(keepends=True)


def put(folder: Path, text: str) -> None:
    (folder / "customers.csv").write_text(text, encoding="utf-8", newline="")


def test_a_report_of_several_pages_is_imported_and_its_books_balance(tmp_path: Path, typed: Typed) -> None:
    put(tmp_path, "".join(["Klienci sklepu\n\n", *LINES[:2], "Strona 1\n", "\n", LINES[0], LINES[2], "Razem: 2\n"]))
    finished = typed("import", "customers.csv", "--json")

    assert finished.status == 1
    books = finished.json["books"]
    assert {name: books[name] for name in ("read", "new", "rejected", "blank")} == {
        "read": 6,
        "new": 2,
        "rejected": 2,
        "blank": 2,
    }
    assert finished.json["faults"] == {"record.malformed": 2}


@pytest.mark.parametrize(
    ("text", "arguments", "status", "said"),
    [
        ("".join(["Raport;1\n", *LINES[1:] * 3]), (), 3, "line 1: it is not certain whether this is the header"),
        (LINES[0] + '"a\\"b";;;;;;\n"C:\\";"";;;;;\n', (), 3, "line 3: what its quotes mean contradicts"),
        ("".join(LINES), ("--header-line", "9"), 2, "line 9: there is nothing that could be the header"),
        ("".join(["\n", *LINES]), ("--header-line", "1"), 2, "line 1: there is nothing that could be the header"),
        ("".join(LINES), ("--quoting", "single", "--delimiter", "'"), 2, "cannot be a delimiter"),
    ],
)
def test_what_is_not_certain_is_asked_for_and_what_cannot_be_is_refused(  # noqa: PLR0913, PLR0917
    tmp_path: Path, typed: Typed, text: str, arguments: tuple[str, ...], status: int, said: str
) -> None:
    put(tmp_path, text)

    assert said in refused(typed("check", "customers.csv", *arguments), status)


def test_what_was_said_is_obeyed(tmp_path: Path, typed: Typed) -> None:
    put(tmp_path, "".join(["Imię;x\n", *LINES[:2]]).replace("Kowalska", "'Kowalska'").replace(";", "^"))
    finished = typed(
        "check", "customers.csv", "--header-line", "2", "--delimiter", "^", "--quoting", "single", "--json"
    )

    assert (finished.status, finished.json["books"]["accepted"]) == (0, 1)


@pytest.mark.parametrize("arguments", [("--quoting", "triple"), ("--header-line", "0"), ("--header-line", "x")])
def test_what_makes_no_sense_is_a_usage_error(tmp_path: Path, typed: Typed, arguments: tuple[str, ...]) -> None:
    put(tmp_path, "".join(LINES))

    assert typed("check", "customers.csv", *arguments).status == 2


def test_a_run_is_known_by_what_was_said_of_its_layout_and_by_nothing_if_nothing_was() -> None:
    silent = Options(policy=vipower()).that_matter(READ)
    told = Options(policy=vipower(), quoting="single", header_line=3).that_matter(READ)

    assert "quoting" not in silent
    assert "header_line" not in silent
    assert told == silent | {"quoting": "single", "header_line": 3}
