"""Values by the hundred thousand, from a seed: what people type, what old files hold, and what is nearly that.

A grammar is a regular expression, and a value is drawn from it as a parser would walk it. Those of a rule are its
screens' shapes and the layouts below; what is drawn from them is then spoilt in the ways in which real cells are.

>>> rng = dice(1)
>>> [drawn("[0-9]{2}-[0-9]{3}", rng) for _ in range(3)]
['72-670', '47-729', '05-240']
"""

import random
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib import import_module
from typing import Any

from tests.validators.case_files import cases_through
from validators.rule import Rule
from validators.rules.company_name import LEGAL_FORMS
from validators.rules.email import TYPOS
from validators.rules.phone_words import CLAIMS, EXTENSIONS, JOINERS, LABELS, OPERATORS, RANGES, UNITS
from validators.rules.placeholder import PLACEHOLDER_WORDS

Draw = Callable[[random.Random], str]


def dice(seed: int | str) -> random.Random:
    """Return what chooses, the same every time."""
    return random.Random(seed)  # noqa: S311  (nothing here is a secret)


# --- drawing from a regular expression -------------------------------------------------------------------------------

_PARSER: Any = import_module("re._parser")  # the tree that Python's own engine is built from
_LONG = 12  # of a repeat that may be longer, few are


@cache
def _drawer(pattern: str) -> Draw:
    return _sequence(_PARSER.parse(pattern))


def drawn(pattern: str, rng: random.Random) -> str:
    """Return a text that the pattern matches as a whole, where it has no look-around and no anchors inside."""
    return _drawer(pattern)(rng)


def _sequence(tree: Any) -> Draw:  # noqa: ANN401  (Python's own, without types)
    parts = [_node(str(code), argument) for code, argument in tree]
    return parts[0] if len(parts) == 1 else lambda rng: "".join([part(rng) for part in parts])


def _node(code: str, argument: Any) -> Draw:  # noqa: ANN401  (Python's own, without types)
    match code:
        case "LITERAL" | "AT":
            return _always(chr(argument) if code == "LITERAL" else "")
        case "IN":
            characters = _characters(argument)
            return lambda rng: rng.choices(characters)[0]
        case "BRANCH":
            return _choice([_sequence(branch) for branch in argument[1]])
        case "SUBPATTERN":
            return _sequence(argument[-1])
        case "MAX_REPEAT" | "MIN_REPEAT":
            return _repeat(*argument)
    assert code in {"ANY", "NOT_LITERAL"}, code
    return _scrap


def _scrap(rng: random.Random) -> str:
    return rng.choice(SCRAPS)


def _choice(branches: list[Draw]) -> Draw:
    count = len(branches)
    return lambda rng: branches[int(rng.random() * count)](rng)


def _always(text: str) -> Draw:
    return lambda _: text


def _repeat(least: int, most: int, tree: Any) -> Draw:  # noqa: ANN401  (Python's own, without types)
    most = min(int(most), 1100)
    usual = min(most, least + _LONG)

    def times(rng: random.Random) -> int:
        longest = most if rng.random() < 0.02 else usual
        return least + int(rng.random() * (longest - least + 1))

    if len(tree) == 1 and str(tree[0][0]) == "IN":  # most are: all at once
        characters = _characters(tree[0][1])
        return lambda rng: "".join(rng.choices(characters, k=times(rng)))
    part = _sequence(tree)
    return lambda rng: "".join([part(rng) for _ in range(times(rng))])


def _characters(parts: list[tuple[Any, Any]]) -> list[str]:
    """Return what a class has in it, or where it says what it has not, anything."""
    if str(parts[0][0]) == "NEGATE":
        return SCRAPS
    characters: list[str] = []
    for code, argument in parts:
        first, last = argument if str(code) == "RANGE" else (argument, argument)
        characters += map(chr, range(first, last + 1))
    return characters


# --- what people write -----------------------------------------------------------------------------------------------

SPACES: list[str] = [*" \t\n\r\v\f\x1c\x1f\x85\xa0\u1680\u2003\u2009\u2028\u2029\u202f\u205f\u3000", "\r\n", "  "]
DASHES: list[str] = list("-‐‑‒–—―−_./\\,;:|·•~")
_NOBODY_SEES = list("\x00\x01\x07\x1b\x7f\x80\x96\x9f\xad\u034f\u061c\u200b\u200d\u200e\u202e\u2066\ufeff\ufe0f\ufffb")
_BROKEN = list("\ufffd\ufffe\uffff\ufdd0\U0001fffe\U0010ffff")
_LOOKALIKES = list("ОоАаЕеіѕрсухνοІ１２９０ａＡⅠⅷ²½①٣६")
_OTHERS = list("ßİıſKﬁǆßŉΐ가\u1100\u1161\u0301\u0307\u0328\u0345\u0338👍🏽📞☎№ªº§€™Åקшя日本語أ\U0001d7d8\U00010400")
_SIGNS = list("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~’‘´„”«»°")
_PLAIN = [*"00123456789", *"aąbcćeęlłmnńoóprsśxyzźżAĄBĆEĘŁMNŃOÓPSŚXZŹŻ", " ", "-"]
SCRAPS: list[str] = [*SPACES, *DASHES, *_NOBODY_SEES, *_BROKEN, *_LOOKALIKES, *_OTHERS, *_SIGNS, *_PLAIN * 3]

_UPPER, _LOWER = "[A-ZĄĆĘŁŃÓŚŹŻ]", "[a-ząćęłńóśźż]"
_WORD = f"(?:{_UPPER}{_LOWER}{{1,9}}|{_UPPER}{{2,9}}|{_LOWER}{{2,9}})"
_ANY_DASH = "[ ./\\\\‐-―−-]"
_NIP = f"[1-9][0-9]{{2}}{_ANY_DASH}?[0-9]{{3}}{_ANY_DASH}?[0-9]{{2}}{_ANY_DASH}?[0-9]{{2}}"
_PHONE = "(?:[5-9][0-9]{2}[ .,/-]?[0-9]{3}[ .,-]?[0-9]{3}|[1-9][0-9][ ./-]?[0-9]{3}[ .-]?[0-9]{2}[ .-]?[0-9]{2})"
_LOCAL, _LABEL = "[a-zA-Z0-9][a-zA-Z0-9._+-]{0,15}", "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,12}[a-zA-Z0-9])?"
_TLD = "(?:pl|com|PL|Com|eu|net|org|local|test|invalid|example|localhost|onion|arpa|onion\\.|x|[0-9]|[a-zA-Z]{2,22})"
_DOMAIN = f"(?:{_LABEL}\\.){{1,3}}{_TLD}"
_IDENTITY = "(?:44051401359|440514 01359|4111[ -]?1111[ -]?1111[ -]?1111|39310112347|3782 822463 10005|[0-9]{11,19})"
_BYTE = "[0-9]{1,3}"
_AGENT = (
    "Mozilla/5\\.0 \\((?:Windows NT 10\\.0|X11; Linux x86_64|Macintosh; Intel Mac OS X 10_15_7)\\) "
    "(?:AppleWebKit/537\\.36 \\(KHTML, like Gecko\\) Chrome/1[0-2][0-9]\\.0\\.0\\.0 Safari/537\\.36"
    "|Gecko Firefox/1[0-3][0-9]\\.0)"
)


def _any(words: Sequence[str]) -> str:
    escaped = ("".join(f"\\{c}" if c in "\\.^$*+?{}[]|()#-" else c for c in word) for word in sorted(words))
    return f"(?:{'|'.join(escaped)})"


_FORM, _TYPO = _any(LEGAL_FORMS), _any(list(TYPOS))
_BROWSER = "(?:Chrome|Firefox|Safari|Edge|Opera|Mobile Safari|Windows|Android|iOS|Linux|IE|Yandex Browser)"
_LABELS, _JOINERS = _any([*LABELS]), _any([*JOINERS, *RANGES, *EXTENSIONS, *CLAIMS, *UNITS, *OPERATORS])

LAYOUTS: dict[str, tuple[str, ...]] = {
    "person_name": (
        f"{_WORD}(?: ?[-‐‑– '’`´‘.] ?{_WORD}){{0,3}}",
        f"{_WORD}[ ,]{{0,2}}{_FORM}(?: {_WORD})?",
        f"{_FORM} {_WORD}",
        f"{_WORD} {_IDENTITY}",
        "[. '’-]{1,4}",
    ),
    "company_name": (
        f'(?:"?{_WORD}"?[ .,&-]{{0,2}}){{1,6}}(?: {_FORM})?',
        "[^a]{1,8}",
        "[!-/:-@\u2010-\u2030]{1,6}",
        f"{_WORD} {_IDENTITY}",
    ),
    "nip": (
        f"(?:NIP|nip|Nip|NIP UE)?[ :.-]{{0,2}}(?:PL|pl|Pl)?[ -]?{_NIP}",
        "(?:PL)?[0-9]{8,15}",
        "(?:DE|cz|FR|CHE|XI|EL|AT|US|PL) ?[0-9A-Z]{2,14}",
        f"{_IDENTITY}|123456785|12345678512347|0{{9,11}}|1000000006",
        "[0-9]{3}[ -][0-9]{3}[ -][0-9]{2}[ -][0-9]{2}",
        f"{_NIP}[.,]0{{1,3}}|[0-9]([.,][0-9]{{1,10}})?[eE][+]?[0-9]{{1,2}}",
    ),
    "street_address": (
        f"(?:(?:ul|al|os|pl)\\.)? ?{_WORD}(?:[ -]{_WORD}){{0,3}}(?: [0-9]{{1,4}}[a-zA-Z]?(?:[/ ][0-9]{{1,4}}[a-z]?)?)?",
        f"{_WORD} (?:b/n|B/N|bn\\.|b\\.n\\.|bez numeru|Bez NR|s/n|m\\. 5|q|2\\\\3|20, 22, 22a,24)",
        f"{_WORD} {_IDENTITY}",
    ),
    "postal_code": (
        f"(?:PL[- ])?[0-9]{{2}}(?: ?{_ANY_DASH} ?)?[0-9]{{3}}",
        "[0-9]{1,9}|00[ –-]?000|0{1,9}",
        "[0-9]{3,6}[.,]0{1,3}|[0-9](?:[.,][0-9]{1,5})?[eE][+]?[0-9]{1,2}",
        "[a-zA-Z]{1,2}[0-9]{1,2}[A-Za-z]? ?[0-9][a-zA-Z]{2}",
        "[0-9]{5}-[0-9]{4}|[0-9]{3} [0-9]{2}|[A-Z][0-9][A-Z] ?[0-9][A-Z][0-9]|[0-9]{4} ?[A-Za-z]{2}|[a-z0-9 -]{1,10}",
    ),
    "city": (
        f"{_WORD}(?:[ -]{_WORD}){{0,3}}",
        f"[0-9]{{2}}-[0-9]{{3}}(?: {_WORD})?",
        "[^a]{1,6}",
        f"{_WORD} {_IDENTITY}",
    ),
    "country_code": (
        "[A-Z]{2}|[a-z]{2}|[A-Z][a-z]|[A-Z]{3}|[A-Z]\\.[A-Z]\\.",
        "(?:Polska|POLSKA|polska|Poland|RP|Rzeczpospolita Polska|Niemcy|Germany|Wielka Brytania|UK|USA|ZEA)",
        "(?:Czechy|Litwa|Côte d'Ivoire|Hongkong|Kosowo|Holandia|Polandia|Unia Europejska|xx|Null|NaN)",
    ),
    "phone": (
        f"(?:{_LABELS}[.:]{{0,2}} ?)?(?:\\+48|0048|48|\\(\\+48\\)|\\(48\\)|0-48|0)?[ -]?{_PHONE}",
        f"\\(?0?[ -]?[1-9][0-9]\\)?[ /-]?{_PHONE}",
        f"{_PHONE}[ ,;/]{{1,2}}(?:{_JOINERS}\\.? )?(?:{_PHONE}|[0-9]{{1,4}})",
        f"{_PHONE} ?(?:\\(?{_WORD}\\)?|- {_WORD}|{_JOINERS}\\.? ?[0-9]{{1,3}})",
        "[5-8][.,][0-9]{2,8}E[+]?0?8|[0-9]{8,11}\\.0",
        "\\+(?:1|44|49|39|420|7|370|971|33)[ -]?[0-9]{6,11}|\\+[0-9 ]{6,18}|00[0-9]{8,13}",
        "00[ -]?(?:690|683|43|49|247|290|500)[ -]?[0-9]{3,7}",
        "[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{2,4}|[0-9]{5,12}|112|0{5,12}|[0-9]{7}",
        "\\([0-9]{2,4}\\) ?[0-9]{2,3}[ -][0-9]{2}[ -][0-9]{2}(?:/[0-9]{1,2})?",
    ),
    "email": (
        f"{_LOCAL}@{_DOMAIN}",
        f"(?:mailto: ?|MAILTO:|<)?{_LOCAL}@{_DOMAIN}>?",
        f"[a-z.]{{1,9}}@(?:[a-z]{{1,3}}\\.)?{_TYPO}",
        "[tT]est@(?:test|TEST|brak|example)\\.(?:pl|PL|com)|brak@brak\\.pl",
        f"{_LOCAL}@{_DOMAIN}[ ,;/]{{1,2}}(?:lub |i )?{_LOCAL}@{_DOMAIN}",
        f"{_LOCAL}@?[@ .,]{_DOMAIN}",
        "[!#$%&'*+/=?^_`{|}~a-z\"-]{1,12}@[a-z-]{1,20}(?:--[a-z])?\\.(?:pl|xn--p1ai|рф|łódź)",
        f"[a-z.]{{40,70}}@{_LABEL}\\.pl|a@(?:{_LABEL}\\.){{9,30}}pl",
        "[a-z]{2,9}@[a-zа-яąćęłńóśźżα-ω]{1,9}\\.(?:pl|com|con)",
        "www\\.[a-z]{3,9}\\.pl|[A-Z][a-z]{2,9} [A-Z][a-z]{2,9}|\\[?192\\.0\\.2\\.[0-9]{1,3}\\]?",
    ),
    "ip_address": (
        f"{_BYTE}(?:\\.{_BYTE}){{3}}",
        f"{_BYTE}(?:\\.{_BYTE}){{1,5}}(?::8080)?",
        "[0-9a-fA-F]{0,4}(?::{1,2}[0-9a-fA-F]{0,4}){1,8}(?:%eth0)?",
        "2001:0?[dD][bB]8:(?:[0-9a-f]{1,4}:){0,5}[0-9a-f]{1,4}|::|::1|0:0:0:0:0:0:0:0|::ffff:192\\.0\\.2\\.1",
        "0[0-9]{1,2}\\.1\\.1\\.1|2[0-9]{2}\\.2[0-9]{2}\\.2[0-9]{2}\\.2[0-9]{2}",
    ),
    "browser": (
        f"{_BROWSER}(?: v?[0-9]{{1,5}})?(?:[._][0-9]{{1,3}}){{0,3}}",
        f"{_BROWSER} [0-9]{{1,3}}|{_BROWSER}|{_BROWSER} {_BROWSER}",
        f"{_WORD}(?: {_WORD})?(?: [0-9]{{1,4}})?",
        f"Firefox {_IDENTITY}|Firefox [0-9]|Linux|Opera|{_AGENT}",  # few of these: ua-parser takes its time
    ),
    "text": (f"(?:{_WORD}[ .,-]{{1,2}}){{1,5}}{_WORD}", "[^a]{1,12}", f"{_WORD} {_IDENTITY}", "[a-z ]{190,210}"),
}
LAYOUTS["operating_system"] = LAYOUTS["browser"]

# Beside a value: the countries of a phone or a postal code.
COUNTRIES = (
    *("PL", "Polska", " PL ", "pl", "", None, "brak", "-", "DE", "de", "Niemcy", "GB", "UK", "US", "USA", "CZ", "AE"),
    *(
        "HK",
        "FR",
        "IT",
        "NL",
        "Kanada",
        "Polandia",
        "??",
        "x",
        "P\u200bL",
        "PL\x00",
        "Pl",
        "Null",
        "\u3000",
        "P" * 1001,
    ),
)


# --- and how it comes ------------------------------------------------------------------------------------------------


def values(rule: Rule, count: int, seed: int) -> Iterator[str]:
    """Yield so many values for a rule."""
    rng = dice(f"{rule.name} {seed}")
    layouts = LAYOUTS[rule.name]
    shapes = [screen.shape.pattern for screen in rule.screens] or layouts
    table = cases_through(rule.name)
    known = [case.value for case in (*table.accepted, *table.refused, *table.empty) if len(case.value) < 2000]
    words = [*PLACEHOLDER_WORDS]
    words.sort()
    for _ in range(count):
        chance = rng.random()
        if chance < 0.36:
            value = drawn(rng.choice(shapes), rng)
        elif chance < 0.72:
            value = drawn(rng.choice(layouts), rng)
        elif chance < 0.86:
            value = rng.choice(known)
        elif chance < 0.90:
            value = rng.choice(words)
        elif chance < 0.94:
            value = drawn(rng.choice(LAYOUTS[rng.choice(_NAMES)]), rng)
        elif chance < 0.97:
            value = "".join(rng.choices(SCRAPS, k=rng.randint(0, 8)))
        else:
            value = drawn("[-?!./*x0X_]{1,9}|[xX]{1,4}|0{1,12}|null|NULL|none|nan|#N/A", rng)
        yield value if rng.random() < 0.5 else rng.choice(_SPOIL)(value, rng)


_NAMES = sorted(LAYOUTS)


def _edited(value: str, rng: random.Random) -> str:
    """Characters are left out, put in, changed for others or swapped."""
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        at = rng.randint(0, len(value))
        kind = rng.randint(0, 3)
        if kind == 0:
            value = value[:at] + value[at + 1 :]
        elif kind == 1:
            value = value[:at] + rng.choice(SCRAPS) + value[at:]
        elif kind == 2:
            value = value[:at] + rng.choice(SCRAPS) + value[at + 1 :]
        else:
            value = value[:at] + value[at + 1 : at + 2] + value[at : at + 1] + value[at + 2 :]
    return value


def _cased(value: str, rng: random.Random) -> str:
    return rng.choice((str.upper, str.lower, str.title, str.swapcase, str.capitalize))(value)


def _spaced(value: str, rng: random.Random) -> str:
    """White space stands around it."""
    before, behind = ("".join(rng.choices(SPACES, k=rng.randint(0, 2))) for _ in range(2))
    return f"{before}{value}{behind}"


def _respaced(value: str, rng: random.Random) -> str:
    """Its spaces and dashes are other ones."""
    space, dash = rng.choice(SPACES), rng.choice(DASHES)
    return value.replace(" ", space).replace("-", dash)


def _separated(value: str, rng: random.Random) -> str:
    """Signs stand where there were none."""
    sign = rng.choice([*SPACES, *DASHES])
    return sign.join(value[at : at + 3] for at in range(0, len(value), 3))


def _decomposed(value: str, rng: random.Random) -> str:
    return unicodedata.normalize(rng.choice(("NFD", "NFKD", "NFC")), value)


def _wide(value: str, rng: random.Random) -> str:
    """Its digits, or all of it, are of another width or script."""
    zero = rng.choice("０०٠𝟘")
    return "".join(chr(ord(zero) + int(c)) if c in "0123456789" and rng.random() < 0.7 else c for c in value)


def _labelled(value: str, rng: random.Random) -> str:
    before = rng.choice(("tel. ", "NIP: ", "PL ", "e-mail: ", "<", "(", '"', "=", "+", "'", "ul. ", "0", ""))
    return before + value + rng.choice((">", ")", '"', ".", ",", ";", " brak", " - sekretariat", ".0", "!", "0", ""))


def _joined(value: str, rng: random.Random) -> str:
    return rng.choice((", ", "; ", " / ", " lub ", "\n", " ", "")).join((value, value[rng.randint(0, len(value)) :]))


def _long(value: str, rng: random.Random) -> str:
    """It is just as long as a limit, or nearly."""
    length = rng.choice((20, 30, 60, 64, 100, 101, 102, 103, 200, 250, 254, 320, 1000)) + rng.choice((-1, 0, 1))
    return (
        (value * length)[:length] if value and rng.random() < 0.5 else value[:length].ljust(length, rng.choice("a 1ł"))
    )


_SPOIL: tuple[Callable[[str, random.Random], str], ...] = (
    *(_edited, _edited, _edited, _edited, _cased, _spaced, _spaced, _respaced, _separated, _decomposed, _wide),
    *(_labelled, _labelled, _joined, _long),
)
