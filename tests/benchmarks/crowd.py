"""Who the customers of a benchmark's file are: names that sound Polish, most of them put together. Nobody is meant.

>>> len(SURNAMES) > 30_000, len(WORDS) > 30_000
(True, True)
>>> SURNAMES[0]
(('Nowak', 'Nowak'), ('nowak', 'nowak'))
>>> max(len(domain) for domain in DOMAINS) < 40
True
"""

import tomllib
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

_PEOPLE: Final[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parents[1] / "sample" / "people.toml").read_text(encoding="utf-8")
)

MAN, WOMAN = 0, 1


def _words(text: str) -> list[str]:
    return text.split()


def _ascii(text: str) -> str:
    """Return the text in lower case without its accents, as people write themselves in an e-mail address."""
    plain = unicodedata.normalize("NFD", text.lower().replace("ł", "l"))
    return plain.encode("ascii", "ignore").decode()


# --- people ----------------------------------------------------------------------------------------------------------

_COMMON: Final[list[str]] = _PEOPLE["surnames"]
_STEMS = _words(
    "Bar Bart Biel Bor Broż Brzoz Buk Ceg Chmiel Cich Dąb Dob Drozd Dud Dziub Fil Gaj Gaw Gąs Głow Gór Grab Grom "
    "Jabł Jag Jan Jar Jas Jaw Jedl Kac Kal Kam Kar Kasz Klim Koc Kol Kon Kop Kor Kos Kow Koz Kraw Kruk Krzem Kub Kuch "
    "Kul Kur Kwiat Lip Lis Lub Łąk Łuk Mach Mal Mar Mat Maz Mich Mil Mod Mroz Nied Now Olsz Orz Ost Paw Piąt Piech "
    "Piet Pil Pod Pol Rad Raj Rog Rom Rut Ryb Rych Sad Sar Saw Sik Siem Skow Sob Sok Stan Star Strz Szcz Szym Świd "
    "Tom Tur Urb Wal Was Wier Wil Wit Woj Wól Wróbl Zab Zaj Zal Zar Zaw Ziel Żak Żuk"
)
_MIDDLES = ("", *_words("al an ar el en il in ol on or osz ul un ysz ich"))
_ENDINGS = _words("ski cki owski ewski iński yński czyk ak iak ek ik owicz ewicz arz uch ala uk eja")  # of men


def _surname(man: str) -> tuple[tuple[str, str], tuple[str, str]]:
    """Return a surname as a man and as a woman bears it, and both as an e-mail address has them."""
    woman = f"{man[:-1]}a" if man.endswith(("ski", "cki", "dzki")) else man
    return (man, woman), (_ascii(man), _ascii(woman))


def _surnames() -> Iterator[str]:
    """Yield the common ones so often that a fifth of the people have one."""
    made = [stem + middle + ending for stem in _STEMS for middle in _MIDDLES for ending in _ENDINGS]
    yield from _COMMON * (len(made) // len(_COMMON) // 4)
    yield from made


SURNAMES = [_surname(name) for name in _surnames()]

# The name, whose it is, and how an e-mail address has it: whole, or the first letter.
FIRST_NAMES = [
    (name, sex, handle)
    for sex, names in ((MAN, _PEOPLE["first_names"]["male"]), (WOMAN, _PEOPLE["first_names"]["female"]))
    for name in names
    for handle in (_ascii(name), _ascii(name), _ascii(name)[0])
]

# --- places ----------------------------------------------------------------------------------------------------------

_VILLAGES = [
    f"{which} {what}"
    for which in ("Nowa", "Stara", "Mała", "Wielka", "Górna", "Dolna", "Sucha", "Biała")
    for what in _words("Wola Wieś Huta Dąbrowa Kuźnia Góra Łąka Brzezina Karczma Olszyna Rudnia Struga")
]

# A town and the first two digits of its postal codes: a third live in the villages.
TOWNS = [
    *((town, place["postal"]) for place in _PEOPLE["places"] for town in place["names"] for _ in range(8)),
    *((village, f"{number:02}") for number, village in enumerate(_VILLAGES, 1)),
]

_STREETS: Final[list[str]] = _PEOPLE["streets"]
STREETS = [
    f"{prefix}{street}"
    for prefix in ("ul. ", "ul. ", "ul. ", "", "", "os. ", "al. ")
    for street in (*_STREETS, *(f"Pod {name}" for name in _words("Lasem Dębem Klonem Jaworem Grabem Orłem")))
]
HOUSES = [
    *(f"{house}" for house in range(1, 200)),
    *(f"{house}{letter}" for house in range(1, 100) for letter in "ABC"),
    *(f"{house}/{flat}" for house in range(1, 60) for flat in range(1, 30)),
    *(f"{house} m. {flat}" for house in range(1, 20) for flat in range(1, 20)),
]

# --- companies and where mail goes -----------------------------------------------------------------------------------

_BEGINNINGS: Final[list[str]] = [
    *_PEOPLE["beginnings"],
    *_words(
        "Agro Auto Bio Dom Elektro Euro Farm Geo Home Instal Kal Lux Magno Medi Mix Nord Opti Petro Pro Roto Sani Tele "
        "Term Ultra Vita Wod"
    ),
]
_MIDDLE_PARTS = _words("a e o i an en on ar er or al el ol ma me mo ta te to ra re ro")
WORDS = [
    begin + middle + end + tail
    for begin in _BEGINNINGS
    for middle in _MIDDLE_PARTS
    for end in _PEOPLE["endings"]
    for tail in ("", "ex", "is", "us")
]

# Before the word and behind it; the latter begins where the gap is. Some have what a CSV file has to quote.
COMPANIES = (
    *(("", tail) for tail in ("Sp. z o.o.", "sp. z o.o. sp. k.", "S.A.", "s.c.", "Usługi Remontowe", "Transport")),
    *((head, "s.c.") for head in ("PHU ", "F.H.U. ", "PPHU ", "Zakład Stolarski ", "Auto Serwis ", "Studio ")),
    *((head, "i Wspólnicy") for head in ("Hurtownia ", "Kancelaria ", "Biuro Rachunkowe ", "Piekarnia ", "Apteka ")),
    ("Przedsiębiorstwo Wielobranżowe ", "Spółka z ograniczoną odpowiedzialnością"),
    ('Sklep "', 'Market" s.c.'),
    ("Handel; Usługi; Transport ", "i Syn"),
)

# RFC 2606's names, that nobody has, and invented ones; half of all mail goes to the first few, as it does in life.
_HEAD = ("example.com", "example.org", "example.net", "poczta.example.com", "mail.example.org", "skrzynka-przyklad.pl")
DOMAINS = [
    *(domain for domain in _HEAD for _ in range(500)),
    *(f"{word.lower()}-przyklad.{end}" for word in WORDS[:: len(WORDS) // 1000] for end in ("pl", "com", "eu")),
]
