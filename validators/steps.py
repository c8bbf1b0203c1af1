"""The vocabulary that rules are made of. A step is data: what it does can be read, compared and done to a column.

Each step has two readings of one meaning. `one(value, reading)` gives the value back, changed or not, or None when the
reading ends there. `many(readings)` does the same to all values of a column that are still being read.
Patterns use explicit classes and no look-around, for Rust's engine runs them too, over columns; they are matched whole
(`fullmatch`), since `$` lets a newline through.

>>> from validators.reading import Reading
>>> Require(Pattern("[0-9]+"), fault="nip.characters").one("12a", reading := Reading())
>>> reading.fault
('nip.characters', {})
"""

import unicodedata
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, get_args

import msgspec

from validators.checksum import Checksum
from validators.pattern import Pattern
from validators.reading import Reading
from validators.types import Severity

if TYPE_CHECKING:  # Polars loads when there is a column to read
    import polars as pl

    from validators.readings import Readings

# Unicode's White_Space (PropList.txt), for a class. Python's str.strip takes U+001C to U+001F for space as well.
WHITE_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_WHITE_SPACES = WHITE_SPACE.replace("\u2000-\u200a", "".join(map(chr, range(0x2000, 0x200B))))

# What NFC may change begins at U+0300 (NFC_Quick_Check, UAX 15).
_COMPOSABLE = "[^\x00-\u02ff]"


class Step(msgspec.Struct, frozen=True):
    """What all steps have in common: the codes they can give."""

    def one(self, value: str, reading: Reading) -> str | None:
        """Take the value one step further; None ends the reading."""
        raise NotImplementedError

    def many(self, readings: "Readings") -> None:
        """Take the values that are still being read one step further."""
        raise NotImplementedError

    @property
    def codes(self) -> Mapping[str, Severity]:
        """Return the codes this step can give, and what each is; a step's field for its code is called after that."""
        return {code: severity for severity in get_args(Severity) if (code := getattr(self, severity, None))}


class Encodable(Step, frozen=True):
    """Refuse lone surrogates, which no UTF-8 text can hold (Unicode 3.9, D92). A column never has them."""

    fault: str

    def one(self, value: str, reading: Reading) -> str | None:
        """Refuse what cannot be written down as UTF-8."""
        try:
            value.encode()
        except UnicodeEncodeError:
            return reading.refuse(self.fault)
        return value

    def many(self, readings: "Readings") -> None:
        """Refuse nothing: a column holds UTF-8."""


class Within(Step, frozen=True):
    """Refuse a value of more code points than the limit."""

    limit: int
    fault: str

    def one(self, value: str, reading: Reading) -> str | None:
        """Refuse a longer value."""
        return value if len(value) <= self.limit else reading.refuse(self.fault, limit=self.limit)

    def many(self, readings: "Readings") -> None:
        """Refuse longer values."""
        readings.refuse(readings.values.str.len_chars() > self.limit, self.fault, limit=self.limit)


class OfLength(Step, frozen=True):
    """Refuse a value that has not exactly so many code points."""

    length: int
    fault: str

    def one(self, value: str, reading: Reading) -> str | None:
        """Refuse any other length."""
        return value if len(value) == self.length else reading.refuse(self.fault, expected=self.length)

    def many(self, readings: "Readings") -> None:
        """Refuse any other length."""
        readings.refuse(readings.values.str.len_chars() != self.length, self.fault, expected=self.length)


class Trim(Step, frozen=True):
    """Take outer white space away: every Unicode kind unless said. Texts of more code points it leaves as they are."""

    fix: str
    spaces: str = _WHITE_SPACES
    longest: int | None = None

    def one(self, value: str, reading: Reading) -> str | None:
        """Strip, and name it where something went."""
        if self.longest and len(value) > self.longest:
            return value
        stripped = value.strip(self.spaces)
        if stripped != value:
            reading.fix(self.fix)
        return stripped

    def many(self, readings: "Readings") -> None:
        """Strip, and name it where something went."""
        stripped, before = readings.values.str.strip_chars(self.spaces), readings.values.str.len_bytes()
        if self.longest and (before > self.longest).any():
            short = readings.values.str.len_chars() <= self.longest
            stripped = stripped.zip_with(short, readings.values)
        readings.change(stripped, self.fix, where=stripped.str.len_bytes() != before)


class Compose(Step, frozen=True):
    """Bring the text into Unicode's normal form C."""

    fix: str

    def one(self, value: str, reading: Reading) -> str | None:
        """Compose, and name it where something changed."""
        composed = unicodedata.normalize("NFC", value)
        if composed != value:
            reading.fix(self.fix)
        return composed

    def many(self, readings: "Readings") -> None:
        """Compose, where there is something that might be."""
        # Asked of Python, for Polars may know another version of Unicode.
        readings.ask(readings.contain(_COMPOSABLE), self.one)


class Replace(Step, frozen=True):
    """Put `by` wherever the pattern is found."""

    pattern: Pattern
    by: str
    fix: str

    def one(self, value: str, reading: Reading) -> str | None:
        """Replace, and name it where something changed."""
        replaced = self.pattern.sub(self.by, value)
        if replaced != value:
            reading.fix(self.fix)
        return replaced

    def many(self, readings: "Readings") -> None:
        """Replace, and name it where something changed."""
        replaced = readings.values.str.replace_all(self.pattern.pattern, self.by.replace("$", "$$"))
        readings.change(replaced, self.fix)


class Refuse(Step, frozen=True):
    """Refuse a value in which the pattern is found."""

    pattern: Pattern
    fault: str

    def one(self, value: str, reading: Reading) -> str | None:
        """Refuse where found."""
        return reading.refuse(self.fault) if self.pattern.search(value) else value

    def many(self, readings: "Readings") -> None:
        """Refuse where found."""
        readings.refuse(readings.contain(self.pattern.pattern), self.fault)


class Require(Step, frozen=True):
    """Refuse a value that the pattern does not match as a whole."""

    pattern: Pattern
    fault: str

    def one(self, value: str, reading: Reading) -> str | None:
        """Refuse what does not match."""
        return value if self.pattern.fullmatch(value) else reading.refuse(self.fault)

    def many(self, readings: "Readings") -> None:
        """Refuse what does not match."""
        readings.refuse(~readings.contain(self.pattern.whole), self.fault)


class Contain(Step, frozen=True):
    """Refuse a value in which the pattern is nowhere found."""

    pattern: Pattern
    fault: str

    def one(self, value: str, reading: Reading) -> str | None:
        """Refuse where not found."""
        return value if self.pattern.search(value) else reading.refuse(self.fault)

    def many(self, readings: "Readings") -> None:
        """Refuse where not found."""
        readings.refuse(~readings.contain(self.pattern.pattern), self.fault)


class Weigh(Step, frozen=True):
    """Refuse digits whose checksum does not fit. To follow a step that leaves so many digits and nothing else."""

    checksum: Checksum
    fault: str

    def one(self, value: str, reading: Reading) -> str | None:
        """Refuse a wrong sum."""
        return value if self.checksum.fits(value) else reading.refuse(self.fault)

    def many(self, readings: "Readings") -> None:
        """Refuse wrong sums."""
        readings.refuse(~readings.tell(self.checksum.fit), self.fault)


class Empty(Step, frozen=True):
    """What people type to get past a form is nothing: the reading ends with no value and no fault of its own."""

    words: frozenset[str]
    pattern: Pattern

    def one(self, value: str, reading: Reading) -> str | None:
        """End the reading at an empty text or a word for nothing."""
        if value and value not in self.words and not self.pattern.fullmatch(value):
            return value
        reading.placeholder = bool(value)
        return None

    def many(self, readings: "Readings") -> None:
        """End the reading of empty texts and words for nothing."""
        readings.end(readings.tell(self.says_nothing))

    def says_nothing(self, value: "pl.Expr") -> "pl.Expr":
        """Return whether trimmed texts are empty or words for nothing."""
        return (value == "") | value.is_in(list(self.words)) | value.str.contains(self.pattern.whole)


class Scrutinise(Step, frozen=True):
    """Take steps that change nothing about usual texts: those that the pattern matches, and that are not too long."""

    usual: Pattern
    longest: int  # code points; of a column, bytes, which are no fewer
    steps: tuple[Step, ...]

    def one(self, value: str, reading: Reading) -> str | None:
        """Take the steps, where the text is unusual."""
        if len(value) <= self.longest and self.usual.fullmatch(value):
            return value
        current = value
        for step in self.steps:
            stepped = step.one(current, reading)
            if stepped is None:
                return None
            current = stepped
        return current

    def many(self, readings: "Readings") -> None:
        """Take the steps with the texts that are unusual."""
        unusual = readings.set_aside(readings.tell(self._is_unusual))
        for step in self.steps:
            if len(unusual):
                step.many(unusual)
        readings.take_back(unusual)

    def _is_unusual(self, value: "pl.Expr") -> "pl.Expr":
        return ~value.str.contains(self.usual.whole) | (value.str.len_bytes() > self.longest)

    @property
    def codes(self) -> Mapping[str, Severity]:
        """Return the codes of all the steps."""
        return {code: severity for step in self.steps for code, severity in step.codes.items()}


class Call(Step, frozen=True):
    """Ask a library or a function; the escape for what no other step can say.

    `function` takes what `one` takes and gives what `one` gives. It is asked only where `only` is found, and in a
    file once per distinct value and country, so its answer may hang on nothing else.
    """

    function: Callable[[str, Reading], str | None]
    faults: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    fixes: tuple[str, ...] = ()
    only: Pattern | None = None

    def one(self, value: str, reading: Reading) -> str | None:
        """Ask, where there is reason to."""
        if self.only and not self.only.search(value):
            return value
        return self.function(value, reading)

    def many(self, readings: "Readings") -> None:
        """Ask about those that there is reason to ask about, each distinct value once."""
        readings.ask(readings.contain(self.only.pattern) if self.only else None, self.function)

    @property
    def codes(self) -> Mapping[str, Severity]:
        """Return the codes the function can give, and what each is."""
        given: Mapping[Severity, tuple[str, ...]] = {"fault": self.faults, "notice": self.notices, "fix": self.fixes}
        return {code: severity for severity, codes in given.items() for code in codes}
