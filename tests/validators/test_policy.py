"""The policy that ships with the package, and what a policy's identity is."""

import re
from pathlib import Path

import pytest

from tests.validators.records import CANONICAL
from tests.validators.shipped import TEXT, changed, loaded
from validators import check
from validators.policy import vipower
from validators.policy_file import read_document

SHA256 = read_document(TEXT).sha256()

PERSON = ["first_name", "last_name"]
ADDRESS = ["street_address", "postal_code", "city", "country_code"]

# DESIGN.md, "What it is for" and "Tables": kind -> clause, table, identity, required fields, optional fields.
DESIGN: dict[str, tuple[str, str, str | None, list[str], list[str]]] = {
    "individual": (
        "osoba fizyczna, dane transakcyjne",
        "individuals",
        "email",
        [*PERSON, *ADDRESS, "phone", "email"],
        [],
    ),
    "business": (
        "osoba prowadząca działalność gospodarczą",
        "businesses",
        "nip",
        ["company_name", "nip", *PERSON, *ADDRESS, "phone", "email"],
        [],
    ),
    "contact": ("kontakt z BOK", "contacts", None, [*PERSON, "email"], []),
    "visit": (
        "wizyta na stronie",
        "visits",
        None,
        ["ip_address"],
        ["browser", "operating_system", "internet_provider"],
    ),
    "registration": ("rejestracja konta", "registrations", None, ["ip_address"], ["internet_provider"]),
    "login": ("logowanie do panelu", "logins", None, ["ip_address"], []),
}
RULES_OF_FIELDS = {
    **dict.fromkeys(PERSON, "person_name"),
    **{name: name for name in ("company_name", "nip", "phone", "email", "browser", "operating_system", *ADDRESS)},
    "ip_address": "ip_address",
    "internet_provider": "text",
}


def test_the_policy_is_vipowers() -> None:
    policy = vipower()

    assert (policy.identity.name, policy.controller) == ("vipower", "ViPower.PL")
    assert (policy.on_extra, policy.default_country, policy.default_kind.name) == ("drop", "PL", "individual")
    assert str(policy.identity) == f"vipower {policy.identity.version} ({SHA256[:12]})"


def test_the_kinds_are_those_of_the_design() -> None:
    kinds = vipower().kinds.values()

    assert {
        kind.name: (
            kind.clause,
            kind.table,
            kind.identity,
            [field.name for field in kind.fields if field.required],
            [field.name for field in kind.fields if not field.required],
        )
        for kind in kinds
    } == DESIGN
    assert [kind.name for kind in kinds if kind.recognised_by] == ["business"]
    assert vipower().kinds["business"].recognised_by == ("nip", "company_name")


@pytest.mark.parametrize("kind", DESIGN)
def test_every_field_follows_the_rule_of_its_name_and_stands_under_its_kinds_clause(kind: str) -> None:
    for field in vipower().kinds[kind].fields:
        assert field.rule.name == RULES_OF_FIELDS[field.name]
        assert field.clause == DESIGN[kind][0]
        assert field.default == ("PL" if field.name == "country_code" else None)
        assert field.country_from == ("country_code" if field.name in {"postal_code", "phone"} else None)


def test_addresses_alone_are_compared_in_any_case() -> None:
    # DESIGN.md, "Tables": individuals' identity is email, compared case-insensitively
    ignoring = {field.name for kind in vipower().kinds.values() for field in kind.fields if field.rule.ignores_case}

    assert ignoring == {"email"}


def test_what_is_reduced_is_what_a_user_agent_tells() -> None:
    reduced = {field.name for kind in vipower().kinds.values() for field in kind.fields if field.rule.reduced}

    assert reduced == {"browser", "operating_system"}


@pytest.mark.parametrize(
    ("header", "field"),
    # the headers that old files have
    [("Imię", "first_name"), ("Nazwisko", "last_name"), ("Kod pocztowy", "postal_code"), ("Miejscowość", "city"),
     ("Telefon", "phone"), ("E-mail", "email"), ("NIP", "nip"), ("Nazwa firmy", "company_name")],
)  # fmt: skip
def test_polish_headers_mean_a_field(header: str, field: str) -> None:
    fields = {one.name: one for kind in vipower().kinds.values() for one in kind.fields}

    assert header in fields[field].aliases


def test_a_field_is_found_by_its_name() -> None:
    assert vipower().kinds["login"].field("ip_address").rule.name == "ip_address"
    with pytest.raises(KeyError):
        vipower().kinds["login"].field("email")


# --- identity --------------------------------------------------------------------------------------------------------


def shuffled(text: str) -> str:
    """Return the policy with its tables, and the keys of each, upside down."""
    head, *tables = re.split(r"\n(?=\[)", re.sub(r"\[\n\s+(.*?),?\n\s*(.*?),?\n\]", r"[\1, \2]", text))
    lines = [line for line in head.splitlines() if "=" in line and not line.startswith("#")]
    mixed = ["\n".join([name, *reversed(keys)]) for name, *keys in (table.strip().splitlines() for table in tables)]
    return "\n".join([*reversed(lines), *reversed(mixed)])


@pytest.mark.parametrize(
    "text",
    [
        re.sub(" +#.*", "", TEXT),
        "# another comment\n" + TEXT.replace("\n", "   # and more\n", 1),
        TEXT.replace("\n\n", "\n\n\n\t\n"),
        TEXT.replace(" = ", "=").replace('", "', '" ,   "'),
        TEXT.replace("\n", "\r\n"),
        TEXT.replace('"vipower"', "'vipower'").replace('"2026.1"', '"""2026.1"""'),
        TEXT.replace('on_extra = "drop"', ""),
        TEXT.replace('default_country = "PL"', ""),
        TEXT.replace("[kinds.login]", "[kinds.login]\noptional = []\nrecognised_by = []"),
        shuffled(TEXT),
    ],
    ids=["no comments", "comments", "lines", "spaces", "line ends", "quotes", "extras", "country", "nothing", "order"],
)
def test_writing_the_same_in_another_way_keeps_the_identity(text: str) -> None:
    assert text != TEXT
    assert read_document(text).sha256() == SHA256


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('name = "vipower"', 'name = "vipower2"'),
        ('version = "2026.1"', 'version = "2026.2"'),
        ('controller = "ViPower.PL"', 'controller = "ViPower"'),
        ('on_extra = "drop"', 'on_extra = "reject"'),
        ('default_kind = "individual"', 'default_kind = "business"'),
        ('default_country = "PL"', 'default_country = "DE"'),
        ('"order number", ', ""),
        ("rejections_days = 30", "rejections_days = 31"),
        ('rule = "nip"', 'rule = "text"'),
        ('{ pl = "NIP",', '{ pl = "Nip",'),
        ('"numer nip", ', ""),
        ('autocomplete = "tel"', 'autocomplete = "tel-national"'),
        ('autocomplete = "tel"\n', ""),
        ('default = "PL"', 'default = "DE"'),
        ('rule = "phone"\ncountry_from = "country_code"', 'rule = "phone"'),
        ('clause = "kontakt z BOK"', 'clause = "kontakt"'),
        ('table = "logins"', 'table = "sessions"'),
        ('identity = "nip"', 'identity = "email"'),
        ('identity = "nip"\n', ""),
        ('recognised_by = ["nip", "company_name"]', 'recognised_by = ["nip"]'),
        ('aliases = ["logowanie"]', "aliases = []"),
        ('required = ["first_name", "last_name", "email"]', 'required = ["last_name", "first_name", "email"]'),
        ('optional = ["internet_provider"]', ""),
        ('"]\noptional = ["internet_provider"]', '", "internet_provider"]'),
    ],
)
def test_any_other_meaning_is_another_identity(old: str, new: str) -> None:
    assert read_document(changed((old, new))).sha256() != SHA256


def test_the_identity_is_a_sha256_and_stands_on_every_verdict(tmp_path: Path) -> None:
    policy = loaded(tmp_path, ('version = "2026.1"', 'version = "2027"'))

    assert re.fullmatch("[0-9a-f]{64}", SHA256)
    assert check(CANONICAL["login"], kind="login").policy.sha256 == SHA256
    assert check({}, policy=policy).policy == policy.identity != vipower().identity
    assert check({}, policy=policy).as_dict()["policy"] == {
        "name": "vipower",
        "version": "2027",
        "sha256": policy.identity.sha256,
    }


# --- another policy --------------------------------------------------------------------------------------------------


def test_a_policy_says_what_becomes_of_extras(tmp_path: Path) -> None:
    policy, record = loaded(tmp_path, ('on_extra = "drop"', 'on_extra = "reject"')), {**CANONICAL["login"], "note": "x"}

    assert [fault.code for fault in check(record, policy=policy, kind="login").faults] == ["extra.forbidden"]
    assert check(record, policy=policy, kind="login", on_extra="drop").accepted


def test_a_policy_says_the_country(tmp_path: Path) -> None:
    changes = [(f'{key} = "PL"', f'{key} = "DE"') for key in ("default_country", "\ndefault")]
    policy = loaded(tmp_path, *changes)
    # Google's address data and phonenumbers' example for Germany
    german = {**CANONICAL["individual"], "country_code": None, "postal_code": "26133", "phone": "030 123456"}

    assert check(german, policy=policy).record == {**german, "country_code": "DE", "phone": "+4930123456"}


def test_a_new_kind_takes_the_policy_alone(tmp_path: Path) -> None:
    newsletter = """[kinds.newsletter]
label = { pl = "Newsletter", en = "Newsletter" }
clause = "newsletter"
table = "subscribers"
identity = "email"
required = ["email"]
optional = ["first_name", "phone"]

[kinds.login]"""
    policy = loaded(tmp_path, ("[kinds.login]", newsletter))

    verdict = check({"email": "jan@EXAMPLE.com", "phone": "512345678"}, policy=policy, kind="Newsletter")
    assert verdict.record == {"email": "jan@example.com", "phone": "+48512345678"}
    assert check({"kind": "newsletter", "email": "jan@example.com", "first_name": "Jan"}, policy=policy).accepted
    assert check({"kind": "newsletter"}).faults[0].code == "kind.unknown"
