"""A policy is read strictly: every mistake is told by the path of its key, and nothing else is ever raised."""

import datetime as dt
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.validators.shipped import TEXT, changed
from validators import PolicyError, load_policy
from validators.policy_error import Problem
from validators.policy_file import read_document
from validators.rules import RULES


def problems(text: str) -> list[tuple[str, str]]:
    with pytest.raises(PolicyError) as caught:
        read_document(text)
    return [(problem.path, problem.message) for problem in caught.value.problems]


FILE = Path(__file__).parents[1] / "cases" / "policy_mistakes.toml"
MISTAKES: dict[str, dict[str, str]] = {
    one["name"]: one for one in tomllib.loads(FILE.read_text(encoding="utf-8"))["mistakes"]
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_by_its_path_and_what_would_be_right(name: str) -> None:
    mistake = MISTAKES[name]
    found = problems(changed((mistake["old"], mistake["new"])))

    assert [message for path, message in found if path == mistake["path"] and mistake["said"] in message], found


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_once(name: str) -> None:
    mistake = MISTAKES[name]
    found = problems(changed((mistake["old"], mistake["new"])))

    assert [path for path, _ in found].count(mistake["path"]) == 1
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("value", ["9" * 5000, "[" * 5000, "[" * 5000 + "]" * 5000], ids=["digits", "open", "deep"])
def test_what_python_does_not_take_is_told(value: str) -> None:
    # an integer of more digits, and brackets deeper, than it reads
    found = problems(changed(('version = "2026.1"', f"version = {value}")))

    assert [(path, message[:12]) for path, message in found] == [("policy", "is not TOML:")]


def test_all_mistakes_are_told_together() -> None:
    changes = [('version = "2026.1"\n', ""), ('rule = "nip"\n', "rules = 1\n"), ("[kinds.login]", "[kinds.L]")]
    found = problems(changed(*changes))

    assert [path for path, _ in found] == ["version", "fields.nip.rules", "fields.nip.rule", "kinds.L"]
    found = problems(changed(('rule = "nip"', 'rule = "?"'), ('table = "logins"', 'table = "visits"')))
    assert [path for path, _ in found] == ["fields.nip.rule", "kinds.login.table"]


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("", ["name", "version", "controller", "default_kind", "retention", "fields", "kinds"]),
        ("fields = 1\nkinds = []", ["name", "version", "controller", "default_kind", "retention", "fields", "kinds"]),
        ("[fields]\nnip = 1\n[kinds.x]", ["name", "version", "controller", "default_kind", "retention", "fields.nip",
            "kinds.x.label", "kinds.x.clause", "kinds.x.table", "kinds.x.required"]),
        ("[[fields]]", ["name", "version", "controller", "default_kind", "retention", "kinds", "fields"]),
    ],
    ids=repr,
)  # fmt: skip
def test_a_policy_of_another_shape_is_told_key_by_key(text: str, paths: list[str]) -> None:
    assert [path for path, _ in problems(text)] == paths


def test_an_error_says_every_problem_on_a_line() -> None:
    error = PolicyError([Problem("version", "is missing"), Problem("fields.nip.rule", "is missing")])

    assert str(error) == "version: is missing\nfields.nip.rule: is missing"
    assert [str(problem) for problem in error.problems] == str(error).splitlines()


# --- the file --------------------------------------------------------------------------------------------------------


def test_a_file_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_bytes(b'name = "vipower"\nversion = "\xb3"')  # ł in Windows-1250

    with pytest.raises(PolicyError, match="policy: is not UTF-8 at byte 28") as caught:
        load_policy(path)
    assert [problem.path for problem in caught.value.problems] == ["policy"]
    assert "policy.toml" in str(caught.value)


def test_a_file_with_a_mistake_is_named(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(changed(('version = "2026.1"\n', "")), encoding="utf-8")

    with pytest.raises(PolicyError, match=r"mine.toml: version: is missing"):
        load_policy(path)


@pytest.mark.parametrize(("start", "line_end"), [("\ufeff", "\n"), ("", "\r\n"), ("\ufeff", "\r\n")], ids=ascii)
def test_editors_may_write_a_byte_order_mark_and_other_line_ends(tmp_path: Path, start: str, line_end: str) -> None:
    path = tmp_path / "policy.toml"
    path.write_bytes((start + TEXT.replace("\n", line_end)).encode())

    assert load_policy(path).identity.sha256 == read_document(TEXT).sha256()
    assert load_policy(str(path)).identity.sha256 == read_document(TEXT).sha256()


@pytest.mark.parametrize("place", [".", "no such file"])
def test_what_is_no_file_is_the_systems_error(tmp_path: Path, place: str) -> None:
    with pytest.raises(OSError, match=r"."):
        load_policy(tmp_path / place)


# --- any text, any tree ----------------------------------------------------------------------------------------------


def toml(value: object) -> str:
    """Write a value as TOML does inside a line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{toml(key)} = {toml(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.sampled_from(
    ("nip", "login", "ip_address", "email", "kind", "PL", "drop", "fields", "a.b", "", "text", "visits")
)
VALUES = st.recursive(
    st.booleans() | st.integers() | st.floats() | WORDS | st.datetimes() | st.dates() | st.times(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=4,
)
SHIPPED: dict[str, Any] = tomllib.loads(TEXT)


def paths_in(tree: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    children: list[tuple[str | int, object]] = list(enumerate(tree)) if isinstance(tree, list) else []
    children = list(tree.items()) if isinstance(tree, dict) else children
    return [path] * bool(path) + [one for key, child in children for one in paths_in(child, (*path, key))]


PATHS = st.sampled_from(paths_in(SHIPPED))


@st.composite
def mutated_trees(draw: st.DrawFn) -> dict[str, Any]:
    """Draw the shipped policy with some of its values changed, taken out or put elsewhere."""
    tree: dict[str, Any] = json.loads(json.dumps(SHIPPED))
    for path in draw(st.lists(PATHS, min_size=1, max_size=3)):
        parent: Any = tree
        for key in path[:-1]:
            reachable = isinstance(parent, list) and isinstance(key, int) and key < len(parent)
            reachable = reachable or (isinstance(parent, dict) and key in parent)
            parent = parent[key] if reachable else {}
        if isinstance(parent, list):
            parent.append(draw(VALUES))
        elif isinstance(parent, dict):
            parent[draw(st.just(str(path[-1])) | WORDS)] = draw(VALUES | st.just(parent.get(path[-1], 1)))
    return tree


@given(mutated_trees())
def test_a_tree_is_read_or_told(tree: dict[str, Any]) -> None:
    told: tuple[Problem, ...] = ()
    try:
        document = read_document("\n".join(f"{toml(key)} = {toml(value)}" for key, value in tree.items()))
    except PolicyError as error:
        told = error.problems
    else:
        assert len(document.sha256()) == 64
        assert {field.rule for field in document.fields.values()} <= RULES.keys()
        return

    assert told
    assert [problem for problem in told if not problem.path or not problem.message] == []


@given(st.dictionaries(WORDS | st.sampled_from(list(SHIPPED)), VALUES, max_size=6))
def test_any_tree_is_told(tree: dict[str, Any]) -> None:
    assert problems("\n".join(f"{toml(key)} = {toml(value)}" for key, value in tree.items()))


@given(st.text(st.characters()))
@example("\ud800")
@example("x = '''" * 3)
@example("a." * 3000 + "a = 1")
def test_any_text_is_told(text: str) -> None:
    assert problems(text)


def test_the_shipped_policy_survives_the_writer() -> None:
    # what the trees above are written with
    assert tomllib.loads("\n".join(f"{toml(key)} = {toml(value)}" for key, value in SHIPPED.items())) == SHIPPED
