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

    @property
    def country_fields(self) -> dict[str, Field]:
        """Return the fields that say in which country others of this kind are, by name."""
        sources = {field.country_from for field in self.fields}
        return {field.name: field for field in self.fields if field.name in sources}
