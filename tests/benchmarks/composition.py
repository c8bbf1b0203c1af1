"""What a team would write by hand for a file: pydantic models, row by row, of what `csv.DictReader` gives.

    python -m tests.benchmarks.composition FILE.csv

is the yardstick of `intake check`: it counts, and uses no database.

>>> row = {"first_name": "Jan", "last_name": " Nowak ", "street_address": "ul. Długa 5", "postal_code": "90-001",
...     "city": "Łódź", "country_code": "", "phone": "600 123 456", "email": "jan@example.com"}
>>> accepted = judge(row)
>>> accepted.last_name, accepted.phone, accepted.country_code
('Nowak', '+48600123456', 'PL')
>>> judge(row | {"nip": "526-025-02-75"}) is None
True
"""

import csv
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict, EmailStr, ValidationError

from tests.benchmarks import checkout
from tests.benchmarks.checkout import PolishPhone
from tests.benchmarks.columns import NAMES

Row = dict[str, str | None]
_AS_IN_FILES = ConfigDict(str_strip_whitespace=True, str_min_length=1)


class Business(checkout.Business):
    """A business as an order has it, with the white space that stands around a file's cells."""

    model_config = _AS_IN_FILES


class Individual(BaseModel):
    """The same without a company."""

    model_config = _AS_IN_FILES

    first_name: str
    last_name: str
    street_address: str
    postal_code: str
    city: str
    country_code: str = "PL"
    phone: PolishPhone
    email: EmailStr


def judge(row: Row) -> Business | Individual | None:
    """Return the clean record, or None where it is refused. What is not the model's, pydantic leaves out."""
    given = {name: value for name, value in row.items() if value or name != "country_code"}
    model = Business if given.get("nip") or given.get("company_name") else Individual
    try:
        return model.model_validate(given)
    except ValidationError:
        return None


def rows_of(path: Path) -> Iterator[Row]:
    """Read a file of `customers`."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, NAMES, delimiter=";")
        next(rows)  # the header
        yield from rows


def main() -> None:
    """Count what is accepted and what is refused."""
    counts = Counter("accepted" if judge(row) else "refused" for row in rows_of(Path(sys.argv[1])))
    print(json.dumps(counts))


if __name__ == "__main__":
    main()
