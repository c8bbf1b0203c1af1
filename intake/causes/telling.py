"""Fields whose values tell by themselves what they are.

>>> from validators.policy import vipower
>>> look_like(pl.Series(["jan@example.com", "ewa@example.org"]), "phone", vipower())
'email'
"""

import polars as pl

from validators import Policy
from validators.field import Field

# Hardly any other field's value passes these rules; any word passes as a name or a town.
_RULES = {"nip", "phone", "email", "postal_code", "ip_address"}
_AT = {"email"}  # have an @; the others have a digit, or a colon as the shortest of IPv6 addresses
_NEARLY_ALL = 0.9
_SAMPLE = 30


def telling_fields(policy: Policy) -> dict[str, Field]:
    """Return the fields whose rules tell."""
    return {field.name: field for kind in policy.kinds.values() for field in kind.fields if field.rule.name in _RULES}


def look_like(values: pl.Series, but: str, policy: Policy) -> str | None:
    """Return the field that nearly all of the values could be, of other fields than `but`; of some of the values."""
    some = evenly(values, _SAMPLE).to_list()
    for name, field in telling_fields(policy).items():
        fitting = sum(field.rule.one(value, policy.default_country).value is not None for value in some)
        if name != but and fitting >= _NEARLY_ALL * len(some):
            return name
    return None


def may_be(field: Field, value: str) -> bool:
    """Return whether a value may be one of a telling field, at a glance."""
    if field.rule.name in _AT:
        return "@" in value
    return ":" in value or any(map(str.isdigit, value))


def evenly(values: pl.Series, most: int) -> pl.Series:
    """Return about so many values, from the beginning to the end."""
    return values.gather_every(max(1, len(values) // most))
