"""The words that signatures are written in."""

from collections.abc import Mapping
from typing import Literal

Params = Mapping[str, int | str]  # of a finding: what its sentence needs besides the code, and never a value
Severity = Literal["fault", "notice", "fix"]
OnExtra = Literal["drop", "reject"]  # what happens to a field that the policy does not name
