"""A person's first or last name: letters of any script, space, hyphen, apostrophe, full stop.

>>> PERSON_NAME.one("Anna  Maria").value
'Anna Maria'
>>> PERSON_NAME.one("KOWALSKA - NOWAK").value
'KOWALSKA-NOWAK'
>>> PERSON_NAME.one("Jan123").fault
('name.characters', {})
>>> PERSON_NAME.one("Kowalski Sp. z o.o.").fault
('name.looks_like_company', {})
"""

import unicodedata

from validators.pattern import Pattern
from validators.reading import Reading
from validators.rule import Rule
from validators.rules.company_name import LEGAL_FORM, LEGAL_FORMS
from validators.rules.identity_number import NO_IDENTITY_NUMBER
from validators.rules.placeholder import PLACEHOLDER_WORDS
from validators.rules.text import GATE
from validators.screen import Screen
from validators.spellings import spellings
from validators.steps import Call, Contain, Refuse, Replace, Within

_SIGNS = frozenset(" -.'’")
_LATIN = "A-Za-zÀ-ÖØ-öø-ſ"


def _letters_only(value: str, reading: Reading) -> str | None:
    """Refuse what has another character than letters, their marks and the signs that stand in names."""
    # Which characters are letters is Unicode's to say (general categories L and M), not a pattern's.
    if all(c in _SIGNS or unicodedata.category(c)[0] in "LM" for c in value):
        return value
    return reading.refuse("name.characters")


_UPPER, _LOWER = "A-ZĄĆĘŁŃÓŚŹŻ", "a-ząćęłńóśźż"
# Not with an X first: rows of x are a placeholder.
_WORD = f"[A-WYZĄĆĘŁŃÓŚŹŻ](?:[{_LOWER}]{{1,30}}|[{_UPPER}]{{1,30}})"

PERSON_NAME = Rule(
    name="person_name",
    about="Letters of any script, space, hyphen, apostrophe, full stop.",
    # One word, or two with a hyphen: with more words it would take a search for legal forms to prove a name.
    screens=(
        Screen(Pattern(f"{_WORD}(?:-{_WORD})?"), unless=PLACEHOLDER_WORDS | spellings(*LEGAL_FORMS)),
        # A digit slipped in, too few of them for an identity number.
        Screen(Pattern(f"{_WORD}[0-9]{{1,3}}"), fault=("name.characters", {})),
    ),
    steps=(
        *GATE,
        NO_IDENTITY_NUMBER,
        Within(100, fault="text.too_long"),
        Refuse(LEGAL_FORM, fault="name.looks_like_company"),
        Replace(Pattern("[`´‘]"), "'", fix="name.apostrophe"),
        Replace(Pattern(" ?[-‐‑–] ?"), "-", fix="name.hyphen"),
        Call(_letters_only, faults=("name.characters",), only=Pattern(f"[^ .'’{_LATIN}-]")),
        Contain(Pattern(f"[{_LATIN}]|[^\x00-ſ’]"), fault="name.characters"),
    ),
    schema={"type": "string"},
)
