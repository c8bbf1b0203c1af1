"""An IP address, version 4 or 6, in the compressed form of the standard library's `ipaddress` (RFC 5952 for version 6).

>>> IP_ADDRESS.one("2001:0DB8::0001").value
'2001:db8::1'
>>> IP_ADDRESS.one("192.0.2.256").fault
('ip_address.syntax', {})
"""

import ipaddress

from validators.pattern import Pattern
from validators.reading import Reading
from validators.rule import Rule
from validators.rules.placeholder import EMPTY
from validators.rules.text import GATE
from validators.screen import Screen
from validators.steps import Call, Refuse

_BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"


def _compress(value: str, reading: Reading) -> str | None:
    try:
        compressed = ipaddress.ip_address(value).compressed
    except ValueError:
        return reading.refuse("ip_address.syntax")
    if compressed != value:
        reading.fix("ip_address.compressed")
    return compressed


IP_ADDRESS = Rule(
    name="ip_address",
    about="Version 4 or 6, compressed.",
    screens=(Screen(Pattern(rf"{_BYTE}(?:\.{_BYTE}){{3}}")),),
    steps=(
        *GATE,
        Refuse(Pattern("%"), fault="ip_address.syntax"),  # a zone (RFC 4007) means something on one machine only
        Call(_compress, faults=("ip_address.syntax",), fixes=("ip_address.compressed",)),
        EMPTY,  # `0:0:0:0:0:0:0:0` is `::`, the address that says there is none (RFC 4291, 2.5.2)
    ),
    schema={"type": "string"},
)
