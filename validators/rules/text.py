r"""The gate that every text goes through first, and the rule `text` for fields that need hardly more.

Composed (NFC), trimmed, inner white space single; characters that nobody can see or that betray a broken encoding are
faults, never silently removed. Sources: Unicode 17 PropList.txt (White_Space, Noncharacter_Code_Point),
DerivedCoreProperties.txt (Default_Ignorable_Code_Point, which has the zero-width and bidirectional controls).

>>> TEXT.one("  Netia\u00a0 S.A. ").value
'Netia S.A.'
>>> TEXT.one("Net\x00ia").fault
('text.control_character', {})
>>> TEXT.one("Net\u200bia").fault
('text.invisible_character', {})
>>> TEXT.one("Krak\ufffdw").fault
('text.broken_encoding', {})
>>> TEXT.one("x" * 1001).fault
('text.too_long', {'limit': 1000})
"""

from validators.pattern import Pattern
from validators.rule import Rule
from validators.rules.identity_number import NO_IDENTITY_NUMBER
from validators.rules.placeholder import EMPTY
from validators.steps import WHITE_SPACE, Compose, Encodable, Refuse, Replace, Scrutinise, Step, Trim, Within

# No field of a customer is longer; what is, is a shifted file or an attack. Rules set narrower bounds of their own.
LONGEST = 1000

# C0 and C1 without those that are White_Space: these become a space.
_CONTROL = Pattern("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")

_INVISIBLE = Pattern(
    "[\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)

_BROKEN = Pattern(
    "[\ufffd\ufdd0-\ufdef\ufffe\uffff"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))
    + "]"
)

# Nothing of the steps below is in it, and nothing for NFC: that begins at U+0300 (NFC_Quick_Check, UAX 15).
_USUAL = Pattern("[ -~\xa0-\xac\xae-\u02ff–—‘’“”„…]*")

SOUND: tuple[Step, ...] = (
    # First what most values need, if anything: then a screen may know them.
    Trim(fix="text.spaces", spaces=" \t\r\n\xa0", longest=LONGEST),
    Scrutinise(
        usual=_USUAL,
        longest=LONGEST,
        steps=(
            Within(LONGEST, fault="text.too_long"),
            Encodable(fault="text.broken_encoding"),
            Refuse(_BROKEN, fault="text.broken_encoding"),
            Refuse(_CONTROL, fault="text.control_character"),
            Refuse(_INVISIBLE, fault="text.invisible_character"),
            Compose(fix="text.composed"),
            Trim(fix="text.spaces"),  # of the rest: usual texts have none
        ),
    ),
)
ONE_LINE: tuple[Step, ...] = (
    Replace(Pattern(f"[{WHITE_SPACE}]{{2,}}|[{WHITE_SPACE.replace(' ', '')}]"), " ", fix="text.spaces"),
    EMPTY,
)
GATE = (*SOUND, *ONE_LINE)

TEXT = Rule(
    name="text",
    about="One line of text: composed (NFC), single spaces, nothing invisible.",
    steps=(*GATE, NO_IDENTITY_NUMBER, Within(200, fault="text.too_long")),
    schema={"type": "string"},
)

# For what hangs on a country that nobody can read: as text it must be sound, more cannot be said of it.
UNJUDGED = Rule(name="unjudged", about="What the gate lets through.", steps=GATE)
