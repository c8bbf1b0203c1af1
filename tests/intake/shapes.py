"""CSV files of every shape, written by a generator that knows what it wrote: what is expected never comes from reading.

The shapes are those of

- RFC 4180, section 2: its seven rules, in each delimiter, line end and manner of quoting;
- csv-spectrum (https://github.com/max-mapper/csv-spectrum): its cases, by their names;
- the Pollock benchmark (Vitagliano et al., PVLDB 16, 2023; https://github.com/HPI-Information-Systems/Pollock): its
  kinds of pollution, by the names of its files, on a table of our own;
- and of old programs: titles, pages, totals, NULLs, what Excel writes.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any, Final

LINE_END: Final = re.compile(r"\r\n|\r|\n")
DELIMITERS: Final = ";,\t|"
ENDS: Final = {"lf": "\n", "crlf": "\r\n", "cr": "\r"}

NAMES: Final = ("Imię", "Telefon", "Kod pocztowy", "Uwagi")
ROWS: Final = (
    ("Ewa", "600 123 456", "00-950", "stała klientka"),
    ("Małgorzata", "22 123 45 67", "31-001", ""),
    ("Jan", "601 234 567", "80-001", "dzwonić po 16"),
    ("Łucja", "602 345 678", "90-001", "x"),
    ("Adam", "603 456 789", "50-001", "y"),
)

# What is expected at a line: the cells of a record; a reason; or nothing, of a blank one.
Expected = tuple[int, tuple[str, ...] | str | None]


@dataclass
class Shape:
    """A file, and what is to come of it."""

    name: str
    delimiter: str = ";"
    quote: str = '"'
    escape: str = '"'  # what stands before a quote inside quotes
    end: str = "\n"
    quoted: str = "if needed"  # or "all", "never"
    text: str = ""
    columns: tuple[str, ...] = NAMES
    expected: list[Expected] = field(default_factory=list)
    refused: tuple[str, int | None] | None = None  # the code, and the line
    options: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, object] = field(default_factory=dict)  # of the format, beside encoding and delimiter

    @property
    def line(self) -> int:
        """The line on which what is written next will start."""
        return 1 + len(LINE_END.findall(self.text))

    def raw(self, text: str, *reasons: str | None) -> "Shape":
        """Write a text, of lines that are no records for these reasons (None: blank ones), or of no interest."""
        self.expected += [(self.line + number, reason) for number, reason in enumerate(reasons)]
        self.text += text
        return self

    def header(self, names: Sequence[str] = NAMES) -> "Shape":
        self.columns = tuple(names)
        self.text += self._row(names)
        return self

    def rows(self, *rows: Sequence[str]) -> "Shape":
        for row in rows:
            self.expected.append((self.line, tuple(row)))
            self.text += self._row(row)
        return self

    def table(self) -> "Shape":
        return self.header().rows(*ROWS)

    def bad(self, text: str, reason: str) -> "Shape":
        """Write one line that is no row."""
        return self.raw(text + self.end, reason)

    def blank(self, cells: int = 0) -> "Shape":
        return self.raw(self.delimiter * max(cells - 1, 0) + self.end, None)

    def again(self, names: Sequence[str] = NAMES) -> "Shape":
        """Write the header once more."""
        return self.raw(self._row(names), None)

    def refuse(self, code: str, line: int | None) -> "Shape":
        self.refused = code, line
        return self

    def say(self, **options: object) -> "Shape":
        self.options |= options
        return self

    def tell(self, **facts: object) -> "Shape":
        self.facts |= facts
        return self

    def cell(self, text: str) -> str:
        needed = any(sign in text for sign in (self.delimiter, self.quote, self.escape, "\r", "\n"))
        if self.quoted == "never" or not (needed or self.quoted == "all"):
            return text
        if self.escape == "\\":
            text = text.replace("\\", "\\\\")
        return self.quote + text.replace(self.quote, self.escape + self.quote) + self.quote

    def _row(self, cells: Sequence[str]) -> str:
        return self.delimiter.join(map(self.cell, cells)) + self.end


def all_shapes() -> list[Shape]:
    families = (_rfc, _spectrum, _pollock_files, _pollock_rows, _above, _pages, _quotes, _ends, _delimiters, _unclear)
    return [shape for family in families for shape in family()]


def _rfc() -> Iterator[Shape]:
    """RFC 4180, section 2. Each file has all of: empty cells, delimiters, quotes and line ends within quotes."""
    for delimiter, (name, end), quoted, last in product(
        DELIMITERS, ENDS.items(), ("if needed", "all"), ("ended", "open")
    ):
        shape = Shape(
            f"rfc4180 {delimiter!r} {name} quoted {quoted}, last line {last}", delimiter, end=end, quoted=quoted
        )
        shape.table().rows(
            ("", "", "", "z"),
            (f"a{delimiter}b", '5" rura', '"', '"x"'),
            ("dwie\nlinie", "trzy\r\nlinie\r\n", "cztery\rx\ry\rz", '"\n"'),
            (" Ewa ", "600", " ", "koniec"),
        )
        if last == "open":
            shape.text = shape.text.removesuffix(end)
        yield shape.tell(line_ends="mixed")  # for lines within quotes are physical lines as well
    for mark, end in product(("", "\ufeff"), ENDS.values()):
        shape = Shape(f"rfc4180 with mark {mark!r} and end {end!r}", end=end, text=mark).table()
        yield shape.tell(**({"line_ends": "cr"} if end == "\r" else {}))


def _spectrum() -> Iterator[Shape]:
    def shape(
        name: str, columns: Sequence[str], *rows: Sequence[str], end: str = "\n", quoted: str = "if needed"
    ) -> Shape:
        return Shape(f"csv-spectrum {name}", ",", end=end, quoted=quoted).header(columns).rows(*rows)

    yield shape("simple", "abc", "123")
    yield shape("simple_crlf", "abc", "123", end="\r\n")
    yield shape("comma_in_quotes", ("first", "last", "address"), ("John", "Doe", "120 any st., Anytown"))
    yield shape("empty", "abc", ("1", "", ""), ("2", "3", "4"))
    yield shape("empty_crlf", "abc", ("1", "", ""), ("2", "3", "4"), end="\r\n")
    yield shape("escaped_quotes", "ab", ("1", 'ha "ha" ha'), ("3", "4"))
    yield shape("json", ("key", "val"), ("1", '{"type": "Point", "coordinates": [102.0, 0.5]}'))
    yield shape("newlines", "abc", "123", ("Once upon \na time", "5", "6"), "789")
    yield shape("newlines_crlf", "abc", "123", ("Once upon \r\na time", "5", "6"), end="\r\n")
    yield shape("newlines_cr", "abc", "123", ("Once upon \ra time", "5", "6"), end="\r").tell(line_ends="cr")
    yield shape("quotes_and_newlines", "ab", ("1", 'ha \n"ha" \nha'), ("3", "4"))
    yield shape("utf8", "abc", "123", ("4", "5", "ʤ")).say(encoding="utf-8")
    yield shape("location_coordinates", ("name", "lat, long"), ("A", "52.2, 21.0"))
    yield shape("null", ("a", "b"), ("null", "NULL"), ("", "null"))
    yield shape("empty, all quoted", "abc", ("1", "", ""), quoted="all")


def _source(name: str, end: str = "\r\n", quote: str = '"', escape: str = '"', quoted: str = "if needed") -> Shape:
    return Shape(f"pollock {name}", ",", quote, escape, end, quoted)


def _pollock_files() -> Iterator[Shape]:
    """Of the whole file."""
    yield _source("source").table()
    yield _source("file_no_payload").refuse("source.empty", None)
    shape = _source("file_no_trailing_newline").table()
    shape.text = shape.text.removesuffix("\r\n")
    yield shape
    yield _source("file_double_trailing_newline").table().blank()
    # Nothing in the file says that its first row is no header; that no column is known is said by `columns.py`.
    yield _source("file_no_header").header(ROWS[0]).rows(*ROWS[1:])
    for many in (2, 3):
        shape = _source(f"file_header_multirow_{many}").header()
        for _ in range(many - 1):
            shape.again()
        yield shape.rows(*ROWS)
    yield (
        _source("file_header_multirow, a second row of its own")
        .header()
        .rows(("(imię)", "(+48)", "(00-000)", ""), *ROWS)
    )
    yield _source("file_preamble").raw("PREAMBLE,,,\r\n,,,\r\n").table().tell(header_line=3, preamble=1)
    yield _source("file_preamble, not padded").raw("PREAMBLE\r\n\r\n").table().tell(header_line=3, preamble=1)
    shape = _source("file_multitable_less").table()
    yield shape.bad("Ulica,Kod,Miasto", "too_few_cells").bad("Polna,00-001,W", "too_few_cells")
    shape = _source("file_multitable_more").table()
    yield shape.bad("Ulica,Numer,Kod,Miasto,Kraj", "too_many_cells").bad("Polna,1,00-001,W,PL", "too_many_cells")
    shape = _source("file_multitable_more, most of the file")
    shape.table().raw("Ulica,Numer,Kod,Miasto,Kraj\r\n" + "Polna,1,00-001,W,PL\r\n" * 20)
    yield shape.refuse("source.header_unclear", 1)
    yield (
        _source("file_multitable_same").table().rows(("Ulica", "Numer", "Kod", "Miasto"), ("Polna", "1", "00-001", "W"))
    )
    yield _source("file_header_only").header()
    yield _source("file_one_data_row").header().rows(ROWS[0])
    for delimiter in (";", "\t"):
        yield Shape(f"pollock file_field_delimiter {delimiter!r}", delimiter, end="\r\n").table()
    spaced: list[list[str]] = [[cell.replace(" ", "") for cell in row] for row in (NAMES, *ROWS[:3])]
    spaced[2][3] = "x"
    asked = Shape("pollock file_field_delimiter_0x20", " ").header(spaced[0]).rows(*spaced[1:])
    yield Shape(asked.name, text=asked.text).refuse("source.delimiter_unclear", None)
    asked.name += ", told"
    yield asked.say(delimiter=" ")
    shape = _source("file_field_delimiter_0x2C_0x20").raw(", ".join(NAMES) + "\r\n")
    for row in ROWS:
        shape.expected.append((shape.line, (row[0], *(f" {cell}" for cell in row[1:]))))
        shape.raw(", ".join(row) + "\r\n")
    yield shape
    for quoted in ("if needed", "all"):
        shape = _source(f"file_quotation_char_0x27, {quoted}", quote="'", escape="'", quoted="all").header()
        shape.quoted = quoted
        yield shape.rows(*ROWS, ("O'Neil, Jan", "'", "a\nb", '"')).tell(quoting="single", line_ends="mixed")
    yield (
        _source("file_escape_char_0x5C", escape="\\")
        .table()
        .rows(("a", 'x "y", z', "\\", "b"))
        .tell(quoting="backslash")
    )
    yield _source("file_escape_char_0x00").table().bad('a,"x "y" z",1,2', "quote_in_cell").rows(ROWS[0])
    for name in ("lf", "cr"):
        shape = _source(f"file_record_delimiter {name}", end=ENDS[name]).table()
        yield shape.tell(**({"line_ends": "cr"} if name == "cr" else {}))


def _pollock_rows() -> Iterator[Shape]:
    """Of one row: each of three rows, in each column."""
    for at, column in product((0, 2, 4), range(len(NAMES))):
        row = list(ROWS[at])
        where = f"{at}_col{column}"
        if column:
            merged = [*row[: column - 1], row[column - 1] + row[column], *row[column + 1 :]]
            yield _spoilt(f"row_less_sep_row{where}", at, ",".join(merged), "too_few_cells")
        more = [*row[:column], "", *row[column:-1], row[-1] or "x"]
        yield _spoilt(f"row_more_sep_row{where}", at, ",".join(more), "too_many_cells")
        row[column] = '"' + row[column]
        yield _spoilt(f"row_extra_quote{where}, before", at, ",".join(row), "unclosed_quote")
        row[column] = f'"{row[column]}"'  # an empty cell too: three quotes open one that does not close
        reason = "unclosed_quote" if row[column] == '"""' else "quote_in_cell"
        yield _spoilt(f"row_extra_quote{where}, in quotes", at, ",".join(row), reason)
        # Text that does not begin with a quote may hold one: RFC 4180 forbids it, and old files are full of it.
        row = list(ROWS[at])
        row[column] = row[column][:1] + 'x"' + row[column][1:]
        shape = _source(f"row_extra_quote{where}, within").header().rows(*ROWS[:at])
        shape.expected.append((shape.line, tuple(row)))
        yield shape.raw(",".join(row) + "\r\n").rows(*ROWS[at + 1 :])
    for at, cells in enumerate(ROWS):
        yield _spoilt(f"row_field_delimiter_{at}_0x20", at, " ".join(cells), "too_few_cells")


def _spoilt(name: str, at: int, line: str, reason: str) -> Shape:
    return _source(name).header().rows(*ROWS[:at]).bad(line, reason).rows(*ROWS[at + 1 :])


_TITLES: Final[dict[str, tuple[list[str], int]]] = {
    # What stands above, § for the delimiter, and how much of it is not blank.
    "a title": (["Klienci"], 1),
    "a title and blank lines": (["", "Raport z dnia 25.11.2020", "", ""], 1),
    "two titles": (["Klienci sklepu", "stan na 2020-11-25", ""], 2),
    "a title with commas": (["Firma ABC, Warszawa, ul. Polna 5"], 1),
    "a title in quotes": (['"Klienci sklepu"', ""], 1),
    "a title with quotes in it": (['"U Zosi" sp. z o.o.', ""], 1),
    "names and values": (["Oddział:§Warszawa", "Data:§2020-11-25", ""], 2),
    "padded": (["Klienci§§§", "§§§"], 1),
    "padded, with a value": (["Data§2020-11-25§§", "§§§", "§§§"], 1),
    "groups of columns": (["Klient§§Adres§"], 1),
}


def _above() -> Iterator[Shape]:
    for (what, (lines, many)), delimiter, end in product(_TITLES.items(), DELIMITERS, ("\n", "\r\n")):
        shape = Shape(f"below {what} {delimiter!r} {end!r}", delimiter, end=end)
        shape.raw("".join(line.replace("§", delimiter) + end for line in lines))
        yield (
            shape.table()
            .rows(("Zofia", "604", "a\nb", "c"))
            .tell(header_line=len(lines) + 1, preamble=many, **({"line_ends": "mixed"} if end == "\r\n" else {}))
        )
    told = Shape("a header that is told").raw("x;y;z;q\n\n").table()
    yield told.say(header_line=3).tell(header_line=3)
    yield (
        Shape("a header that is told to stand where nothing is")
        .table()
        .blank()
        .say(header_line=7)
        .refuse("source.header_missing", 7)
    )
    yield Shape("many blank lines above").raw("\n \n" * 2000).table().tell(header_line=4001)
    yield Shape("blank rows above").raw(";;;\n" * 1500).table().tell(header_line=1501)
    yield Shape("more blank rows above than are read").raw(";;;\n" * 20_000).table().refuse("source.header_unclear", 1)


def _pages() -> Iterator[Shape]:
    for delimiter, end in product(DELIMITERS, ("\n", "\r\n")):
        shape = Shape(f"pages {delimiter!r} {end!r}", delimiter, end=end).table().blank().blank(4)
        yield shape.again().rows(*ROWS[:2]).bad("Strona 2", "too_few_cells").again().rows(ROWS[2]).blank()
        shape = Shape(f"totals {delimiter!r} {end!r}", delimiter, end=end).table().blank()
        yield shape.bad("Razem: 5", "too_few_cells").bad(f"{delimiter}5", "too_few_cells").rows(("Razem", "", "", "5"))
    yield (
        Shape("a header in quotes once more").table().raw('"Imię";"Telefon";Kod pocztowy;"Uwagi"\n', None).rows(ROWS[0])
    )
    yield Shape("nearly the header once more").table().rows(("Imię", "Telefon", "Kod pocztowy", "x"))
    yield (
        Shape("the header once more with a cell too many")
        .table()
        .bad("Imię;Telefon;Kod pocztowy;Uwagi;x", "too_many_cells")
    )
    yield Shape("the header once more and blank cells").table().raw("Imię;Telefon;Kod pocztowy;Uwagi;;\n", None)
    yield Shape("blank rows of any width").table().blank().blank(2).blank(4).blank(9).raw(" ; \n", None).rows(ROWS[1])
    yield Shape("ragged").table().bad("Ewa", "too_few_cells").rows(ROWS[0]).bad("a;b;c;d;e", "too_many_cells")


def _quotes() -> Iterator[Shape]:
    hard = ('x "y" z', "C:\\stare\\", '\\"', "a\nb")
    for delimiter, end in product(DELIMITERS, ENDS.values()):
        shape = Shape(f"backslashes {delimiter!r} {end!r}", delimiter, escape="\\", end=end).table().rows(hard)
        shape.expected.append((shape.line, ("", "", "\\n", "")))
        shape.raw(delimiter.join(("\\N", "\\N", "\\n", "\\N")) + end).rows(hard)
        ends = {"\r\n": "mixed", "\r": "mixed", "\n": None}[end]
        yield shape.tell(quoting="backslash", **({"line_ends": ends} if ends else {}))
        shape = (
            Shape(f"single quotes {delimiter!r} {end!r}", delimiter, "'", "'", end, "all")
            .table()
            .rows(("'", "''", '"', "x'"))
        )
        yield shape.tell(quoting="single", **({"line_ends": "cr"} if end == "\r" else {}))
        shape = (
            Shape(f"backslashes that are text {delimiter!r} {end!r}", delimiter, end=end, quoted="all")
            .table()
            .rows((*hard[:3], ""))
        )
        yield shape.tell(**({"line_ends": "cr"} if end == "\r" else {}))
    shape = (
        Shape("no quotes are meant", quoted="never").table().rows(('"Ewa', '"600"', "'", '"x" y')).say(quoting="none")
    )
    yield shape.tell(quoting="none")
    shape = (
        Shape("backslashes that contradict")
        .table()
        .raw('"x \\"y\\"";1;2;3\n"C:\\";"1";2;3\n')
        .refuse("source.quoting_unclear", 8)
    )
    yield shape
    shape = (
        Shape("single quotes that contradict")
        .raw("'Imię';Telefon\nEwa;600\n'Jan' K;601\n")
        .refuse("source.quoting_unclear", 3)
    )
    yield shape
    for quoting in ("doubled", "single", "none", "backslash"):
        yield (
            Shape(f"no quotes, and {quoting} is told")
            .table()
            .say(quoting=quoting)
            .tell(**({} if quoting == "doubled" else {"quoting": quoting}))
        )
    bad = (('Ewa;"600;1;2', "unclosed_quote"), ('"Ewa"x;1;2;3', "quote_in_cell"), ('Ewa;"1" ;2;3', "quote_in_cell"))
    for (line, reason), delimiter, at in product(bad, DELIMITERS, (0, 3, 5)):
        shape = Shape(f"{reason} {delimiter!r} after {at} rows: {line}", delimiter).header().rows(*ROWS[:at])
        yield shape.bad(line.replace(";", delimiter), reason).rows(*ROWS[at:])
    yield Shape("an open quote in the header").raw('Imię;"Telefon\n').rows(*ROWS).refuse("source.header_unreadable", 1)
    yield Shape("an open quote in the last cell of all").table().bad('Ewa;1;2;"', "unclosed_quote")


def _ends() -> Iterator[Shape]:
    for order in (("\n", "\r\n"), ("\r\n", "\r"), ("\r", "\n"), ("\n", "\r\n", "\r"), ("\r\n", "\n", "\r")):
        shape = Shape(f"mixed line ends {order!r}").header()
        for number, row in enumerate(ROWS * 2):
            shape.end = order[number % len(order)]
            shape.rows(row)
        yield shape.tell(line_ends="mixed")
    yield Shape("line ends of other scripts are text").table().rows(("a\x0bb", "c\u2028d", "e\x85f", "g\x0ch"))


def _delimiters() -> Iterator[Shape]:
    for delimiter, end in product(";,\t|^:~ ", ("\n", "\r\n")):
        rows = [[cell.replace(" ", "_") for cell in row] for row in (NAMES, *ROWS)]
        shape = Shape(f"sep={delimiter!r} {end!r}", delimiter, end=end).raw(f"sep={delimiter}{end}")
        yield shape.header(rows[0]).rows(*rows[1:]).tell(header_line=2)
    for delimiter in "^:~§¦#":
        shape = Shape(f"told {delimiter!r}", delimiter).table()
        yield Shape(f"not told {delimiter!r}", text=shape.text).refuse("source.delimiter_unclear", None)
        yield shape.say(delimiter=delimiter)
    one = Shape("one column").header(["E-mail"]).rows(["ewa@example.com"], ["jan@example.com"])
    one.delimiter = ","
    yield one
    for delimiter, other in product(DELIMITERS, DELIMITERS):
        if delimiter != other:
            shape = Shape(f"{delimiter!r} between, {other!r} within", delimiter).header()
            yield shape.rows(*((*row[:3], f"a{other} b{other}") for row in ROWS))


def _unclear() -> Iterator[Shape]:
    yield Shape("two delimiters").raw("a;b,c\n1;2,3\n").refuse("source.delimiter_unclear", None)
    yield Shape("a header narrower than all rows").raw("a;b\n1;2;3\n4;5;6\n").refuse("source.header_unclear", 1)
    yield Shape("nothing but names below a title").raw("a;b\nx;y;z\nr;s;t\nu;v;w\n").refuse("source.header_unclear", 1)
    yield Shape("nothing but quotes").raw('"' * 999 + "\n").refuse("source.header_unreadable", 1)
    yield Shape("nothing but blank rows").raw(";;\n\n;\n").refuse("source.empty", None)
    yield Shape("one column twice").header(("Imię", "imię")).refuse("source.duplicate_column", 1)
