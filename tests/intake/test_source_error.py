"""What a person is told when a source cannot be read."""

import re
from pathlib import Path

import pytest

from intake import errors, parquet, sources, workbooks
from intake.errors import SourceError


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            SourceError(
                "shop.csv", "source.encoding_unproven", line=12, column=3, offset=345, bytes="B9", fitting="x, y"
            ),
            (
                "shop.csv: line 12, byte 3 of the line (offset 345 of the file): B9 is not the same in every encoding "
                "that the file may have; say which it has (--encoding): x, y"
            ),
        ),
        (SourceError("shop.csv", "source.missing"), "shop.csv: there is no such file; check its name and folder"),
        (
            SourceError("shop.csv", "source.duplicate_column", line=1, column=5, first=2, name="NIP"),
            "shop.csv: line 1: columns 2 and 5 of the header are both called “NIP”; rename or remove one",
        ),
    ],
)
def test_one_sentence_says_what_where_and_what_to_do(error: SourceError, sentence: str) -> None:
    assert str(error) == sentence


def test_the_remedy_can_be_shown_by_itself() -> None:
    assert SourceError("shop.csv", "source.missing").remedy == "check its name and folder"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a\x1b[31m\nb", "“a\ufffd[31m\ufffdb”"),
        ("ł" * 60, f"“{'ł' * 60}”"),
        ("ł" * 61, f"“{'ł' * 59}…”"),
        ("{x}", "“{x}”"),
    ],
)
def test_a_name_cannot_steer_the_terminal_or_fill_it(name: str, shown: str) -> None:
    assert shown in str(SourceError("shop.csv", "source.duplicate_column", line=1, column=2, first=1, name=name))


def test_every_code_has_a_sentence_and_every_sentence_is_used() -> None:
    folders = [Path(package.__path__[0]) for package in (sources, parquet, workbooks)]
    texts = [path.read_text("utf-8") for folder in folders for path in folder.glob("*.py")]
    used = {code for text in texts for code in re.findall(r'"(source\.[a-z0-9_]+)"', text)}

    assert used == set(errors._SENTENCES)  # noqa: SLF001
