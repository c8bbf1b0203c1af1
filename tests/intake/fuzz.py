"""Files made by a grammar of CSV, spoilt as files are and in places byte by byte, and what must be true of each."""

import random
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Final

from intake.errors import SourceError
from intake.run import Options, Watcher, check_source
from intake.sources import Blank, Item, Malformed, Record, Source, open_source
from tests.intake.customers import HEADER, customer
from tests.intake.independent import Reader
from tests.intake.test_chunks import alike, as_items
from validators.policy import vipower

SECONDS: Final = 60  # for one file of some kilobytes; what takes longer hangs

_WORDS: Final = ("", " ", "a", "Łódź", "600 123 456", "00-950", "x y", "-", "0", "Razem", "#", "'", "NULL", "a b")
_SIGNS: Final = (
    '"',
    '""',
    "'",
    "\\",
    '\\"',
    "\\N",
    "\\\\",
    ";",
    ",",
    "\t",
    "|",
    "\n",
    "\r",
    "\r\n",
    " ",
    "\0",
    "ą",
    "a",
    "\u2028",
)
_NAMES: Final = ("Imię", "Telefon", "Kod", "Uwagi", "E-mail", "NIP")


class Grammar:
    """Makes a file from a number, always the same."""

    def __init__(self, seed: int) -> None:
        self.dice = dice = random.Random(seed)  # noqa: S311  (the same files every time)
        self.delimiter = dice.choice(";;;,\t|")
        self.quoting = dice.choice(["doubled", "doubled", "backslash", "single", "none"])
        self.ends = dice.choice([["\n"], ["\r\n"], ["\r"], ["\n", "\r\n"], ["\n", "\r\n", "\r"]])
        self.customers = dice.random() < 1 / 5
        self.names = list(HEADER) if self.customers else dice.sample(_NAMES, dice.randint(1, len(_NAMES)))
        self.options = self._options()

    def file(self) -> bytes:
        head = self.dice.choice(
            ["", "", "", "\ufeff", "\n", "Raport\n", "Raport;z dnia\n\n", f"sep={self.delimiter}\n"]
        )
        body = [self._line() for _ in range(self.dice.choice([0, 1, 3, 10, 30, 80]))]
        text = head + self.row(self.names) + "".join(body)
        if self.dice.random() < 1 / 4:
            text = text.rstrip("\r\n")
        data = text.encode()
        return self._spoil(data) if self.dice.random() < 1 / 3 else data

    def row(self, cells: list[str]) -> str:
        return self.delimiter.join(map(self._cell, cells)) + self.dice.choice(self.ends)

    def _options(self) -> dict[str, object]:
        said: dict[str, object] = {"encoding": "utf-8"}
        if self.dice.random() < 1 / 3:
            said["delimiter"] = self.delimiter
        if self.dice.random() < 1 / 3:
            said["quoting"] = self.quoting
        if self.dice.random() < 1 / 6:
            said["header_line"] = self.dice.choice([1, 1, 2, 3])
        return said

    def _line(self) -> str:
        kind = self.dice.random()
        if kind < 0.7:
            cells = list(customer(self.dice.randint(1, 99)).values()) if self.customers else map(self._word, self.names)
            return self.row(list(cells))
        if kind < 0.75:
            return self.row([""] * self.dice.randint(0, 9))
        if kind < 0.8:
            return self.row(self.names)
        if kind < 0.9:
            return self.row([self._word("") for _ in range(self.dice.randint(0, 9))])
        return "".join(self.dice.choice([*_SIGNS, *_WORDS]) for _ in range(self.dice.randint(0, 12)))

    def _word(self, _name: str) -> str:
        if self.dice.random() < 0.8:
            return self.dice.choice(_WORDS)
        return "".join(self.dice.choice([*_SIGNS, *_WORDS]) for _ in range(self.dice.randint(1, 5)))

    def _cell(self, text: str) -> str:
        quote = {"single": "'", "none": ""}.get(self.quoting, '"')
        if not quote or self.dice.random() < 0.6:
            return text
        if self.quoting == "backslash":
            return quote + text.replace("\\", "\\\\").replace(quote, "\\" + quote) + quote
        return quote + text.replace(quote, quote * 2) + quote

    def _spoil(self, data: bytes) -> bytes:
        for _ in range(self.dice.randint(1, 4)):
            at = self.dice.randint(0, len(data))
            upto = min(len(data), at + self.dice.choice([0, 1, 1, 5, 40]))
            sign = self.dice.choice(_SIGNS).encode()
            new = self.dice.choice([b"", sign, data[at:upto] * 2, bytes([self.dice.randint(0, 255)])])
            data = data[:at] + new + data[upto:]
        return data


def fuzzed(folder: Path, seed: int) -> str:
    """Read the file of a number; return what became of it, "read" or a code; raise where something is not right."""
    grammar = Grammar(seed)
    path = folder / "fuzz.csv"
    path.write_bytes(grammar.file())
    with within(SECONDS):
        try:
            source = open_source(path, **grammar.options)  # type: ignore[arg-type]
        except SourceError as error:
            assert error.code.startswith("source."), seed  # noqa: PT017  (any other error is raised)
            return error.code
        if source.format.name != "csv":
            return source.format.name
        items = list(source.items())
        _agree(source, items, path, seed)
        assert alike(as_items(source.chunks()), source) == alike(items, source), seed
        if grammar.customers and source.columns == HEADER:
            _check(path, grammar, items)
    return "read"


def _agree(source: Source, items: list[Item], path: Path, seed: int) -> None:
    """Assert that each item is what an independent reader finds, at its line, and that there are as many."""
    form = source.format
    assert form.encoding
    lines = path.read_bytes().decode(form.encoding).encode().splitlines(keepends=True)
    text = b"".join(lines[form.header_line - 1 :]).decode()
    reader = Reader(text, form.delimiter or ",", form.quoting)
    found = [(form.header_line + line, what) for line, what in reader.items()]

    assert [(item.place.line, _plain(item, len(reader.header.cells or []))) for item in items] == [
        (line, what if isinstance(what, str) else _valued(what, reader)) for line, what in found
    ], f"seed {seed}"
    assert [item.place.record for item in items] == list(range(1, len(found) + 1)), f"seed {seed}"


def _plain(item: Item, columns: int) -> object:
    match item:
        case Record(_, values):
            return [values.get(name) for name in values][:columns]
        case Malformed():
            return "malformed"
        case Blank():
            return "blank"


def _valued(cells: list[str], reader: Reader) -> list[str]:
    """Return the cells that a record has a value for: those below names, and others only if they hold something."""
    named = [cell.strip() for cell in reader.header.cells or []]
    return [cell for name, cell in zip(named, cells, strict=False) if name or cell.strip()]


def _check(path: Path, grammar: Grammar, items: list[Item]) -> None:
    """Assert that the books of a check hold every item."""
    outcome = check_source(path, Options(policy=vipower(), **grammar.options), Watcher())  # type: ignore[arg-type]
    books = outcome.books

    assert books.read == len(items)
    assert books.blank == sum(isinstance(item, Blank) for item in items)
    assert outcome.accepted + books.rejected == sum(not isinstance(item, Blank) for item in items)
    assert outcome.findings["faults"].get("record.malformed", 0) == sum(isinstance(item, Malformed) for item in items)


@contextmanager
def within(seconds: int) -> Iterator[None]:
    """Raise TimeoutError where something hangs."""

    def late(_signal: int, _frame: FrameType | None) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
