"""JSON Schema of a kind of record (draft 2020-12), from which a front end can build its form.

It describes what may be sent, not what is stored: texts in the policy's fields that `check` accepts are valid by the
schema, so a form that uses it refuses nobody whom the checkout would take. What a pattern cannot say (checksums,
phones) `check` says.

>>> from validators.policy import vipower
>>> schema(vipower().kinds["login"], "en")["required"]
['ip_address']
"""

from validators.field import Field
from validators.kind import Kind
from validators.rules.text import LONGEST

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema(kind: Kind, language: str = "pl") -> dict[str, object]:
    """Return the schema of a kind as JSON values; titles in `pl` or `en`, the clause as the description."""
    return {
        "$schema": DIALECT,
        "title": kind.label[language],
        "description": kind.clause,
        "type": "object",
        "properties": {
            "kind": {"const": kind.name},
            **{field.name: _property(field, language) for field in kind.fields},
        },
        "required": [field.name for field in kind.fields if field.required and field.default is None],
        "additionalProperties": False,
    }


def _property(field: Field, language: str) -> dict[str, object]:
    described: dict[str, object] = {
        "type": "string",
        "title": field.label[language],
        "description": field.rule.about,
        "maxLength": LONGEST,
        "x-clause": field.clause,
        **field.rule.schema,
    }
    if field.required and field.default is None:
        described["minLength"] = 1
    if field.default is not None:
        described["default"] = field.default
    if field.autocomplete:
        described["x-autocomplete"] = field.autocomplete
    return described
