"""A kind of record: its fields in the policy's order, and where it is stored."""

import msgspec

from validators.field import Field


class Kind(msgspec.Struct, frozen=True, eq=False):
    """What the policy says of one kind of record."""

    name: str
    label: dict[str, str]
    clause: str
    table: str
    fields: tuple[Field, ...]
    aliases: tuple[str, ...] = ()
    identity: str | None = None
    recognised_by: tuple[str, ...] = ()

    def field(self, name: str) -> Field:
        """Return a field by name; KeyError where the kind has none."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the fields, in the policy's order."""
        return tuple(field.name for field in self.fields)

    def country_field(self, field: Field) -> Field | None:
        """Return the field that says in which country another of this kind is; None: it is in the policy's own."""
        if field.country_from is None:
            return None
        return next((one for one in self.fields if one.name == field.country_from), None)
