"""A street address on one line, with a house number.

In a village without streets the place's name stands for the street ("Dołha 1"). A house without a number says so:
`b/n`, `bez numeru`.

>>> STREET_ADDRESS.one("ul. Marszałkowska 12/4").value
'ul. Marszałkowska 12/4'
>>> STREET_ADDRESS.one("ul. Długa").fault
('street_address.number_missing', {})
>>> STREET_ADDRESS.one("ul. Leśna b/n").value
'ul. Leśna b/n'
"""

from validators.any_case import any_case
from validators.pattern import Pattern
from validators.rule import Rule
from validators.rules.identity_number import NO_IDENTITY_NUMBER
from validators.rules.text import GATE
from validators.screen import Screen
from validators.steps import Contain, Within

NO_NUMBER = any_case("b/n", "bn.", "b.n.", "bez numeru", "bez nr", "s/n")
_LETTERS = "A-ZĄĆĘŁŃÓŚŹŻa-ząćęłńóśźż"
_WORD = rf"[{_LETTERS}][{_LETTERS}.-]{{0,24}}"
_PART = rf"[{_LETTERS}.-]{{1,25}}"
_FLAT = r"(?:/| m\. ?| m | lok\. ?)[0-9]{1,4}[A-Za-z]?"

STREET_ADDRESS = Rule(
    name="street_address",
    about="One line: street or place, and the number of the house.",
    screens=(
        Screen(Pattern(f"(?:{_PART} ){{1,5}}[0-9]{{1,4}}[A-Za-z]?/?[0-9]{{0,4}}[A-Za-z]?")),
        # With ten digits at most it holds no identity number.
        Screen(Pattern(f"(?:{_WORD} )?(?:[0-9]{{1,2}} )?(?:{_WORD} ){{1,3}}[0-9]{{1,4}}[A-Za-z]?(?:{_FLAT})?")),
    ),
    steps=(
        *GATE,
        NO_IDENTITY_NUMBER,
        Within(200, fault="text.too_long"),
        Contain(Pattern(f"[0-9]|{NO_NUMBER}"), fault="street_address.number_missing"),
    ),
    schema={"type": "string"},
)
