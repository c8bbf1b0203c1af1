"""Write a file of customers as an old Polish shop has them, of any size: what the benchmarks import.

    python -m tests.benchmarks.customers OUT.csv --records 1000000 --seed 1 [--clean CLEAN.csv] [--well-formed]

UTF-8, `;`, 13 columns, of which the policy names 11 and has no use for the last two. Three in ten are businesses. All
NIPs, e-mail addresses and telephone numbers are distinct. A third of every field's values need a fix, a tenth of the
records is faulty, one line in a thousand is malformed or blank: mess.py has the shares, crowd.py who the customers are.
The same seed gives the same bytes.

`--clean` writes the good records beside it as they ought to be stored, a file for each kind (CLEAN.individual.csv,
CLEAN.business.csv): a header, and columns that are called as the table's. `--well-formed` leaves the malformed lines
out, for readers that stop at one.

>>> block = Clerk(seed=1).block(range(1, 1001))
>>> len(block.lines), sum(block.good)
(1000, 900)
"""

import argparse
import csv
import random
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import compress, count, islice
from pathlib import Path
from typing import NamedTuple, TextIO, TypeVar

from phonenumbers import PhoneNumber, is_valid_number

from tests.benchmarks import mess
from tests.benchmarks.columns import FIELDS, HEADER
from tests.benchmarks.crowd import COMPANIES, DOMAINS, FIRST_NAMES, HOUSES, STREETS, SURNAMES, TOWNS, WORDS

_OF_BUSINESSES = ("Nazwa firmy", "NIP")
_WITH_POLISH_LETTERS = ("Imię", "Nazwisko", "Ulica i numer", "Miejscowość")

_BLOCK = 10_000  # records that are made together

T = TypeVar("T")


class Column(NamedTuple):
    """What stands in the cells of a column, and what ought to be stored of it."""

    written: list[str]
    canonical: list[str]


class Block(NamedTuple):
    """Lines of the file; which of them are good records, and which businesses; what ought to be stored, by column."""

    lines: list[str]
    good: list[bool]
    business: list[bool]
    canonical: dict[str, list[str]]


class Clerk:
    """Who wrote the file: a column at a time for a block of records, for it has to be quick."""

    def __init__(self, seed: int, *, well_formed: bool = False) -> None:
        self._broken = 0 if well_formed else mess.BROKEN
        self._rng = random.Random(seed)  # noqa: S311  (the same file every time: nothing here is a secret)
        self._nips = _nips(self._rng.randrange(10**8, 8 * 10**8))
        self._step = self._rng.randrange(10**6, 7 * 10**6)

    def block(self, numbers: range) -> Block:
        """Write the records with these numbers."""
        rng, size = self._rng, len(numbers)
        business = [rng.random() < mess.BUSINESSES / 100 for _ in numbers]
        columns = self._columns(numbers, business)
        written = {header: column.written for header, column in columns.items()}
        for header in _WITH_POLISH_LETTERS:
            cells = written[header]
            for place in rng.sample(range(size), _share(size, mess.NOT_COMPOSED)):
                cells[place] = unicodedata.normalize("NFD", cells[place])
        good = [True] * size
        self._spoil(columns, business, good)
        lines = list(map(";".join, zip(*written.values(), strict=True)))
        self._break(lines, good)
        return Block(lines, good, business, {header: columns[header].canonical for header in FIELDS})

    def _columns(self, numbers: range, business: list[bool]) -> dict[str, Column]:
        """Return all columns, in the file's order; no cell is faulty yet."""
        rng, size = self._rng, len(numbers)
        references = [f"{number:06}" for number in numbers]
        firsts, lasts = rng.choices(FIRST_NAMES, k=size), rng.choices(SURNAMES, k=size)
        towns = rng.choices(TOWNS, k=size)
        handles = [(handle, last[1][sex]) for (_, sex, handle), last in zip(firsts, lasts, strict=True)]
        columns = (
            Column(references, references),
            _spread(self._companies(sum(business)), business),
            _spread(self._nip(sum(business)), business),
            self._around([name for name, _, _ in firsts]),
            self._around([last[0][sex] for (_, sex, _), last in zip(firsts, lasts, strict=True)]),
            self._between(rng.choices(STREETS, k=size), rng.choices(HOUSES, k=size)),
            self._postal_codes([postal for _, postal in towns]),
            self._around([town for town, _ in towns]),
            Column(rng.choices(_COUNTRY, k=size), ["PL"] * size),
            self._phones(numbers),
            self._addresses(numbers, handles),
            Column(rng.choices(_REMARKS, k=size), []),
            Column(rng.choices(_BIRTHDAYS, k=size), []),
        )
        return dict(zip(HEADER, columns, strict=True))

    # --- what is right, as people write it ---

    def _around(self, values: list[str]) -> Column:
        slips = self._rng.choices(_AROUND, k=len(values))
        return Column(
            [f"{before}{value}{behind}" for (before, behind), value in zip(slips, values, strict=True)], values
        )

    def _between(self, firsts: list[str], seconds: list[str]) -> Column:
        slips = self._rng.choices(_BETWEEN, k=len(firsts))
        parts = list(zip(firsts, seconds, strict=True))
        written = [
            f"{before}{first}{gap}{second}{behind}"
            for (before, gap, behind), (first, second) in zip(slips, parts, strict=True)
        ]
        return Column(written, [f"{first} {second}" for first, second in parts])

    def _companies(self, size: int) -> Column:
        forms = self._rng.choices(COMPANIES, k=size)
        words = self._rng.choices(WORDS, k=size)
        names = self._between(
            [f"{head}{word}" for (head, _), word in zip(forms, words, strict=True)], [tail for _, tail in forms]
        )
        return Column([_quoted(cell) for cell in names.written], names.canonical)

    def _nip(self, size: int) -> Column:
        nips = list(islice(self._nips, size))
        spellings = self._rng.choices(_NIP, k=size)
        return Column([spelling % tuple(nip) for spelling, nip in zip(spellings, nips, strict=True)], nips)

    def _postal_codes(self, beginnings: list[str]) -> Column:
        ends = self._rng.choices(range(1, 1000), k=len(beginnings))
        digits = [f"{postal}{end:03}" for postal, end in zip(beginnings, ends, strict=True)]
        spellings = self._rng.choices(_POSTAL_CODE, k=len(digits))
        written = [spelling % tuple(code) for spelling, code in zip(spellings, digits, strict=True)]
        return Column(written, [f"{code[:2]}-{code[2:]}" for code in digits])

    def _phones(self, numbers: range) -> Column:
        """Return numbers that are all distinct: seven digits, and where they come again, another prefix before them."""
        written, canonical = [], []
        spellings = self._rng.choices(_PHONES, k=len(numbers))
        for number, (prefixes, spelling, extension) in zip(numbers, spellings, strict=True):
            local = number * self._step % _LOCALS
            prefix = prefixes[(local + number // _LOCALS) % len(prefixes)]
            digits = f"{prefix}{_LEAST_LOCAL + local}"
            written.append(spelling % tuple(digits))
            canonical.append(f"+48{digits}{extension}")
        return Column(written, canonical)

    def _addresses(self, numbers: range, handles: list[tuple[str, str]]) -> Column:
        """Return addresses that are all distinct, for the record's number is in them."""
        rng, size = self._rng, len(numbers)
        written, canonical = [], []
        dots, domains = rng.choices((".", ".", "_", ""), k=size), rng.choices(DOMAINS, k=size)
        spellings = self._rng.choices(_EMAIL, k=size)
        for (first, last), dot, number, domain, spelling in zip(
            handles, dots, numbers, domains, spellings, strict=True
        ):
            local = f"{first}{dot}{last}{number}"
            if spelling is mess.AS_IT_IS:
                address = f"{local}@{domain}"
                written.append(address)
                canonical.append(address)
                continue
            local = local.upper() if spelling.local_upper else local
            shown = domain.upper() if spelling.domain_upper else domain
            written.append(f"{spelling.before}{local}@{shown}{spelling.behind}")
            canonical.append(f"{local}@{domain}")
        return Column(written, canonical)

    # --- what is wrong ---

    def _spoil(self, columns: Mapping[str, Column], business: list[bool], good: list[bool]) -> None:
        """Put faults into some of the records."""
        rng = self._rng
        places = rng.sample(range(len(good)), _share(len(good), mess.FAULTY))
        faults = rng.choices(_FAULTS, k=len(places))
        of_businesses = rng.choices(_FAULTS_OF_BUSINESSES, k=len(places))
        sown = [
            (place, theirs if business[place] and rng.random() < 1 / 2 else fault)
            for place, fault, theirs in zip(places, faults, of_businesses, strict=True)
        ]
        seconds = places[: len(places) // mess.SECOND_FAULTS]
        sown += zip(seconds, rng.choices(_FAULTS, k=len(seconds)), strict=True)
        for place, fault in sown:
            column = columns[fault.column]
            column.written[place] = fault.spoilt(column.canonical[place])
            good[place] = False

    def _break(self, lines: list[str], good: list[bool]) -> None:
        """Make some lines such that they are no records, and some blank."""
        broken, blank = _share(len(lines), self._broken), _share(len(lines), mess.BLANK)
        for place in self._rng.sample(range(len(lines)), broken + blank):
            how = self._rng.choice(_BREAKS) if broken else _blank
            broken -= bool(broken)
            lines[place] = how(lines[place])
            good[place] = False


def _share(size: int, of_a_thousand: float) -> int:
    return round(size * of_a_thousand / 1000)


def _spread(column: Column, where: list[bool]) -> Column:
    """Return a column that has these cells in some of its places, and nothing in the others."""
    written, canonical = iter(column.written), iter(column.canonical)
    return Column([next(written) if one else "" for one in where], [next(canonical) if one else "" for one in where])


def _quoted(cell: str) -> str:
    """Return the cell as RFC 4180 writes it."""
    if '"' in cell or ";" in cell:
        return '"' + cell.replace('"', '""') + '"'
    return cell


# --- spellings and faults, made ready --------------------------------------------------------------------------------


def _urn(weights: Mapping[T, int]) -> list[T]:
    """Return every thing as often as its weight says: drawing from a list is quicker than drawing by weights."""
    return [thing for thing, weight in weights.items() for _ in range(weight)]


def _of_digits(spellings: Mapping[str, int]) -> list[str]:
    """Return spellings that take the digits as arguments of `%`."""
    return [spelling.replace("#", "%s") for spelling in _urn(spellings)]


_AROUND, _BETWEEN, _EMAIL = _urn(mess.AROUND), _urn(mess.BETWEEN), _urn(mess.EMAIL)
_COUNTRY, _REMARKS = _urn(mess.COUNTRY), _urn(mess.REMARKS)
_NIP, _POSTAL_CODE = _of_digits(mess.NIP), _of_digits(mess.POSTAL_CODE)
_FAULTS = _urn({fault: fault.weight for fault in mess.FAULTS})
_FAULTS_OF_BUSINESSES = _urn({fault: fault.weight for fault in mess.OF_BUSINESSES})
_BIRTHDAYS = [
    *("" for _ in range(28 * 12 * 60 * (100 - mess.BIRTHDAYS) // mess.BIRTHDAYS)),
    *(f"{year}-{month:02}-{day:02}" for year in range(1938, 1998) for month in range(1, 13) for day in range(1, 29)),
]

# `number * step % span` meets every number below a prime once before it comes again, in an order that looks like none.
_LOCALS, _LEAST_LOCAL = 7_999_993, 2_000_000
_NIPS, _LEAST_NIP = 899_999_963, 100_000_000
_NIP_WEIGHTS = (6, 5, 7, 2, 3, 4, 5, 6, 7)


def _prefixes(candidates: Iterable[int]) -> tuple[int, ...]:
    """Return the first two digits that make a valid Polish number with seven of ours, by phonenumbers' own metadata."""
    ends = range(_LEAST_LOCAL, 10**7, 99_991)
    return tuple(two for two in candidates if all(is_valid_number(PhoneNumber(48, two * 10**7 + end)) for end in ends))


def _phones() -> list[tuple[tuple[int, ...], str, str]]:
    """Return prefixes, a spelling, and the extension that is kept of it, each as often as it is to come."""
    mobile = _prefixes((45, 50, 51, 53, 57, 60, 66, 69, 72, 73, 78, 79, 88))
    # Without 48: that is Radom's, and the country's.
    landline = _prefixes(two for two in range(12, 96) if two not in {48, *mobile})
    weights = {}
    for prefixes, spellings, share in (
        (mobile, mess.MOBILE, mess.MOBILES),
        (landline, mess.LANDLINE, 100 - mess.MOBILES),
    ):
        for spelling, weight in spellings.items():
            extension = next((kept for said, kept in mess.EXTENSIONS.items() if spelling.endswith(said)), "")
            weights[prefixes, spelling.replace("#", "%s"), extension] = weight * share
    return _urn(weights)


_PHONES = _phones()


def _nips(step: int) -> Iterator[str]:
    """Yield valid NIPs, each once. The checksum is added up from tables of three digits each: it has to be quick."""
    heads, middles, tails = (
        [
            sum(w * int(d) for w, d in zip(_NIP_WEIGHTS[at : at + 3], f"{three:03}", strict=True))
            for three in range(1000)
        ]
        for at in (0, 3, 6)
    )
    for number in count(1):
        nine = _LEAST_NIP + number * step % _NIPS
        head, rest = divmod(nine, 10**6)
        control = (heads[head] + middles[rest // 1000] + tails[rest % 1000]) % 11
        # No NIP has the sum 10; the ministry's schema has no zeros at the second and third place.
        if control != 10 and head % 100:
            yield f"{nine}{control}"


# --- lines that are no records ---------------------------------------------------------------------------------------


def _plain(line: str) -> list[str]:
    """Return the cells of a line without quotes and line ends."""
    [cells] = csv.reader([line.replace("\n", " ")], delimiter=";")
    return [cell.replace('"', "").replace(";", ",") for cell in cells]


def _quote_left_open(line: str) -> str:
    cells = _plain(line)
    return ";".join([*cells[:4], f'"{cells[4]}', *cells[5:]])


def _quotes_in_quotes(line: str) -> str:
    cells = _plain(line)
    return ";".join([cells[0], '"Sklep "Narożny" s.c."', *cells[2:]])


def _delimiter_in_cell(line: str) -> str:
    return ";".join([*_plain(line)[:11], "stały klient; rabat 5%; faktura na maila", ""])


def _cut_off(line: str) -> str:
    return ";".join(_plain(line)[:6])


def _blank(_line: str) -> str:
    return ";" * (len(HEADER) - 1)


_BREAKS: tuple[Callable[[str], str], ...] = (_quote_left_open, _quotes_in_quotes, _delimiter_in_cell, _cut_off)


# --- the files -------------------------------------------------------------------------------------------------------


def clean_path(path: Path, kind: str) -> Path:
    """Return where the clean records of a kind are, beside a file."""
    return path.with_suffix(f".{kind}.csv")


def write(path: Path, records: int, seed: int, clean: Path | None = None, *, well_formed: bool = False) -> None:
    """Write a file, and if asked, what ought to be stored of it."""
    clerk = Clerk(seed, well_formed=well_formed)
    with ExitStack() as files:
        out = files.enter_context(path.open("w", encoding="utf-8", newline=""))
        out.write(";".join(HEADER) + "\r\n")
        shelves = _shelves(clean, files) if clean else ()
        for first in range(1, records + 1, _BLOCK):
            block = clerk.block(range(first, min(first + _BLOCK, records + 1)))
            out.write("\r\n".join([*block.lines, ""]))
            for shelf in shelves:
                shelf(block)


def _shelves(clean: Path, files: ExitStack) -> list[Callable[[Block], None]]:
    """Return what writes the clean records of each kind."""
    individual = [header for header in FIELDS if header not in _OF_BUSINESSES]
    return [
        _shelf(files.enter_context(clean_path(clean, kind).open("w", encoding="utf-8", newline="")), headers)
        for kind, headers in (("individual", individual), ("business", list(FIELDS)))
    ]


def _shelf(file: TextIO, headers: list[str]) -> Callable[[Block], None]:
    writer = csv.writer(file, delimiter=";", lineterminator="\n")
    writer.writerow([FIELDS[header] for header in headers])
    wanted = "NIP" in headers

    def put(block: Block) -> None:
        chosen = [good and business is wanted for good, business in zip(block.good, block.business, strict=True)]
        writer.writerows(compress(zip(*(block.canonical[header] for header in headers), strict=True), chosen))

    return put


def main(arguments: Sequence[str]) -> None:
    """Write what the command line asks for."""
    parser = argparse.ArgumentParser(description="Write a file of customers, of any size.")
    parser.add_argument("out", type=Path, metavar="OUT.csv")
    parser.add_argument("--records", type=int, default=200_000, help="how many (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="another number, another file (%(default)s)")
    parser.add_argument("--clean", type=Path, metavar="CLEAN.csv", help="and what ought to be stored, by kind")
    parser.add_argument("--well-formed", action="store_true", help="no malformed lines")
    options = parser.parse_args(arguments)
    write(options.out, options.records, options.seed, options.clean, well_formed=options.well_formed)


if __name__ == "__main__":
    main(sys.argv[1:])
