"""Files and databases as they should not be: each a clear error of one line, or a rejection, and never a traceback."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.intake.bounded import bounded
from tests.intake.command import Typed, intake, refused, rows, run_sql
from tests.intake.customers import HEADER, csv, customer, write


def put(folder: Path, content: str | bytes, name: str = "customers.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def rejections(database: Path) -> list[tuple[int, int, str]]:
    return [(row["record"], row["line"], row["faults"]) for row in rows(database, "rejections")]


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ("Ewa;Kowalska", "too_few_cells"),
        ("Ewa;" * 20, "too_many_cells"),
        ('Ewa;"Kowalska', "unclosed_quote"),
        ('Ewa;"Kowal"ska', "quote_in_cell"),
    ],
    ids=["few", "many", "quote", "inner quote"],
)
def test_the_first_and_the_thousandth_line_are_malformed_and_their_neighbours_load(
    tmp_path: Path, broken: str, reason: str
) -> None:
    lines = csv(customer(one) for one in range(1002)).splitlines()
    lines[1] = lines[1000] = broken  # the header is line 0 here
    put(tmp_path, "\n".join(lines) + "\n")

    finished = intake("import", "customers.csv", "--json", cwd=tmp_path)

    assert finished.status == 1
    assert finished.json["books"]["new"] == 1000
    (first, thousandth) = rejections(tmp_path / "customers.db")
    assert first[:2] == (1, 2)
    assert thousandth[:2] == (1000, 1001)
    assert f'"reason": "{reason}"' in first[2]
    assert first[2] == thousandth[2]


def test_a_line_of_50_mb_is_one_rejection(tmp_path: Path) -> None:
    lines = csv(customer(one) for one in range(2)).splitlines()
    put(tmp_path, "\n".join([*lines[:2], "x" * 50_000_000, lines[2]]) + "\n")
    finished = intake("import", "customers.csv", "--json", cwd=tmp_path)
    assert (finished.status, finished.json["books"]["new"]) == (1, 2)
    ((record, line, faults),) = rejections(tmp_path / "customers.db")
    assert (record, line) == (2, 3)
    assert "line_too_long" in faults
    assert (tmp_path / "customers.db").stat().st_size < 1_000_000


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "holds nothing"),
        (b"\n \n", "holds nothing"),
        (b"x" * 50_000_000, "line 1: the header cannot be read"),
        ('"Imię;Nazwisko\nEwa;Kowalska\n'.encode(), "line 1: the header cannot be read"),
        ("Imię\nEwa".encode("cp1250"), "line 1, byte 4 of the line (offset 3 of the file): EA is"),
        (csv([customer(1)]).encode("utf-32"), "UTF-32"),
        (csv([customer(1)]).encode("utf-16") + b"a", "is not utf-16-le"),
        (csv([customer(1)]).encode() + b"Ewa\xb3;", "line 3, byte 4 of the line"),
        (csv([customer(1, Miejscowość="KrakÃ³w")]).encode(), "was encoded twice"),
        (csv([customer(1)], (*HEADER, "telefon")).encode(), "columns 6 and 8 of the header are both called “telefon”"),
        (b"Imie;Nazwisko,Telefon\nEwa;Nowak,1\n", "--delimiter"),
    ],
    ids=[
        "empty",
        "blank",
        "50 MB",
        "header",
        "one ę",
        "UTF-32",
        "UTF-16",
        "mixed",
        "twice",
        "one column twice",
        "delimiter",
    ],
)
def test_a_file_that_cannot_be_read_for_certain_is_refused_before_anything_is_done(
    tmp_path: Path, typed: Typed, content: bytes, said: str
) -> None:
    path = put(tmp_path, content)
    line = refused(typed("import", "customers.csv"), 3)
    assert line.startswith("customers.csv: ")
    assert said in line
    assert list(tmp_path.iterdir()) == [path]


LINE = csv([customer(1)]).splitlines(keepends=True)[1].encode()
HEAD = csv([]).encode()
HOLE = b"hole"  # a gigabyte of NULs, which takes no disk


@pytest.mark.parametrize(
    ("parts", "status", "said"),
    [
        ((HEAD + LINE, HOLE, b"\n" + LINE), 1, ""),
        ((b'"' * 20_000_000,), 3, "line 1: the header cannot be read (line_too_long)"),
        ((b'"\n' * 1_000_000,), 3, "line 1"),
        ((HEAD, b'"\n' * 200_000), 0, ""),  # each two are a cell of two lines with nothing in it
        ((HEAD, b'x;"never\n' * 200_000), 3, "--delimiter"),
        ((HEAD, LINE, b'x;"never\n', LINE * 20_000), 1, ""),
        ((b"\n" * 1_000_000,), 3, "holds nothing"),
        ((b"\n" * 1_000_000, HEAD, LINE), 0, ""),
        ((HEAD, b"\n" * 300_000, LINE), 0, ""),
        ((b";;;\n" * 1_000_000,), 3, "--header-line"),
        ((HEAD, b";" * 1_000_000, b"\n", LINE), 0, ""),
        ((HEAD[:-1], b";" * 1_000_000, b"\n", LINE), 3, "line 1: the header cannot be read (too_many_columns)"),
        ((HEAD * 100_000,), 0, ""),
        ((b"Raport\n" * 500_000, HEAD, LINE), 2, "no column for"),
    ],
    ids=[
        "gigabyte",
        "quotes",
        "lines of quotes",
        "lines of quotes below a header",
        "never closed",
        "never closed once",
        "blank",
        "blank above",
        "blank below",
        "delimiters",
        "a million cells",
        "a million columns without names",
        "headers",
        "titles",
    ],
)
def test_text_that_is_made_to_hurt_is_read_or_refused_in_bounded_time_and_memory(
    tmp_path: Path, parts: tuple[bytes, ...], status: int, said: str
) -> None:
    with (tmp_path / "customers.csv").open("wb") as file:
        for part in parts:
            if part is HOLE:
                file.seek(1 << 30, os.SEEK_CUR)
            else:
                file.write(part)
    finished = bounded("check", "customers.csv", cwd=tmp_path)

    assert finished.status == status, finished.err
    assert said in finished.err


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (HEADER[:-1], ["no column for email", "“Imię”", "“Telefon”"]),
        (("Imię", "Nazwisko", "Uwagi"), ["street_address, postal_code, city, phone, email", "“Uwagi”"]),
        ((*HEADER, "NIP"), ["no column for company_name", "business", "“NIP”"]),
        ((*HEADER, "Telefon kontaktowy"), ["“Telefon” and “Telefon kontaktowy” both mean phone", "--mapping"]),
        ((*HEADER, "Rodzaj", "kind"), ["“Rodzaj” and “kind” both mean kind"]),
        ((*HEADER, "Id", "Nr klienta"), ["both mean source_reference"]),
    ],
    ids=["one missing", "most missing", "of another kind", "two phones", "two kinds", "two references"],
)
def test_columns_that_do_not_give_what_the_policy_needs(
    tmp_path: Path, typed: Typed, header: list[str], said: list[str]
) -> None:
    path = put(tmp_path, csv([customer(1)], header))
    arguments = ["--kind", "business"] if "NIP" in header else []
    line = refused(typed("import", "customers.csv", *arguments), 2)
    assert line.startswith("customers.csv: ")
    for one in said:
        assert one in line
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("delimiter", "values"),
    [(";", list(customer(1).values())), ("|", ["Ewa", "Kowalska", "ul. Polna 1"]), (";", ["Ewa", "2001:db8::1"])],
    ids=["transaction", "three", "with an IP address"],
)
def test_a_file_without_a_header_is_refused_without_showing_its_first_record(
    tmp_path: Path, typed: Typed, delimiter: str, values: list[str]
) -> None:
    put(tmp_path, "".join(delimiter.join(values) + "\n" for _ in range(2)))
    line = refused(typed("import", "customers.csv"), 2)
    assert "the header is missing" in line
    if len(values) != 3:  # of three words nobody can tell that they are no names of columns
        for value in values:
            assert value not in line


def test_a_header_alone_is_a_file_without_records(tmp_path: Path) -> None:
    put(tmp_path, csv([]))
    finished = intake("import", "customers.csv", "--json", cwd=tmp_path)
    assert (finished.status, finished.json["outcome"]) == (0, "imported")
    assert not any(finished.json["books"].values())
    assert intake("import", "customers.csv", "--json", cwd=tmp_path).json["outcome"] == "imported_before"


def test_nul_bytes_are_rejected(tmp_path: Path) -> None:
    put(tmp_path, csv([customer(1), customer(2, Nazwisko="Kowal\0ska"), customer(3)]))
    finished = intake("import", "customers.csv", "--json", cwd=tmp_path)
    assert (finished.status, finished.json["books"]["new"]) == (1, 2)
    assert finished.json["faults"] == {"text.control_character": 1}


def test_a_file_of_nothing_but_nul_bytes_shows_none_of_them(tmp_path: Path) -> None:
    put(tmp_path, b"\0" * 5000)
    finished = intake("import", "customers.csv", cwd=tmp_path)
    assert finished.status in {2, 3}
    assert "\0" not in finished.err
    assert finished.err.count("\n") == 1


def test_names_of_columns_cannot_steer_a_terminal(tmp_path: Path) -> None:
    put(tmp_path, csv([customer(1) | {"\x1b[31mUwagi\x07": "VIP"}], (*HEADER, "\x1b[31mUwagi\x07")))
    finished = intake("import", "customers.csv", cwd=tmp_path)
    refusal = intake("import", "customers.csv", "--kind", "business", cwd=tmp_path)
    assert (finished.status, refusal.status) == (0, 2)
    assert "Uwagi" in finished.out
    assert "Uwagi" in refusal.err
    assert "\x1b" not in finished.out + refusal.err
    assert "\x07" not in finished.out + refusal.err


def test_a_database_of_another_shape_is_left_as_it_is(tmp_path: Path) -> None:
    write(tmp_path, [customer(1)])
    database = tmp_path / "customers.db"
    run_sql(
        database, "CREATE TABLE individuals (id INTEGER PRIMARY KEY, pesel TEXT); CREATE TABLE rejections (why TEXT)"
    )
    before = database.read_bytes()

    line = refused(intake("import", "customers.csv", cwd=tmp_path), 2)

    assert "table individuals has a column pesel that the policy does not name" in line
    assert "table individuals has no column email" in line
    assert "table rejections has a column why" in line
    assert database.read_bytes() == before


def test_a_database_that_may_only_be_read_is_a_temporary_failure(tmp_path: Path) -> None:
    write(tmp_path, [customer(1)])
    write(tmp_path, [customer(2)], name="later.csv")
    intake("import", "customers.csv", cwd=tmp_path)
    before = (tmp_path / "customers.db").read_bytes()
    read_only = "sqlite:///file:customers.db?mode=ro&uri=true"
    line = refused(intake("import", "later.csv", "--into", read_only, cwd=tmp_path), 4)
    assert "run the same command again" in line
    assert (tmp_path / "customers.db").read_bytes() == before


# Root may do everything; a process that gave CAP_DAC_OVERRIDE (1) and CAP_DAC_READ_SEARCH (2) away for good, with
# prctl(PR_CAPBSET_DROP), is bound by rights as everybody is (capabilities(7)).
BOUND = """\
import ctypes, os, sys
for capability in (1, 2):
    ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""


@pytest.fixture
def bound(tmp_path: Path) -> Iterator[list[str]]:
    """What the command must be run through so that rights bind it."""
    through = [sys.executable, "-c", BOUND] if os.geteuid() == 0 else []
    closed = put(tmp_path, "", name="closed")
    closed.chmod(0)
    reads = [*through, "/bin/cat", str(closed)]
    if subprocess.run(reads, capture_output=True, check=False).returncode == 0:
        pytest.skip("rights do not bind root here, who cannot give its capabilities away")
    closed.unlink()
    write(tmp_path, [customer(1)])
    yield through
    tmp_path.chmod(0o755)


def test_a_database_whose_rights_forbid_it(tmp_path: Path, bound: list[str]) -> None:
    intake("import", "customers.csv", cwd=tmp_path)
    write(tmp_path, [customer(2)], name="later.csv")
    database = tmp_path / "customers.db"
    before = database.read_bytes()

    database.chmod(0o444)
    line = refused(intake("import", "later.csv", cwd=tmp_path, through=bound), 4)
    assert "may not be written" in line
    assert database.read_bytes() == before

    database.chmod(0o644)
    tmp_path.chmod(0o555)  # the file may be written, but no journal beside it
    line = refused(intake("import", "later.csv", cwd=tmp_path, through=bound), 4)
    assert "its folder" in line
    assert database.read_bytes() == before

    tmp_path.chmod(0o755)
    assert intake("import", "later.csv", cwd=tmp_path, through=bound).status == 0


def test_a_folder_in_which_no_database_may_be_made(tmp_path: Path, bound: list[str]) -> None:
    tmp_path.chmod(0o555)
    line = refused(intake("import", "customers.csv", cwd=tmp_path, through=bound), 2)
    assert "cannot be opened or made" in line
    assert not (tmp_path / "customers.db").exists()


def test_a_file_that_may_not_be_read(tmp_path: Path, bound: list[str]) -> None:
    (tmp_path / "customers.csv").chmod(0)
    line = refused(intake("check", "customers.csv", cwd=tmp_path, through=bound), 2)
    assert "customers.csv" in line


def test_a_report_folder_that_may_not_be_written(tmp_path: Path, bound: list[str]) -> None:
    tmp_path.chmod(0o555)
    line = refused(intake("check", "customers.csv", "--report", "report", cwd=tmp_path, through=bound), 2)
    assert "--report" in line
