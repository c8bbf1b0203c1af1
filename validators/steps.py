"""The vocabulary that rules are made of. A step is data: what it does can be read, compared and done to a column.

Each step has `one(value, reading)`: it gives the value back, changed or not, or None when the reading ends there.
Patterns use explicit classes and no look-around, for they are to be run by Rust's engine too; they are matched whole
(`fullmatch`), since `$` lets a newline through.

>>> from validators.reading import Reading
>>> Require(Pattern("[0-9]+"), fault="nip.characters").one("12a", reading := Reading())
>>> reading.fault
('nip.characters', {})
"""

import unicodedata
from collections.abc import Callable, Mapping
from typing import get_args

import msgspec

from validators.checksum import Checksum
from validators.pattern import Pattern
from validators.reading import Reading
from validators.types import Severity

# Unicode's White_Space (PropList.txt), for a class. Python's str.strip takes U+001C to U+001F for space as well.
WHITE_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_WHITE_SPACES = WHITE_SPACE.replace("\u2000-\u200a", "".join(map(chr, range(0x2000, 0x200B))))


class Step(msgspec.Struct, frozen=True):
    """What all steps have in common: the codes they can give."""

    def one(self, value: str, reading: Reading) -> str | None:
        """Take the value one step further; None ends the reading."""
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


class Within(Step, frozen=True):
    """Refuse a value of more code points than the limit."""

    limit: int
    fault: str

    def one(self, value: str, reading: Reading) -> str | None:
        """Refuse a longer value."""
        return value if len(value) <= self.limit else reading.refuse(self.fault, limit=self.limit)


class OfLength(Step, frozen=True):
    """Refuse a value that has not exactly so many code points."""

    length: int
    fault: str

    def one(self, value: str, reading: Reading) -> str | None:
        """Refuse any other length."""
        return value if len(value) == self.length else reading.refuse(self.fault, expected=self.length)


class Trim(Step, frozen=True):
    """Take outer white space away, every Unicode kind."""

    fix: str

    def one(self, value: str, reading: Reading) -> str | None:
        """Strip, and name it where something went."""
        stripped = value.strip(_WHITE_SPACES)
        if stripped != value:
            reading.fix(self.fix)
        return stripped


class Compose(Step, frozen=True):
    """Bring the text into Unicode's normal form C."""

    fix: str

    def one(self, value: str, reading: Reading) -> str | None:
        """Compose, and name it where something changed."""
        composed = unicodedata.normalize("NFC", value)
        if composed != value:
            reading.fix(self.fix)
        return composed


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


class Refuse(Step, frozen=True):
    """Refuse a value in which the pattern is found."""

    pattern: Pattern
    fault: str

    def one(self, value: str, reading: Reading) -> str | None:
        """Refuse where found."""
        return reading.refuse(self.fault) if self.pattern.search(value) else value


class Require(Step, frozen=True):
    """Refuse a value that the pattern does not match as a whole."""

    pattern: Pattern
    fault: str

    def one(self, value: str, reading: Reading) -> str | None:
        """Refuse what does not match."""
        return value if self.pattern.fullmatch(value) else reading.refuse(self.fault)


class Contain(Step, frozen=True):
    """Refuse a value in which the pattern is nowhere found."""

    pattern: Pattern
    fault: str

    def one(self, value: str, reading: Reading) -> str | None:
        """Refuse where not found."""
        return value if self.pattern.search(value) else reading.refuse(self.fault)


class Weigh(Step, frozen=True):
    """Refuse digits whose checksum does not fit. To follow a step that leaves so many digits and nothing else."""

    checksum: Checksum
    fault: str

    def one(self, value: str, reading: Reading) -> str | None:
        """Refuse a wrong sum."""
        return value if self.checksum.fits(value) else reading.refuse(self.fault)


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

    @property
    def codes(self) -> Mapping[str, Severity]:
        """Return the codes the function can give, and what each is."""
        given: Mapping[Severity, tuple[str, ...]] = {"fault": self.faults, "notice": self.notices, "fix": self.fixes}
        return {code: severity for severity, codes in given.items() for code in codes}
