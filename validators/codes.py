"""Every code that the product can give, and what it is: a fault refuses a record, a notice and a fix do not.

For what must be complete: the catalogues, the documents, and the tests that count.

>>> codes()["nip.checksum"], codes()["phone.several"], codes()["text.spaces"]
('fault', 'notice', 'fix')
"""

from collections.abc import Mapping

from validators.rules import RULES
from validators.types import Severity

# The record as a whole: from its reader in `intake`, from `judge`, and from `loaders`.
OF_RECORDS: Mapping[str, Severity] = {
    "record.malformed": "fault",
    "kind.unknown": "fault",
    "kind.looks_like_business": "fault",
    "extra.forbidden": "fault",
    "database.refused": "fault",
}

# Any field, whatever rule it follows: from `field`.
OF_FIELDS: Mapping[str, Severity] = {
    "required.missing": "fault",
    "required.placeholder": "fault",
    "required.placeholder_emptied": "fix",
    "text.not_text": "fault",
    # What an `Unusable` says, which stands in the place of a value.
    "cell.date": "fault",
    "cell.error": "fault",
    "cell.inexact": "fault",
}

# A field that a mapping makes of a record's columns: from `intake.operations`.
OF_MAPPINGS: Mapping[str, Severity] = {
    "mapping.address_unclear": "fault",
    "mapping.name_unclear": "fault",
    "mapping.street_missing": "fault",
}


def codes() -> Mapping[str, Severity]:
    """Return every code: of records, of fields, of mappings, then rule after rule in the order of its steps."""
    of_rules = {code: severity for rule in RULES.values() for code, severity in rule.codes.items()}
    return {**OF_RECORDS, **OF_FIELDS, **OF_MAPPINGS, **of_rules}
