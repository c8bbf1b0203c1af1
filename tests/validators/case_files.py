"""The tables of cases in tests/cases: what each rule makes of which value, and who says so.

`accepted` raw -> canonical, with the fixes and notices that are named; `refused` raw -> code and parameters; `empty`
raw -> nothing, typed to get past a form (`placeholder`) or not. `gate.toml` is about what every rule begins with.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from validators.rule import Rule
from validators.rules import RULES
from validators.rules.placeholder import is_placeholder
from validators.rules.reference import REFERENCE_RULE

FOLDER = Path(__file__).parents[1] / "cases"
ALL_RULES: dict[str, Rule] = {**RULES, REFERENCE_RULE.name: REFERENCE_RULE}

Outcome = Literal["accepted", "refused", "empty"]


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One value and what becomes of it."""

    raw: str
    source: str
    country: str = "PL"
    times: int = 1  # the value is `raw` so many times over
    canonical: str | None = None
    code: str | None = None
    params: dict[str, int | str] = {}
    fixes: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    placeholder: bool | None = None

    @property
    def value(self) -> str:
        return self.raw * self.times


class CaseFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The cases of one rule."""

    accepted: tuple[Case, ...] = ()
    refused: tuple[Case, ...] = ()
    empty: tuple[Case, ...] = ()


@cache
def cases(name: str) -> CaseFile:
    """Return the cases of a rule, or of the `gate`."""
    return msgspec.convert(tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8")), CaseFile)


def cases_through(name: str) -> CaseFile:
    """Return the cases of a rule, with the gate's: what the gate refuses or finds empty, every rule does.

    phone.toml has cells as `read_phone` takes them, which refuses what the gate does not let through to it.
    """
    own, gate = cases(name), cases("gate")
    refused = tuple(case for case in own.refused if not is_placeholder(case.value))
    return CaseFile(own.accepted, refused + gate.refused, own.empty + gate.empty)
