"""Objects within a record, taken apart: each value by its path, so that a mapping or a policy can name it.

>>> flat({"nip": "5260250274", "address": {"city": "Toruń", "lines": ["ul. Długa 5"], "geo": {}}})
{'nip': '5260250274', 'address.city': 'Toruń', 'address.lines': ['ul. Długa 5']}
>>> flat({"address.city": "Toruń", "address": {"city": "Łódź"}})  # two values of one name: None
"""

from collections.abc import Iterator, Mapping

# An object further inside, or under a longer path, stays a value that is no text: its paths could take up a thousand
# times what the record does.
DEEPEST = 4
LONGEST = 200  # characters

BETWEEN = "."


def flat(values: dict[str, object]) -> dict[str, object] | None:
    """Return the values of a record and of the objects in it, by their paths; None where two have the same.

    An object without values is no value. A list stays what it is, with all there is in it.
    """
    if dict not in map(type, values.values()):
        return values
    named = list(_by_path(values, "", 1))
    found = dict(named)
    return found if len(found) == len(named) else None


def _by_path(values: Mapping[str, object], before: str, depth: int) -> Iterator[tuple[str, object]]:
    for name, value in values.items():
        path = before + name
        if isinstance(value, dict) and depth <= DEEPEST and len(path) <= LONGEST:
            yield from _by_path(value, path + BETWEEN, depth + 1)
        else:
            yield path, value
