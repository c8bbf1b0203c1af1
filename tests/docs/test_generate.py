"""The generated documents say all that the code says, lead nowhere wrong, and are known to be stale when they are."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from docs.generate import PAGES, Case, Example, anchor, cases, examples, main, span, stale
from validators.codes import codes
from validators.messages import LANGUAGES, catalogue
from validators.policy import vipower
from validators.rules import RULES

SCRIPT = Path(__file__).parents[2] / "docs" / "generate.py"
WRITTEN = {name: write() for name, write in PAGES.items()}


def headings(text: str) -> list[str]:
    """Return the fragments of a page's headings."""
    return [anchor(heading) for heading in re.findall("^#+ (.*)$", text, re.MULTILINE)]


def test_every_code_has_its_heading_and_its_sentences_in_every_language() -> None:
    for code in codes():
        _, _, section = WRITTEN["codes.md"].partition(f"\n### `{code}`\n")
        said = section.partition("\n### ")[0]
        for language in LANGUAGES:
            entry = catalogue(language)[code]
            assert f"| {entry.message} | {entry.remedy} |" in said, (code, language)


@pytest.mark.parametrize(("heading", "severity"), [("Faults", "fault"), ("Notices", "notice"), ("Fixes", "fix")])
def test_a_code_stands_under_what_it_is(heading: str, severity: str) -> None:
    _, _, part = WRITTEN["codes.md"].partition(f"\n## {heading}\n")
    listed = re.findall("^### `(.*)`$", part.partition("\n## ")[0], re.MULTILINE)

    assert listed == sorted(code for code, its in codes().items() if its == severity)


def test_every_rule_has_its_heading_its_codes_and_what_its_module_says() -> None:
    for rule in RULES.values():
        _, _, section = WRITTEN["rules.md"].partition(f"\n## `{rule.name}`\n")
        said = section.partition("\n## ")[0]
        own = {code for code in rule.codes if any(code not in other.codes for other in RULES.values())}
        assert set(re.findall(r"^\| \[`([a-z_.]+)`\]", said, re.MULTILINE)) == own
        assert ">>> " in said or "As [" in said


def test_every_kind_is_told_with_its_clause_and_its_fields() -> None:
    for kind in vipower().kinds.values():
        [row] = re.findall(rf"^\| \[`{kind.name}`\].*$", WRITTEN["policy.md"], re.MULTILINE)
        _, label, clause, required, optional = (cell.strip() for cell in row.strip("|").split("|"))
        assert (label, clause) == (" / ".join(kind.label.values()), kind.clause)
        assert re.findall("`([a-z_]+)`", required) == [field.name for field in kind.fields if field.required]
        assert re.findall("`([a-z_]+)`", optional) == [field.name for field in kind.fields if not field.required]


@pytest.mark.parametrize("name", PAGES)
def test_every_link_between_the_pages_leads_to_a_heading(name: str) -> None:
    for target, fragment in re.findall(r"\]\(([a-z.]*)#?([^)]*)\)", WRITTEN[name]):
        there = WRITTEN[target or name]
        assert not fragment or fragment in headings(there), (target, fragment)


@pytest.mark.parametrize("name", PAGES)
def test_no_two_headings_of_a_page_have_one_fragment(name: str) -> None:
    found = headings(WRITTEN[name])

    assert sorted(set(found)) == sorted(found)


@pytest.mark.parametrize(
    ("example", "shown"),
    [
        (Example(Case("00950"), "00-950", {}), "`00950` → `00-950`"),
        (Example(Case("sw1a 1aa", country="GB"), "SW1A 1AA", {}), "`sw1a 1aa` in GB → `SW1A 1AA`"),
        (Example(Case("12345"), None, {}), "`12345`"),
        (Example(Case("jan@gmial.com"), "jan@gmial.com", {}), "`jan@gmial.com`"),
        (Example(Case("ab", times=500), None, {}), "`ab` 500 times over"),
        (Example(Case("x" * 61), None, {}), f"`{'x' * 60}…`"),
    ],
)
def test_an_example_says_what_came_and_what_it_became(example: Example, shown: str) -> None:
    assert str(example) == shown


def test_a_code_has_the_first_case_that_gives_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "nip.toml").write_text('refused = [{ raw = "12" }, { raw = "5260250275" }, { raw = "123" }]', "utf-8")
    (tmp_path / "gate.toml").write_text('empty = [{ raw = "12345" }]\nrefused = [{ raw = "\\u0000" }]', "utf-8")
    monkeypatch.setattr("docs.generate.CASES", tmp_path)

    found = examples.__wrapped__("nip")
    assert {code: example.case.raw for code, example in found.items()} == {
        "nip.length": "12",
        "nip.checksum": "5260250275",
        "text.control_character": "\x00",
    }


def test_a_rule_without_a_table_of_cases_has_no_examples(tmp_path: Path) -> None:
    assert cases(tmp_path / "nip.toml") == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("00-950", "`00-950`"),
        ("a|b", r"`a\|b`"),
        ("O`Brien", "`` O`Brien ``"),
        (" a  b ", "`␣a␣␣b␣`"),
        ("\u200ba\n", r"`\u200ba\n`"),
        ("gm\u0430il", r"`gm\u0430il`"),  # Cyrillic
        ("S\u0301", r"`S\u0301`"),
        ("Łódź", "`Łódź`"),
    ],
)
def test_code_in_a_document_shows_what_a_reader_could_not_see(text: str, shown: str) -> None:
    assert span(text) == shown


def test_check_names_what_is_stale_and_the_command_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([], tmp_path) == 0
    (tmp_path / "rules.md").write_text("edited by hand", encoding="utf-8")
    (tmp_path / "codes.md").unlink()
    capsys.readouterr()

    assert main(["--check"], tmp_path) == 1
    said = capsys.readouterr().err
    assert [line.partition(" ")[0] for line in said.splitlines()] == ["docs/codes.md", "docs/rules.md"]
    assert said.count("make docs") == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cli.md", "policy.md", "rules.md"]

    assert main([], tmp_path) == 0
    assert main(["--check"], tmp_path) == 0
    assert stale(tmp_path) == []


def test_the_pages_hang_on_nothing_but_the_code() -> None:
    # Another hash seed: the order of no set may show. Another folder: no path may.
    code = (
        f"import runpy; pages = runpy.run_path({str(SCRIPT)!r})['PAGES']; print(*(w() for w in pages.values()), sep='')"
    )
    paths = os.pathsep.join([str(SCRIPT.parents[1]), *filter(None, sys.path)])
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": paths, "PYTHONIOENCODING": "utf-8"}
    made = subprocess.run([sys.executable, "-c", code], check=True, env=environment, cwd="/", capture_output=True)

    assert made.stdout.decode().removesuffix("\n") == "".join(WRITTEN.values())
