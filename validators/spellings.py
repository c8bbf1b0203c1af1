"""The regular spellings of words: lower case, capitalised, capitals, caps lock left on, each word by itself.

>>> sorted(spellings("nie ma"))[:3]
['NIE MA', 'NIE Ma', 'NIE mA']
"""

import itertools


def spellings(*phrases: str) -> frozenset[str]:
    """Return every phrase in each combination of its words' regular spellings."""
    return frozenset(
        " ".join(words)
        for phrase in phrases
        for words in itertools.product(
            *((word, word.capitalize(), word.upper(), word.capitalize().swapcase()) for word in phrase.split(" "))
        )
    )
