"""One order in process: `check` against the composition of the usual libraries that a team would write by hand."""

import timeit
from collections.abc import Callable
from statistics import median
from typing import Annotated

from pydantic import AfterValidator, BaseModel, EmailStr
from pydantic_extra_types.phone_numbers import PhoneNumber
from stdnum.pl import nip

from validators import check

Order = dict[str, object]

# The NIP is the one that the finance ministry's own documents use, the phone a made-up mobile, the rest invented.
CLEAN: Order = {
    "company_name": "Hosting Nadwiślański Sp. z o.o.",
    "nip": "5260250274",
    "first_name": "Małgorzata",
    "last_name": "Kowalska-Wiśniewska",
    "street_address": "ul. Marszałkowska 12/4",
    "postal_code": "00-950",
    "city": "Warszawa",
    "country_code": "PL",
    "phone": "+48600123456",
    "email": "m.kowalska@example.com",
}
AS_TYPED: Order = CLEAN | {"nip": "526-025-02-74", "phone": "600 123 456"}


class PolishPhone(PhoneNumber):
    """A phone as a Polish shop would declare it."""

    default_region_code = "PL"
    phone_format = "E164"


class Business(BaseModel):
    """The yardstick: pydantic, EmailStr, PhoneNumber and python-stdnum on the same ten fields."""

    company_name: str
    nip: Annotated[str, AfterValidator(nip.validate)]
    first_name: str
    last_name: str
    street_address: str
    postal_code: str
    city: str
    country_code: str = "PL"
    phone: PolishPhone
    email: EmailStr


def microseconds(judge: Callable[[], object], number: int) -> float:
    """Return the shortest of three timings, for one call."""
    return min(timeit.repeat(judge, number=number, repeat=3)) / number * 1e6


def compare(order: Order, rounds: int = 21) -> tuple[float, float, float]:
    """Return the medians of ours, theirs (microseconds a record) and their ratio, taken in pairs in one process."""
    assert check(order).accepted
    ours, theirs = [], []
    for _ in range(rounds):
        theirs.append(microseconds(lambda: Business.model_validate(order), 200))
        ours.append(microseconds(lambda: check(order), 2000))
    return median(ours), median(theirs), median(b / a for a, b in zip(ours, theirs, strict=True))


def lines() -> list[str]:
    """Return what was measured, as lines of a Markdown table."""
    told = []
    for name, order in (("canonical", CLEAN), ("as typed: NIP with dashes, phone with spaces", AS_TYPED)):
        ours, theirs, ratio = compare(order)
        told.append(f"| `check`, business order, {name} | {ours:.1f} µs | {theirs:.0f} µs | **{ratio:.1f} ×** faster |")
    return told
