"""A file in which every value that may not be kept carries a mark of its own, and the search for these marks.

Where they may be is told by what they mark. `extra`: what the policy does not name, or may not be kept of it: nowhere.
`refused`: the policy's own fields of a refused record: in the rejections, for a steward corrects them there, and
nowhere else. `accepted`: in the records. None may be in a report, on the screen, or in any other file.
"""

import random
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import create_engine, inspect, text

from tests.intake.customers import customer
from tests.intake.marks import found
from tests.torture.place import Database
from tests.torture.source import FORMATS, Files, Item

_LETTERS: Final = "bcdfghjklmnpqrstvwxz"
_RANDOM: Final = random.SystemRandom()
_NO_EMAIL: Final = {"E-mail": "ewa(at)example.com"}
_PESEL: Final = "44051401359"  # an example's; its check digit holds


class Marks:
    """Marks as they are asked for; no two are the same, and chance would not write one in all the files there are."""

    def __init__(self) -> None:
        self.extra: list[str] = []
        self.refused: list[str] = []
        self.accepted: list[str] = []

    def new(self, kind: list[str]) -> str:
        """Return a new mark: it looks like a name, and has a letter that not every encoding writes alike."""
        kind.append("Ż" + "".join(_RANDOM.choices(_LETTERS, k=15)))
        return kind[-1]


class Canary(NamedTuple):
    """Files with marks."""

    marks: Marks
    files: Files


def write_canary(folder: Path, suffix: str, many: int) -> Canary:
    """Write files in a format, of a folder of their own, with marks everywhere."""
    marks = Marks()
    folder.mkdir()
    before, after = folder / f"before.{suffix}", folder / f"after.{suffix}"
    before.write_bytes(FORMATS[suffix](list(_items(marks, range(0, many, 10)))))
    after.write_bytes(FORMATS[suffix](list(_items(marks, range(many)))))
    return Canary(marks, Files(before, after))


def _items(marks: Marks, numbers: Iterable[int]) -> Iterator[Item]:
    remarks = [marks.new(marks.extra) for _ in range(10)]
    unfit, unknown, address = (marks.new(marks.extra) for _ in range(3))
    for number in numbers:
        remark = remarks[number % 10]
        match number % 10:
            case 4:
                yield customer(number, Nazwisko=marks.new(marks.refused), Uwagi=remark) | _NO_EMAIL
            case 5:  # an identity number: the field that it stands in is not kept
                yield customer(number, Nazwisko=f"{unfit} {_PESEL}", Uwagi=remark)
            case 6:  # too long to be kept
                yield customer(number, Nazwisko=unfit * 100, Uwagi=remark)
            case 7:
                yield customer(number, Rodzaj=unknown, Uwagi=remark)
            case 8:  # not named for this kind: an address on an order
                yield customer(number) | {"Adres IP": address, "Uwagi": remark}
            case _:
                yield customer(number, Nazwisko=marks.new(marks.accepted), Uwagi=remark)


def misplaced(canary: Canary, database: Database, folder: Path, accepted_in: str = "individuals") -> set[str]:
    """Return the files and the tables in which there is a mark that may not be there; no mark is shown."""
    marks = canary.marks
    every = [*marks.extra, *marks.refused, *marks.accepted]
    return {
        *_holding(every, _files(folder, canary.files)),
        *_holding(marks.extra, database.stored()),
        *_holding(marks.refused, _tables(database)) - {"rejections"},
        *_holding(marks.accepted, _tables(database)) - {accepted_in},
    }


def _holding(marks: list[str], files: Iterable[tuple[str, bytes]]) -> set[str]:
    return {name for name, content in files if found(marks, name.encode() + content)}


def _files(folder: Path, apart_from: Files) -> Iterator[tuple[str, bytes]]:
    for path in folder.rglob("*"):
        if path.is_file() and path not in apart_from:
            yield str(path.relative_to(folder)), path.read_bytes()


def _tables(database: Database) -> Iterator[tuple[str, bytes]]:
    engine = create_engine(database.url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.connect() as connection:
        for name in inspect(connection).get_table_names():
            rows = connection.execute(text(f"SELECT * FROM {name}"))  # noqa: S608
            yield name, "\n".join(map(str, rows)).encode()
    engine.dispose()
