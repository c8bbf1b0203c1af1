"""How many records may be refused before a run stops."""

import pytest

from intake.limit import Limit


@pytest.mark.parametrize(
    ("text", "limit"),
    [("0", Limit(0, percent=False)), ("100", Limit(100, percent=False)), ("0.5%", Limit(0.5, percent=True))],
)
def test_a_limit_is_a_number_of_records_or_a_percentage(text: str, limit: Limit) -> None:
    assert Limit.parse(text) == limit


@pytest.mark.parametrize("text", ["", "%", "-1", "1.5", "many", "101%", "-1%", "nan%", "inf%", "5%%"])
def test_what_is_neither_is_none(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  (whatever its words, which nobody sees)
        Limit.parse(text)


@pytest.mark.parametrize(
    ("text", "rejected", "read", "ended", "passed"),
    [
        ("2", 2, 3, False, False),
        ("2", 3, 3, False, True),
        ("0", 1, 1, False, True),
        ("50%", 1, 1, False, False),  # the first record alone says nothing of the file
        ("50%", 1, 1, True, True),
        ("50%", 999, 999, False, False),
        ("50%", 501, 1000, False, True),
        ("50%", 500, 1000, True, False),
        ("0%", 0, 1000, True, False),
        ("0%", 1, 1000, True, True),
        ("100%", 1000, 1000, True, False),
        ("0%", 0, 0, True, False),
    ],
)
def test_a_limit_is_passed_by_one_more(text: str, *, rejected: int, read: int, ended: bool, passed: bool) -> None:
    assert Limit.parse(text).passed(rejected=rejected, read=read, ended=ended) is passed
