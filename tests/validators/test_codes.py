"""Every code that the code gives is listed, once, as what it is, and has its sentences."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from validators.codes import OF_FIELDS, OF_MAPPINGS, OF_RECORDS, codes
from validators.messages import LANGUAGES, catalogue
from validators.rules import RULES

ROOT = Path(__file__).parents[2]
# The codes of causes look alike, and are none that a record has (intake/catalogues).
SOURCES = [
    path
    for package in ("validators", "intake", "loaders")
    for path in sorted((ROOT / package).rglob("*.py"))
    if path.parent.name != "causes"
]

# What is called to give a code, and what the code is then.
GIVERS = {"refuse": "fault", "notice": "notice", "fix": "fix", "Fault": "fault", "Notice": "notice", "Fix": "fix"}
# With "database." begin also the codes of errors, which end a run and refuse no record (loaders/errors.py).
AREAS = {code.partition(".")[0] for code in codes()} - {"database"}


def nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def literals(tree: ast.AST) -> set[str]:
    """Return the texts in a piece of code that have the form of a code."""
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return {text for text in texts if re.fullmatch(r"[a-z_]+\.[a-z_]+", text)}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_code_that_stands_in_a_module_is_listed(path: Path) -> None:
    named = {text for text in literals(ast.parse(path.read_text(encoding="utf-8"))) if text.partition(".")[0] in AREAS}

    assert named - codes().keys() == set()


def test_a_code_is_listed_as_what_it_is_given_as() -> None:
    given: dict[str, set[str]] = {}
    for node in (node for path in SOURCES for node in nodes(path) if isinstance(node, ast.Call) and node.args):
        called = node.func
        name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
        for code in literals(node.args[0]) if name in GIVERS else ():
            given.setdefault(code, set()).add(GIVERS[name])

    assert len(given) > 20
    assert {code: severities for code, severities in given.items() if severities != {codes()[code]}} == {}


def test_a_code_is_the_same_in_every_rule() -> None:
    sources = [OF_RECORDS, OF_FIELDS, OF_MAPPINGS, *(rule.codes for rule in RULES.values())]
    seen = {(code, severity) for source in sources for code, severity in source.items()}

    assert seen == set(codes().items())


@pytest.mark.parametrize("code", codes())
def test_codes_have_the_form_that_is_promised(code: str) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*", code)  # DESIGN.md: <rule>.<reason>, lower case


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_its_sentences_and_no_sentence_is_left_over(language: str) -> None:
    assert catalogue(language).keys() == codes().keys()
    assert [code for code, entry in catalogue(language).items() if not (entry.message and entry.remedy)] == []


def parameters(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("code", codes())
def test_a_sentence_has_the_same_parameters_in_every_language(code: str) -> None:
    used = {language: parameters(catalogue(language)[code].message) for language in LANGUAGES}

    assert len({frozenset(names) for names in used.values()}) == 1, used
