"""The policy that ships with the package, as text: tests change it and read what comes of it."""

from importlib.resources import files
from pathlib import Path

from validators import Policy, load_policy

TEXT = (files("validators") / "policies" / "vipower.toml").read_text(encoding="utf-8")


def changed(*changes: tuple[str, str]) -> str:
    """Return the policy's text with parts replaced; each of them must be there, once."""
    text = TEXT
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} stands in the policy {text.count(old)} times"
        text = text.replace(old, new)
    return text


def loaded(folder: Path, *changes: tuple[str, str]) -> Policy:
    """Return the policy with parts replaced."""
    path = folder / "policy.toml"
    path.write_text(changed(*changes), encoding="utf-8")
    return load_policy(path)
