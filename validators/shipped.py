"""The TOML files that ship with the package: policies, catalogues, countries. Their reader loads when first needed.

>>> "PL" in shipped("data", "countries.toml")
True
"""

from pathlib import Path
from typing import Any


def shipped_text(*path: str) -> str:
    """Return a file of the package, by its path below `validators`, as text."""
    return Path(__file__).parent.joinpath(*path).read_text(encoding="utf-8")


def shipped(*path: str) -> dict[str, Any]:
    """Return a TOML file of the package as its tables."""
    import tomllib  # noqa: PLC0415  (a checkout that asks for nothing here need not load it)

    return tomllib.loads(shipped_text(*path))
