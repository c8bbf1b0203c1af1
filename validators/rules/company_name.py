"""The name of a company: any characters, but a letter or a digit among them.

>>> COMPANY_NAME.one("„Żabka” Sp. z o.o.").value
'„Żabka” Sp. z o.o.'
>>> COMPANY_NAME.one("(!)&@").fault
('company_name.no_letter_or_digit', {})
>>> COMPANY_NAME.one("Jan Kowalski 44051401359").fault
('excess.identity_number', {})
"""

import unicodedata

from validators.any_case import any_case
from validators.pattern import Pattern
from validators.reading import Reading
from validators.rule import Rule
from validators.rules.identity_number import NO_IDENTITY_NUMBER
from validators.rules.placeholder import PLACEHOLDER_WORDS
from validators.rules.text import GATE
from validators.screen import Screen
from validators.steps import Call, Within

# Polish legal forms (Kodeks spółek handlowych, art. 1 § 2), the common foreign ones, and words no surname has.
LEGAL_FORMS = (
    *("sp. z o.o.", "sp. z o. o.", "sp z o.o.", "sp z oo", "sp.z o.o.", "spółka", "s.a.", "s.c.", "sp.j.", "sp. j."),
    *("sp.k.", "sp. k.", "sp. p.", "p.s.a.", "gmbh", "ltd", "ltd.", "llc", "s.r.o.", "p.p.h.u.", "pphu", "p.h.u."),
    *("phu", "fhu", "f.h.u.", "fundacja", "stowarzyszenie", "przedsiębiorstwo", "spółdzielnia", "firma handlowa"),
)
LEGAL_FORM = Pattern(
    f"(?:^|[ ,])(?:{any_case(*LEGAL_FORMS)})(?:$|[ ,])"
)  # text behind the gate is one line: `$` is its end


def _has_letter_or_digit(value: str, reading: Reading) -> str | None:
    """Refuse signs alone; which characters are letters or digits is Unicode's to say (categories L and N)."""
    if any(unicodedata.category(c)[0] in "LN" for c in value):
        return value
    return reading.refuse("company_name.no_letter_or_digit")


_LETTERS = "A-ZĄĆĘŁŃÓŚŹŻa-ząćęłńóśźż"

COMPANY_NAME = Rule(
    name="company_name",
    about="One line of text with a letter or a digit in it.",
    screens=(
        Screen(
            Pattern(f"[A-WYZĄĆĘŁŃÓŚŹŻ][{_LETTERS}.& -]{{1,100}}[{_LETTERS}.]"),  # rows of x are a placeholder
            never="  ",
            unless=PLACEHOLDER_WORDS,
        ),
    ),
    steps=(
        *GATE,
        NO_IDENTITY_NUMBER,
        Within(250, fault="text.too_long"),
        Call(
            _has_letter_or_digit,
            faults=("company_name.no_letter_or_digit",),
            only=Pattern(f"^[^0-9{_LETTERS}]+$"),
        ),
    ),
    schema={"type": "string"},
)
