"""`check` and `check_table` judge alike, to the letter: kind, canonical record, faults, notices and fixes."""

import csv
import json
import re
import subprocess
import sys
import threading
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any, Final, get_args

import polars as pl
import pytest
import ua_parser
from email_validator import EmailNotValidError, validate_email
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import parity
from tests.intake.command import ROOT
from tests.intake.test_register import MAPPING, REGISTER, read_register
from tests.parity import compare, differences, main
from tests.sample import generate
from tests.validators.grammar import COUNTRIES, dice, values
from tests.validators.records import CANONICAL
from tests.validators.shipped import loaded
from tests.validators.values import ANY_TEXT, nearly
from validators import Policy, TableVerdict, check_table, load_policy
from validators.policy import vipower
from validators.rules import RULES
from validators.rules.phone_reading import read_phone
from validators.types import OnExtra

GENERATED: Final = 100_000  # values of each rule, as issue 3 asks
LEANING: Final = {"phone", "postal_code"}  # on the country

# A kind that must have the value, one that may, and the country that it leans on.
SMALL: Final = """\
name = "parity"
version = "1"
controller = "nobody"
default_kind = "needed"
[retention]
rejections_days = 1
[fields.value]
rule = "{rule}"
{leaning}
label = {{ pl = "wartość", en = "value" }}
[fields.country]
rule = "country_code"
default = "PL"
label = {{ pl = "kraj", en = "country" }}
[kinds.needed]
label = {{ pl = "potrzebna", en = "needed" }}
clause = "a value that must be there"
table = "needed"
required = ["value"]
optional = ["country"]
[kinds.spare]
label = {{ pl = "zbędna", en = "spare" }}
clause = "a value that may be there"
table = "spare"
required = ["country"]
optional = ["value"]
"""


@cache
def small(name: str, folder: Path) -> Policy:
    """Return a policy that is about one rule."""
    path = folder / f"{name}.toml"
    leaning = 'country_from = "country"' if name in LEANING else ""
    path.write_text(SMALL.format(rule=name, leaning=leaning), encoding="utf-8")
    return load_policy(path)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("policies")


@pytest.fixture
def uncovered() -> Iterator[None]:
    """Let coverage look away: it would take three times as long, and other tests reach every branch.

    The mark `no_cover` of pytest-cov 7.1 does not do it in the workers of pytest-xdist: another tracer goes on there.
    """
    tracer, of_threads = sys.gettrace(), threading.gettrace()
    sys.settrace(None)
    threading.settrace(None)
    yield
    sys.settrace(tracer)
    threading.settrace(of_threads)


@pytest.fixture
def libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let libraries remember what they said: both readings ask them about the same values, and they are slow."""
    monkeypatch.setattr("validators.rules.email.validate_email", remembering(validate_email))
    monkeypatch.setattr("validators.rules.phone_reading.read_phone", remembering(read_phone))
    monkeypatch.setattr("ua_parser.parse", remembering(ua_parser.parse))


def remembering(function: Callable[..., Any]) -> Callable[..., Any]:
    answers: dict[object, tuple[Any, EmailNotValidError | None]] = {}

    def answer(*asked: object, **how: object) -> Any:  # noqa: ANN401  (what the function gives)
        key = asked, *how.items()
        if key not in answers:
            try:
                answers[key] = function(*asked, **how), None
            except EmailNotValidError as error:
                answers[key] = None, error
        found, refusal = answers[key]
        if refusal:
            raise refusal.with_traceback(None)
        return found

    return answer


def apart(frame: pl.DataFrame, policy: Policy | None = None, **how: str | None) -> list[object]:
    """Return the first rows that are judged otherwise, with what is said of them."""
    found = differences(frame, policy=policy, **how)  # type: ignore[arg-type]  # words of Literals
    return [(frame.row(row, named=True) if row < len(frame) else None, what) for row, what in islice(found, 5)]


# --- every rule ------------------------------------------------------------------------------------------------------


def tables(name: str, texts: list[str], seed: int) -> Iterator[pl.DataFrame]:
    """Yield the values in tables: of many rows, which threads read; of few; and of many in which few values repeat."""
    rng = dice(seed)
    cut = len(texts) // 10
    few = texts[:900]
    for part in (texts[cut:], *(texts[at : at + 1000] for at in range(0, cut, 1000)), rng.choices(few, k=4000)):
        columns: dict[str, list[str] | list[str | None]] = {
            "value": part,
            "kind": rng.choices(("needed", "spare"), k=len(part)),
        }
        if name in LEANING:
            columns["country"] = rng.choices((*COUNTRIES, *["PL"] * 60), k=len(part))
        yield pl.DataFrame(columns)


@pytest.mark.usefixtures("libraries", "uncovered")
@pytest.mark.parametrize("name", RULES)
def test_both_readings_of_a_rule_are_the_same(name: str, folder: Path) -> None:
    texts = list(values(RULES[name], GENERATED, seed=3))

    for table in tables(name, texts, seed=3):
        assert apart(table, small(name, folder)) == []


@settings(max_examples=200)
@given(
    st.sampled_from(list(RULES)).flatmap(
        lambda name: st.tuples(st.just(name), st.lists(st.none() | nearly(name) | ANY_TEXT, min_size=1, max_size=20))
    ),
    st.sampled_from(COUNTRIES),
)
def test_both_readings_of_a_few_values_are_the_same(
    folder: Path, drawn: tuple[str, list[str | None]], country: str | None
) -> None:
    name, texts = drawn
    column = [text and text.encode(errors="replace").decode() for text in texts]  # no column holds a lone surrogate

    for kind in ("needed", "spare"):
        assert (
            apart(pl.DataFrame({"value": column, "country": [country] * len(column)}), small(name, folder), kind=kind)
            == []
        )


@pytest.mark.parametrize("name", sorted(LEANING))
def test_a_country_that_nobody_says_is_the_policys_own(name: str, folder: Path) -> None:
    path = folder / f"{name}-without-default.toml"
    text = SMALL.format(rule=name, leaning='country_from = "country"').replace('default = "PL"\n', "")
    path.write_text(text, encoding="utf-8")
    rng = dice(3)
    table = pl.DataFrame(  # of many rows in which few countries repeat
        {
            "value": list(islice(values(RULES[name], GENERATED, seed=3), 4000)),
            "country": rng.choices(("PL", "Polska", "DE", "brak", "-", "", None, "?"), k=4000),
        }
    )

    assert apart(table, load_policy(path)) == []


@pytest.mark.parametrize("name", RULES)
def test_every_code_of_a_rule_is_among_the_generated(name: str, folder: Path) -> None:
    # else a hundred thousand values would prove less than they seem to
    texts = list(values(RULES[name], GENERATED // 10, seed=3))
    verdict = check_table(next(tables(name, texts, seed=3)), policy=small(name, folder))
    told = pl.concat([verdict.faults, verdict.notices, verdict.fixes])["code"].cast(pl.String)

    assert RULES[name].codes.keys() - set(told) == set()
    assert {"required.missing", "required.placeholder", "required.placeholder_emptied"} <= set(told)


# --- whole records ---------------------------------------------------------------------------------------------------

SAID: Final = (
    *(
        "individual",
        "business",
        "contact",
        "visit",
        "registration",
        "login",
        "Osoba fizyczna",
        "FIRMA",
        " firma ",
        "bok",
    ),
    *(
        "działalność  gospodarcza",
        "logowanie",
        "\x1fkontakt\u3000",
        "dostawca",
        "?",
        "\u200bfirma",
        "",
        " ",
        "\x1c",
        None,
        None,
    ),
)
EXTRAS: Final = ("note", "pesel", "Data urodzenia", "uwagi ", "", "x" * 120, "x" * 130, "a/b~c", "\x00")
BLANK: Final = ("", " ", "\t\x1c\x1f\u3000", None)


def records(count: int, seed: int) -> list[dict[str, str | None]]:
    """Return records of all kinds, some of them as one knows them from old files."""
    rng = dice(seed)
    bad = {name: list(values(rule, 300, seed)) for name, rule in RULES.items()}
    return [_record(rng, bad) for _ in range(count)]


def _record(rng: Random, bad: dict[str, list[str]]) -> dict[str, str | None]:
    kind = rng.choice(list(CANONICAL))
    record: dict[str, str | None] = {**CANONICAL[kind]}
    for field in vipower().kinds[kind].fields:
        if rng.random() < 0.15:
            record[field.name] = rng.choice((*BLANK, *rng.sample(bad[field.rule.name], 6)))
    if rng.random() < 0.8:
        record[rng.choice(("kind", "kind", "rodzaj"))] = kind if rng.random() < 0.6 else rng.choice(SAID)
    if rng.random() < 0.2:
        record["rodzaj"] = rng.choice(SAID)
    if rng.random() < 0.2:  # an individual that looks like a business, or nearly
        record[rng.choice(("nip", "company_name"))] = rng.choice(
            ("5260250274", "brak", "-", " nie dotyczy ", "?", *BLANK)
        )
    for name in rng.sample(EXTRAS, rng.choice((0, 0, 0, 1, 3))):
        record[name] = rng.choice(("VIP", "brak", *BLANK))
    return record


@pytest.mark.parametrize("on_extra", [None, *get_args(OnExtra)])
@pytest.mark.parametrize("kind", [None, "business", " Osoba  FIZYCZNA", "logowanie", "dostawca", ""])
def test_records_of_all_kinds(kind: str | None, on_extra: OnExtra | None) -> None:
    table = pl.DataFrame(records(1500, seed=5), infer_schema_length=None)

    assert apart(table, kind=kind, on_extra=on_extra) == []


def test_records_of_all_kinds_in_a_table_that_threads_read() -> None:
    table = pl.DataFrame(records(2500, seed=6), infer_schema_length=None)

    assert apart(pl.concat([table.sample(fraction=1, shuffle=True, seed=seed) for seed in range(5)])) == []


@pytest.mark.parametrize("kind", CANONICAL)
def test_records_that_a_pattern_proves_as_a_whole(kind: str) -> None:
    # the scalar reading has a short cut for these, `validators.proof`
    rng = dice(7)
    table = pl.DataFrame(
        [
            CANONICAL[kind]
            | {
                name: rng.choice(("", " ", "x", value.lower()))
                for name, value in [rng.choice(list(CANONICAL[kind].items()))]
            }
            for _ in range(300)
        ]
        + [CANONICAL[kind]] * 10
    )

    assert apart(table, kind=kind) == []
    assert apart(table.with_columns(kind=pl.lit(kind), rodzaj=pl.lit(" "))) == []


# --- policies other than the one that ships --------------------------------------------------------------------------

GERMAN = ('default_country = "PL" ', 'default_country = "DE" ')
GERMAN_BY_DEFAULT = ('default = "PL"\nlabel', 'default = "DE"\nlabel')
NO_DEFAULT = ('default = "PL"\nlabel', "label")
PHONE_ANYWHERE = ('rule = "phone"\ncountry_from = "country_code"', 'rule = "phone"')
BUSINESS = ('default_kind = "individual" ', 'default_kind = "business" ')
REJECTING = ('on_extra = "drop" ', 'on_extra = "reject" ')
NO_COUNTRY = (
    'required = ["first_name", "last_name", "street_address", "postal_code", "city", "country_code", "phone", "email"]',
    'required = ["first_name", "last_name", "street_address", "postal_code", "city", "phone", "email"]',
)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param((GERMAN, GERMAN_BY_DEFAULT), id="another country"),
        pytest.param((GERMAN,), id="two default countries"),
        pytest.param((NO_DEFAULT,), id="no default"),
        pytest.param((NO_DEFAULT, NO_COUNTRY), id="no default, and no field of the country"),
        pytest.param((PHONE_ANYWHERE,), id="a phone that leans on no field"),
        pytest.param((PHONE_ANYWHERE, GERMAN, GERMAN_BY_DEFAULT), id="the same in another country"),
        pytest.param((REJECTING,), id="extras are refused"),
        pytest.param((BUSINESS,), id="records that say nothing are businesses"),
    ],
)
def test_another_policy(changes: tuple[tuple[str, str], ...], tmp_path: Path) -> None:
    rng = dice(8)
    phones = ("512345678", "+48512345678", "030 123456", "01512 3456789", "+49 30 123456", "brak", None)
    codes = ("00-950", "00950", "10115", "sw1a 1aa", "0", None)
    table = pl.DataFrame(
        [
            CANONICAL["individual"]
            | {"phone": rng.choice(phones), "country_code": rng.choice(COUNTRIES), "postal_code": rng.choice(codes)}
            | {"note": rng.choice(("VIP", " ")), "nip": rng.choice(("5260250274", "brak", None))}
            for _ in range(1000)
        ],
        infer_schema_length=None,
    )

    assert apart(table, loaded(tmp_path, *changes)) == []


def test_records_that_say_no_country_are_in_the_one_that_the_field_has_by_default(tmp_path: Path) -> None:
    policy = loaded(tmp_path, GERMAN)  # where a policy has no country of a field's own, it is Germany
    table = pl.DataFrame([CANONICAL["individual"] | {"country_code": None, "postal_code": "00-950"}] * 3)

    assert apart(table, policy) == []
    assert len(check_table(table, policy=policy).accepted["individual"]) == len(table)


TWO_COUNTRIES: Final = """\
name = "two addresses"
version = "1"
controller = "nobody"
default_kind = "order"
[retention]
rejections_days = 1
[fields.home]
rule = "country_code"
label = { pl = "kraj", en = "country" }
[fields.home_code]
rule = "postal_code"
country_from = "home"
label = { pl = "kod", en = "code" }
[fields.parcel]
rule = "country_code"
label = { pl = "kraj dostawy", en = "country of the parcel" }
[fields.parcel_code]
rule = "postal_code"
country_from = "parcel"
label = { pl = "kod dostawy", en = "code of the parcel" }
[kinds.order]
label = { pl = "zamówienie", en = "order" }
clause = "an order"
table = "orders"
required = ["home_code", "parcel_code"]
optional = ["home", "parcel"]
"""


def test_each_field_leans_on_the_country_that_the_policy_names_for_it(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(TWO_COUNTRIES, encoding="utf-8")
    policy = load_policy(path)
    # 10115 is Berlin's first postal code, 00-950 Warsaw's for large receivers.
    table = pl.DataFrame(
        {
            "home": ["PL", "DE", "Polandia", None],
            "home_code": ["00-950", "10115", "10115", "00-950"],
            "parcel": ["DE", None, "DE", "Atlantyda"],
            "parcel_code": ["10115", "00-950", "10115", "?!x"],
        }
    )

    assert apart(table, policy) == []
    verdict = check_table(table, policy=policy)
    assert verdict.accepted["order"]["row"].to_list() == [0, 1]
    assert verdict.faults.rows() == [
        (2, "home", "country_code.unknown", "{}"),
        (3, "parcel", "country_code.unknown", "{}"),
    ]


# --- files -----------------------------------------------------------------------------------------------------------


def test_the_sample_of_an_old_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    generate.main([str(tmp_path / "customers.csv"), "--records", "3000", "--seed", "9"])

    assert compare(tmp_path / "customers.csv", vipower()) == 0
    assert compare(tmp_path / "customers.visits.jsonl", vipower()) == 0
    told = capsys.readouterr().out
    assert re.findall("^customers.csv: [0-9,]+ records compared, 0 differences$", told, re.MULTILINE)


# What asks a library about nearly every cell reads all that look like its own, and a tenth of the others.
ASKING: Final = {
    "phone": "(?:[0-9][^0-9]{0,3}){7}",
    "email": "@",
    "browser": "Firefox|Chrome|Mozilla",
    "operating_system": "Windows|Android|Linux",
}

registers = pytest.mark.skipif(
    not REGISTER.exists(), reason=f"{REGISTER.name} is not there; it is public, and no part of this project"
)


@cache
def cells() -> list[str]:
    """Return every cell of two registers, once."""
    found: dict[str, None] = {}
    for path, encoding in ((REGISTER, "utf-8-sig"), (REGISTER.parent / "local-governments-cp1250.csv", "cp1250")):
        with path.open(encoding=encoding, newline="") as file:
            for row in csv.reader(file, delimiter=";"):
                found |= dict.fromkeys(row)
    return list(found)


@registers
@pytest.mark.usefixtures("libraries", "uncovered")
@pytest.mark.parametrize("name", RULES)
def test_every_cell_of_two_registers_as_a_value_of_every_rule(name: str, folder: Path) -> None:
    table = pl.DataFrame({"value": cells()}).with_row_index()
    if name in ASKING:
        table = table.filter((pl.col("index") % 10 == 0) | pl.col("value").str.contains(ASKING[name]))

    assert len(table) > (3_000 if name in ASKING else 30_000)
    assert apart(table.drop("index"), small(name, folder)) == []


@registers
def test_the_register_of_schools_as_records() -> None:
    named = {column: field for field, column in tomllib.loads(MAPPING)["columns"].items()}
    table = pl.DataFrame(read_register()).rename(named)

    for kind in (None, "business", "osoba", "bok"):
        assert apart(table, kind=kind) == []


# --- make parity -----------------------------------------------------------------------------------------------------

VALUES: Final = ("5260250274", "512345678", "Kowalski", "lucja@example.com")


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text("NIP;Telefon;Nazwisko\n5260250274;512345678;Kowalski\n5260250275;x;-\n", encoding="utf-8")
    return path


def test_a_file_that_is_judged_alike(people: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(people)]) == 0
    assert capsys.readouterr() == ("people.csv: 2 records compared, 0 differences\n", "")


def test_a_file_that_is_not(people: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def other(frame: pl.DataFrame, **how: Any) -> TableVerdict:  # noqa: ANN401  (what `check_table` takes)
        return check_table(frame.with_columns(nip=pl.lit("5260250274"), note=pl.lit("VIP")), **how)

    monkeypatch.setattr(parity, "check_table", other)
    people.write_text(people.read_text("utf-8") + "5260250275;x;Nowak\n" * 30, encoding="utf-8")

    assert main([str(people)]) == 1
    told = capsys.readouterr().out
    assert "record 2, line 3: faults: check [" in told
    assert "... and 12 more\npeople.csv: 32 records compared, 32 differences\n" in told
    assert [value for value in VALUES if value in told] == []


def test_what_was_accepted_is_compared_without_being_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    changes = {"first_name": "Jan", "last_name": ""}

    def other(frame: pl.DataFrame, **how: Any) -> TableVerdict:  # noqa: ANN401  (what `check_table` takes)
        name, value = changes.popitem()
        return check_table(frame.with_columns(pl.lit(value).alias(name)), **how)

    monkeypatch.setattr(parity, "check_table", other)
    path = tmp_path / "people.jsonl"
    path.write_text(json.dumps({"kind": "contact"} | CANONICAL["contact"]) + "\n", encoding="utf-8")

    assert main([str(path)]) == 1
    assert capsys.readouterr().out.startswith(
        "record 1, line 1: accepted by check alone; faults: check [], check_table [("
    )
    assert main([str(path)]) == 1
    assert capsys.readouterr().out.startswith("record 1, line 1: canonical values of first_name\n")


def test_records_that_are_not_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "people.jsonl"
    nips: tuple[object, ...] = (5260250274, 5260250274.0, True, None, "5260250274", 2**63, [], {}, "\ud800")
    path.write_text("".join(json.dumps({"nip": nip, "kind": "firma"}) + "\n" for nip in nips), encoding="utf-8")

    assert main([str(path)]) == 0
    assert capsys.readouterr().out == (
        "people.jsonl: 6 records compared, 0 differences\n"
        "3 records left out, which no table holds: lists, objects, two keys for a field\n"
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param([], "parity: no file named; say which: make parity FILE=customers.csv\n", id="no file"),
        pytest.param([""], "parity: no file named; say which: make parity FILE=customers.csv\n", id="an empty name"),
        pytest.param(
            ["nowhere/none.csv"],
            "parity: none.csv: there is no such file; check its name and folder\n",
            id="a file that is not there",
        ),
    ],
)
def test_what_cannot_be_compared_is_said(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr() == ("", said)


def test_make_parity_is_a_command() -> None:
    done = subprocess.run([sys.executable, "-m", "tests.parity"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (2, "")
