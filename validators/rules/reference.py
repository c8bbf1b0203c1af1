"""The number that a record had in an earlier system, or the number of the order: not personal, and not free text.

It is no rule of a policy's fields: it stands beside every record. What might be something else is not kept.

>>> REFERENCE_RULE.one("ZAM/2019/00123").value
'ZAM/2019/00123'
>>> REFERENCE_RULE.one("Jan Kowalski").fault
('reference.format', {})
"""

from validators.pattern import Pattern
from validators.rule import Rule
from validators.rules.identity_number import NO_IDENTITY_NUMBER
from validators.rules.text import GATE
from validators.screen import Screen
from validators.steps import Contain, Require

REFERENCE_RULE = Rule(
    name="reference",
    about="Up to 64 letters, digits and `. _ / -`, with a digit among them; no identity number.",
    screens=(Screen(Pattern("(?:[A-Za-z]{2,4}[/-]?)?(?:[0-9]{1,8}|[1-9][0-9]{8,9})")),),
    steps=(
        *GATE,
        NO_IDENTITY_NUMBER,
        Require(Pattern("[A-Za-z0-9][A-Za-z0-9._/#-]{0,63}"), fault="reference.format"),
        Contain(Pattern("[0-9]"), fault="reference.format"),
    ),
)
