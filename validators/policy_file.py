"""A policy as it stands in its TOML file, read strictly: every mistake is named by the path of its key.

>>> read_document('name = "shop"')  # doctest: +ELLIPSIS
Traceback (most recent call last):
    ...
validators.policy_file.PolicyError: version: is missing...
"""

import difflib
import hashlib
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

import msgspec

from validators.rules import RULES

OnExtra = Literal["drop", "reject"]


class Label(msgspec.Struct, frozen=True):
    """What people call it."""

    pl: str
    en: str


class FieldEntry(msgspec.Struct, frozen=True):
    """A table `[fields.NAME]`: what a field means, wherever it stands."""

    rule: str
    label: Label
    aliases: tuple[str, ...] = ()  # other headers that mean this field beyond doubt
    autocomplete: str | None = None  # the token of HTML's autofill, for forms
    default: str | None = None  # what stands where a record has nothing
    country_from: str | None = None  # the field that says in which country a phone or postal code is


class KindEntry(msgspec.Struct, frozen=True):
    """A table `[kinds.NAME]`: which fields a kind of record may have, and the clause that allows them."""

    label: Label
    clause: str
    table: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    identity: str | None = None  # the field that tells two records apart; None: each record counts
    recognised_by: tuple[str, ...] = ()  # a record that says no kind is of this one when it has one of these


class Retention(msgspec.Struct, frozen=True):
    """How long things are kept, in days."""

    rejections_days: int


class Document(msgspec.Struct, frozen=True):
    """A whole policy file."""

    name: str
    version: str
    controller: str
    default_kind: str
    retention: Retention
    fields: dict[str, FieldEntry]
    kinds: dict[str, KindEntry]
    on_extra: OnExtra = "drop"
    reference_aliases: tuple[str, ...] = ()  # headers of the number that a record had before, or the order's
    default_country: str = "PL"

    def sha256(self) -> str:
        """Return the identity: SHA-256 over the JSON form with sorted keys, which comments and key order do not change.

        The order of `required` and `optional` is meaning (faults come in it), so it counts.
        """
        return hashlib.sha256(msgspec.json.encode(self, order="deterministic")).hexdigest()


class Problem(msgspec.Struct, frozen=True):
    """One mistake: the key's path (`kinds.business.identity`) and what would be right."""

    path: str
    message: str

    def __str__(self) -> str:
        """Return `path: message`."""
        return f"{self.path}: {self.message}"


class PolicyError(Exception):
    """A policy that cannot be used. `problems` has every mistake found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems."""
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def read_document(text: str) -> Document:
    """Read a policy from TOML text; raise PolicyError with all that is wrong."""
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError([Problem("policy", f"is not TOML: {error}")]) from None
    if problems := list(_wrong_shapes(tree)):
        raise PolicyError(problems)
    document = msgspec.convert(tree, Document)
    if problems := list(_wrong_names(document)):
        raise PolicyError(problems)
    return document


def _wrong_shapes(tree: dict[str, Any]) -> Iterator[Problem]:
    """Find unknown and missing keys and values of a wrong type, entry by entry, so that each path is exact."""
    yield from _wrong_table(Document, "", {**tree, "fields": {}, "kinds": {}} if "fields" in tree else tree)
    for part, entry in (("fields", FieldEntry), ("kinds", KindEntry)):
        tables = tree.get(part, {})
        if not isinstance(tables, dict):
            yield Problem(part, f"must be tables, `[{part}.NAME]`")
            continue
        for name, table in tables.items():
            yield from _wrong_name(f"{part}.{name}", name)
            yield from _wrong_table(entry, f"{part}.{name}", table)


def _wrong_name(path: str, name: str) -> Iterator[Problem]:
    """Names become columns: `[a-z][a-z0-9_]*`, as PostgreSQL takes them without quotes."""
    if not (name.isascii() and name.isidentifier() and name == name.lower() and not name.startswith("_")):
        yield Problem(path, "is no name: use lower-case letters a to z, digits and `_`, a letter first")


def _wrong_table(entry: type[msgspec.Struct], path: str, table: object) -> Iterator[Problem]:
    if not isinstance(table, dict):
        yield Problem(path, "must be a table")
        return
    known = {field.name: field for field in msgspec.structs.fields(entry)}
    for key in table.keys() - known.keys():
        yield Problem(_join(path, key), f"is unknown here; {_did_you_mean(key, known)}")
    for name, field in known.items():
        if name in table:
            yield from _wrong_value(_join(path, name), table[name], field.type)
        elif field.required:
            yield Problem(_join(path, name), "is missing")


def _wrong_value(path: str, value: object, wanted: Any) -> Iterator[Problem]:  # noqa: ANN401  (a type, as msgspec takes it)
    if isinstance(wanted, type) and issubclass(wanted, msgspec.Struct):
        yield from _wrong_table(wanted, path, value)
        return
    try:
        msgspec.convert(value, wanted)
    except msgspec.ValidationError as error:
        yield Problem(path, str(error))


def _wrong_names(document: Document) -> Iterator[Problem]:
    """Find names that lead nowhere: rules, kinds, fields."""
    if document.default_kind not in document.kinds:
        yield Problem("default_kind", f"`{document.default_kind}` is no kind; {_did_you_mean('', document.kinds)}")
    for name, field in document.fields.items():
        if field.rule not in RULES:
            yield Problem(f"fields.{name}.rule", f"`{field.rule}` is no rule; {_did_you_mean(field.rule, RULES)}")
        if field.country_from and field.country_from not in document.fields:
            yield Problem(
                f"fields.{name}.country_from",
                f"`{field.country_from}` is no field; {_did_you_mean(field.country_from, document.fields)}",
            )
    yield from _twice("aliases", document.fields)
    yield from _twice("aliases", document.kinds)
    tables: dict[str, str] = {}
    for name, kind in document.kinds.items():
        yield from _wrong_kind(f"kinds.{name}", kind, document.fields)
        yield from _wrong_name(f"kinds.{name}.table", kind.table)
        if (other := tables.setdefault(kind.table, name)) != name:
            yield Problem(f"kinds.{name}.table", f"`{kind.table}` is the table of kinds.{other} already")


def _wrong_kind(path: str, kind: KindEntry, fields: Mapping[str, FieldEntry]) -> Iterator[Problem]:
    names = kind.required + kind.optional
    for part, listed in (("required", kind.required), ("optional", kind.optional), ("recognised_by", kind.recognised_by)):
        for name in listed:
            if name not in fields:
                yield Problem(f"{path}.{part}", f"`{name}` is no field; {_did_you_mean(name, fields)}")
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        yield Problem(f"{path}.{'optional' if name in kind.optional else 'required'}", f"`{name}` is named twice")
    if kind.identity and kind.identity not in kind.required:
        yield Problem(
            f"{path}.identity",
            f"`{kind.identity}` is no required field of this kind; {_did_you_mean(kind.identity, kind.required)}",
        )


def _twice(part: str, entries: Mapping[str, FieldEntry] | Mapping[str, KindEntry]) -> Iterator[Problem]:
    """Find a header or word that would mean two things."""
    owners: dict[str, str] = {}
    for name, entry in entries.items():
        for word in {spoken.casefold() for spoken in (name, *entry.aliases)}:
            if (owner := owners.setdefault(word, name)) != name:
                yield Problem(f"{name}.{part}", f"`{word}` means {owner} already")


def _did_you_mean(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, list(known), n=1)
    return f"did you mean `{close[0]}`?" if close else "known are " + ", ".join(f"`{one}`" for one in known)


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
