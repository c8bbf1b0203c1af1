"""The TOML files that ship with the package: policies, catalogues, countries. What reads them loads when first needed.

>>> "PL" in shipped("data", "countries.toml")
True
"""

from typing import Any


def shipped_text(*path: str) -> str:
    """Return a file of the package, by its path below `validators`, as text."""
    from pathlib import Path  # noqa: PLC0415  (late, as tomllib below: `import validators` reads no file)

    return Path(__file__).parent.joinpath(*path).read_text(encoding="utf-8")


def shipped(*path: str) -> dict[str, Any]:
    """Return a TOML file of the package as its tables."""
    import tomllib  # noqa: PLC0415

    return tomllib.loads(shipped_text(*path))
