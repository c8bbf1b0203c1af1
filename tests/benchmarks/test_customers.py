"""The benchmarks' file of customers is what it says it is: as messy, as faulty, as distinct, and always the same."""

import csv
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from intake.columns import REFERENCE, Columns
from intake.sources import Malformed, Record, open_source
from tests.benchmarks import mess
from tests.benchmarks.columns import FIELDS, HEADER
from tests.benchmarks.customers import Clerk, clean_path, main
from validators import Verdict, check
from validators.policy import vipower

RECORDS = 5000

Judged = dict[str, tuple[Mapping[str, object], Verdict]]
Clean = dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bench") / "customers.csv"
    main([str(path), "--records", str(RECORDS), "--clean", str(path.with_name("clean.csv"))])
    return path


@pytest.fixture(scope="module")
def judged(file: Path) -> Judged:
    """Return every record and its verdict by the record's number in the file's first column."""
    columns = Columns(vipower(), {})
    found: Judged = {}
    for item in open_source(file).items():
        if isinstance(item, Record):
            record = columns.record(item.values)
            assert record is not None
            number = str(record.pop(REFERENCE))
            found[number] = (record, check(record))
    return found


@pytest.fixture(scope="module")
def clean(file: Path) -> Clean:
    """Return what ought to be stored, by the record's number."""
    found: Clean = {}
    for kind in ("individual", "business"):
        with clean_path(file.with_name("clean.csv"), kind).open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines, delimiter=";"):
                number = row.pop(REFERENCE)
                found[number] = row | {"kind": kind}
    return found


def test_every_good_record_is_accepted_with_exactly_its_clean_values(judged: Judged, clean: Clean) -> None:
    stored = {
        number: {**verdict.record, "kind": verdict.kind} for number, (_, verdict) in judged.items() if verdict.record
    }
    assert stored == clean


def test_a_tenth_of_the_records_is_refused_for_what_real_files_are_refused_for(judged: Judged) -> None:
    refused = [verdict for _, verdict in judged.values() if not verdict.accepted]
    assert len(refused) / RECORDS == pytest.approx(0.10, abs=0.01)

    given = {fault.code for verdict in refused for fault in verdict.faults}
    # A NIP that lost a digit may be a REGON by chance, and a postal code that did looks as if it had lost its zero.
    assert given - {"nip.is_regon", "postal_code.zero_lost"} == {
        fault.code for fault in (*mess.FAULTS, *mess.OF_BUSINESSES)
    }
    assert 10 < sum(len(verdict.faults) > 1 for verdict in refused) < 100


@pytest.mark.parametrize("field", [field for field in FIELDS.values() if field != REFERENCE])
def test_a_third_of_the_values_of_every_field_needs_a_fix(field: str, judged: Judged) -> None:
    accepted = [(record, verdict) for record, verdict in judged.values() if verdict.accepted]
    values = sum(bool(record[field]) for record, _ in accepted)
    fixed = sum(any(fix.field == field for fix in verdict.fixes) for _, verdict in accepted)

    assert fixed / values == pytest.approx(1 / 3, abs=0.05)


def test_few_cells_leave_something_to_notice(judged: Judged) -> None:
    noticed = Counter(notice.code for _, verdict in judged.values() for notice in verdict.notices)

    assert noticed.keys() == {"phone.several", "phone.remark_dropped"}
    assert 0 < noticed.total() < RECORDS / 100


def test_three_in_ten_are_businesses_and_the_last_two_columns_are_dropped(judged: Judged) -> None:
    accepted = [verdict for _, verdict in judged.values() if verdict.accepted]

    assert sum(verdict.kind == "business" for verdict in accepted) / len(accepted) == pytest.approx(0.30, abs=0.03)
    assert {name for verdict in accepted for name in verdict.dropped} == {*HEADER} - FIELDS.keys()


def test_no_two_customers_share_an_address_a_telephone_or_a_nip(clean: Clean) -> None:
    for field in ("email", "phone", "nip"):
        values = [row[field].lower() for row in clean.values() if field in row]
        assert len(values) == len(set(values))


def test_telephones_stay_distinct_when_their_last_digits_come_again() -> None:
    again = [
        number
        for first in (1, 7_999_994, 15_999_987)  # customers._LOCALS apart
        for number in Clerk(seed=1).block(range(first, first + 1000)).canonical["Telefon"]
    ]
    assert len({number[5:] for number in again}) < 2000
    assert len(set(again)) == 3000


def test_some_lines_are_no_records(file: Path) -> None:
    items = list(open_source(file).items())

    assert len(items) == RECORDS
    assert {item.reason for item in items if isinstance(item, Malformed)} <= {
        *("unclosed_quote", "quote_in_cell", "too_many_cells", "too_few_cells")
    }
    assert Counter(type(item).__name__ for item in items) == {"Record": RECORDS - 4, "Malformed": 2, "Blank": 2}


def test_the_same_seed_gives_the_same_bytes(file: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.benchmarks.customers", str(tmp_path / "customers.csv")]
    # Another hash seed: nothing may hang on the order of a set.
    subprocess.run(
        [*command, "--records", str(RECORDS), "--clean", str(tmp_path / "clean.csv")],
        check=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONHASHSEED": "7"},
    )
    for name in ("customers.csv", "clean.individual.csv", "clean.business.csv"):
        assert (tmp_path / name).read_bytes() == (file.parent / name).read_bytes()


def test_another_seed_gives_another_file(file: Path, tmp_path: Path) -> None:
    main([str(tmp_path / "other.csv"), "--records", str(RECORDS), "--seed", "2"])
    assert (tmp_path / "other.csv").read_bytes() != file.read_bytes()
