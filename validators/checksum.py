"""Checksums by weights: the weighted sum of all digits, the check digit among them, is divisible by the modulus.

>>> nip = weighted((6, 5, 7, 2, 3, 4, 5, 6, 7, -1), 11)
>>> nip.fits("5260250274"), nip.fits("5260250275")
(True, False)
"""

from operator import mul

import msgspec


class Checksum(msgspec.Struct, frozen=True):
    """Weights, modulus, and the remainder that the characters' codes leave where the digits' values leave none."""

    weights: tuple[int, ...]
    modulus: int
    remainder: int

    def fits(self, digits: str) -> bool:
        """Return whether ASCII digits, as many as there are weights, fit."""
        # On the bytes as they are: taking 48 off each would cost as much again as the sum.
        total: int = sum(map(mul, digits.encode(), self.weights))
        return total % self.modulus == self.remainder


def weighted(weights: tuple[int, ...], modulus: int) -> Checksum:
    """Return the checksum of these weights, the check digit's included (-1 where it is compared with the sum)."""
    return Checksum(weights, modulus, ord("0") * sum(weights) % modulus)
