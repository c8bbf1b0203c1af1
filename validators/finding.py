"""What a rule has to say of a value: a fault, a notice or a fix. Codes and parameters, never a value.

>>> from validators.finding import Fault
>>> fault = Fault("nip.length", "nip", {"expected": 10})
>>> fault.pointer
'/nip'
>>> fault.message("en")
'A NIP has 10 digits.'
"""

import msgspec

from validators.types import Params


class Finding(msgspec.Struct, frozen=True):
    """A stable code, the field it is about (None: the record as a whole), and the sentence's parameters."""

    code: str
    field: str | None = None
    params: Params = {}

    @property
    def pointer(self) -> str:
        """Return the field's JSON Pointer (RFC 6901): `/nip`, or the empty string for the whole record."""
        return "" if self.field is None else "/" + self.field.replace("~", "~0").replace("/", "~1")

    def message(self, language: str = "en") -> str:
        """Return the sentence for people, in `pl` or `en`."""
        from validators.messages import sentence  # noqa: PLC0415  (the catalogues load when first needed)

        return sentence(self.code, self.params, language)

    def as_dict(self, language: str = "en") -> dict[str, object]:
        """Return the JSON form that the service and the reports show."""
        return {
            "code": self.code,
            "field": self.field,
            "pointer": self.pointer,
            "message": self.message(language),
            "params": dict(self.params),
        }


class Fault(Finding, frozen=True):
    """Why a record is refused."""


class Notice(Finding, frozen=True):
    """Something a person should know that refuses nothing."""


class Fix(Finding, frozen=True):
    """A change that lost nothing: applied, named, counted."""
