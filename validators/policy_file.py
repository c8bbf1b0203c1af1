"""A policy as it stands in its TOML file, read strictly: every mistake is named by the path of its key.

>>> read_document('name = "shop"')  # doctest: +ELLIPSIS
Traceback (most recent call last):
    ...
validators.policy_error.PolicyError: version: is missing...
"""

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

import msgspec

from validators.policy_error import PolicyError, Problem
from validators.rules import RULES
from validators.rules.country_code import COUNTRY_CODE
from validators.strict_table import did_you_mean, join, wrong_table
from validators.types import OnExtra

# The headers that say what a record is, and the columns and tables that are no policy's (DESIGN, "Tables").
_HEADERS = {"kind": "a record's kind", "rodzaj": "a record's kind", "source_reference": "a record's earlier number"}
_COLUMNS = ("id", "run", "policy", "created_at", "updated_at", "content_sha256")
_BESIDE = ("record", "line", "row", "place", "outcome", "turn")  # what stands beside the fields on their way there
_TABLES = ("intake_runs", "intake_batches", "intake_schema", "rejections")


class Label(msgspec.Struct, frozen=True):
    """What people call it."""

    pl: str
    en: str


class Parts(msgspec.Struct, frozen=True):
    """A table `parts`: headers of columns that hold one part each of a field, of a street address or of a phone."""

    street: tuple[str, ...] = ()
    house: tuple[str, ...] = ()
    flat: tuple[str, ...] = ()
    area_code: tuple[str, ...] = ()
    extension: tuple[str, ...] = ()

    @property
    def are_mixed(self) -> bool:
        """Return whether they are of both."""
        return bool(self.street or self.house or self.flat) and bool(self.area_code or self.extension)


class PartOf(msgspec.Struct, frozen=True):
    """A table `part_of`: which part a field is of a cell that holds several."""

    full_name: Literal["first", "last"] | None = None
    address: Literal["street", "postal_code", "town"] | None = None


class Wholes(msgspec.Struct, frozen=True):
    """The table `[wholes]`: headers of columns whose cells hold several fields."""

    full_name: tuple[str, ...] = ()
    address: tuple[str, ...] = ()


class FieldEntry(msgspec.Struct, frozen=True):
    """A table `[fields.NAME]`: what a field means, wherever it stands."""

    rule: str
    label: Label
    aliases: tuple[str, ...] = ()  # other headers that mean this field beyond doubt
    autocomplete: str | None = None  # the token of HTML's autofill, for forms
    default: str | None = None  # what stands where a record has nothing
    country_from: str | None = None  # the field that says in which country a phone or postal code is
    parts: Parts = Parts()
    part_of: PartOf = PartOf()


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

    rejections_days: Annotated[int, msgspec.Meta(ge=1, le=36500)]


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
    wholes: Wholes = Wholes()

    def sha256(self) -> str:
        """Return the identity: SHA-256 over the JSON form with sorted keys, which comments and key order do not change.

        The order of `required` and `optional` is meaning (faults come in it), so it counts.
        """
        return hashlib.sha256(msgspec.json.encode(self, order="deterministic")).hexdigest()


def read_document(text: str) -> Document:
    """Read a policy from TOML text; raise PolicyError with all that is wrong."""
    try:
        tree = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # no TOML; longer integers, or deeper, than Python takes
        raise PolicyError([Problem("policy", f"is not TOML: {error}")]) from None
    if problems := list(_wrong_shapes(tree)):
        raise PolicyError(problems)
    document = msgspec.convert(tree, Document)
    if problems := list(_wrong_names(document)):
        raise PolicyError(problems)
    return document


def _wrong_shapes(tree: dict[str, Any]) -> Iterator[Problem]:
    """Find unknown and missing keys and values of a wrong type, entry by entry, so that each path is exact."""
    parts: dict[str, type[msgspec.Struct]] = {"fields": FieldEntry, "kinds": KindEntry}
    yield from wrong_table(Document, "", {**tree, **{part: {} for part in parts if part in tree}})
    for part, entry in parts.items():
        tables = tree.get(part, {})
        if not isinstance(tables, dict):
            yield Problem(part, f"must be tables, `[{part}.NAME]`")
            continue
        for name, table in tables.items():
            yield from _wrong_name(join(part, name), name)
            yield from wrong_table(entry, join(part, name), table)


def _wrong_name(path: str, name: str) -> Iterator[Problem]:
    """Names become columns: `[a-z][a-z0-9_]*`, as PostgreSQL takes them without quotes."""
    if not (name.isascii() and name.isidentifier() and name == name.lower() and not name.startswith("_")):
        yield Problem(path, "is no name: use lower-case letters a to z, digits and `_`, a letter first")


def _wrong_names(document: Document) -> Iterator[Problem]:
    """Find names that lead nowhere or to two things: rules, kinds, fields, tables."""
    if document.default_kind not in document.kinds:
        guess = did_you_mean(document.default_kind, document.kinds)
        yield Problem("default_kind", f"`{document.default_kind}` is no kind; {guess}")
    if COUNTRY_CODE.one(document.default_country).value != document.default_country:
        yield Problem("default_country", f"`{document.default_country}` is no code of ISO 3166-1 alpha-2, such as `PL`")
    for name, field in document.fields.items():
        if name in _BESIDE:
            yield Problem(f"fields.{name}", "is what an import calls something else; choose another name")
        yield from _wrong_field(f"fields.{name}", field, document.fields)
    headers = {**_HEADERS, **dict.fromkeys(document.reference_aliases, _HEADERS["source_reference"])}
    yield from _twice("fields", document.fields, {**headers, **dict.fromkeys(_COLUMNS, "a column of every table")})
    yield from _twice("kinds", document.kinds, {})
    tables = dict.fromkeys(_TABLES, "the product's own")
    recognisers: dict[str, str] = {}
    for name, kind in document.kinds.items():
        yield from _wrong_kind(f"kinds.{name}", kind, document.fields)
        yield from _wrong_name(f"kinds.{name}.table", kind.table)
        if (other := tables.setdefault(kind.table, f"kinds.{name}'s")) != f"kinds.{name}'s":
            yield Problem(f"kinds.{name}.table", f"`{kind.table}` is {other} already")
        for field_name in kind.recognised_by:
            if (other := recognisers.setdefault(field_name, name)) != name:
                yield Problem(f"kinds.{name}.recognised_by", f"`{field_name}` tells kinds.{other} already")


def _wrong_field(path: str, field: FieldEntry, fields: Mapping[str, FieldEntry]) -> Iterator[Problem]:
    if field.rule not in RULES:
        yield Problem(f"{path}.rule", f"`{field.rule}` is no rule; {did_you_mean(field.rule, RULES)}")
    elif field.default is not None and (written := RULES[field.rule].one(field.default).value) != field.default:
        guess = f"did you mean `{written}`?" if written else f"the rule `{field.rule}` refuses it"
        yield Problem(f"{path}.default", f"`{field.default}` is not as the rule writes it; {guess}")
    if field.parts.are_mixed:
        yield Problem(f"{path}.parts", "has parts of a street address and of a phone; a field is one of them")
    countries = [name for name, one in fields.items() if one.rule == COUNTRY_CODE.name]
    if field.country_from and field.rule == COUNTRY_CODE.name:
        yield Problem(f"{path}.country_from", "a country is in no country; leave this line out")
    elif field.country_from and field.country_from not in countries:
        guess = did_you_mean(field.country_from, countries)
        yield Problem(f"{path}.country_from", f"`{field.country_from}` is no field of a country; {guess}")


def _wrong_kind(path: str, kind: KindEntry, fields: Mapping[str, FieldEntry]) -> Iterator[Problem]:
    names = kind.required + kind.optional
    for part, listed in (
        ("required", kind.required),
        ("optional", kind.optional),
        ("recognised_by", kind.recognised_by),
    ):
        for name in listed:
            if name not in fields:
                yield Problem(f"{path}.{part}", f"`{name}` is no field; {did_you_mean(name, fields)}")
            elif name not in names:
                yield Problem(f"{path}.{part}", f"`{name}` is no field of this kind; {did_you_mean(name, names)}")
    if not names:
        yield Problem(f"{path}.required", "names no field; a kind without fields would keep nothing")
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        yield Problem(f"{path}.{'optional' if name in kind.optional else 'required'}", f"`{name}` is named twice")
    if kind.identity and kind.identity not in kind.required:
        yield Problem(
            f"{path}.identity",
            f"`{kind.identity}` is no required field of this kind; {did_you_mean(kind.identity, kind.required)}",
        )


def _twice(
    part: str, entries: Mapping[str, FieldEntry] | Mapping[str, KindEntry], taken: Mapping[str, str]
) -> Iterator[Problem]:
    """Find a header or word that would mean two things."""
    owners = {_letters(word): meaning for word, meaning in taken.items()}
    for name, entry in entries.items():
        path = f"{part}.{name}"
        spoken = {path: (name,), f"{path}.label": (entry.label.pl, entry.label.en), f"{path}.aliases": entry.aliases}
        for place, words in spoken.items():
            for word in dict.fromkeys(words):
                if (owner := owners.setdefault(_letters(word), path)) != path:
                    yield Problem(place, f"`{word}` means {owner} already")


def _letters(word: str) -> str:
    """Return what is compared of a header: `Kod_pocztowy` and `kod pocztowy` are one."""
    return "".join(c for c in word.casefold() if c.isalnum())
