"""The first number of a telephone cell: which runs of digits are it, and whether it is certain to end there.

>>> from validators.rules.phone_cell import items_of
>>> first_number(items_of("pok. 12, 71/346 12 34/35"), "PL").number.e164
'+48713461234'
>>> first_number(items_of("600 123 456 7"), "PL") is None
True
"""

from collections.abc import Iterator
from typing import NamedTuple

from validators.rules import phone_words as words
from validators.rules.phone_cell import LOCAL, Chunk, Item, Run, Word, digits_of
from validators.rules.phone_numbering import MOST_DIGITS, Number, dial

_AREA_CODE = 2
_EVEN = 3
_SUBSCRIBER = 5


class Found(NamedTuple):
    """The number, and what stands before and behind it; what is left of its chunk is a chunk there."""

    number: Number
    before: list[Item]
    behind: list[Item]


def first_number(items: list[Item], country: str) -> Found | None:
    """Return the first valid number, or None. Behind digits that letters stand in for there is no knowing."""
    for place, chunk in enumerate(items):
        if isinstance(chunk, Word):
            continue
        found = _first_in(chunk, country, has_unit=has_unit(items, place))
        if found:
            return Found(found.number, items[:place] + found.before, found.behind + items[place + 1 :])
        if any(_is_lookalike(run.touching) for run in chunk.runs):
            return None
    return None


def has_unit(items: list[Item], place: int) -> bool:
    """Return whether the last digits of the chunk at this place belong to the word behind it: `2 piętro`, `24h`."""
    chunk, *words_behind = items[place : place + 3]
    texts = [word.text for word in words_behind if isinstance(word, Word)]
    if not isinstance(chunk, Chunk) or len(chunk.runs[-1].digits) > 2 or not texts:  # noqa: PLR2004
        return False
    return texts[0] in words.UNITS and not texts[-1].isdecimal()  # `12 pokój 5`: the 5 is the room


def begins_with_number(runs: list[Run]) -> bool:
    """Return whether the runs begin with a Polish number."""
    return any(dial(digits_of(runs[:end]), "PL") for end in range(1, _end(runs, 0) + 1))


def left(runs: list[Run]) -> list[Item]:
    """Return what is left of a chunk."""
    return [Chunk(runs)] if runs else []


def _first_in(chunk: Chunk, country: str, *, has_unit: bool) -> Found | None:
    """Return the chunk's first number; of those that begin at one place the longest."""
    runs = chunk.runs
    for start in _starts(runs):
        for end in range(_end(runs, start), start, -1):
            number = _number(runs[start:end], country, plus=chunk.plus and not start)
            if number and _is_over(number, runs[start:end], runs[end:], has_unit=has_unit):
                return Found(number, left(runs[:start]), left(runs[end:]))
    return None


def _starts(runs: list[Run]) -> Iterator[int]:
    """Return where a number may begin: behind a comma, and behind a slash if a number was before it, not `380/501…`."""
    count = 0
    for place, run in enumerate(runs):
        if place == 0 or (run.apart and (count >= LOCAL or not run.slashed)):
            yield place
            count = 0
        count += len(run.digits)


def _end(runs: list[Run], start: int) -> int:
    """Return where a number that begins at `start` must have ended."""
    count = 0
    for end in range(start, len(runs)):
        count += len(runs[end].digits)
        if count > MOST_DIGITS:
            return end
    return len(runs)


def _number(runs: list[Run], country: str, *, plus: bool) -> Number | None:
    """Return the number that these runs are together, if they are one by their shape and by a numbering plan."""
    touching = runs[0].touching or runs[-1].touching
    digits = digits_of(runs)
    number = None if _is_lookalike(touching) else dial(digits, country, plus=plus)
    if number is None or not _goes_together(runs):
        return None
    if not number.polish:  # elsewhere lengths vary, so that a letter which touches may stand for a digit
        return None if touching else number
    return None if number.e164 == "+48" + digits and _is_local_with_another(runs) else number


def _is_lookalike(word: str) -> bool:
    return word != "" and words.LOOKALIKES.issuperset(word)


def _goes_together(runs: list[Run]) -> bool:
    """Return whether slashes and commas stand inside one number: `71/346 12 34`, `600,123,456`, but not `34/35`."""
    apart = [place for place, run in enumerate(runs) if place and run.apart]
    if not apart:
        return True
    if len({run.gap for run in runs[1:]}) == 1 and max(len(run.digits) for run in runs) <= _EVEN:
        return True
    return all(runs[place].slashed and len(digits_of(runs[place:])) >= _SUBSCRIBER for place in apart)


def _is_local_with_another(runs: list[Run]) -> bool:
    """Return whether nine digits are rather a local number and another's last two: `346-12-34 35`, `3461234-35`.

    The two are set off, and no area code is.
    """
    *local, last = runs
    return (
        len(digits_of(local)) == LOCAL
        and len(local[0].digits) != _AREA_CODE
        and last.gap not in {run.gap for run in local[1:]}
    )


def _is_over(number: Number, runs: list[Run], rest: list[Run], *, has_unit: bool) -> bool:
    """Return whether the number is certain to end before the rest. A space alone ends none."""
    if not rest:
        return True
    if _is_foreign(runs, rest):
        return False
    return (
        rest[0].apart
        or (rest[0].dashed and (_is_set_off(runs, rest) or _is_range(runs, rest)))
        or len(runs[-1].digits) >= LOCAL  # `600123456 12`, `71 3461234 12`
        or (has_unit and len(rest) == 1)  # `600 123 456 2 piętro`
        or (number.polish and begins_with_number(rest))  # `600 123 456 601 234 567`
    )


def _is_foreign(runs: list[Run], rest: list[Run]) -> bool:
    """Return whether the rest may be the last of a foreign number's groups of three: `420 777 123-456`."""
    if not (len(rest) == 1 and len(rest[0].digits) == len(runs[-1].digits) == _EVEN):
        return False
    digits = digits_of(runs + rest)
    return dial(digits, "", plus=True) == Number("+" + digits)


def _is_set_off(runs: list[Run], rest: list[Run]) -> bool:
    """Return whether the number has no such gap as the one before the rest: `22 826 00 11-13`."""
    return rest[0].gap not in {run.gap for run in runs[1:]}


def _is_range(runs: list[Run], rest: list[Run]) -> bool:
    """Return whether last digits go up: `22-826-00-11-13`."""
    first, last = runs[-1].digits, rest[0].digits
    return len(rest) == 1 and len(first) == len(last) == 2 and first < last  # noqa: PLR2004
