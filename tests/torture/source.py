"""Two small files of customers, one imported before the other: every outcome, in every batch, in every format.

A format that can be imported is added to `FORMATS`: what is proven of one is proven of all.
"""

import gzip
import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Final, NamedTuple

import pyarrow as pa
from pyarrow import parquet
from stdnum.pl import nip as polish_nip

from tests.intake.customers import HEADER, csv, customer

Item = Mapping[str, str] | None  # None: a line that cannot be read. {}: a blank one.

COLUMNS: Final = (*HEADER, "NIP", "Nazwa firmy", "Adres IP", "Przeglądarka", "Rodzaj", "Id", "Uwagi")
REFUSED = {"E-mail": "ewa(at)example.com"}


class Files(NamedTuple):
    """What one command imports, in this order."""

    before: Path
    after: Path

    @property
    def arguments(self) -> list[str]:
        return [str(self.before), str(self.after)]


def write_files(folder: Path, suffix: str, many: int) -> Files:
    """Both files in a format; `many` items are in the second, and some fewer in the first."""
    write = FORMATS[suffix]
    before, after = folder / f"before.{suffix}", folder / f"after.{suffix}"
    before.write_bytes(write(list(_before(many))))
    after.write_bytes(write(list(_after(many))))
    return Files(before, after)


def _before(many: int) -> Iterator[Item]:
    for number in range(0, many, PATTERN):
        yield customer(number + 1)
        yield customer(number + 2, Miejscowość="Łódź")
        yield _business(number + 6)
        yield customer(number + 3) | REFUSED


def _after(many: int) -> Iterator[Item]:
    for number in range(many):
        yield _OUTCOMES[number % PATTERN](number)


def _business(number: int) -> dict[str, str]:
    return customer(number) | {"Nazwa firmy": f"Sklep {number}", "NIP": _nip(number)}


def _nip(number: int) -> str:
    """A valid NIP: its check digit is not to be 10."""
    stem = f"526{number:05}"
    return next(
        polish_nip.compact(f"{stem}{digit}{check}")
        for digit in range(10)
        if (check := polish_nip.checksum(f"{stem}{digit}0")) != 10
    )


def _typed(business: Mapping[str, str]) -> Mapping[str, str]:
    """As people type a NIP."""
    nip = business["NIP"]
    return {**business, "NIP": f"PL {nip[:3]}-{nip[3:]}"}


def _city(number: int) -> str:
    return f"Miasto {chr(ord('a') + number // 80)}"


def _address(number: int) -> str:
    return f"192.0.2.{number % 250}"


_OUTCOMES: Final[Sequence[Callable[[int], Item]]] = (
    customer,
    customer,  # from the file before: unchanged
    customer,  # and updated
    lambda number: customer(number - 3, Uwagi="again"),  # duplicate
    lambda number: customer(number - 4, Miejscowość="Kraków"),  # updated within the file
    _business,
    lambda number: _typed(_business(number)),  # unchanged
    lambda number: {"Rodzaj": "visit", "Adres IP": _address(number), "Przeglądarka": "Firefox"},
    lambda number: {"Rodzaj": "logowanie", "Adres IP": _address(number)},
    lambda number: customer(number) | REFUSED,
    lambda _: {},
    lambda _: None,
    lambda number: customer(number) | {"Ulica i numer": "ul. Polna 1\nm. 2"},  # refused, and over two lines in CSV
    lambda number: {"Rodzaj": "kontakt", "Imię": "Jan", "Nazwisko": "Kot", "E-mail": f"jan{number}@example.com"},
    lambda number: customer(100_000 + number % 80, Miejscowość=_city(number)),  # updated some batches later
    lambda number: customer(number, Id=f"K-{number}", Uwagi="a remark"),
)
PATTERN: Final = len(_OUTCOMES)  # after so many items the outcomes come again


def _csv(items: Iterable[Item]) -> bytes:
    width = len(COLUMNS)
    text = csv([], COLUMNS)
    for item in items:
        if item is None:
            text += ";".join("x" * (width + 1)) + "\n"  # a cell too many
        else:
            cells = (item.get(name, "") for name in COLUMNS)
            text += ";".join(f'"{cell}"' if "\n" in cell else cell for cell in cells) + "\n"
    return text.encode()


def _json_lines(items: Iterable[Item]) -> bytes:
    lines = ('{"E-mail": ' if item is None else json.dumps(item, ensure_ascii=False) if item else "" for item in items)
    return "".join(f"{line}\n" for line in lines).encode()


def _parquet(items: Iterable[Item]) -> bytes:
    """In one column there is a number where an item cannot be read: one that is not finite."""
    rows = [{"Saldo": math.inf} if item is None else item for item in items]
    columns = {name: pa.array([row.get(name) for row in rows], pa.string()) for name in COLUMNS}
    balance = pa.array([row.get("Saldo") for row in rows], pa.float64())
    parquet.write_table(pa.table(columns | {"Saldo": balance}), file := BytesIO())
    return file.getvalue()


FORMATS: Final[Mapping[str, Callable[[Iterable[Item]], bytes]]] = {
    "csv": _csv,
    "jsonl": _json_lines,
    "csv.gz": lambda items: gzip.compress(_csv(items), mtime=0),
    "parquet": _parquet,
}
SHORT: Final = ("csv", "jsonl")  # the short form has these alone where there is much to do
