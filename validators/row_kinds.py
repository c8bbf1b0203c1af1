"""Which kind of record each row of a table is: what `kind_of` is to one record.

>>> from validators.policy import vipower
>>> row_kinds(pl.DataFrame({"rodzaj": ["Firma", " ", "?"], "nip": [None, "5260250274", None]}), vipower()).to_list()
['business', 'business', None]
"""

import re

import polars as pl
from polars.selectors import by_dtype

from validators.judge import KIND_KEYS, named
from validators.places import marked, narrowed, never, places
from validators.policy import Policy
from validators.rules.placeholder import EMPTY

# What Python's str.isspace and str.strip take for space.
SPACES = (
    "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680"
    + "".join(map(chr, range(0x2000, 0x200B)))
    + "\u2028\u2029\u202f\u205f\u3000"
)
_SOMETHING = f"[^{re.escape(SPACES)}]"
# No word for nothing has such a digit; none with such a letter is that long, whatever spaces stand around it.
_SURELY = f"[1-9]|[A-WYZa-wyz].{{{max(map(len, EMPTY.words))},}}{_SOMETHING}"


def row_kinds(frame: pl.DataFrame, policy: Policy, stated: str | None = None) -> pl.Series:
    """Return the kind that is stated, or each row says, or is recognised by; null where the policy has no such.

    It is an Enum of the policy's kinds.
    """
    if stated is not None:
        return _all(_name(stated, policy), policy, len(frame))
    kinds = recognised_kinds(frame, policy, policy.default_kind.name)
    for key in reversed(KIND_KEYS):
        if key in frame.columns:
            said = frame[key]
            kinds = kinds.zip_with(~filled(said.to_frame()).to_series(), _named(said, policy))
    return kinds


def recognised_kinds(frame: pl.DataFrame, policy: Policy, otherwise: str | None = None) -> pl.Series:
    """Return the kind that one of its fields gives each row away for, or another where none does."""
    kinds = _all(otherwise, policy, len(frame))
    open_ = ~never(len(frame))  # the first kind counts
    for name, kind in policy.recognisers:
        if name in frame.columns:
            there = open_ & frame[name].is_not_null()
            says = places(len(frame)).filter(there).filter(_says_something(frame[name].filter(there)))
            kinds = kinds.scatter(says, kind.name)
            open_ &= ~marked(says, len(frame))
    return kinds


def filled(frame: pl.DataFrame) -> pl.DataFrame:
    """Return where the columns of a frame have a value, as Booleans: what is neither null nor blank."""
    there = frame.select_seq(pl.all().is_not_null())
    # Compared by its first character alone, nearly every value shows that it is something: faster than any pattern.
    surely = by_dtype(pl.String).is_between(pl.lit("!"), pl.lit("~")).fill_null(value=False)
    sure = there.with_columns_seq(*frame.select_seq(surely))
    columns = zip(frame.get_columns(), there.get_columns(), sure.get_columns(), strict=True)
    return pl.DataFrame({column.name: _filled(column, *answers) for column, *answers in columns})


def _filled(column: pl.Series, there: pl.Series, surely: pl.Series) -> pl.Series:
    doubtful = there & ~surely
    if not doubtful.any():
        return surely
    return surely | narrowed(doubtful, column.filter(doubtful).str.contains(_SOMETHING))


def _says_something(column: pl.Series) -> pl.Series:
    """Return which values of a column without nulls are no words for nothing."""
    if column.dtype != pl.String:
        return ~never(len(column))
    surely = column.is_between(pl.lit("1"), pl.lit(":"), closed="left")  # a digit first; faster than any pattern
    doubtful = ~surely
    if doubtful.any():
        surely |= narrowed(doubtful, column.filter(doubtful).str.contains(_SURELY))
        doubtful = ~surely
    bare = column.filter(doubtful).str.strip_chars(SPACES)
    nothing = (bare == "") | bare.is_in(list(EMPTY.words)) | bare.str.contains(EMPTY.pattern.whole)
    return surely | narrowed(doubtful, ~nothing)


def _named(said: pl.Series, policy: Policy) -> pl.Series:
    """Return the kinds that a column's words are names of."""
    if said.dtype != pl.String:
        return _all(None, policy, len(said))
    words = said.unique().drop_nulls()
    names = pl.Series([_name(word, policy) for word in words.to_list()], dtype=_kinds(policy))
    return said.replace_strict(words, names, default=None, return_dtype=_kinds(policy))


def _name(word: str, policy: Policy) -> str | None:
    kind = named(policy, word)
    return kind.name if kind else None


def _all(kind: str | None, policy: Policy, size: int) -> pl.Series:
    return pl.Series([kind], dtype=_kinds(policy)).new_from_index(0, size)


def _kinds(policy: Policy) -> pl.Enum:
    return pl.Enum(list(policy.kinds))
