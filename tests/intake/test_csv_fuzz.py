"""Files by a grammar, spoilt: read as an independent reader reads them, or refused. Longer: `make torture`."""

from collections import Counter
from pathlib import Path

import pytest

from tests.intake.fuzz import fuzzed
from tests.intake.independent import Reader

BATCH = 250


@pytest.mark.parametrize("first", range(0, 3000, BATCH))
def test_no_item_is_lost_whatever_the_file(tmp_path: Path, first: int) -> None:
    came = Counter(fuzzed(tmp_path, seed) for seed in range(first, first + BATCH))

    assert came["read"] > BATCH / 2
    assert len(came) > 3  # and some are refused, for several reasons


@pytest.mark.parametrize(
    ("text", "quoting", "items"),
    [
        # RFC 4180, section 2, and what the files of this test hold beyond it, each worked out by hand.
        ('a;b\r\n1;"x;""y"\r\n', "doubled", [(1, ["1", 'x;"y'])]),
        ('a;b\n1;"x\ny"\n2;z', "doubled", [(1, ["1", "x\ny"]), (3, ["2", "z"])]),
        ('a;b\n\n;\n"";" "\na;b; \n', "doubled", [(line, "blank") for line in (1, 2, 3, 4)]),
        ("a;b\n1\n1;2;3\n1;2;;\n", "doubled", [(1, "malformed"), (2, "malformed"), (3, ["1", "2", "", ""])]),
        ('a;b\n"1"x;2\n1;"2\n3;4\n', "doubled", [(1, "malformed"), (2, "malformed"), (3, ["3", "4"])]),
        ('a;b\r1;x"y\r', "doubled", [(1, ["1", 'x"y'])]),
        ("a;b\n'1';'x''y;'\n", "single", [(1, ["1", "x'y;"])]),
        ("a;b\n\"1;'2\n", "none", [(1, ['"1', "'2"])]),
        ('a;b\n"x\\"y";\\N\n\\;;C:\\n\n', "backslash", [(1, ['x"y', ""]), (2, [";", "C:\\n"])]),
    ],
)
def test_the_independent_reader_is_right(text: str, quoting: str, items: list[object]) -> None:
    assert list(Reader(text, ";", quoting).items()) == items
