r"""A word in any case, as explicit classes: `(?i)` is not the same for every letter in Python and in Rust.

>>> any_case("sp. j.")
'[sS][pP]\\.\\ [jJ]\\.'
"""

import re


def any_case(*words: str) -> str:
    """Return a pattern for one of the words in any case."""
    return "|".join("".join(f"[{c}{c.upper()}]" if c.upper() != c else re.escape(c) for c in word) for word in words)
