r"""Write a sample of an old Polish customer file, and beside it one of visits to the shop's pages.

    python tests/sample/generate.py OUT.csv [--records 2000] [--seed 1]

writes OUT.csv and OUT.visits.jsonl, with a record of visits for every ten of customers. Who the customers are stands in
people.toml; how they write, and what goes wrong, in mess.toml. A new code is sown by two lines there.

>>> [line.code for line in customers(500, seed=1) if line.reason][:2]
['record.malformed', 'record.malformed']
>>> customers(500, seed=1) == customers(500, seed=1)
True
"""

import argparse
import csv
import io
import json
import random
import sys
import tomllib
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import accumulate, cycle
from itertools import count as count_from
from pathlib import Path
from typing import Any, Final, NamedTuple

HERE = Path(__file__).parent
PEOPLE: Final[Mapping[str, Any]] = tomllib.loads((HERE / "people.toml").read_text(encoding="utf-8"))
MESS: Final[Mapping[str, Any]] = tomllib.loads((HERE / "mess.toml").read_text(encoding="utf-8"))

HEADER = (
    *("Nr klienta", "Imię", "Nazwisko", "Nazwa firmy", "NIP", "Ulica i numer", "Kod pocztowy", "Miejscowość", "Kraj"),
    *("Telefon", "E-mail", "Rodzaj", "Data urodzenia", "Uwagi", "Adres IP"),
)
ALWAYS = ("Nr klienta", "Uwagi", "Adres IP")  # columns that every kind of customer fills
TEXTS = ("Imię", "Nazwisko", "Nazwa firmy", "Ulica i numer", "Miejscowość")

DOMAINS = ("example.com", "example.org", "example.net")  # RFC 2606, 3: nobody's
NIP_WEIGHTS = (6, 5, 7, 2, 3, 4, 5, 6, 7)
# Of mobile numbers; what follows is any seven digits.
MOBILE = ("50", "51", "53", "57", "60", "66", "69", "72", "73", "78", "79", "88")

LEAST = 500  # records, that every mistake finds room
FAULTY = 0.1

Cells = dict[str, str]
Pieces = dict[str, str]
Break = Callable[[Cells], "Line"]


class Line(NamedTuple):
    """A record as it stands in a file, the code that was sown in it, and if it is no record at all, the reader's word.

    `clean` says that a customer in good order wrote it: nothing was sown, and it is neither blank nor repeated.
    """

    text: str
    code: str | None = None
    reason: str | None = None
    clean: bool = False


# --- customers -------------------------------------------------------------------------------------------------------


def customers(count: int, seed: int) -> list[Line]:
    """Return the lines of a customer file, without its header: customers, mistakes, duplicates and blank lines."""
    rng = random.Random(seed)
    clerk = Clerk(rng)
    plan: list[Callable[[], Line]] = [partial(clerk.broken, how) for how in BREAKS for _ in range(2)]
    faults = cycle(_cases("faults"))
    sown = [next(faults) for _ in range(max(len(_cases("faults")), round(count * FAULTY) - len(plan)))]
    plan += [partial(clerk.sown, *case) for case in sown + _cases("notices") + _cases("fixes")]
    plan += [clerk.again, clerk.moved] * (count // 50) + [clerk.blank] * (count // 100)
    plan += [clerk.regular] * (count - len(plan) - 1)
    rng.shuffle(plan)
    return [write() for write in (clerk.regular, *plan)]


class Clerk:
    """Who kept the file over the years, one record after the other, as the customers came."""

    def __init__(self, rng: random.Random) -> None:
        """Take the dice."""
        self._rng = rng
        self._numbers = count_from(1001)
        self._locals: set[str] = set()
        self._known: list[tuple[str, Pieces, Line]] = []

    def regular(self) -> Line:
        """Write a new customer, in good order."""
        kind = self._kind()
        pieces = self._customer()
        line = Line(to_csv(self._row(kind, pieces)), clean=True)
        if kind != "contact":  # a contact has no identity that could come again
            self._known.append((kind, pieces, line))
        return line

    def again(self) -> Line:
        """Write a known customer's line a second time."""
        return self._rng.choice(self._known)[2]._replace(clean=False)

    def moved(self) -> Line:
        """Write a known customer who lives elsewhere now, with another telephone, and got a new number."""
        kind, pieces, _ = self._rng.choice(self._known)
        new = {**self._place(), **self._mobile("a", "b", "c"), "number": str(next(self._numbers))}
        return Line(to_csv(self._row(kind, {**pieces, **new})))

    def sown(self, code: str, wrong: Cells) -> Line:
        """Write a new customer with these cells, which give the code."""
        pieces = self._customer()
        kind = "business" if {"NIP", "Nazwa firmy"} & wrong.keys() else "individual"
        cells = {column: spelling.format_map(pieces) for column, spelling in wrong.items()}
        return Line(to_csv(self._row(kind, pieces) | cells), code)

    def broken(self, how: Break) -> Line:
        """Write a line that is no record."""
        return how(self._row(self._kind(), self._customer()))

    def blank(self) -> Line:
        """Write nothing, as editors and as spreadsheets do."""
        return Line(self._rng.choice(("\r\n", ";" * (len(HEADER) - 1) + "\r\n")))

    def _kind(self) -> str:
        return self._weighted({name: kind["weight"] for name, kind in MESS["kinds"].items()})

    def _customer(self) -> Pieces:
        """Return the pieces that a customer's record is written from: what stands in the braces of mess.toml."""
        rng = self._rng
        sex = rng.choice(("female", "male"))
        first, other = rng.sample(PEOPLE["first_names"][sex], 2)
        last, maiden = (_of(sex, name) for name in rng.sample(PEOPLE["surnames"], 2))
        word = rng.choice(PEOPLE["beginnings"]) + rng.choice(PEOPLE["endings"])
        return {
            "number": str(next(self._numbers)),
            "first": first,
            "other": other,
            "last": last,
            "maiden": maiden,
            "year": str(rng.randint(1938, 2003)),
            "month": f"{rng.randint(1, 12):02}",
            "day": f"{rng.randint(1, 28):02}",
            "company": rng.choice(PEOPLE["companies"]).format(first=first, last=last, word=word),
            "host": str(rng.randint(1, 254)),
            **self._nip(),
            **self._place(),
            **self._mobile("a", "b", "c"),
            **self._mobile("d", "e", "f"),
            **self._address(first, last),
        }

    def _row(self, kind: str, pieces: Pieces) -> Cells:
        """Return a customer's cells: correct, but written as people write."""
        filled = (*ALWAYS, *MESS["kinds"][kind]["columns"])
        spellings = {column: self._weighted(MESS["spellings"][column]) for column in filled}
        if pieces["village"] and kind != "contact":
            spellings["Ulica i numer"] = "{town} {house}"
        cells = {column: spelling.format_map(pieces) for column, spelling in spellings.items()}
        sloppy = {column: self._sloppily(cells[column]) for column in TEXTS if column in cells}
        return {**cells, **sloppy, "Rodzaj": self._weighted(MESS["kinds"][kind]["said"])}

    def _weighted(self, weights: Mapping[str, int]) -> str:
        return self._rng.choices(list(weights), list(weights.values()))[0]

    def _sloppily(self, text: str) -> str:
        """Return the text as one in three types it."""
        slips: Sequence[Callable[[str], str]] = (
            str.upper,
            lambda text: f"{text} ",
            lambda text: f" {text}",
            lambda text: text.replace(" ", "  ", 1),
            lambda text: text.replace(" ", "\xa0", 1),
        )
        return self._rng.choice(slips)(text) if self._rng.random() < 1 / 3 else text

    def _digits(self, count: int) -> str:
        return "".join(self._rng.choices("0123456789", k=count))

    def _nip(self) -> Pieces:
        """Return a NIP whose check digit fits, whole and in parts, and one in which it does not."""
        control = 10
        digits = ""
        while control == 10:  # no NIP has such a sum
            digits = self._rng.choice("123456789") + self._rng.choice("123456789") + self._digits(7)
            control = sum(weight * int(digit) for weight, digit in zip(NIP_WEIGHTS, digits, strict=True)) % 11
        nip = f"{digits}{control}"
        mistyped = f"{digits}{(control + self._rng.randint(1, 9)) % 10}"
        return {"nip": nip, "mistyped": mistyped, **_cut("n", nip, 3, 3, 2, 2), **_cut("m", nip, 3, 2, 2, 3)}

    def _place(self) -> Pieces:
        """Return where somebody lives, and a telephone number of that area."""
        rng = self._rng
        place = rng.choice(PEOPLE["places"])
        local = rng.choice("23456789") + self._digits(6)
        return {
            "town": rng.choice(place["names"]),
            "village": "yes" if "village" in place else "",
            "street": rng.choice(PEOPLE["streets"]),
            "house": str(rng.randint(1, 120)),
            "flat": str(rng.randint(1, 60)),
            "z1": place["postal"],
            "z2": f"{rng.randint(1, 999):03}",
            "area": place["area"],
            **_cut("l", local, 3, 2, 2),
            "l9": str(rng.randint(10, 99)),
            "ext": self._digits(3),
        }

    def _mobile(self, first: str, second: str, third: str) -> Pieces:
        """Return a mobile number in three parts of these names; and its first digit, the next three, all the others."""
        number = self._rng.choice(MOBILE) + self._digits(7)
        parts = {first: number[:3], second: number[3:6], third: number[6:]}
        return {**parts, f"{first}1": number[0], f"{first}3": number[1:4], f"{first}8": number[1:]}

    def _address(self, first: str, last: str) -> Pieces:
        """Return an e-mail address that no other customer has."""
        name = _ascii(f"{first}.{last}")
        spare = (f"{name}{number or ''}" for number in count_from())
        local = next(one for one in spare if one not in self._locals)
        self._locals.add(local)
        domain = self._rng.choice(DOMAINS)
        return {"local": local, "domain": domain, "LOCAL": local.upper(), "DOMAIN": domain.upper()}


def _cut(name: str, digits: str, *widths: int) -> Pieces:
    """Return the digits in parts.

    >>> _cut("n", "5260250274", 3, 3, 2, 2)
    {'n1': '526', 'n2': '025', 'n3': '02', 'n4': '74'}
    """
    ends = list(accumulate(widths))
    return {f"{name}{n}": digits[end - width : end] for n, (width, end) in enumerate(zip(widths, ends, strict=True), 1)}


def _of(sex: str, surname: str) -> str:
    """Return the surname as a woman or a man bears it."""
    return f"{surname[:-1]}a" if sex == "female" and surname.endswith(("ski", "cki", "dzki")) else surname


def _ascii(text: str) -> str:
    """Return the text in lower case without its accents."""
    plain = unicodedata.normalize("NFD", text.lower().replace("ł", "l"))
    return plain.encode("ascii", "ignore").decode()


def _cases(part: str) -> list[tuple[str, Cells]]:
    """Return the code and the cells of every case in a part of mess.toml."""
    return [(code, wrong) for code, cases in MESS[part].items() for wrong in cases]


def to_csv(cells: Cells) -> str:
    """Return a record as RFC 4180 writes it."""
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerow([cells.get(column, "") for column in HEADER])
    return text.getvalue()


# --- lines that are no records ---------------------------------------------------------------------------------------


def _unquoted(cells: Cells) -> list[str]:
    return [" ".join(cells.get(column, "").split()).replace('"', "") for column in HEADER]


def _quote_left_open(cells: Cells) -> Line:
    text = ";".join(_unquoted({**cells, "Nazwisko": ""})).replace(";;", ';"Kowalski;', 1)
    return Line(f"{text}\r\n", "record.malformed", "unclosed_quote")


def _quotes_in_quotes(cells: Cells) -> Line:
    text = ";".join(_unquoted({**cells, "Nazwa firmy": "SKLEP"})).replace(";SKLEP;", ';"Sklep "Narożny" s.c.";')
    return Line(f"{text}\r\n", "record.malformed", "quote_in_cell")


def _delimiter_in_cell(cells: Cells) -> Line:
    text = ";".join(_unquoted({**cells, "Uwagi": "stały klient; rabat 5%; faktura na maila"}))
    return Line(f"{text}\r\n", "record.malformed", "too_many_cells")


def _cut_off(cells: Cells) -> Line:
    return Line(";".join(_unquoted(cells)[:6]) + "\r\n", "record.malformed", "too_few_cells")


BREAKS = (_quote_left_open, _quotes_in_quotes, _delimiter_in_cell, _cut_off)


# --- visits ----------------------------------------------------------------------------------------------------------


def visits(count: int, seed: int) -> list[Line]:
    """Return the lines of a file of visits, registrations and log-ins."""
    rng = random.Random(seed)
    lines = [Line(to_json(record), code) for code, records in MESS["visits"].items() for record in records]
    lines += [
        Line('{"kind": "visit", "ip_address": "192.0.2.20", "browser": "Firef\n', "record.malformed", "not_json"),
        Line('{"kind": "login", "ip_address": "192.0.2.21", "ip_address": ""}\n', "record.malformed", "duplicate_key"),
        Line('["login", "192.0.2.22"]\n', "record.malformed", "not_an_object"),
        Line("\n"),
    ]
    lines += [Line(to_json(_visit(rng)), clean=True) for _ in range(count - len(lines))]
    rng.shuffle(lines)
    return lines


def _visit(rng: random.Random) -> dict[str, str]:
    """Return a record as a web server's log has it, with more than the policy names."""
    host = rng.randint(1, 254)
    address = {"ip_address": rng.choice((f"192.0.2.{host}", f"203.0.113.{host}", f"2001:db8::{host}"))}
    agent = rng.choice(PEOPLE["agents"])
    provider = {"internet_provider": rng.choice(PEOPLE["providers"])}
    return rng.choice(
        (
            {
                "kind": rng.choice(("visit", "wizyta")),
                **address,
                **provider,
                "browser": agent,
                "operating_system": agent,
            },
            {"kind": "visit", **address, "browser": agent, "referer": "https://example.com/", "cookie": f"{host:032x}"},
            {"kind": rng.choice(("registration", "rejestracja")), **address, **provider, "screen": "1920x1080"},
            {"kind": rng.choice(("login", "logowanie")), **address, "login": f"klient{host}"},
        )
    )


def to_json(record: Mapping[str, object]) -> str:
    """Return a record as a line of JSON."""
    return json.dumps(record, ensure_ascii=False) + "\n"


# --- the command -----------------------------------------------------------------------------------------------------


def main(arguments: Sequence[str]) -> None:
    """Write both files."""
    parser = argparse.ArgumentParser(description="Write a sample of an old customer file.")
    parser.add_argument("out", type=Path, metavar="OUT.csv")
    parser.add_argument("--records", type=int, default=2000, help="how many of customers (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="another number, another file (%(default)s)")
    options = parser.parse_args(arguments)
    if options.records < LEAST:
        parser.error(f"--records: at least {LEAST}, that every mistake finds room")
    header = ";".join(HEADER) + "\r\n"
    _write(options.out, [Line(header), *customers(options.records, options.seed)])
    _write(options.out.with_suffix(".visits.jsonl"), visits(options.records // 10, options.seed))


def _write(path: Path, lines: Sequence[Line]) -> None:
    path.write_text("".join(line.text for line in lines), encoding="utf-8", newline="")


if __name__ == "__main__":
    main(sys.argv[1:])
