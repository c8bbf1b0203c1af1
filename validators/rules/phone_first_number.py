"""The first number of a telephone cell: which runs of digits are it, and whether it is certain to end there.

>>> from validators.rules.phone_cell import items_of
>>> first_number(items_of("pok. 12, 74/817 14 78/79"), "PL").number.e164
'+48748171478'
>>> first_number(items_of("512 345 678 7"), "PL") is None
True
"""

from collections.abc import Iterator
from typing import NamedTuple

from validators.rules import phone_words as words
from validators.rules.phone_cell import LOCAL, STOOD_IN, Chunk, Item, Run, Word, digits_of
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
    """Return the first valid number, or None where none is certain."""
    for place, chunk in enumerate(items):
        if isinstance(chunk, Word):
            continue
        found = _first_in(chunk, country, is_claimed=has_unit(chunk, items[place + 1 :]))
        if found:
            behind = found.behind + items[place + 1 :]
            goes_on = found.number.open_ended and _may_go_on(behind)
            return None if goes_on else Found(found.number, items[:place] + found.before, behind)
        if _is_broken(chunk):
            return None
    return None


def has_unit(chunk: Chunk, behind: list[Item]) -> bool:
    """Return whether the last digits of a chunk belong to the word behind it: `2 piętro`, `24h`."""
    unit, other = [*behind[:2], None, None][:2]
    if not isinstance(unit, Word) or unit.text not in words.UNITS:
        return False
    has_own = isinstance(other, Word) and other.text.isdecimal()  # `12 pokój 5`
    return len(chunk.runs[-1].digits) <= 2 and not has_own  # noqa: PLR2004


def begins_with_number(runs: list[Run]) -> bool:
    """Return whether the runs begin with a Polish number."""
    return any(dial(digits_of(runs[:end]), "PL") for end in range(1, _end(runs, 0) + 1))


def left(runs: list[Run]) -> list[Item]:
    """Return what is left of a chunk."""
    return [Chunk(runs)] if runs else []


def _is_broken(chunk: Chunk) -> bool:
    """Return whether what follows may be part of a number that begins here: `5I2 345 678`, `+49 tel. 512…`."""
    is_cut_off = chunk.plus and chunk.digits != "48" and len(chunk.digits) < LOCAL
    return is_cut_off or any(run.doubt == STOOD_IN for run in chunk.runs)


def _may_go_on(behind: list[Item]) -> bool:
    """Return whether the word behind a number may hold more of its digits: `48 123 45 67 O9`."""
    word, chunk = [*behind[:2], None, None][:2]
    if not isinstance(word, Word) or not isinstance(chunk, Chunk) or not words.INSIDE.issuperset(word.gap):
        return False
    return chunk.runs[0].doubt > 0 and not chunk.runs[0].gap


def _first_in(chunk: Chunk, country: str, *, is_claimed: bool) -> Found | None:
    """Return the chunk's first number; of those that begin at one place the longest."""
    runs = chunk.runs
    for start in _starts(chunk):
        for end in range(_end(runs, start), start, -1):
            number = _number(runs[start:end], country, plus=chunk.plus and not start)
            if number and _is_over(number, runs[start:end], runs[end:], is_claimed=is_claimed):
                return Found(number, left(runs[:start]), left(runs[end:]))
    return None


def _starts(chunk: Chunk) -> Iterator[int]:
    """Return where a number may begin: behind a comma, and where there was one before, behind a slash too.

    In `380/501…` and `+49, 512…` a country code may stand before.
    """
    count = 0
    for place, run in enumerate(chunk.runs):
        if place == 0 or (run.apart and (count >= LOCAL or not (run.slashed or chunk.plus))):
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
    doubt = max(runs[0].doubt, runs[-1].doubt)
    digits = digits_of(runs)
    number = dial(digits, country, plus=plus) if doubt < STOOD_IN else None
    if number is None or not _goes_together(runs):
        return None
    if doubt and number.open_ended:
        return None  # the letter that touches may stand for one more digit
    is_bare = number.e164 == "+48" + digits
    return None if is_bare and not _has_polish_shape(runs) else number


def _goes_together(runs: list[Run]) -> bool:
    """Return whether slashes and commas stand inside one number: `74/817 14 78`, `512,345,678`, but not `34/35`."""
    apart = [place for place, run in enumerate(runs) if place and run.apart]
    if not apart:
        return True
    if len({run.gap for run in runs[1:]}) == 1 and max(len(run.digits) for run in runs) <= _EVEN:
        return True
    return all(runs[place].slashed and len(digits_of(runs[place:])) >= _SUBSCRIBER for place in apart)


def _has_polish_shape(runs: list[Run]) -> bool:
    """Return whether nine digits look like one number.

    In `817-14-78 79` and `8171478-79` the last two are set off, and no area code is: that is a local number, and the
    last digits of another. `8.30-15.30 22` begins with a single digit: those are hours.
    """
    *local, last = runs
    lengths = [len(run.digits) for run in runs]
    is_local_with_another = (
        sum(lengths[:-1]) == LOCAL and lengths[0] != _AREA_CODE and last.gap not in {run.gap for run in local[1:]}
    )
    return not is_local_with_another and (lengths[0] > 1 or max(lengths) == 1)


def _is_over(number: Number, runs: list[Run], rest: list[Run], *, is_claimed: bool) -> bool:
    """Return whether the number is certain to end before the rest. A space alone ends none."""
    if not rest:
        return True
    if _is_foreign(runs, rest):
        return False
    return (
        rest[0].apart
        or (rest[0].dashed and (_is_set_off(runs, rest) or _is_range(runs, rest)))
        or len(runs[-1].digits) >= LOCAL  # `512345678 12`, `74 8171478 12`
        or (is_claimed and len(rest) == 1)  # `512 345 678 2 piętro`
        or (number.polish and begins_with_number(rest))  # `512 345 678 800 123 456`
    )


def _is_foreign(runs: list[Run], rest: list[Run]) -> bool:
    """Return whether the rest may be the last of a foreign number's groups of three: `420 212 345-678`."""
    digits = digits_of(runs + rest)
    is_in_threes = len(rest[0].digits) == len(runs[-1].digits) == _EVEN
    return is_in_threes and dial(digits, "", plus=True) == Number("+" + digits)


def _is_set_off(runs: list[Run], rest: list[Run]) -> bool:
    """Return whether the number has no such gap as the one before the rest: `12 345 67 89-91`."""
    return rest[0].gap not in {run.gap for run in runs[1:]}


def _is_range(runs: list[Run], rest: list[Run]) -> bool:
    """Return whether last digits go up: `12-345-67-89-91`."""
    first, last = runs[-1].digits, rest[0].digits
    return len(first) == len(last) == 2 and first < last  # noqa: PLR2004
