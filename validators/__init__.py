"""What a record must be: judging an order or an old customer record against a privacy policy.

Pure: no files but the policy's, no database, no clock, no network.

>>> from validators import check
>>> verdict = check({
...     "kind": "contact", "first_name": "Jan", "last_name": "Kowalski", "email": "jan@example.com", "note": "VIP",
... })
>>> verdict.accepted, verdict.dropped
(True, ('note',))
"""

from validators.finding import Fault, Fix, Notice
from validators.judge import check
from validators.policy import Policy, load_policy
from validators.policy_error import PolicyError
from validators.verdict import Verdict

__all__ = ["Fault", "Fix", "Notice", "Policy", "PolicyError", "Verdict", "check", "load_policy"]
