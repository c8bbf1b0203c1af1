"""What may make no difference: importing again, and the size of batches."""

from pathlib import Path

from tests.torture.child import command
from tests.torture.crash import Import, Whole, an_import, assert_whole, undisturbed
from tests.torture.place import Place

SIZES = (1, 2, 3, 7, 100, 100_000)  # the last: all in one


def again(place: Place, one: Import, of: Whole, times: int) -> None:
    """Import finished files again and again: nothing is written."""
    with place.database() as database:
        assert_whole(command(one.into(database)), database, of)
        before = database.written()
        for _ in range(times):
            assert_whole(command(one.into(database)), database, of)
            assert database.written() == before


def of_any_size(place: Place, folder: Path, suffix: str, many: int, *, shared: bool = False) -> None:
    """Import in batches of many sizes: the same rows, rejections and books."""
    found = [undisturbed(place, an_import(folder, suffix, many, size, shared=shared)) for size in SIZES]
    first, shown_first = found[0]
    for contents, shown in found:
        assert contents.digest == first.digest
        assert shown == shown_first
    assert len({contents.batches for contents, _ in found}) > 3
