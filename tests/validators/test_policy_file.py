"""A policy is read strictly: every mistake is told by the path of its key, and nothing else is ever raised."""

import datetime
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.validators.shipped import TEXT, changed
from validators import PolicyError, load_policy
from validators.policy_file import Problem, read_document
from validators.rules import RULES


def problems(text: str) -> list[tuple[str, str]]:
    with pytest.raises(PolicyError) as caught:
        read_document(text)
    return [(problem.path, problem.message) for problem in caught.value.problems]


# What is changed in the policy, the path that is told, and what would be right (or why it is not).
MISTAKES: dict[str, tuple[str, str, str, str]] = {
    # --- keys
    "unknown key": ('controller = "', 'contoller = "x"\ncontroller = "', "contoller", "did you mean `controller`?"),
    "unknown key of a field": ("[fields.nip]\n", "[fields.nip]\nrules = 1\n", "fields.nip.rules", "did you mean `rule`?"),
    "unknown key of a kind": ("[kinds.login]\n", "[kinds.login]\nfield = []\n", "kinds.login.field", "known are `label`"),
    "unknown key of a label": ('{ pl = "NIP",', '{ de = "NIP", pl = "NIP",', "fields.nip.label.de", "known are `pl`, `en`"),
    "unknown key of the retention": ("[retention]\n", "[retention]\nx = 1\n", "retention.x", "known are `rejections_days`"),
    "key with a space": ('controller = "', '"on extra" = 1\ncontroller = "', '"on extra"', "did you mean `on_extra`?"),
    "missing key": ('version = "2026.1"\n', "", "version", "is missing"),
    "missing key of a field": ('rule = "nip"\n', "", "fields.nip.rule", "is missing"),
    "missing key of a kind": ('table = "logins"\n', "", "kinds.login.table", "is missing"),
    "missing key of a label": (', en = "NIP (tax number)"', "", "fields.nip.label.en", "is missing"),
    "missing table": ("[retention]\nrejections_days = 30", "", "retention", "is missing"),
    # --- types
    "number for a text": ('version = "2026.1"', "version = 2026.1", "version", "Expected `str`, got `float`"),
    "date for a text": ('version = "2026.1"', "version = 2026-01-01", "version", "Expected `str`, got `date`"),
    "truth value for a number": ("rejections_days = 30", "rejections_days = true", "retention.rejections_days", "`bool`"),
    "text for a number": ("rejections_days = 30", 'rejections_days = "30"', "retention.rejections_days", "Expected `int`"),
    "no day": ("rejections_days = 30", "rejections_days = 0", "retention.rejections_days", "Expected `int` >= 1"),
    "too many days": ("rejections_days = 30", f"rejections_days = {'9' * 30}", "retention.rejections_days", "<= 36500"),
    "text for a list": ('aliases = ["kontakt", "bok"]', 'aliases = "bok"', "kinds.contact.aliases", "Expected `array`"),
    "number in a list": ('aliases = ["kontakt", "bok"]', 'aliases = ["bok", 1]', "kinds.contact.aliases[1]", "Expected `str`"),
    "text for a table": ('label = { pl = "NIP", en = "NIP (tax number)" }', 'label = "NIP"', "fields.nip.label", "a table"),
    "list for a text that may be missing": ('identity = "nip"', "identity = []", "kinds.business.identity", "Expected `str`"),
    "word for on_extra": ('on_extra = "drop"', 'on_extra = "keep"', "on_extra", "must be `drop` or `reject`"),
    # --- names
    "unknown rule": ('rule = "nip"', 'rule = "nipp"', "fields.nip.rule", "did you mean `nip`?"),
    "unknown rule, like none": ('rule = "nip"', 'rule = "?"', "fields.nip.rule", "known are `person_name`, `company_name`"),
    "unknown default kind": ('default_kind = "individual"', 'default_kind = "indvidual"', "default_kind", "`individual`?"),
    "unknown field": ('"email"]\n\n[kinds.business]', '"emial"]\n\n[kinds.business]', "kinds.individual.required", "`email`?"),
    "unknown optional field": ('["browser", "op', '["brwser", "op', "kinds.visit.optional", "did you mean `browser`?"),
    "unknown recogniser": ('by = ["nip",', 'by = ["niip",', "kinds.business.recognised_by", "did you mean `nip`?"),
    "recogniser of another kind": ('by = ["nip",', 'by = ["browser",', "kinds.business.recognised_by", "of this kind"),
    "field twice": (
        'required = ["ip_address"]\noptional = ["internet_provider"]',
        'required = ["ip_address", "ip_address"]\noptional = ["internet_provider"]',
        "kinds.registration.required",
        "`ip_address` is named twice",
    ),
    "field required and optional": ('optional = ["internet_provider"]', 'optional = ["ip_address"]', "kinds.registration.optional", "twice"),
    "identity that is no field": ('identity = "nip"', 'identity = "nipp"', "kinds.business.identity", "did you mean `nip`?"),
    "identity of another kind": ('identity = "nip"', 'identity = "browser"', "kinds.business.identity", "no required field"),
    "kind without fields": (
        'table = "logins"\nrequired = ["ip_address"]',
        'table = "logins"\nrequired = []',
        "kinds.login.required",
        "names no field",
    ),
    "country that is no country's": ('[fields.phone]\nrule = "phone"\ncountry_from = "country_code"', '[fields.phone]\nrule = "phone"\ncountry_from = "city"', "fields.phone.country_from", "`country_code`"),
    "default that its rule refuses": ('default = "PL"', 'default = "Polandia"', "fields.country_code.default", "refuses it"),
    "default that its rule changes": ('default = "PL"', 'default = "Polska"', "fields.country_code.default", "did you mean `PL`?"),
    "default country by its name": ('default_country = "PL"', 'default_country = "Polska"', "default_country", "ISO 3166-1"),
    # --- what a name may be
    "name with a capital": ("[kinds.login]", "[kinds.Login]", "kinds.Login", "lower-case letters"),
    "name with a Polish letter": ("[kinds.login]", '[kinds."wejście"]', 'kinds."wejście"', "lower-case letters"),
    "name with a dot": ("[kinds.login]", '[kinds."log.in"]', 'kinds."log.in"', "lower-case letters"),
    "dotted nonsense": ("[kinds.login]", "[kinds.log.in]", "kinds.log.in", "is unknown here"),
    "empty name": ("[kinds.login]", '[kinds.""]', 'kinds.""', "lower-case letters"),
    "name that begins with a digit": ("[fields.nip]", "[fields.1nip]", "fields.1nip", "a letter first"),
    "table's name": ('table = "logins"', 'table = "log ins"', "kinds.login.table", "lower-case letters"),
    "table of two kinds": ('table = "logins"', 'table = "visits"', "kinds.login.table", "kinds.visit's already"),
    "table of the product": ('table = "logins"', 'table = "rejections"', "kinds.login.table", "the product's own already"),
    "field like a column of every table": ("[fields.nip]", "[fields.run]\nrule = \"text\"\nlabel = { pl = \"x1\", en = \"x1\" }\n[fields.nip]", "fields.run", "a column of every table"),
    # --- words that would mean two things
    "alias of two fields": ('aliases = ["ip", "adres ip"]', 'aliases = ["ip", "e-mail"]', "fields.ip_address.aliases", "`e-mail` means fields.email already"),
    "alias in other letters": ('aliases = ["ip", "adres ip"]', 'aliases = ["ip", "KOD_pocztowy"]', "fields.ip_address.aliases", "fields.postal_code"),
    "label of two fields": ('label = { pl = "Adres IP",', 'label = { pl = "Telefon",', "fields.ip_address.label", "fields.phone"),
    "alias that is a field's name": ('aliases = ["ip", "adres ip"]', 'aliases = ["city"]', "fields.ip_address.aliases", "fields.city"),
    "alias for the kind": ('aliases = ["ip", "adres ip"]', 'aliases = ["Rodzaj"]', "fields.ip_address.aliases", "a record's kind"),
    "alias for the number": ('aliases = ["ip", "adres ip"]', 'aliases = ["Nr klienta"]', "fields.ip_address.aliases", "earlier number"),
    "word for two kinds": ('aliases = ["logowanie"]', 'aliases = ["Firma"]', "kinds.login.aliases", "kinds.business"),
    "label of two kinds": ('label = { pl = "Logowanie do panelu"', 'label = { pl = "Wizyta na stronie"', "kinds.login.label", "kinds.visit"),
    "two kinds by one field": ('table = "logins"', 'table = "logins"\nrecognised_by = ["ip_address"]\n[kinds.other]\nlabel = { pl = "o1", en = "o2" }\nclause = "x"\ntable = "others"\nrecognised_by = ["ip_address"]', "kinds.other.recognised_by", "`ip_address` tells kinds.login already"),
    # --- TOML
    "no TOML": ("[retention]", "[retention", "policy", "is not TOML: Expected ']'"),
    "key twice": ('version = "2026.1"', 'version = "2026.1"\nversion = "2026.2"', "policy", "Cannot overwrite a value"),
    "table twice": ("[kinds.login]", "[kinds.login]\n[kinds.login]", "policy", "Cannot declare ('kinds', 'login') twice"),
    "no value": ('version = "2026.1"', "version =", "policy", "is not TOML: Invalid value (at line"),
    "no date": ('version = "2026.1"', "version = 2026-02-30", "policy", "is not TOML: Invalid date"),
    "an integer of 5000 digits": ("rejections_days = 30", f"rejections_days = {'9' * 5000}", "policy", "Exceeds the limit"),
    "brackets 5000 deep": ('version = "2026.1"', f"version = {'[' * 5000}", "policy", "is not TOML"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "path", "said"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_told_by_its_path_and_what_would_be_right(old: str, new: str, path: str, said: str) -> None:
    found = problems(changed((old, new)))

    assert [message for place, message in found if place == path and said in message], found


ONE_BY_ONE = {name for name in MISTAKES if "name" not in name.split()}


@pytest.mark.parametrize("name", sorted(ONE_BY_ONE - {"unknown default kind"}))
def test_one_mistake_is_told_once(name: str) -> None:
    old, new, path, _ = MISTAKES[name]

    assert [place for place, _ in problems(changed((old, new)))].count(path) == 1


def test_all_mistakes_are_told_together() -> None:
    found = problems(changed(('version = "2026.1"\n', ""), ('rule = "nip"\n', "rules = 1\n"), ("[kinds.login]", "[kinds.L]")))

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
    return value.isoformat() if isinstance(value, datetime.date | datetime.time) else str(value)


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
    tree = json.loads(json.dumps(SHIPPED))
    for path in draw(st.lists(PATHS, min_size=1, max_size=3)):
        parent = tree
        for key in path[:-1]:
            reachable = isinstance(parent, list) and isinstance(key, int) and key < len(parent)
            reachable = reachable or (isinstance(parent, dict) and key in parent)
            parent = parent[key] if reachable else {}
        if isinstance(parent, list):
            parent.append(draw(VALUES))
        elif isinstance(parent, dict):
            parent[draw(st.just(str(path[-1])) | WORDS)] = draw(VALUES | st.just(parent.get(path[-1], 1)))
    return tree


def reads_or_tells(text: str) -> None:
    try:
        document = read_document(text)
    except PolicyError as error:
        assert error.problems
        assert all(problem.path and problem.message for problem in error.problems)
    else:
        assert len(document.sha256()) == 64
        assert {field.rule for field in document.fields.values()} <= RULES.keys()


@given(mutated_trees())
def test_a_tree_is_read_or_told(tree: dict[str, Any]) -> None:
    reads_or_tells("\n".join(f"{toml(key)} = {toml(value)}" for key, value in tree.items()))


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
