"""What spreadsheets and data frames make of a number that is none: `5260250274.0`, `5,26025027E+09`.

>>> out_of_spreadsheet("5260250274.0"), out_of_spreadsheet("5.260250274E+09"), out_of_spreadsheet("526-025-02-74")
('5260250274', '5260250274', '526-025-02-74')
>>> out_of_spreadsheet("5.26025E+09")
''
"""

import re

_DECIMAL = re.compile(r"(\+?[0-9]+)[.,]0{1,2}")
_SCIENTIFIC = re.compile(r"([1-9])(?:[.,]([0-9]+))?[eE]\+?([0-9]{1,2})")


def out_of_spreadsheet(text: str) -> str:
    """Return the digits of a number that a spreadsheet wrote, nothing where it did not write them all, or the text."""
    decimal = _DECIMAL.fullmatch(text)
    if decimal:
        return decimal[1]
    scientific = _SCIENTIFIC.fullmatch(text)
    if not scientific:
        return text
    first, mantissa, exponent = scientific[1], scientific[2] or "", int(scientific[3])
    is_whole = len(mantissa) >= exponent and not mantissa[exponent:].strip("0")
    return first + mantissa[:exponent] if is_whole else ""
