"""What the child that reads a workbook sends to its parent: frames (`intake.isolation`).

>>> from intake.isolation.framing import LENGTH, framed
>>> unpacked(framed(Refused("source.workbook_damaged"))[LENGTH:])
Refused(code='source.workbook_damaged', params={})
"""

from collections.abc import Mapping, Sequence

import msgspec

LARGEST = 64 << 20  # bytes of a frame; the child sends some megabytes at the most


class Refused(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """Why the workbook is not read, or not further: the code of a SourceError, and its parameters."""

    code: str
    params: Mapping[str, int | str | Sequence[str]] = {}


class Opened(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """The sheet that will be read. Rows have their numbers as a spreadsheet shows them, from 1."""

    sheet: str
    sheets: list[str]  # all there are, in the workbook's order
    hidden: list[str]  # those of them that a spreadsheet does not show
    header_row: int
    header: list[str]
    rows: int  # the number of the last row


class Rows(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """Consecutive rows of the sheet: those that can be read in columns of text, in their order, and all others."""

    first: int
    count: int
    columns: Sequence[Sequence[str]]  # as many as the header has
    blank: list[int]  # rows, by their numbers
    malformed: list[tuple[int, str]]  # rows, and the words for why
    odd: dict[int, list[tuple[int, str]]]  # by column: places in it that hold no text, and the code of the fault


Frame = Refused | Opened | Rows

_DECODER: msgspec.msgpack.Decoder[Frame] = msgspec.msgpack.Decoder(Frame)


def unpacked(content: bytes) -> Frame:
    """Return the frame that was sent, from what follows its length; msgspec.DecodeError."""
    return _DECODER.decode(content)
