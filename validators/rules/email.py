r"""An e-mail address, in email-validator's normal form; the mail server is not asked.

Stricter than the library where it lets look-alikes, over-long local parts and spreadsheet formulas through.

>>> EMAIL.one("Jan.Kowalski@EXAMPLE.com").value
'Jan.Kowalski@example.com'
>>> EMAIL.one("jan@@example.com").fault
('email.syntax', {})
>>> EMAIL.one("jan@example.com; anna@example.com").fault
('email.several', {})
>>> EMAIL.one("jan@drukarnia.local").fault
('email.special_use_domain', {})
>>> EMAIL.one("jan@gm\u0430il.com").fault
('email.lookalike_domain', {})
>>> EMAIL.one("jan@gmial.com").notices
[('email.domain_typo', {'suggestion': 'gmail.com'})]
"""

import unicodedata
from collections.abc import Mapping

from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email
from email_validator.rfc_constants import ATEXT

from validators.any_case import any_case
from validators.pattern import Pattern
from validators.reading import Reading
from validators.rule import Rule
from validators.rules.placeholder import EMPTY, PLACEHOLDER_WORDS
from validators.rules.text import GATE
from validators.screen import Screen
from validators.steps import Call, Refuse, Replace, Within

# Slips of the finger that reach nobody, or somebody else; a suggestion, for the address may be meant as it stands.
TYPOS: Mapping[str, str] = {
    slip: domain
    for domain, slips in {
        "gmail.com": "gmial.com gmai.com gmal.com gmil.com gamil.com gnail.com gmaill.com gmail.co gmail.con gmail.cm "
        "gmail.comm gmail.pl gmail.om gmeil.com gmail.cmo",
        "wp.pl": "wp.p wp.lp wp.pll wp.ppl wp.pl.pl",
        "onet.pl": "onet.p onet.lp onet.pll oent.pl onte.pl",
        "o2.pl": "o2.p o2.lp o2.pll 02.pl",
        "interia.pl": "intera.pl interia.p interia.lp interria.pl inteira.pl",
        "op.pl": "op.p op.lp",
        "tlen.pl": "tlen.p tlen.lp",
        "hotmail.com": "hotmial.com hotmail.con hotmai.com hotmal.com hotmail.co",
        "outlook.com": "outlok.com outlook.con outloook.com outlook.co",
        "yahoo.com": "yaho.com yahoo.con yahooo.com",
        "icloud.com": "iclod.com icloud.con icloud.co",
    }.items()
    for slip in slips.split()
}

# Of a text with an at sign in it.
_SPECIAL = Pattern(rf"[@.](?:{any_case(*SPECIAL_USE_DOMAIN_NAMES)})\.?$")

# Cyrillic and Greek letters that a reader takes for Latin ones (Unicode UTS 39, confusables.txt).
_LOOKALIKES = frozenset("абвеԁіјкӏмноорԛѕтуԝхһѵαγικνορτυχω")


def _alphabet(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]


def _deceives(label: str) -> bool:
    """Return whether a label of a domain mixes Latin with another alphabet, or has only letters that look Latin."""
    letters = [c for c in label.lower() if c.isalpha()]
    alphabets = {_alphabet(c) for c in letters} & {"LATIN", "CYRILLIC", "GREEK"}
    return len(alphabets) > 1 or (bool(letters) and set(letters) <= _LOOKALIKES)


def _normalise(value: str, reading: Reading) -> str | None:
    """Ask email-validator, and judge what it lets through."""
    try:
        valid = validate_email(value, check_deliverability=False, allow_smtputf8=False, strict=True)
    except EmailNotValidError:  # its sentence holds characters of the address, so it is not chained
        is_special = "@" in value and _SPECIAL.search(value)
        return reading.refuse("email.special_use_domain" if is_special else "email.syntax")
    if any(_deceives(label) for label in valid.domain.split(".")):
        return reading.refuse("email.lookalike_domain")
    if valid.normalized != value:
        reading.fix("email.normal_form")
    if suggestion := TYPOS.get(valid.domain):
        reading.notice("email.domain_typo", suggestion=suggestion)
    return valid.normalized


# What is left around an address that was copied.
_MAILTO = "[mM][aA][iI][lL][tT][oO]: ?"
_WRAPPING = Pattern(f"^{_MAILTO}|^<|>$")

# What nearly all addresses look like.
_LOCAL = r"[a-z0-9][a-z0-9_+-]{0,25}(?:\.[a-z0-9_+-]{1,25})?"
_DOMAIN = r"[a-z0-9]{1,30}(?:-[a-z0-9]{1,30})?(?:\.[a-z0-9]{2,30})?"
_TLD = "pl|com|eu|net|org|info|biz|io|de|cz|sk|uk|fr|it|es|nl|at|ch|ua|lt"
_SUGGESTED = frozenset({*TYPOS, "test.pl", "test.com", "brak.pl"})  # slips, and domains of placeholders

# ASCII addresses by email-validator's own atoms. Nothing is longer than RFC 5321 (4.5.3.1) allows; no label has two
# hyphens in a row, which may be punycode's (RFC 5891, 4.2.3.1).
_ATOM = f"[{ATEXT.replace('/', '')}]"  # a slash may stand between two addresses
_ASCII_LOCAL = (
    rf"(?:[a-zA-Z0-9]{_ATOM}{{0,63}}|[a-zA-Z0-9]{_ATOM}{{0,30}}\.{_ATOM}{{1,31}}"
    rf"|[a-zA-Z0-9]{_ATOM}{{0,19}}\.{_ATOM}{{1,20}}\.{_ATOM}{{1,20}})"
)
_LABEL = "[a-zA-Z0-9]{1,20}(?:-[a-zA-Z0-9]{1,20}){0,2}"
_ASCII_DOMAIN = rf"(?:{_LABEL}\.){{1,2}}[a-zA-Z]{{2,20}}"
_PLAIN = "[a-zA-Z0-9._+-]{1,30}"

EMAIL = Rule(
    name="email",
    about="email-validator's normal form; no look-alike letters, no spreadsheet formula; the server is not asked.",
    screens=(
        Screen(Pattern(rf"{_LOCAL}@({_DOMAIN}\.(?:{_TLD}))"), unless=_SUGGESTED, behind="@"),
        Screen(
            Pattern(f"{_ASCII_LOCAL}@{_ASCII_DOMAIN}"),
            unless=_SUGGESTED,
            behind="@",
            lower=True,
            disproof=_SPECIAL,
            fixes=("email.normal_form",),
        ),
        Screen(
            Pattern(rf"(?:{_MAILTO}|<){_LOCAL}@{_DOMAIN}\.(?:{_TLD})>?"),
            unless=_SUGGESTED,
            behind="@",
            ending=_WRAPPING,
            fixes=("email.wrapping",),
        ),
        Screen(
            Pattern(rf"{_ASCII_LOCAL}@(?:{_LABEL}\.){{0,3}}(?:{any_case(*SPECIAL_USE_DOMAIN_NAMES)})"),
            fault=("email.special_use_domain", {}),
        ),
        # No at sign (rows of x are a placeholder), two of them, or a space.
        Screen(Pattern("[a-wyzA-WYZ][a-zA-Z0-9._+-]{0,60}"), unless=PLACEHOLDER_WORDS, fault=("email.syntax", {})),
        Screen(
            Pattern(f"[a-zA-Z]{_PLAIN}(?:@@{_PLAIN}|@{_PLAIN}@[a-zA-Z]{_PLAIN}|(?: [a-z]{_PLAIN}@| @|@ ){_PLAIN})"),
            disproof=_SPECIAL,
            fault=("email.syntax", {}),
        ),
    ),
    steps=(
        *GATE,
        Replace(_WRAPPING, "", fix="email.wrapping"),
        Within(254, fault="text.too_long"),  # RFC 5321, 4.5.3.1.3
        # Two addresses with something between them.
        Refuse(Pattern("[^ ,;/]@[^ ,;/@]+(?:[ ,;/]+| (?:lub|i|oraz) )[^ ,;/@]+@"), fault="email.several"),
        Refuse(Pattern("^="), fault="email.syntax"),  # RFC 5322 allows it; a spreadsheet takes it for a formula
        Call(
            _normalise,
            faults=("email.special_use_domain", "email.lookalike_domain", "email.syntax"),
            notices=("email.domain_typo",),
            fixes=("email.normal_form",),
        ),
        EMPTY,  # `<test@test.pl>` and `test@TEST.PL` say no more than `test@test.pl`
    ),
    schema={"type": "string"},
    ignores_case=True,
)
