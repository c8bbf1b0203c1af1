"""CSV of every shape gives the records that were written, each with its place; or it is refused, with the place."""

from pathlib import Path

import pytest

from intake.errors import SourceError
from intake.sources import Blank, Item, Malformed, Record, open_source
from tests.intake.shapes import Expected, Shape, all_shapes
from tests.intake.test_chunks import assert_same

SHAPES = all_shapes()


def write(folder: Path, shape: Shape) -> Path:
    path = folder / "shop.csv"
    path.write_bytes(shape.text.encode())
    return path


def plain(item: Item) -> Expected:
    match item:
        case Record(place, values):
            return place.line, tuple(map(str, values.values()))
        case Malformed(place, reason):
            return place.line, reason
        case Blank(place):
            return place.line, None


def test_there_are_hundreds_of_them() -> None:
    assert len({shape.name for shape in SHAPES}) == len(SHAPES)
    assert len(SHAPES) >= 200


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_what_was_written_is_read_or_refused_with_its_place(tmp_path: Path, shape: Shape) -> None:
    path = write(tmp_path, shape)
    if shape.refused:
        with pytest.raises(SourceError) as caught:
            open_source(path, **shape.options)
        assert (caught.value.code, caught.value.line) == shape.refused
        return
    source = open_source(path, **shape.options)
    items = list(source.items())

    assert source.columns == shape.columns
    assert [plain(item) for item in items] == shape.expected
    assert [item.place.record for item in items] == list(range(1, len(items) + 1))
    others = {"name", "encoding", "proof", "letters"}  # which are tested elsewhere
    told = {name: fact for name, fact in source.format.as_dict().items() if name not in others}
    assert told == {"delimiter": shape.delimiter, **shape.facts}
    assert_same(source)
