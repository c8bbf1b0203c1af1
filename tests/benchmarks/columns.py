"""The columns of a benchmark's file, and the policy's fields that they are."""

from typing import Final

FIELDS: Final = {
    "Nr klienta": "source_reference",
    "Nazwa firmy": "company_name",
    "NIP": "nip",
    "Imię": "first_name",
    "Nazwisko": "last_name",
    "Ulica i numer": "street_address",
    "Kod pocztowy": "postal_code",
    "Miejscowość": "city",
    "Kraj": "country_code",
    "Telefon": "phone",
    "E-mail": "email",
}
HEADER = (*FIELDS, "Uwagi", "Data urodzenia")  # the policy has no use for the last two
NAMES = [FIELDS.get(header, header) for header in HEADER]
