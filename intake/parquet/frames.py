"""What the child that reads Parquet sends to its parent: frames (`intake.isolation`).

>>> from intake.isolation.framing import LENGTH, framed
>>> unpacked(framed(Refused("source.parquet_broken", {"record": 7}))[LENGTH:])
Refused(code='source.parquet_broken', params={'record': 7})
"""

import msgspec

LARGEST = 256 << 20  # bytes of a frame; the child sends some fifty megabytes at the most, and the places of odd cells


class Refused(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """Why the file is not read, or not further: the code of a SourceError, and its parameters."""

    code: str
    params: dict[str, int | str] = {}


class Opened(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """What the file's footer says of it."""

    names: list[str]  # of the columns, those within structures by their paths
    rows: int


class Rows(msgspec.Struct, array_like=True, tag=True):
    """Consecutive rows. Rows are said by their places in the frame, from 0."""

    first: int  # the number of the first, from 1
    count: int
    texts: bytes  # an Arrow stream of one batch: a column of text for each name, called 0, 1, 2 …
    blank: list[int]
    malformed: dict[int, str]  # rows, and the words for why
    odd: dict[int, list[int]]  # by column: rows in which it holds what is no text


class Passed(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """Rows that were read, and are not sent."""

    count: int


Frame = Refused | Opened | Rows | Passed

_DECODER: msgspec.msgpack.Decoder[Frame] = msgspec.msgpack.Decoder(Frame)


def unpacked(content: bytes) -> Frame:
    """Return the frame that was sent, from what follows its length; msgspec.DecodeError."""
    frame: Frame = _DECODER.decode(content)
    return frame
