"""What is kept of refused rows is what `retained` keeps of each as a record."""

import random
from collections.abc import Sequence

import polars as pl
import pytest
from rich.pretty import pretty_repr

from tests.validators.grammar import dice, values
from tests.validators.test_retain import HIDDEN
from validators.kind import Kind
from validators.policy import vipower
from validators.retain import retained
from validators.retained_rows import retained_rows

KINDS = [vipower().kinds[name] for name in ("business", "individual", "visit")]
# Digits as people group them: of PESELs, cards, phones with a country code, and of nothing in particular.
BROKEN_UP = [
    "44051401359",
    "440514 01359",
    "440514  01359",
    "440514-01359",
    "4111 1111 1111 1111",
    "4111-1111 11111111",
]
BROKEN_UP += ["+48 600 123 456", "0048600123456", "48123456789", "12/34 56-78 90 12", "4405\u00a01401359"]


def rows_of(kind: Kind, count: int) -> list[dict[str, object]]:
    rng = dice(kind.name)
    columns = {field.name: list(values(field.rule, count, seed=7)) for field in kind.fields}
    return [
        {name: _spoilt(texts[row], rng) for name, texts in columns.items()} | {"note": "VIP"} for row in range(count)
    ]


def _spoilt(text: str, rng: random.Random) -> object:
    match rng.randrange(10):
        case 0:
            return rng.choice(["", None, " "])
        case 1:
            return f"{text} {rng.choice(HIDDEN + BROKEN_UP)}"
        case 2:
            return rng.choice(HIDDEN + BROKEN_UP)
        case _:
            return text


def same(records: Sequence[dict[str, object]], kind: Kind) -> None:
    frame = pl.DataFrame(records, infer_schema_length=None)

    assert kept(frame, kind) == [retained(record, kind) for record in frame.iter_rows(named=True)]


def kept(frame: pl.DataFrame, kind: Kind) -> list[dict[str, str | None]]:
    """Return for each row what is kept of it, by field, as `retained` does."""
    texts, withheld = retained_rows(frame, kind)
    return [
        {name: text for name, text in row.items() if text is not None or blank[name]}
        for row, blank in zip(texts.iter_rows(named=True), withheld.iter_rows(named=True), strict=True)
    ]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_rows_keep_what_records_keep(kind: Kind) -> None:
    same(rows_of(kind, 3_000), kind)


def test_a_column_that_is_no_text_keeps_what_can_be_written_as_text() -> None:
    same([{"first_name": 5, "last_name": True, "email": 4.5}, {"first_name": None, "last_name": None}], KINDS[0])


def test_a_column_that_is_not_there_keeps_nothing() -> None:
    assert retained_rows(pl.DataFrame({"note": ["VIP"]}), KINDS[0]).texts.columns == []


def test_no_value_is_shown() -> None:
    kept = retained_rows(pl.DataFrame({"first_name": ["mark-of-a-value"]}), KINDS[0])
    for shown in (repr(kept), str(kept), pretty_repr(kept)):
        assert "mark-of-a-value" not in shown
        assert "rows=1" in shown
