"""Values to try rules with: any text at all, and texts that are nearly right."""

from hypothesis import strategies as st

from tests.validators.case_files import ALL_RULES, cases

# Every code point: lone surrogates, NULs, every plane.
ANY_TEXT = st.text(st.characters(), max_size=60)

# A country with a pattern and one without, some that phones and codes lean on, and what is none.
COUNTRIES = st.sampled_from(("PL", "DE", "GB", "US", "CZ", "AE", "", "ZZ"))

_SCRAPS = st.sampled_from(
    [
        *"0179aZxX ł-–—.,;:/+@<>()'’`=%#&_ßİǆﬁ\uff11",
        *"\u00a0\u2003\n\t\u0301\u0307\u00ad\u200b\x00\ufffd",
        *("PL", "NIP", "00-", "::"),
    ]
)


def nearly(name: str) -> st.SearchStrategy[str]:
    """Draw the values of a rule's table, some of them with a few characters changed."""
    table = cases(name)
    raws = [case.value for case in (*table.accepted, *table.refused, *table.empty) if len(case.value) < 500]
    return mutated(st.sampled_from(raws + [case.canonical for case in table.accepted if case.canonical]))


def mutated(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Draw values with characters put in, taken out or changed, or in another case."""
    edits = st.lists(st.tuples(st.integers(0, 80), st.integers(0, 1), _SCRAPS | st.just("")), max_size=3)
    cased = st.sampled_from((str, str.upper, str.lower, str.title, str.swapcase))
    return st.builds(_changed, values, edits, cased)


def _changed(value: str, edits: list[tuple[int, int, str]], cased: type[str]) -> str:
    for place, length, scrap in edits:
        at = place % (len(value) + 1)
        value = value[:at] + scrap + value[at + length :]
    return cased(value)


RULE_NAMES = st.sampled_from(list(ALL_RULES))
