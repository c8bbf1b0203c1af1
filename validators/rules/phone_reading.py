"""A telephone cell, read as a person reads it: the first number counts, and no letter ever becomes a digit.

phonenumbers would turn `(Jan)` into digits and `512345678, 800123456` into one number with an extension, so it never
sees a cell: the cell is taken apart (`phone_cell`), what might be a number is put together from digits alone
(`phone_first_number`), and a numbering plan says whether it is one (`phone_numbering`). Of words, only those of
`phone_words` are understood.

>>> read_phone("tel. (0-74) 817-14-78 wew. 117 - sekretariat").e164
'+48748171478;ext=117'
>>> read_phone("74 817 14 78/79, 512 345 678").notices
('phone.several',)
>>> read_phone("0-800 PIZZA").fault
'phone.invalid'
>>> read_phone("5I2 345 678").fault
'phone.unreadable'
"""

import msgspec

from validators.rules import phone_words as words
from validators.rules.phone_cell import LOCAL, Chunk, Item, Run, Word, items_of
from validators.rules.phone_first_number import begins_with_number, first_number, has_unit, left
from validators.rules.phone_numbering import MOST_DIGITS
from validators.rules.spreadsheet import out_of_spreadsheet

# A longer extension is a number of its own, or nonsense.
_MOST_EXTENSION = 7


class PhoneReading(msgspec.Struct, frozen=True):
    """The number (None: refused, `fault` says why), and the codes of what was left off and of what was mended."""

    e164: str | None
    fault: str | None = None
    notices: tuple[str, ...] = ()
    fixes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Show codes, never the number."""
        return f"<PhoneReading fault={self.fault} notices={self.notices} fixes={self.fixes}>"

    def __rich_repr__(self) -> list[tuple[str, object]]:
        """Show rich what `repr` shows: msgspec's own would show the number."""
        return [("fault", self.fault), ("notices", self.notices), ("fixes", self.fixes)]


def read_phone(text: str, country: str = "PL") -> PhoneReading:
    """Return the first number of a cell. `country` (ISO alpha-2) decides for a number without a country code."""
    if not text.isascii() and any(sign.isdecimal() and not sign.isascii() for sign in text):
        return PhoneReading(None, "phone.unreadable")  # full-width digits, Arabic digits …
    cell = out_of_spreadsheet(text)
    items = items_of(cell)
    found = first_number(items, country)
    if found is None:
        return PhoneReading(None, _fault(items))
    extension, behind = _extension(found.behind)
    e164 = found.number.e164 + extension
    notices = _those(
        ("phone.several", _has_numbers(found.before, behind)),
        ("phone.remark_dropped", _has_remarks(found.before, behind)),
    )
    # What stands there as it should, with something behind it that was left off, was not formatted.
    is_as_written = e164 == text or (notices != () and text.startswith(e164))
    fixes = _those(
        ("phone.excel_number", cell != text),
        ("phone.trunk_zero", found.number.trunk),
        ("phone.format", not is_as_written),
    )
    return PhoneReading(e164, None, notices, fixes)


def _those(*codes: tuple[str, bool]) -> tuple[str, ...]:
    return tuple([code for code, holds in codes if holds])


def _fault(items: list[Item]) -> str:
    """Tell one clear number, which is invalid then, from what nobody can read."""
    chunks = [item for item in items if isinstance(item, Chunk)]
    lengths = [length for chunk in chunks if (length := len(chunk.digits)) <= MOST_DIGITS]
    is_clear = len(chunks) == len(lengths) == 1 or any(length >= LOCAL for length in lengths)
    is_touched = any(run.doubt for chunk in chunks for run in chunk.runs)
    return "phone.invalid" if is_clear and not is_touched else "phone.unreadable"


def _extension(behind: list[Item]) -> tuple[str, list[Item]]:
    """Return the number's extension as RFC 3966 writes it, or nothing, and what else stands behind the number."""
    for place, item in enumerate(behind):
        if isinstance(item, Chunk) and len(item.digits) >= LOCAL:
            break  # what follows is another number's
        chunk = _marked(behind, place)
        if chunk is None:
            continue
        first, *rest = chunk.runs
        if _is_extension(first, rest, is_claimed=has_unit(chunk, behind[place + 2 :])):
            return f";ext={first.digits}", [*behind[:place], *left(rest), *behind[place + 2 :]]
        unread = Word(chunk.digits, chunk.digits, first.gap, 0)
        return "", [*behind[:place], unread, *behind[place + 2 :]]
    return "", behind


def _is_extension(first: Run, rest: list[Run], *, is_claimed: bool) -> bool:
    """Return whether the first of a chunk's runs is an extension for certain. A space alone does not end it either."""
    if first.doubt or len(first.digits) > _MOST_EXTENSION:
        return False
    if not rest:
        return not is_claimed  # `w 2 budynku`
    is_set_off = rest[0].apart or rest[0].dashed or rest[0].opened
    return is_set_off or (is_claimed and len(rest) == 1) or begins_with_number(rest)  # `w. 117 2 piętro`


def _marked(items: list[Item], place: int) -> Chunk | None:
    """Return the digits that the word at this place says are an extension."""
    word, chunk, other = [*items[place : place + 3], None, None][:3]
    if not isinstance(word, Word) or word.text not in words.EXTENSIONS or not isinstance(chunk, Chunk):
        return None
    if word.text == words.IN and chunk.runs[0].gap == " " and isinstance(other, Word) and other.gap == " ":
        return None if _tells(other) else chunk  # `w 2 firmach` is no extension, `w. 117 Jan` and `w 117 (Jan)` are
    return chunk


def _has_numbers(before: list[Item], behind: list[Item]) -> bool:
    """Return whether another number was left off, or another's last digits behind the number."""
    return any(isinstance(item, Chunk) and len(item.digits) >= LOCAL for item in before) or any(
        isinstance(item, Chunk) and not has_unit(item, behind[place + 1 :]) and not _is_in_word(item)
        for place, item in enumerate(behind)
    )


def _is_in_word(chunk: Chunk) -> bool:
    """Return whether digits are a part of a word: `jan3@…`."""
    return len(chunk.digits) < LOCAL and any(run.doubt for run in chunk.runs)


def _has_remarks(before: list[Item], behind: list[Item]) -> bool:
    """Return whether words were left off that tell something, or digits before the number that are no number."""
    return any(_tells(item) if isinstance(item, Word) else len(item.digits) < LOCAL for item in before) or any(
        isinstance(item, Word) and _tells(item) and not _marked(behind, place) for place, item in enumerate(behind)
    )


def _tells(word: Word) -> bool:
    return word.text not in words.QUIET
