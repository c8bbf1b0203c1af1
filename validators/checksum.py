"""Checksums by weights: the weighted sum of all digits, the check digit among them, is divisible by the modulus.

The sums of all numbers of half as many digits stand in two tables, so that a number takes two look-ups and no loop.

>>> nip = weighted((6, 5, 7, 2, 3, 4, 5, 6, 7, -1), 11)
>>> nip.fits("5260250274"), nip.fits("5260250275")
(True, False)
"""

from functools import cache
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    import polars as pl


class Checksum(msgspec.Struct, frozen=True):
    """Weights and modulus; the remainders of what the upper and the lower half of a number's digits weigh."""

    weights: tuple[int, ...]
    modulus: int
    half: int  # ten to the power of how many digits the lower half has
    upper: bytes
    lower: bytes

    def fits(self, digits: str) -> bool:
        """Return whether ASCII digits, as many as there are weights, fit."""
        upper, lower = divmod(int(digits), self.half)
        return (self.upper[upper] + self.lower[lower]) % self.modulus == 0

    def fit(self, digits: "pl.Expr") -> "pl.Expr":
        """Return the expression of which texts of so many ASCII digits fit."""
        number = digits.str.to_integer()
        upper, lower = _column(self.upper).gather(number // self.half), _column(self.lower).gather(number % self.half)
        return (upper + lower) % self.modulus == 0


def weighted(weights: tuple[int, ...], modulus: int) -> Checksum:
    """Return the checksum of up to twelve weights, the check digit's included (-1 where the sum is compared with it).

    The modulus is at most 128, so that two remainders fit a byte.
    """
    middle = len(weights) // 2
    upper, lower = (_remainders(half, modulus) for half in (weights[:middle], weights[middle:]))
    return Checksum(weights, modulus, 10 ** len(weights[middle:]), upper, lower)


def _remainders(weights: tuple[int, ...], modulus: int) -> bytes:
    """Return, for every number of so many digits in turn, the remainder of its weighted sum."""
    table = bytes(1)
    for weight in reversed(weights):  # each digit put in front repeats the table ten times, shifted by what it weighs
        shifts = (bytes((one + digit * weight) % modulus for one in range(256)) for digit in range(10))
        table = b"".join(table.translate(shift) for shift in shifts)
    return table


@cache
def _column(table: bytes) -> "pl.Expr":
    """Return a table of remainders as a column of numbers."""
    import polars as pl  # noqa: PLC0415  (late: only files need it)

    return pl.lit(pl.Series(list(table), dtype=pl.UInt16))
