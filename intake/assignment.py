"""Which columns a field is read from, and why: what people are shown of a mapping, however it came about.

>>> Assignment("phone", ("Telefon kontaktowy 1",), "mapping").as_dict()
{'field': 'phone', 'columns': ['Telefon kontaktowy 1'], 'by': 'mapping'}
"""

from typing import Literal

import msgspec

# `name`: the policy or its label calls it so; `alias`: it is another name that the policy has; `mapping`: somebody said
# it.
By = Literal["name", "alias", "mapping"]


class Assignment(msgspec.Struct, frozen=True):
    """A field, or `kind` or `source_reference`; its columns, by names that may be shown; how they came to it."""

    field: str
    columns: tuple[str, ...]
    by: By

    def as_dict(self) -> dict[str, object]:
        """Return the JSON form."""
        told: dict[str, object] = msgspec.to_builtins(self) | {"columns": [*self.columns]}
        return told
