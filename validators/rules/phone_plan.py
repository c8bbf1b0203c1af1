"""The Polish numbering plan, from phonenumbers' own metadata: one pattern of all national numbers that are valid.

>>> bool(NATIONAL.fullmatch("600123456")), bool(NATIONAL.fullmatch("001234567"))
(True, False)
"""

from phonenumbers import PhoneMetadata, PhoneNumberDesc

from validators.pattern import Pattern

# What makes a number valid for phonenumbers: it is of one of these kinds. Most are mobile numbers, so these come first.
_KINDS = (
    *("mobile", "fixed_line", "voip", "uan", "toll_free", "premium_rate", "shared_cost"),
    *("personal_number", "pager", "voicemail"),
)


def _national() -> Pattern:
    metadata = PhoneMetadata.metadata_for_region("PL")
    kinds: list[PhoneNumberDesc | None] = [getattr(metadata, kind) for kind in _KINDS]
    patterns = [kind.national_number_pattern for kind in kinds if kind and kind.national_number_pattern]
    return Pattern("|".join(pattern.replace(r"\d", "[0-9]") for pattern in patterns))


NATIONAL = _national()
