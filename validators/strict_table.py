"""A TOML table read strictly into a struct: every key that is unknown, missing or of a wrong type, by its path.

>>> class Shelf(msgspec.Struct):
...     books: int
>>> [str(problem) for problem in wrong_table(Shelf, "shelf", {"book": 3})]
['shelf.book: is unknown here; did you mean `books`?', 'shelf.books: is missing']
"""

import difflib
import re
from collections.abc import Iterable, Iterator
from typing import Any, Literal, get_args, get_origin

import msgspec

from validators.policy_error import Problem


def wrong_table(entry: type[msgspec.Struct], path: str, table: object) -> Iterator[Problem]:
    """Yield what is wrong with a table that is to be such a struct."""
    if not isinstance(table, dict):
        yield Problem(path, "must be a table")
        return
    known = {field.name: field for field in msgspec.structs.fields(entry)}
    for key in table:
        if key not in known:
            yield Problem(join(path, key), f"is unknown here; {did_you_mean(key, known)}")
    for name, field in known.items():
        if name in table:
            yield from _wrong_value(join(path, name), table[name], field.type)
        elif field.required:
            yield Problem(join(path, name), "is missing")


def _wrong_value(path: str, value: object, wanted: Any) -> Iterator[Problem]:  # noqa: ANN401  (a type, as msgspec takes it)
    if isinstance(wanted, type) and issubclass(wanted, msgspec.Struct):
        yield from wrong_table(wanted, path, value)
        return
    try:
        msgspec.convert(value, wanted)
    except msgspec.ValidationError as error:
        said, _, place = str(error).partition(" - at `$")
        if get_origin(wanted) is Literal:
            said = "must be " + " or ".join(f"`{one}`" for one in get_args(wanted))
        yield Problem(path + place.rstrip("`"), said.replace(" | null", ""))


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return the known name that was probably meant, or all of them."""
    close = difflib.get_close_matches(name, list(known), n=1)
    return f"did you mean `{close[0]}`?" if close else "known are " + ", ".join(f"`{one}`" for one in known)


def join(path: str, key: str) -> str:
    """Return the path of a key below a path."""
    written = key if re.fullmatch("[A-Za-z0-9_-]+", key) else f'"{key}"'  # as TOML has it
    return f"{path}.{written}" if path else written
