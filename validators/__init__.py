"""What a record must be: judging an order or an old customer record against a privacy policy.

Pure: no files but the policy's, no database, no clock, no network.

>>> from validators import check
>>> verdict = check({
...     "kind": "contact", "first_name": "Jan", "last_name": "Kowalski", "email": "jan@example.com", "note": "VIP",
... })
>>> verdict.accepted, verdict.dropped
(True, ('note',))
"""

from typing import TYPE_CHECKING

from validators.finding import Fault, Fix, Notice
from validators.judge import check
from validators.policy import Policy, load_policy
from validators.policy_error import PolicyError
from validators.verdict import Verdict

if TYPE_CHECKING:
    from validators.table import check_table
    from validators.table_verdict import TableVerdict

__all__ = [
    "Fault",
    "Fix",
    "Notice",
    "Policy",
    "PolicyError",
    "TableVerdict",
    "Verdict",
    "check",
    "check_table",
    "load_policy",
]


def __getattr__(name: str) -> object:
    """Load what judges tables when it is first asked for: it stands on Polars, which a checkout does without."""
    if name not in {"check_table", "TableVerdict"}:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    from validators import table, table_verdict  # noqa: PLC0415  (late, see above)

    return table.check_table if name == "check_table" else table_verdict.TableVerdict
