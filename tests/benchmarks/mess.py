"""How a benchmark's customer file is messy, as data: shares of a hundred values, or weights among the faulty.

In a spelling `#` is a digit of the value. A third of every field's values need a fix.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

BUSINESSES = 30  # of a hundred customers

# --- what is right, as people write it -------------------------------------------------------------------------------

# What stands before and behind a value of one word.
AROUND: Mapping[tuple[str, str], int] = {
    ("", ""): 67,
    (" ", ""): 9,
    ("", " "): 16,
    ("", "  "): 4,
    ("\xa0", ""): 1,
    ("", "\xa0"): 3,
}

# What stands before, between and behind the parts of a value: a street and its number, a company and its form.
BETWEEN: Mapping[tuple[str, str, str], int] = {
    ("", " ", ""): 67,
    (" ", " ", ""): 5,
    ("", " ", " "): 9,
    ("", "  ", ""): 12,
    ("", "\xa0", ""): 6,
    ("\xa0", " ", " "): 1,
}

# Of a thousand values with Polish letters so many are not composed (NFD), as a Mac's file names are.
NOT_COMPOSED = 5

NIP: Mapping[str, int] = {
    "##########": 67,
    "###-###-##-##": 12,
    "###-##-##-###": 6,
    "### ### ## ##": 5,
    "PL##########": 5,
    "PL ###-###-##-##": 2,
    "NIP: ###-###-##-##": 2,
    "NIP ##########": 1,
}

POSTAL_CODE: Mapping[str, int] = {"##-###": 67, "#####": 17, "## ###": 7, "## - ###": 3, "##–###": 2, " ##-###": 4}

COUNTRY: Mapping[str, int] = {"PL": 60, "": 7, "Polska": 20, "POLSKA": 6, "pl": 4, "Poland": 2, "PL ": 1}

# Of a thousand; behind each spelling what is kept of it, where that is more than the number.
MOBILE: Mapping[str, int] = {
    "+48#########": 670,
    "#########": 90,
    "### ### ###": 80,
    "###-###-###": 60,
    "+48 ### ### ###": 40,
    "0048#########": 10,
    "0048 ### ### ###": 5,
    "+48 ###-###-###": 10,
    "tel. ### ### ###": 12,
    "kom. #########": 5,
    "#########.0": 12,
    "### ### ### (po 16)": 2,
    "### ### ### - sekretariat": 2,
    "### ### ###, 22 765 43 21": 2,
}
LANDLINE: Mapping[str, int] = {
    "+48#########": 670,
    "## ### ## ##": 100,
    "(##) ###-##-##": 60,
    "##-###-##-##": 40,
    "0-## ### ## ##": 40,
    "(0##) ###-##-##": 40,
    "(0-##) ### ## ##": 15,
    "0#########": 10,
    "tel. ## ### ## ##": 11,
    "##/#######": 4,
    "## ### ## ## wew. 12": 5,
    "## ### ## ## lub 600 123 456": 2,
    "## ### ## ## (księgowość)": 3,
}
EXTENSIONS: Mapping[str, str] = {"wew. 12": ";ext=12"}
MOBILES = 75  # of a hundred numbers


class Address(NamedTuple):
    """How an e-mail address is written: what stands around it, and which of its parts are in capitals."""

    before: str = ""
    behind: str = ""
    local_upper: bool = False
    domain_upper: bool = False


AS_IT_IS = Address()
EMAIL: Mapping[Address, int] = {
    AS_IT_IS: 67,
    Address(local_upper=True, domain_upper=True): 8,
    Address(domain_upper=True): 7,
    Address(behind=" "): 10,
    Address(before=" "): 4,
    Address(before="mailto:"): 2,
    Address(before="<", behind=">"): 2,
}

# No field of the policy. These are cells as they stand in the file: what has to be quoted is.
REMARKS: Mapping[str, int] = {
    "": 80,
    "VIP": 5,
    "stały klient, rabat 5%": 5,
    '"dzwonić po 16; nie wysyłać SMS"': 4,
    '"zapłacił po terminie\nwysłano monit"': 2,
    "PESEL 39310112347": 1,
    "faktura na maila": 3,
}
BIRTHDAYS = 60  # of a hundred customers

# --- what is wrong ---------------------------------------------------------------------------------------------------

FAULTY = 100  # of a thousand records
SECOND_FAULTS = 10  # one faulty record in so many has another fault
BROKEN = 0.5  # of a thousand lines: the wrong number of cells, a stray quote
BLANK = 0.5

# The PESEL number of somebody who is not born yet.
_PESEL = "39310112347"


class Fault(NamedTuple):
    """A fault: its code, the column it is in, and what becomes of the canonical value there."""

    code: str
    column: str
    spoilt: Callable[[str], str]
    weight: int


def _instead(text: str) -> Callable[[str], str]:
    return lambda _: text


def _everywhere(code: str, text: str, weight: int, *columns: str) -> list[Fault]:
    return [Fault(code, column, _instead(text), weight) for column in columns]


FAULTS = (
    *_everywhere("required.missing", "", 5, "Imię", "Nazwisko", "Telefon", "E-mail"),
    *_everywhere("required.missing", " ", 2, "Ulica i numer", "Kod pocztowy", "Miejscowość"),
    *_everywhere("required.placeholder", "brak", 3, "Imię", "Nazwisko", "Telefon", "E-mail", "Ulica i numer"),
    *_everywhere("required.placeholder", "-", 1, "Miejscowość", "Kod pocztowy", "Nazwisko"),
    Fault("name.characters", "Nazwisko", "{}1".format, 2),
    Fault("name.looks_like_company", "Nazwisko", "{} Sp. z o.o.".format, 2),
    Fault("street_address.number_missing", "Ulica i numer", _instead("ul. Długa"), 8),
    Fault("excess.identity_number", "Ulica i numer", f"{{}} PESEL {_PESEL}".format, 1),
    Fault("excess.identity_number", "Nazwisko", f"{{}} {_PESEL}".format, 1),
    Fault("postal_code.format", "Kod pocztowy", lambda code: code[:-1], 5),
    Fault("postal_code.format", "Kod pocztowy", lambda code: code.replace("-", "")[:-1], 5),
    Fault("postal_code.implausible", "Kod pocztowy", _instead("00-000"), 1),
    Fault("city.no_letter", "Miejscowość", _instead("123"), 1),
    Fault("country_code.unknown", "Kraj", _instead("woj. mazowieckie"), 3),
    Fault("country_code.unknown", "Kraj", _instead("Polandia"), 1),
    Fault("phone.invalid", "Telefon", lambda number: number[3:11], 12),
    Fault("phone.invalid", "Telefon", _instead("12 34"), 1),
    Fault("phone.unreadable", "Telefon", lambda number: f"{number[3]}OO {number[6:9]} {number[9:12]}", 4),
    Fault("phone.unreadable", "Telefon", _instead("nie wiem"), 2),
    Fault("email.syntax", "E-mail", lambda address: address.replace("@", ""), 6),
    Fault("email.syntax", "E-mail", lambda address: address.replace("@", "@@"), 4),
    Fault("email.syntax", "E-mail", lambda address: address.replace("@", " @"), 4),
    Fault("email.special_use_domain", "E-mail", lambda address: address.partition("@")[0] + "@biuro.local", 3),
)

# What only a business has. Its fault is one of these as often as one of the others.
OF_BUSINESSES = (
    Fault("nip.checksum", "NIP", lambda nip: f"{nip[:9]}{(int(nip[9]) + 5) % 10}", 50),
    Fault("nip.length", "NIP", lambda nip: nip[:9], 20),
    Fault("nip.characters", "NIP", lambda nip: f"{nip[:5]}O{nip[6:]}", 15),
    Fault("nip.is_pesel", "NIP", _instead(_PESEL), 5),
    Fault("required.missing", "Nazwa firmy", _instead(""), 10),
    Fault("required.placeholder", "Nazwa firmy", _instead("brak"), 10),
    Fault("required.placeholder", "NIP", _instead("brak"), 10),
    Fault("excess.identity_number", "Nazwa firmy", _instead(f"Usługi Remontowe {_PESEL}"), 5),
)
