"""Files of invented customers."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

HEADER: Final = ("Imię", "Nazwisko", "Ulica i numer", "Kod pocztowy", "Miejscowość", "Telefon", "E-mail")


def customer(number: int, **other: str) -> dict[str, str]:
    """A customer who is accepted as she stands; `other` has what is different, by the header's names."""
    values = ("Ewa", "Kowalska", f"ul. Polna {number}", "00-950", "Warszawa", f"+48600{number:06}")
    return dict(zip(HEADER, (*values, f"ewa{number}@example.com"), strict=True)) | {
        name.replace("_", "-"): value for name, value in other.items()
    }


def csv(customers: Iterable[Mapping[str, str]], header: Iterable[str] = HEADER, delimiter: str = ";") -> str:
    """The text of a file; of what no cell of these files needs, such as quotes, nothing is done."""
    names = tuple(header)
    lines = [names, *(tuple(one.get(name, "") for name in names) for one in customers)]
    return "".join(delimiter.join(line) + "\n" for line in lines)


def write(folder: Path, customers: Iterable[Mapping[str, str]], *more: str, name: str = "customers.csv") -> Path:
    """A file of customers; `more` are the names of columns that the policy does not name."""
    path = folder / name
    path.write_text(csv(customers, (*HEADER, *more)), encoding="utf-8")
    return path


def messy(many: int) -> Iterator[dict[str, str]]:
    """Customers of all sorts: new, again, changed, refused, blank."""
    for number in range(many):
        match number % 10:
            case 3:
                yield customer(number - 1)
            case 5:
                yield customer(number - 1, Miejscowość="Łódź")
            case 7:
                yield customer(number) | {"E-mail": "ewa(at)example.com"}
            case 9:
                yield {}
            case _:
                yield customer(number)
