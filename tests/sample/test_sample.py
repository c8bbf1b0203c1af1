"""The sample holds every mistake at least twice, says so truly, and holds nothing of anybody's."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from stdnum.pl import pesel

from intake.sources import Blank, Malformed, Record, open_source
from tests.sample.generate import HEADER, LEAST, MESS, Line, customers, main, visits
from validators import Verdict, check
from validators.codes import OF_MAPPINGS, codes
from validators.policy import vipower
from validators.rules.identity_number import is_pesel

FIELDS = {
    alias.casefold(): field.name
    for kind in vipower().kinds.values()
    for field in kind.fields
    for alias in field.aliases
}
COLUMNS = [FIELDS.get(name.casefold(), name.casefold()) for name in HEADER]
POLICYS = {field.name for kind in vipower().kinds.values() for field in kind.fields}

CUSTOMERS = customers(2000, seed=1)
VISITS = visits(200, seed=1)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sample") / "customers.csv"
    main([str(path)])
    return path


@pytest.fixture(scope="module")
def read(sample: Path) -> list[tuple[Line, dict[str, object]]]:
    """Return every line of both files that is a record, and the record; broken lines are left out first."""
    text = sample.read_bytes().decode()
    for line in CUSTOMERS:
        if line.reason:
            assert text.count(line.text) == 1
            text = text.replace(line.text, "")
    header, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    assert header == list(HEADER)
    sound = [line for line in CUSTOMERS if not line.reason]
    records: list[tuple[Line, dict[str, object]]] = [
        (line, dict(zip(COLUMNS, cells, strict=True)))
        for line, cells in zip(sound, rows, strict=True)
        if any(map(str.strip, cells))
    ]
    lines = sample.with_suffix(".visits.jsonl").read_bytes().decode().splitlines(keepends=True)
    assert lines == [line.text for line in VISITS]
    records += [(line, json.loads(line.text)) for line in VISITS if line.text.strip() and not line.reason]
    return records


@pytest.fixture(scope="module")
def judged(read: list[tuple[Line, dict[str, object]]]) -> list[tuple[Line, Verdict]]:
    return [(line, check(record)) for line, record in read]


def codes_of(verdict: Verdict) -> set[str]:
    return {finding.code for finding in (*verdict.faults, *verdict.notices, *verdict.fixes)}


def test_every_code_is_given_at_least_twice(
    read: list[tuple[Line, dict[str, object]]], judged: list[tuple[Line, Verdict]]
) -> None:
    given = Counter(code for _, verdict in judged for code in codes_of(verdict))
    given.update(line.code for line in CUSTOMERS + VISITS if line.reason and line.code)
    strict = [check(record, on_extra="reject") for _, record in read[:500]]
    given.update(code for verdict in strict for code in codes_of(verdict) if code == "extra.forbidden")

    of_workbooks = {code for code in codes() if code.startswith("cell.")}
    wanted = codes().keys() - {"database.refused", *OF_MAPPINGS, *of_workbooks}  # which no line of text has in itself
    assert [code for code in wanted if given[code] < 2] == [], "sow these in mess.toml"


def test_what_was_sown_comes_up(judged: list[tuple[Line, Verdict]]) -> None:
    assert [(line, verdict) for line, verdict in judged if line.code and line.code not in codes_of(verdict)] == []


def test_only_records_with_a_fault_sown_are_refused(judged: list[tuple[Line, Verdict]]) -> None:
    for line, verdict in judged:
        sown = line.code is not None and codes()[line.code] == "fault"
        assert verdict.accepted != sown, (line, verdict)


@pytest.mark.parametrize(("part", "severity"), [("faults", "fault"), ("notices", "notice"), ("fixes", "fix")])
def test_a_case_stands_under_what_its_code_is(part: str, severity: str) -> None:
    assert [code for code in MESS[part] if codes()[code] != severity] == []


def test_a_third_of_the_values_needs_a_fix_and_a_tenth_of_the_records_is_refused(
    read: list[tuple[Line, dict[str, object]]], judged: list[tuple[Line, Verdict]]
) -> None:
    of_customers = [
        (record, verdict) for (line, record), (_, verdict) in zip(read, judged, strict=True) if line in CUSTOMERS
    ]
    values = sum(bool(value) for record, _ in of_customers for name, value in record.items() if name in POLICYS)
    fixed = sum(len({fix.field for fix in verdict.fixes}) for _, verdict in of_customers)
    refused = sum(not verdict.accepted for _, verdict in of_customers) + sum(bool(line.reason) for line in CUSTOMERS)

    assert 0.28 < fixed / values < 0.40
    assert refused / len(CUSTOMERS) == pytest.approx(0.10, abs=0.01)


def test_some_lines_come_again_and_some_customers_come_back_from_elsewhere(judged: list[tuple[Line, Verdict]]) -> None:
    texts = Counter(line.text for line in CUSTOMERS if line.text.strip(";\r\n"))
    identities = {name: kind.identity for name, kind in vipower().kinds.items()}
    homes: dict[tuple[str, str], set[str]] = {}
    for _, verdict in judged:
        if verdict.record and (identity := identities[verdict.kind or ""]):
            homes.setdefault((identity, verdict.record[identity].lower()), set()).add(verdict.record["street_address"])

    assert texts.total() - len(texts) == 40
    assert sum(len(streets) > 1 for streets in homes.values()) > 20


@pytest.mark.parametrize(("suffix", "lines"), [(".csv", CUSTOMERS), (".visits.jsonl", VISITS)])
def test_the_reader_finds_every_record_and_every_line_that_is_none(
    sample: Path, suffix: str, lines: list[Line]
) -> None:
    items = list(open_source(sample.with_suffix(suffix)).items())

    assert [item.reason for item in items if isinstance(item, Malformed)] == [
        line.reason for line in lines if line.reason
    ]
    assert Counter(map(type, items)) == {
        Malformed: sum(bool(line.reason) for line in lines),
        Blank: sum(not line.text.strip(";\r\n") for line in lines),
        Record: sum(bool(line.text.strip(";\r\n")) and not line.reason for line in lines),
    }
    assert len(items) == len(lines)


@pytest.mark.parametrize("seed", range(2, 6))
def test_another_seed_gives_another_file_that_is_as_true(seed: int) -> None:
    lines = customers(LEAST, seed)
    assert len(lines) == LEAST
    assert {line.text for line in lines}.isdisjoint(line.text for line in CUSTOMERS if line.clean)
    for line in lines:
        if line.clean:
            [cells] = csv.reader(io.StringIO(line.text, newline=""), delimiter=";", strict=True)
            verdict = check(dict(zip(COLUMNS, cells, strict=True)))
            assert verdict.accepted, (line, verdict)


def test_the_same_seed_gives_the_same_bytes(sample: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.csv"
    script = Path(__file__).with_name("generate.py")
    # Another hash seed: nothing may hang on the order of a set.
    subprocess.run(
        [sys.executable, script, again, "--seed", "1"], check=True, env={**os.environ, "PYTHONHASHSEED": "7"}
    )

    for suffix in (".csv", ".visits.jsonl"):
        assert again.with_suffix(suffix).read_bytes() == sample.with_suffix(suffix).read_bytes()


def test_too_few_records_for_all_mistakes_are_a_usage_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([str(tmp_path / "small.csv"), "--records", str(LEAST - 1)])

    assert stopped.value.code == 2
    assert "--records: at least" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def found(pattern: str) -> set[str]:
    """Return what a pattern's group finds anywhere in the sample."""
    return {found for line in CUSTOMERS + VISITS for found in re.findall(pattern, line.text)}


def test_nobody_has_an_email_address_of_the_sample() -> None:
    of_nobody = {"example.com", "example.org", "example.net", "example"}  # RFC 2606, 2 and 3
    reserved = {"biuro.local", "poczta.test"}  # RFC 6762, 3; RFC 2606, 2
    no_such_top_level = {"gmail.con", "wp.lp", "onet.lp", "ex\u0430mple.con"}  # IANA's root zone database
    said_for_nothing = {"test.pl"}

    domains = {domain.lower() for domain in found("@([A-Za-z\u0430.]+)")}
    assert domains == of_nobody | reserved | no_such_top_level | said_for_nothing


def test_nobody_has_a_pesel_of_the_sample() -> None:
    # A telephone number with 48 before it may look like one, too.
    pesels = {digits for digits in found("(?<![0-9+])([0-9]{11})(?![0-9])") if is_pesel(digits)}

    assert {pesel.get_birth_date(one).year for one in pesels} == {2038, 2039}


def test_nobody_has_an_ip_address_of_the_sample() -> None:
    documented = "192.0.2.|198.51.100.|203.0.113.|2001:0?[Dd][Bb]8:|fe80::1%"  # RFC 5737; RFC 3849; RFC 4007, a zone's
    addresses = found('"ip_address": "([^"]+)"') | found("([0-9a-f.:]*[.:]+[0-9a-f]+)\r\n$")

    assert len(addresses) > 500
    assert {address for address in addresses if not re.match(documented, address)} == set()
