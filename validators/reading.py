"""One value on its way through the steps of a rule, and what they found.

>>> from validators.rules import RULES
>>> reading = RULES["nip"].one("526-025-02-74")
>>> reading.value, reading.fixes
('5260250274', [('nip.separators', {})])
>>> RULES["nip"].one("526-025-02-75").fault
('nip.checksum', {})
"""

from validators.types import Params

Found = tuple[str, Params]


class Reading:
    """What a rule made of one value.

    `value` is the canonical text, or None where there is none: refused (`fault` says why) or nothing there
    (`placeholder` tells whether somebody typed a word for nothing). `country` is what the rule may lean on.
    """

    __slots__ = ("country", "fault", "fixes", "notices", "placeholder", "value")

    def __init__(self, country: str = "PL") -> None:
        """Begin with nothing found."""
        self.value: str | None = None
        self.country = country
        self.fault: Found | None = None
        self.notices: list[Found] = []
        self.fixes: list[Found] = []
        self.placeholder = False

    def refuse(self, code: str, **params: int | str) -> str | None:
        """Note the fault and return None, which ends the reading where a step returns it."""
        self.fault = (code, params)
        return None

    def notice(self, code: str, **params: int | str) -> None:
        """Note something that refuses nothing."""
        self.notices.append((code, params))

    def fix(self, code: str) -> None:
        """Name a change that lost nothing, once."""
        if (code, {}) not in self.fixes:
            self.fixes.append((code, {}))

    def __repr__(self) -> str:
        """Show codes, never the value."""
        return f"<Reading fault={self.fault} notices={self.notices} fixes={self.fixes}>"
