"""Values stand at the places that they came from, whatever way they went."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.pretty import pretty_repr

from validators.places import Piece, Placed, marked, narrowed, places, put_together


def at(*numbers: int) -> pl.Series:
    return pl.Series(numbers, dtype=pl.UInt32)


def test_places_that_are_marked() -> None:
    assert places(3).to_list() == [0, 1, 2]
    assert marked(at(2, 0), 4).to_list() == [True, False, True, False]
    assert narrowed(pl.Series([True, False, True]), pl.Series([False, True])).to_list() == [False, False, True]


@pytest.mark.parametrize(
    ("pieces", "size", "every"),
    [
        ([Piece(at(0, 1, 2), pl.Series(["a", "b", "c"]))], 3, ["a", "b", "c"]),
        ([Piece(at(2, 0, 1), pl.Series(["a", "b", "c"]))], 3, ["b", "c", "a"]),
        ([Piece(at(4, 0), pl.Series(["a", "b"])), Piece(at(1), pl.Series(["c"]))], 5, ["b", "c", None, None, "a"]),
        ([Piece(at(0, 1, 2), pl.Series(["a", "b", "c"]), at(0, 0, 1))], 3, ["a", "a", "b"]),
        ([Piece(at(1), pl.Series(["a"])), Piece(at(0, 2), pl.Series(["b", "c"]), at(1, 1))], 3, ["c", "a", "c"]),
        ([Piece(at(), pl.Series([], dtype=pl.String))], 2, [None, None]),
    ],
)
def test_pieces_come_to_a_column(pieces: list[Piece], size: int, every: list[str | None]) -> None:
    placed = put_together(pieces, size)

    assert placed.size == size
    assert placed.every().to_list() == every
    for some in (places(size), places(size)[1:], places(size)[:1]):
        assert placed.at(some).to_list() == [every[place] for place in some]
    assert placed.filled("?").every().to_list() == ["?" if value is None else value for value in every]


@given(st.lists(st.sampled_from("abcd") | st.none(), min_size=1), st.data())
def test_what_stands_at_one_place_may_stand_at_many(once: list[str | None], data: st.DataObject) -> None:
    there = [place for place, value in enumerate(once) if value]
    placed = put_together([Piece(at(*there), pl.Series([once[place] for place in there], dtype=pl.String))], len(once))
    which = data.draw(st.lists(st.integers(0, len(once) - 1)))

    spread = put_together([placed.spread(places(len(which)), at(*which))], len(which))

    assert spread.every().to_list() == [once[place] for place in which]
    assert spread.filled("?").every().to_list() == [once[place] or "?" for place in which]


def test_no_value_is_shown() -> None:
    piece = Piece(at(0), pl.Series(["Kowalski"]))

    for one in (piece, put_together([piece], 2), Placed(piece.values, None)):
        assert "Kowalski" not in repr(one) + str(one) + pretty_repr(one)
