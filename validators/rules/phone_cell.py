"""A telephone cell taken apart: words, and chunks of digits with the signs between them.

A chunk may hold one number or several; what it means is for `phone_reading` to tell. Digits that belong to a word
(`po 16`, `pok. 12`, `NIP 526…`) are words themselves here, so that they can never become part of a number.

>>> [type(item).__name__ for item in items_of("tel. (74) 817-14-78/35 wew. 120, pok. 12")]
['Word', 'Chunk', 'Word', 'Chunk', 'Word', 'Word']
"""

import re

import msgspec

from validators.rules import phone_words as words

_NO_BRACKETS = words.FAINT + words.DASHES + words.PLUS + words.SLASHES + words.COMMA + words.COLON + words.STOPS
_SIGNS = re.escape(words.OPENING + words.CLOSING + _NO_BRACKETS)
_TOKEN = re.compile(
    r"(?P<hour>[0-9]{1,2}:[0-9]{2}(?![0-9]))"  # a word: `8:00`
    r"|(?P<ordinal>(?<![^ .:,;\n])[1-9](?=\)|\. [+(0-9]))"  # a word too: `1) 512…`, `1. 512…`
    r"|(?P<digits>[0-9]+)"
    rf"|(?P<signs>[{_SIGNS}]+)"
    rf"|(?P<word>\#|[^0-9\#{_SIGNS}]+)"  # `#` is a word of its own
)

# Local numbers had seven digits: what has fewer is an area code, an extension, or the last digits of another number.
LOCAL = 7

# What touches a run of digits: an unknown word, or letters that may stand for digits.
TOUCHED, STOOD_IN = 1, 2


def _has(gap: str, signs: str) -> bool:
    for sign in gap:  # noqa: SIM110  (a generator for `any` would cost more than all else here)
        if sign in signs:
            return True
    return False


class Word(msgspec.Struct, frozen=True):
    """A word as it was written and casefolded, the signs before it, and how many digits right behind it are its own."""

    written: str
    text: str
    gap: str
    claim: int


class Run(msgspec.Struct):
    """Digits that stand together, the signs before them, and the doubt that a word which touches them leaves."""

    digits: str
    gap: str
    doubt: int = 0

    @property
    def slashed(self) -> bool:
        """Return whether a slash stands before it."""
        return _has(self.gap, words.SLASHES)

    @property
    def apart(self) -> bool:
        """Return whether a slash or a comma stands before it."""
        return _has(self.gap, words.SLASHES + words.COMMA)

    @property
    def dashed(self) -> bool:
        """Return whether a dash stands before it."""
        return _has(self.gap, words.DASHES)

    @property
    def opened(self) -> bool:
        """Return whether a bracket opens before it."""
        return _has(self.gap, words.OPENING)


class Chunk(msgspec.Struct):
    """Runs without a word or a stop between them, and whether a plus stands before them."""

    runs: list[Run]
    plus: bool = False

    @property
    def digits(self) -> str:
        """Return all its digits."""
        return digits_of(self.runs)


Item = Word | Chunk


def digits_of(runs: list[Run]) -> str:
    """Return the digits alone."""
    return "".join([run.digits for run in runs])


def items_of(cell: str) -> list[Item]:
    """Return the words and chunks of a cell, in their order."""
    items: list[Item] = []
    gap, is_in_brackets = "", False
    for token in _TOKEN.finditer(cell):
        if token.lastgroup == "signs":
            gap = token[0]
            brackets = gap.strip(_NO_BRACKETS)
            is_in_brackets = brackets[-1] in words.OPENING if brackets else is_in_brackets
            continue
        if token.lastgroup == "digits" or (token.lastgroup == "ordinal" and is_in_brackets):  # `(06 1)`
            _add_run(items, Run(token[0], gap))
        else:
            _add_word(items, token[0], gap)
        gap = ""
    return items


def _add_word(items: list[Item], written: str, gap: str) -> None:
    text = written.casefold()
    last = items[-1] if items else None
    if isinstance(last, Word) and text in words.NUMBER_SIGNS:
        return  # `pok. nr 12`, `wew. nr 12`
    if isinstance(last, Chunk):
        if _is_inside(text, last, items):
            return
        if not gap:
            letter = TOUCHED if text in words.LETTERS else 0
            last.runs[-1].doubt = max(last.runs[-1].doubt, _doubt(written, text), letter)
    items.append(Word(written, text, gap, _claim(text, items)))


def _add_run(items: list[Item], run: Run) -> None:
    last = items[-1] if items else None
    if isinstance(last, Chunk) and not _ends(last, run.gap):
        last.runs.append(run)
    elif isinstance(last, Word) and _is_claimed(run, last):
        items.append(Word(run.digits, run.digits, run.gap, last.claim))
    else:
        run.doubt = _doubt_of(last, run) if isinstance(last, Word) else 0
        items.append(Chunk([run], plus=_has(run.gap, words.PLUS)))


def _is_inside(text: str, chunk: Chunk, items: list[Item]) -> bool:
    """Return whether a word stands inside a number: `0-xx-12 345…`, `kier. 74 tel. 817…`."""
    if text in words.OPERATORS:
        return chunk.digits == "0"
    before = items[-2] if len(items) > 1 else None
    is_area_code = isinstance(before, Word) and before.text in words.AREA_CODES and len(chunk.digits) < LOCAL
    return is_area_code and text in words.LABELS


def _doubt(written: str, text: str) -> int:
    if words.LOOKALIKES.issuperset(written):
        return STOOD_IN
    return 0 if text in words.KNOWN else TOUCHED


def _doubt_of(word: Word, run: Run) -> int:
    """Return the doubt that a word leaves about the run behind it: none if they do not touch."""
    return 0 if run.gap else _doubt(word.written, word.text)


def _claim(text: str, items: list[Item]) -> int:
    """Return how many digits behind this word are its own."""
    last = items[-1] if items else None
    if text in words.RANGES and not isinstance(last, Chunk):
        return 2  # `od 8 do 16`
    if text in words.UNITS and isinstance(last, Chunk) and len(last.digits) < LOCAL and not _follows_marker(items):
        return 0  # `2 piętro` has its digits, `wew. 45 pokój 5` has not
    if text in words.EXTENSIONS and not any(isinstance(item, Chunk) for item in items):
        return 4  # an extension before its number
    return words.CLAIMS.get(text, 0)


def _follows_marker(items: list[Item]) -> bool:
    """Return whether the last item stands behind the mark of an extension."""
    return any(isinstance(item, Word) and item.text in words.EXTENSIONS for item in items[-2:-1])


def _is_claimed(run: Run, word: Word) -> bool:
    """Return whether digits belong to the word before; digits that do pass its claim on in `8-16`, `526 025…`."""
    if word.text.isdecimal() and not (run.dashed or run.gap == "." or word.claim == words.REGISTER):
        return False
    if _has(run.gap, words.STOPS + words.PLUS + words.COMMA + words.CLOSING) or _doubt_of(word, run) == STOOD_IN:
        return False
    return len(run.digits) <= word.claim


def _ends(chunk: Chunk, gap: str) -> bool:
    """Return whether no number of this chunk can go on over the gap."""
    if _has(gap, words.STOPS + words.COLON):
        return True
    if _has(gap, words.PLUS):
        return chunk.digits != "48"  # a form's +48 may stand before the customer's own
    return _has(gap, words.OPENING) and len(chunk.digits) >= LOCAL  # `(12) 345…`, but `345 67 89 (2 piętro)`
