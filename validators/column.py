"""One field's column of a table, judged: what `Field.read` is to one value.

>>> from validators.policy import vipower
>>> column = read_column(vipower().kinds["business"].field("nip"), pl.Series(["526-025-02-74", None]), Country("PL"))
>>> column.canonical.to_list(), [(found.code, found.at.to_list()) for found in column.faults]
(['5260250274', None], [('required.missing', [1])])
"""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
import polars as pl

from validators.field import Field, as_text
from validators.places import Placed, marked, places
from validators.readings import Found, Readings
from validators.rule import Rule
from validators.rules.text import UNJUDGED

_FEW_PLACES = 100  # one in so many is sooner sorted than looked for among all


class Country(NamedTuple):
    """The country that rows are in: the usual one, or of each row its own (null: nobody knows it)."""

    usual: str
    each: pl.Series | None = None


class Column(msgspec.Struct, frozen=True):
    """What was made of a field's column: canonical values at their places, and findings with theirs."""

    placed: Placed
    faults: list[Found]
    notices: list[Found]
    fixes: list[Found]

    @property
    def canonical(self) -> pl.Series:
        """Return the canonical value of every place, null where there is none."""
        return self.placed.every()

    def __repr__(self) -> str:
        """Show codes, never a value."""
        return f"<Column faults={[found.code for found in self.faults]}>"

    def __rich_repr__(self) -> list[tuple[str, object]]:
        """Show no more to rich, for which msgspec would list all fields."""
        return [("faults", [found.code for found in self.faults])]


def read_column(field: Field, raw: pl.Series, country: Country, rows: pl.Series | None = None) -> Column:
    """Read a column as it came; whatever dtype it has, for what is no text is refused.

    `rows` tells which rows are to be read at all (None: every one). Of others nothing is said.
    """
    raw = raw.rechunk()  # or all that is made of it would be in as many pieces: a reader's column has dozens
    texts, not_text = as_texts(raw)
    readings = _read(field, texts, country, rows)
    if not_text is not None:
        readings.faults.append(Found("text.not_text", {}, places(len(raw)).filter(_both(not_text, rows))))
    nulls = places(len(raw)).filter(_both(raw.is_null(), rows)) if raw.null_count() else places(0)
    return _settle(field, readings, nulls)


def as_texts(raw: pl.Series) -> tuple[pl.Series, pl.Series | None]:
    """Return a column as texts, as `as_text` has them, and what of it is no text (None: nothing)."""
    if raw.dtype == pl.String:
        return raw, None
    if raw.dtype.is_integer():
        return raw.cast(pl.String), None
    texts = pl.Series(raw.name, [as_text(one) for one in raw.to_list()], dtype=pl.String)
    return texts, texts.is_null() & raw.is_not_null()


def _read(field: Field, texts: pl.Series, country: Country, rows: pl.Series | None) -> Readings:
    """Take the texts through the field's rule: those of the usual country first, for it is that of nearly all."""
    usual, each = country
    if each is None:
        return _read_by(field.rule, texts, usual, rows)
    known = each.is_not_null()
    is_usual = (each == usual) & known
    readings = _read_by(field.rule, texts, usual, _both(is_usual, rows))
    for rule, leaning, which in (field.rule, each, known & ~is_usual), (UNJUDGED, "", ~known):
        if which.any():
            readings.join(_read_by(rule, texts, leaning, _both(which, rows)))
    return readings


def _both(which: pl.Series, rows: pl.Series | None) -> pl.Series:
    return which if rows is None else which & rows


def _read_by(rule: Rule, texts: pl.Series, country: str | pl.Series, which: pl.Series | None) -> Readings:
    """Take some of the texts (None: all) through a rule; what is not there is not read."""
    if which is None:
        readings = Readings(texts, country)
    else:
        which &= texts.is_not_null()
        on = country if isinstance(country, str) else country.filter(which)
        readings = Readings(texts.filter(which), on, places(len(texts)).filter(which), len(texts))
    rule.many(readings)
    return readings


def _settle(field: Field, readings: Readings, nulls: pl.Series) -> Column:
    """Say what it means that there is no value; `nulls` are the places where there never was one."""
    size = readings.size
    faults, fixes = list(readings.faults), list(readings.fixes)
    missing = [nulls, *readings.empty]
    if field.required and field.default is None:
        faults += [Found("required.missing", {}, at) for at in missing]
        faults += [Found("required.placeholder", {}, at) for at in readings.placeholders]
    else:
        fixes += [Found("required.placeholder_emptied", {}, at) for at in readings.placeholders]
        if field.default is not None:
            readings.put(pl.concat([*missing, *readings.placeholders]), field.default)
    refused = marked(pl.concat([places(0), *(fault.at for fault in faults)]), size)
    # What else was found of a value that is refused is not worth telling.
    notices, fixes = (_together(found, ~refused) for found in (readings.notices, fixes))
    return Column(readings.placed(), _together(faults, refused), notices, fixes)


def _together(found: list[Found], which: pl.Series) -> list[Found]:
    """Return what was found of some places: each code and its parameters once, and their places once, ascending."""
    pieces: dict[tuple[str, tuple[tuple[str, int | str], ...]], list[pl.Series]] = {}
    for one in found:
        if len(one.at):
            pieces.setdefault((one.code, tuple(one.params.items())), []).append(one.at)
    told = [Found(code, dict(params), _ascending(at, which)) for (code, params), at in pieces.items()]
    return [one for one in told if len(one.at)]


def _ascending(pieces: Sequence[pl.Series], which: pl.Series) -> pl.Series:
    """Return those of the places in some pieces where the Boolean column is true, each once and ascending.

    No piece has a place twice.
    """
    size, at = len(which), pl.concat(pieces)
    if len(at) < size // _FEW_PLACES:
        at = (at if len(pieces) == 1 else at.unique()).sort(multithreaded=False)
        return at.filter(which[at])
    return places(size).filter(marked(at, size) & which)
