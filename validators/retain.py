"""What may be kept of a record that was refused: the policy's fields alone, so that a person can put it right.

The values stand as they came, for that is what a person has to correct; only lone surrogates, which nothing can store,
do not. But a field that holds an identity number is blank, a field that is always reduced (a User-Agent) is kept
reduced or not at all, and what no field can be that long is no value of a field.

>>> from validators.policy import vipower
>>> record = {"first_name": "Jan 44051401359", "last_name": "Kowalski", "email": "jan(at)example.com", "note": "VIP"}
>>> retained(record, vipower().kinds["contact"])
{'first_name': None, 'last_name': 'Kowalski', 'email': 'jan(at)example.com'}
"""

import unicodedata
from collections.abc import Mapping

from validators.field import Field, as_text
from validators.kind import Kind
from validators.rules.identity_number import identity_numbers
from validators.rules.text import LONGEST


def retained(record: Mapping[str, object], kind: Kind) -> dict[str, str | None]:
    """Return the fields of the kind that came with a value; None where the value may not be kept."""
    return {
        field.name: _retained(field, record[field.name])
        for field in kind.fields
        if record.get(field.name) not in (None, "")
    }


def _retained(field: Field, raw: object) -> str | None:
    text = as_text(raw)
    return None if text is None else retained_text(field, text)


def retained_text(field: Field, text: str) -> str | None:
    """Return what may be kept of a text that came for a field."""
    if len(text) > LONGEST:
        return None
    if field.rule.reduced:
        return field.rule.one(text).value
    if numbers := identity_numbers(_laid_bare(text)):
        # The digits of a phone that was read may look like a PESEL; they are the policy's to keep.
        digits = "".join(c for c in field.rule.one(text).value or "" if c.isdigit())
        if any(number not in digits for number in numbers):
            return None
    return text.encode(errors="replace").decode()


def _laid_bare(text: str) -> str:
    """Return a text in which a number hides neither behind other digits nor behind what nobody sees."""
    shown = (c for c in unicodedata.normalize("NFKC", text) if c.isprintable() or c.isspace())
    return " ".join("".join(shown).split())
