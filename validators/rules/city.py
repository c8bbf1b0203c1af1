"""A town or village, by its name.

>>> CITY.one(" Międzyrzec  Podlaski").value
'Międzyrzec Podlaski'
>>> CITY.one("12345").fault
('city.no_letter', {})
"""

from validators.pattern import Pattern
from validators.rule import Rule
from validators.rules.identity_number import NO_IDENTITY_NUMBER
from validators.rules.placeholder import PLACEHOLDER_WORDS
from validators.rules.text import GATE
from validators.screen import Screen
from validators.steps import Contain, Within

# Not with an X first: rows of x are a placeholder.
_LETTERS = "A-ZĄĆĘŁŃÓŚŹŻa-ząćęłńóśźż"

CITY = Rule(
    name="city",
    about="One line of text with a letter in it.",
    screens=(
        Screen(Pattern(f"[A-WYZĄĆĘŁŃÓŚŹŻ][{_LETTERS} -]{{0,60}}[{_LETTERS}]"), never="  ", unless=PLACEHOLDER_WORDS),
    ),
    steps=(
        *GATE,
        NO_IDENTITY_NUMBER,
        Within(100, fault="text.too_long"),
        # Beyond Latin-1 nearly all that is no sign is a letter, and a town is never refused for its alphabet.
        Contain(Pattern("[A-Za-zÀ-ÖØ-öø-ÿ]|[^\x00-ÿ]"), fault="city.no_letter"),
    ),
    schema={"type": "string"},
)
