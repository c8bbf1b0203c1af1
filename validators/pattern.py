"""A regular expression, compiled when it is first used: a checkout in Poland never needs half of them.

In steps and screens it is written so that Rust's engine reads it as Python's does: explicit classes, no look-around, no
back-references.

>>> nip = Pattern("[0-9]{10}")
>>> bool(nip.fullmatch("5260250274")), bool(nip.search("526-025-02-74"))
(True, False)
"""

import re
from collections.abc import Callable

Find = Callable[[str], re.Match[str] | None]


class Pattern:
    """A regular expression. `pattern` is its text, the rest are what `re.compile` gives."""

    __slots__ = ("findall", "fullmatch", "pattern", "search", "sub")

    findall: Callable[[str], list[str]]
    fullmatch: Find
    pattern: str
    search: Find
    sub: Callable[[str, str], str]

    def __init__(self, pattern: str) -> None:
        """Take the text."""
        self.pattern = pattern

    def __getattr__(self, name: str) -> object:
        """Compile, once: Python comes here only while a slot is empty."""
        compiled = re.compile(self.pattern)
        for slot in ("findall", "fullmatch", "search", "sub"):
            setattr(self, slot, getattr(compiled, slot))
        return object.__getattribute__(self, name)

    @property
    def whole(self) -> str:
        """Return the text that finds it only where it is the whole value: in Rust, `$` is nothing but the end."""
        return f"^(?:{self.pattern})$"

    def __repr__(self) -> str:
        """Show the text."""
        return f"Pattern({self.pattern!r})"
