"""Where a value stands, however it may be written: what may be nowhere is looked for with this."""

import base64
import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Final

import polars as pl

_TELLING: Final = 8  # fewer characters of Base64 may stand anywhere by chance


def spellings(value: str) -> Iterator[bytes]:
    """The value as it could be written: in the usual encodings, as hexadecimal digits, in Base64 at any offset."""
    yield json.dumps(value)[1:-1].encode()
    for encoding in ("utf-8", "utf-16-le", "utf-16-be", "cp1250"):
        written = value.encode(encoding)
        yield written
        yield written.hex().encode()
        yield written.hex().upper().encode()
        for offset in range(3):
            # The first and the last characters depend on what stands beside it.
            inner = base64.b64encode(b"\0" * offset + written)[4 if offset else 0 : -4]
            if len(inner) >= _TELLING:
                yield inner
                yield inner.replace(b"+", b"-").replace(b"/", b"_")


def found(values: Sequence[str], content: bytes) -> list[str]:
    lower = content.lower()
    written = {value: [spelling.lower() for spelling in spellings(value)] for value in values}
    if not _any_stands(chain.from_iterable(written.values()), lower):
        return []
    return [value for value, spelled in written.items() if any(one in lower for one in spelled)]


def _any_stands(sought: Iterable[bytes], content: bytes) -> bool:
    """Whether any stands there: asked of all of them at once, for a database has megabytes, and most often none."""
    held = pl.Series([content.decode("latin-1")])  # in which every byte is a character
    patterns = [one.decode("latin-1") for one in sought]
    return bool(patterns) and bool(held.str.contains_any(patterns).item())


def found_in_files(values: Sequence[str], folder: Path, *apart_from: str) -> dict[str, list[str]]:
    """Which of the values stand in which file of a folder, or in its name."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.name not in apart_from]
    assert files
    held = {path.name: found(values, path.name.encode() + path.read_bytes()) for path in files}
    return {name: values for name, values in held.items() if values}
