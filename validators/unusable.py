"""A value that is not what somebody typed: what a spreadsheet made of it cannot be turned back for certain.

Whoever reads a workbook gives it in the value's place; the field that it came for is refused with its fault.

>>> from validators import check
>>> verdict = check({"kind": "login", "ip_address": Unusable("cell.date")})
>>> verdict.faults[0].code, verdict.faults[0].field
('cell.date', 'ip_address')
"""

import msgspec


class Unusable(msgspec.Struct, frozen=True):
    """The code of the fault, and nothing of the value."""

    fault: str
