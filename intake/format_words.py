r"""How a source is read, in words: what was told, found or proven of it.

>>> how_read(Format(name="csv", encoding="windows-1250", proof="polish_letters", letters="ąłóńśęż", delimiter="\t"))
['CSV', 'windows-1250 (proven by ą, ł, ó, ń and 3 more Polish letters)', 'tab between columns']
"""

from collections.abc import Iterable, Mapping

from intake.errors import shown
from intake.mask import shown_name
from intake.sources.format import Format

_NAMES = {"csv": "CSV", "json_lines": "JSON Lines", "parquet": "Parquet", "workbook": "workbook"}
_PROOFS = {
    "ascii": "nothing in it but ASCII",
    "byte_order_mark": "by its byte order mark",
    "utf16_nulls": "by the NULs in every other place",
    "utf8_valid": "valid to the last byte",
    "said": "as --encoding says",
}
_TAB = {"\t": "tab", " ": "a space"}
_LETTERS = 4
_VALUES = 5


def how_read(source: Format) -> list[str]:
    """Return what there is to tell, fact by fact."""
    facts: Mapping[str, object] = source.as_dict()
    told = [_NAMES[source.name]]
    if source.encoding:
        told.append(f"{source.encoding}{_proof(source)}")
    if source.delimiter:
        told.append(f"{_TAB.get(source.delimiter, source.delimiter)} between columns")
    if source.sheet is not None:
        told.append(_sheet(source.sheet, source))
    known = {"name", "encoding", "proof", "letters", "delimiter", "sheet", "sheets", "hidden"}
    return told + [f"{name.replace('_', ' ')}: {_value(value)}" for name, value in facts.items() if name not in known]


def _proof(source: Format) -> str:
    if source.proof == "polish_letters" and source.letters:
        return f" (proven by {cut(source.letters, _LETTERS, 'Polish letters')})"
    return f" ({_PROOFS[source.proof]})" if source.proof in _PROOFS else ""


def _sheet(name: str, source: Format) -> str:
    of = f" of {len(source.sheets)}" if len(source.sheets) > 1 else ""
    hidden = f" (hidden: {cut((f'“{shown(one)}”' for one in source.hidden), _VALUES)})" if source.hidden else ""
    return f"sheet “{shown(name)}”{of}{hidden}"


def _value(value: object) -> str:
    if isinstance(value, list | tuple):
        return cut(map(_value, value), _VALUES)
    if isinstance(value, Mapping):
        return cut((f"{name} {_value(one)}" for name, one in value.items()), _VALUES)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return shown_name(value).replace("_", " ") if isinstance(value, str) else str(value)


def cut(values: Iterable[str], most: int, what: str = "") -> str:
    """Return the first values as a list, and how many more there are.

    >>> cut(["a", "b"], 2), cut("abc", 2)
    ('a, b', 'a, b and 1 more')
    """
    every = list(values)
    more = f" and {len(every) - most} more {what}".rstrip() if len(every) > most else ""
    return ", ".join(every[:most]) + more
