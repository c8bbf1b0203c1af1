"""A screen of sections that fits a terminal: each gets a line at least, and the first ones what room there is.

>>> parts = [Section("Letters", [Block([Text(letter)]) for letter in "abc"]), Section("Digits", [Block([Text("1")])])]
>>> [line.plain for line in lines_of(parts, 5)]
['Letters (2 of 3; --json has all)', 'a', 'b', 'Digits', '1']
>>> [line.plain for line in lines_of(parts, None)]
['', 'Letters', 'a', 'b', 'c', '', 'Digits', '1']
"""

from collections.abc import Iterator, Sequence

import msgspec
from rich.text import Text


class Block(msgspec.Struct, frozen=True):
    """Lines that stay together, and how many things they tell of."""

    lines: list[Text]
    items: int = 1


class Section(msgspec.Struct, frozen=True):
    """A title, and blocks below it, the most important first."""

    title: str
    blocks: list[Block]


def lines_of(sections: Sequence[Section], height: int | None) -> Iterator[Text]:
    """Yield the lines of sections, as many as there is room for; None: all of them, and an empty one before each."""
    there = [section for section in sections if section.blocks]
    shown = _fitted(there, height) if height is not None else [len(section.blocks) for section in there]
    for section, many in zip(there, shown, strict=True):
        if height is None:
            yield Text()
        yield Text(section.title, style="bold").append(_more(section, many), style="not bold")
        for block in section.blocks[:many]:
            yield from block.lines


def _fitted(sections: Sequence[Section], height: int) -> list[int]:
    """Return how many blocks of each section are shown: one at least; one more in turn, as long as there is room."""
    shown = [1] * len(sections)
    left = height - sum(1 + len(section.blocks[0].lines) for section in sections)
    growing = list(range(len(sections)))
    while growing:
        for at in list(growing):
            rest = sections[at].blocks[shown[at] :]
            if not rest or len(rest[0].lines) > left:
                growing.remove(at)
                continue
            shown[at] += 1
            left -= len(rest[0].lines)
    return shown


def _more(section: Section, many: int) -> str:
    told, of = (sum(block.items for block in some) for some in (section.blocks[:many], section.blocks))
    return f" ({told:,} of {of:,}; --json has all)" if told < of else ""
