"""What is wrong with a policy file.

>>> str(Problem("kinds.business.identity", "`nipp` is no field; did you mean `nip`?"))
'kinds.business.identity: `nipp` is no field; did you mean `nip`?'
"""

from collections.abc import Iterable

import msgspec


class Problem(msgspec.Struct, frozen=True):
    """One mistake: the key's path (`kinds.business.identity`) and what would be right."""

    path: str
    message: str

    def __str__(self) -> str:
        """Return `path: message`."""
        return f"{self.path}: {self.message}"


class PolicyError(Exception):
    """A policy that cannot be used. `problems` has every mistake found, `source` is the file's name if it is one."""

    def __init__(self, problems: Iterable[Problem], source: str | None = None) -> None:
        """Keep the problems."""
        self.problems = tuple(problems)
        self.source = source
        where = f"{source}: " if source else ""
        super().__init__("\n".join(f"{where}{problem}" for problem in self.problems))
