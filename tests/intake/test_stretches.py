"""Stretches: where nearly every record is hit, however the file comes in chunks; and the lines of a cause bound it."""

import json
import re
from pathlib import Path
from string import Formatter

import msgspec
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.causes.cause import Cause, catalogue
from intake.causes.stretches import WINDOW, Stretch, Stretches
from intake.run import Options, Watcher, check_source
from intake.sources import csv_columns
from tests.intake.customers import customer, write
from validators.messages import LANGUAGES
from validators.policy import vipower

# Runs of records that are hit or not: what a file with something wrong in it looks like.
RUNS = st.lists(st.tuples(st.booleans(), st.sampled_from((1, 2, 3, 9, 10, 15, 40))), min_size=1, max_size=12)
CUTS = st.lists(st.integers(1, 60), max_size=8)


def spread(runs: list[tuple[bool, int]]) -> list[bool]:
    return [hit for hit, length in runs for _ in range(length)]


def taken(hits: list[bool], cuts: list[int]) -> Stretches:
    """The hits, in pieces that have so many records each."""
    stretches, start = Stretches(), 0
    for size in (*cuts, len(hits)):
        ranks = [rank for rank in range(start, min(start + size, len(hits))) if hits[rank]]
        stretches.take(pl.Series(ranks, dtype=pl.Int64), pl.Series([rank + 2 for rank in ranks], dtype=pl.Int64))
        start += size
    return stretches


@given(RUNS, CUTS)
def test_a_stretch_is_the_same_in_whatever_pieces_the_file_comes(runs: list[tuple[bool, int]], cuts: list[int]) -> None:
    hits = spread(runs)
    whole, pieces = taken(hits, []), taken(hits, cuts)
    assert pieces.hits == whole.hits == sum(hits)
    assert _length(pieces.longest()) == _length(whole.longest())


def _length(stretch: Stretch | None) -> int:
    return stretch.hits if stretch else 0


@given(RUNS, CUTS)
def test_a_stretch_has_all_hits_from_its_first_to_its_last(runs: list[tuple[bool, int]], cuts: list[int]) -> None:
    hits = spread(runs)
    longest = taken(hits, cuts).longest()
    if longest is None:
        assert not any(hit and length >= WINDOW for hit, length in runs)
        return
    assert hits[longest.first_rank]
    assert hits[longest.last_rank]
    assert longest.hits == sum(hits[longest.first_rank : longest.last_rank + 1]) >= WINDOW
    assert longest.hits >= 0.9 * (longest.last_rank - longest.first_rank + 1)
    assert (longest.first_line, longest.last_line) == (longest.first_rank + 2, longest.last_rank + 2)


def test_faults_elsewhere_in_the_file_count_against_a_stretch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fifteen in a row, and in the chunks after them more here and there: the stretch is not their cause."""
    monkeypatch.setattr(csv_columns, "_RECORDS", 60)
    hits = [True] * 15 + [False] * 45 + ([False] * 20 + [True, False, False] * 7 + [False] * 19) * 4
    customers = (customer(number) | ({"E-mail": "ewa"} if hit else {}) for number, hit in enumerate(hits))
    outcome = check_source(write(tmp_path, customers), Options(policy=vipower()), Watcher())
    assert (outcome.books.rejected, outcome.causes) == (43, [])


@pytest.mark.parametrize("size", [10, 25, 60, 100_000])
@settings(max_examples=12)
@given(runs=RUNS)
def test_the_lines_of_a_cause_bound_the_records_that_were_refused_for_it(
    tmp_path_factory: pytest.TempPathFactory, size: int, runs: list[tuple[bool, int]]
) -> None:
    hits = spread(runs)
    folder = tmp_path_factory.mktemp("file")
    customers = (customer(number) | ({"E-mail": "ewa"} if hit else {}) for number, hit in enumerate(hits))
    lines: list[int] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_columns, "_RECORDS", size)
        watcher = msgspec.structs.replace(Watcher(), rejection=lambda _source, one: lines.append(one.line))
        outcome = check_source(write(folder, customers), Options(policy=vipower()), watcher)
    for cause in outcome.causes:
        assert (cause.code, cause.field) == ("values.alike", "email")
        assert {cause.first_line, cause.last_line} <= set(lines)
        within = [line for line in lines if cause.first_line <= line <= cause.last_line]
        assert cause.records == len(within) >= max(WINDOW, len(lines) / 2)
        assert cause.records >= 0.9 * (cause.last_line - cause.first_line + 1)
    if sum(hits) >= WINDOW and all(hits[hits.index(True) : len(hits) - hits[::-1].index(True)]):
        assert len(outcome.causes) == 1


def test_every_cause_says_the_same_in_every_language() -> None:
    """The same codes, and the same parameters in their sentences."""
    english = catalogue("en")
    for language in LANGUAGES:
        assert catalogue(language).keys() == english.keys()
        for code, entry in catalogue(language).items():
            for part in ("message", "cure"):
                assert _parameters(getattr(entry, part)) == _parameters(getattr(english[code], part)), (language, code)


def _parameters(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_every_code_in_the_program_has_its_sentences() -> None:
    folder = Path(__file__).parents[2] / "intake" / "causes"
    text = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    named = set(
        re.findall(r'"((?:columns|quotes|lines|column|values|zeros|letters|phones|kind|extra)\.[a-z_]+)"', text)
    )
    of_faults = {"kind.unknown", "kind.looks_like_business", "extra.forbidden"}
    assert named - of_faults | {"columns.shifted_right", "columns.shifted_left"} == catalogue("en").keys()


def test_a_cause_as_json_has_its_sentences() -> None:
    cause = Cause(code="column.constant", records=9, first_line=2, last_line=10, field="nip", params={"field": "nip"})
    told = json.loads(msgspec.json.encode(cause.as_dict()))
    assert told["message"].keys() == told["cure"].keys() == set(LANGUAGES)
    assert (told["records"], told["first_line"], told["last_line"]) == (9, 2, 10)


def test_every_cause_is_in_the_documents() -> None:
    page = (Path(__file__).parents[2] / "docs" / "causes.md").read_text(encoding="utf-8")
    assert set(re.findall(r"`([a-z]+\.[a-z_]+)`", page)) >= catalogue("en").keys()
