"""The pass over a file's bytes that proves its encoding: what is told, and which bytes are at fault, and where.

What a byte means is Python's codecs' to say, which are made from Unicode's mapping tables.
"""

import codecs
import os
import re
from pathlib import Path
from typing import Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from intake.errors import SourceError
from intake.sources import open_source
from intake.sources.content import Content
from intake.sources.encoding import POLISH
from intake.sources.proving import _line_and_byte
from intake.sources.proving import prove as prove_content
from intake.sources.proving import prove_utf8 as prove_content_utf8
from intake.sources.text import TextFile
from tests.intake.command import ROOT

BLOCK = 1 << 20  # the pass reads the file in blocks of this size
LINE_ENDS = re.compile(rb"\r\n|\r|\n")
REGISTERS: Final = Path(os.environ.get("INTAKE_TEST_DATA", ROOT.parent / "shared" / "data"))

# Python's codec -> what a file in it is called.
ONE_BYTE: Final = {
    "cp1250": "windows-1250",
    "iso8859-2": "iso-8859-2",
    "cp852": "cp852",
    "mac-latin2": "maccentraleurope",
}
SEVEN: Final = {"utf-8": "utf-8", "utf-16-le": "utf-16-le", "utf-16-be": "utf-16-be"} | ONE_BYTE
MARKS: Final = {"utf-8": "utf-8-sig", "utf-16-le": "utf-16-le", "utf-16-be": "utf-16-be"}

# The usual Polish pangrams, which have all the letters, and names.
SAMPLE: Final = """\
Zażółć;gęślą jaźń
Pchnąć w tę łódź jeża;lub ośm skrzyń fig
ŻÓŁTA ŻABA ŻARŁA ŻUR;KSIĄŻĘ ŚPI W ŁÓŻKU
Małgorzata Wójcik;Źrebięta, Święte, Końskie
"""

texts = st.lists(st.sampled_from([b"a", b"\r", b"\n", b"\r\n", "ł".encode(), b";" * 9]), max_size=40).map(b"".join)


def prove(path: Path, told: str | None = None) -> TextFile:
    return prove_content(Content(path), told)


def prove_utf8(path: Path) -> TextFile:
    return prove_content_utf8(Content(path))


def cut(data: bytes, sizes: list[int]) -> list[bytes]:
    """Cut data into blocks of these sizes, and what is left into one."""
    blocks, start = [], 0
    for size in sizes:
        blocks.append(data[start : start + size])
        start += size
    return [block for block in [*blocks, data[start:]] if block]


def write(folder: Path, data: bytes) -> Path:
    path = folder / "shop.csv"
    path.write_bytes(data)
    return path


def read(path: Path) -> str:
    return "".join(line or "" for line in prove(path).lines())


def refusal(folder: Path, data: bytes, told: str | None = None) -> SourceError:
    with pytest.raises(SourceError) as caught:
        prove(write(folder, data), told)
    return caught.value


def place(error: SourceError) -> tuple[object, ...]:
    return error.line, error.column, error.params["offset"], error.params["bytes"]


@pytest.mark.parametrize("first", [1, 40_000, None])
@pytest.mark.parametrize("codec", SEVEN)
@pytest.mark.parametrize("marked", [False, True])
def test_an_encoding_is_called_by_its_name_wherever_its_first_letter_stands(
    tmp_path: Path, codec: str, first: int | None, *, marked: bool
) -> None:
    if marked and codec not in MARKS:
        pytest.skip("only Unicode has a byte order mark")
    plain = "Jan Kowalski;ul. Krotka 5\n"
    text = plain * 40_001 if first is None else plain * (first - 1) + SAMPLE
    path = write(tmp_path, ("\ufeff" * marked + text).encode(codec))

    expected = MARKS[codec] if marked else SEVEN[codec]
    if first is None and codec in ONE_BYTE:
        expected = "utf-8"  # pure ASCII, which is the same in all of them
    assert prove(path).encoding == expected
    assert read(path) == text


@pytest.mark.parametrize("codec", SEVEN)
def test_a_letter_may_fall_on_the_border_of_two_blocks(tmp_path: Path, codec: str) -> None:
    wide = 2 if "16" in codec else 1
    for line_end in ("\n", ""):
        text = "a\n" * (BLOCK // wide // 2 - 1) + "a" + line_end + "łł" + SAMPLE

        assert read(write(tmp_path, text.encode(codec))) == text


polish = st.text(st.sampled_from(POLISH + "aA b\n"), max_size=60)
NAMES: Final = [
    "Müller",
    "Groß",
    "Köln",
    "Schäfer",
    "André",
    "Zoë",
    "Novák",
    "Dvořák",
    "Šťastný",
    "Aleš",
    "Tomáš",
    "Kříž",
    "Ľubica",
    "Łódź",
    "Bąk",
    "ŻAK",
    "SPÓŁKA",
]
foreigners = st.lists(st.sampled_from(NAMES), max_size=20).map(" ".join)


@given(polish | foreigners, st.sampled_from([*SEVEN]))
@example("ĄĄĄ", "utf-16-le")  # which has few NULs
@example("Dvořák", "mac-latin2")  # which is valid UTF-8, of one Arabic letter
@example("SPÓŁKA", "cp1250")  # which is valid UTF-8, of one Cyrillic letter
@example("ńĄ", "mac-latin2")  # which is Ą in UTF-8
@example("łŹĆŚóź", "cp852")  # which is ąćŹóĘę in Mac Central European
@example("Müller Grün Zürich", "cp1250")
@example("Novotný Novotný Novotný", "cp1250")
@example("Tomáš Dvořák, Lukáš Kříž, Aleš Šťastný", "iso8859-2")
def test_whatever_the_letters_no_other_text_is_read(
    tmp_path_factory: pytest.TempPathFactory, text: str, codec: str
) -> None:
    data = ("a\n" + text).encode(codec, errors="ignore")
    try:
        found = read(write(tmp_path_factory.getbasetemp(), data))
    except SourceError as error:
        assert error.code.startswith("source.")  # noqa: PT017  (a proof is raised by nothing)
        return

    assert found == data.decode(codec)


@given(st.lists(st.sampled_from(SAMPLE.split()), min_size=3).map(" ".join), st.sampled_from([*ONE_BYTE]))
def test_no_words_are_read_as_other_words(tmp_path_factory: pytest.TempPathFactory, text: str, codec: str) -> None:
    path = write(tmp_path_factory.getbasetemp(), text.encode(codec))
    try:
        assert read(path) == text
    except SourceError as error:
        assert error.code in {"source.encoding_unproven", "source.encoding_doubtful", "source.encoding_mixed"}  # noqa: PT017


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        ("Muñoz López, García, Pérez, Núñez", "cp1252"),
        ("Müller, Schäfer, Größe, Köln", "cp1250"),
        ("Tomáš Dvořák, Lukáš Kříž, Aleš Šťastný", "cp1250"),
        ("Михаил", "koi8-r"),
        ("Михаил", "cp1251"),
    ],
)
def test_what_is_no_polish_file_is_not_taken_for_one(tmp_path: Path, text: str, codec: str) -> None:
    assert refusal(tmp_path, (text * 40).encode(codec)).code in {
        "source.encoding_unproven",
        "source.encoding_doubtful",
        "source.encoding_mixed",
    }


def test_where_two_encodings_mean_the_same_it_goes_by_the_first_ones_name(tmp_path: Path) -> None:
    # All but Ą ą Ś ś Ź ź are the same in both.
    path = write(tmp_path, "Łódź".replace("ź", "z").encode("iso8859-2") + "żółć ćma ŻEŃ".encode("iso8859-2"))

    assert prove(path).encoding == "windows-1250"
    assert prove(path, "iso-8859-2").encoding == "windows-1250"


@pytest.mark.parametrize("text", ["Αθήνα", "王小明", "Zoë Müller, José Peña", "ĄĆĘ"])
def test_three_different_characters_prove_utf8_whatever_their_script(tmp_path: Path, text: str) -> None:
    path = tmp_path / "shop.csv"
    path.write_text(f"name\n{text}\n", encoding="utf-8")

    assert prove(path).encoding == "utf-8"


def test_what_leaves_it_open_is_named_with_the_encodings_that_fit(tmp_path: Path) -> None:
    # ą of Windows-1250 is š of ISO-8859-2; three letters are too few to rule a foreign name out.
    error = refusal(tmp_path, "Nazwa\nŁoś".replace("ś", "s").encode("cp1250") + "\nKąt, żal, ćma, ęł".encode("cp1250"))

    assert error.code == "source.encoding_unproven"
    assert place(error) == (3, 2, 11, "B9")
    assert error.params["fitting"] == "windows-1250, iso-8859-2"
    assert str(error).endswith("say which it has (--encoding): windows-1250, iso-8859-2")


@pytest.mark.parametrize("told", ["windows-1250", "iso-8859-2"])
def test_what_was_said_is_believed_where_nothing_proves_it(tmp_path: Path, told: str) -> None:
    data = "Nazwa\nKąt, żal".encode("cp1250")
    text = prove(write(tmp_path, data), told)

    assert text.encoding == told
    assert "".join(line or "" for line in text.lines()) == data.decode(told)


@pytest.mark.parametrize(
    ("data", "told", "where", "fitting"),
    [
        (SAMPLE.encode("cp1250"), "utf-8", (1, 3, 2, "BF"), "windows-1250"),
        (SAMPLE.encode("cp1250"), "iso-8859-2", (1, 10, 9, "9C"), "windows-1250"),
        (SAMPLE.encode("iso8859-2"), "windows-1250", (1, 10, 9, "B6"), "iso-8859-2"),
        (SAMPLE.encode("cp852"), "windows-1250", (1, 3, 2, "BE"), "cp852"),
        (SAMPLE.encode(), "cp852", (1, 3, 2, "C5"), "utf-8"),
        (b"a\nMicha\xb3", "cp852", (2, 6, 7, "B3"), "windows-1250, iso-8859-2"),
        (b"a\n\x81", "windows-1250", (2, 1, 2, "81"), "cp852, maccentraleurope"),
        (b"ab", "utf-16", (1, 1, 0, "61 62"), "none"),
        (b"\xef\xbb\xbfa", "cp852", (1, 1, 0, "EF BB BF"), "utf-8-sig"),
        (b"\xff\xfea\0", "utf-16-be", (1, 1, 0, "FF FE"), "utf-16-le"),
        (b"\xff\xfea\0", "utf-8", (1, 1, 0, "FF FE"), "utf-16-le"),
    ],
)
def test_what_was_said_and_does_not_fit_is_refused_with_its_place(
    tmp_path: Path, data: bytes, told: str, where: tuple[object, ...], fitting: str
) -> None:
    error = refusal(tmp_path, data, told)

    assert (error.code, place(error)) == ("source.encoding_misfit", where)
    assert (error.params["encoding"], error.params["fitting"]) == (told, fitting)


@pytest.mark.parametrize("told", [None, "windows-1250", "cp852", "utf-8"])
def test_pure_ascii_fits_whatever_was_said(tmp_path: Path, told: str | None) -> None:
    assert prove(write(tmp_path, b"NIP\n1\n"), told).encoding == "utf-8"


LINES: Final = SAMPLE.splitlines(keepends=True)


@pytest.mark.parametrize(
    ("stretches", "rest", "where"),
    [
        ([("utf-8", SAMPLE), ("cp1250", "Żółć\n"), ("utf-8", SAMPLE)], "utf-8", (5, 1, "AF")),
        ([("utf-8", SAMPLE), ("cp852", "Łoś\n")], "utf-8", (5, 1, "9D")),
        ([("cp1250", SAMPLE * 9), ("utf-8", "Kraków\n"), ("cp1250", SAMPLE)], "windows-1250", (37, 5, "C3 B3")),
        ([("iso8859-2", SAMPLE * 9), ("utf-8", "a\nKraków\n")], "iso-8859-2", (38, 5, "C3 B3")),
        ([("mac-latin2", SAMPLE * 9), ("utf-8", "Łódź")], "maccentraleurope", (37, 1, "C5 81")),
        ([("iso8859-2", SAMPLE * 9), ("cp1250", "Łoś")], "iso-8859-2", (37, 3, "9C")),
        ([("cp852", SAMPLE * 9), ("cp1250", "Żółć")], "cp852", (37, 3, "B3")),
    ],
)
def test_a_stretch_of_another_encoding_is_found(
    tmp_path: Path, stretches: list[tuple[str, str]], rest: str, where: tuple[int, int, str]
) -> None:
    data = b"".join(text.encode(codec) for codec, text in stretches)
    error = refusal(tmp_path, data)

    assert (error.code, error.params["encoding"]) == ("source.encoding_mixed", rest)
    assert (error.line, error.column, error.params["bytes"]) == where
    assert "correct that place" in error.remedy


@pytest.mark.parametrize(
    ("codec", "text", "where"),
    [("cp852", "góra", (37, 2, "A2")), ("iso8859-2", "w kąt", (37, 4, "B1")), ("cp1250", "A±B", (37, 2, "B1"))],
)
def test_a_sign_where_a_letter_ought_to_be_is_found_and_taken_if_it_is_meant(
    tmp_path: Path, codec: str, text: str, where: tuple[int, int, str]
) -> None:
    data = (SAMPLE * 9).encode("cp1250") + text.encode(codec)
    error = refusal(tmp_path, data)

    assert (error.code, error.params["encoding"]) == ("source.encoding_doubtful", "windows-1250")
    assert (error.line, error.column, error.params["bytes"]) == where
    assert prove(write(tmp_path, data), "windows-1250").encoding == "windows-1250"


@pytest.mark.parametrize("mistaken", ["cp1252", "latin-1", "cp1250", "iso8859-2", "cp852"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("place", ["Wieś", "Łódź"])  # the first has too few letters to settle what encoding it is
def test_a_name_that_was_encoded_twice_is_found(tmp_path: Path, mistaken: str, codec: str, place: str) -> None:
    twice = "Kraków".encode().decode(mistaken)
    text = f"{place}\n" * 300_000 + f"a;{twice}\n" + "a\n" * 600_000  # in a later block
    error = refusal(tmp_path, text.encode(codec))

    width = 2 if codec == "utf-16" else 1
    assert error.code == "source.doubly_encoded"
    assert (error.line, error.column) == (300_001, 6 * width + 1)
    assert bytes.fromhex(str(error.params["bytes"])) == twice[4:6].encode("utf-16-le" if width == 2 else "utf-8")


@pytest.mark.parametrize("end", ["", "\n", "\n" + "Łódź\n" * 200_000])
def test_a_byte_that_is_wrong_in_a_later_block_is_found(tmp_path: Path, end: str) -> None:
    lines = "Łódź\n" * 300_000  # of eight bytes each
    error = refusal(tmp_path, lines.encode() + b"a;\xc5b" + end.encode())

    assert error.code == "source.encoding_mixed"
    assert place(error) == (300_001, 3, 8 * 300_000 + 2, "C5")


@pytest.mark.parametrize("letter", POLISH)
@pytest.mark.parametrize("mistaken", ["cp1252", "latin-1", "cp1250"])
def test_every_letter_that_was_encoded_twice_is_found_within_a_word(tmp_path: Path, letter: str, mistaken: str) -> None:
    first, second = (bytes([byte]) for byte in letter.encode())
    mistake = first.decode(mistaken) + (second.decode(mistaken, "ignore") or second.decode("latin-1"))

    assert refusal(tmp_path, f"ko{mistake}ka".encode()).code == "source.doubly_encoded"


@pytest.mark.parametrize(
    "text",
    [
        "SÃO JOÃO, São Paulo",
        "Ä… Ö… Ü…",
        "»BLÅ«, »Å»",
        "Åse Ångström",
        "Ăsta",
        "pâté",
        "Ĺubica",
        "TV€",
        "Ä, „Ä”",
        "ÃO 3",
    ],
)
def test_foreign_names_were_not_encoded_twice(tmp_path: Path, text: str) -> None:
    assert read(write(tmp_path, text.encode())) == text


@pytest.mark.parametrize(
    ("data", "where", "encoding"),
    [
        # A character that is cut off, an odd byte, a high surrogate without a low one, a low one by itself.
        (codecs.BOM_UTF16_LE + "ł\n".encode("utf-16-le") + b"a", (2, 1, 6, "61"), "utf-16-le"),
        ("a\r\nb;c".encode("utf-16-be") + b"\0", (2, 7, 12, "00"), "utf-16-be"),
        ("a\nb".encode("utf-16-le") + b"\x00\xd8" + "cd".encode("utf-16-le"), (2, 3, 6, "00 D8"), "utf-16-le"),
        ("a\nb".encode("utf-16-le") + b"\x00\xdc" + "cd".encode("utf-16-le"), (2, 3, 6, "00 DC"), "utf-16-le"),
        ("aabb\n".encode("utf-16-be") + b"\xd8\x00", (2, 1, 10, "D8 00"), "utf-16-be"),
        # U+0A0D and U+0D0A are no line ends, though their bytes are.
        ("\ufeffab\u0a0d\u0d0a".encode("utf-16-le") + b"\x00\xdc", (1, 11, 10, "00 DC"), "utf-16-le"),
        (codecs.BOM_UTF8 + b"ab\n\xc5", (2, 1, 6, "C5"), "utf-8-sig"),
    ],
)
def test_unicode_is_valid_to_the_last_byte_or_refused(
    tmp_path: Path, data: bytes, where: tuple[object, ...], encoding: str
) -> None:
    error = refusal(tmp_path, data)

    assert (error.code, place(error), error.params["encoding"]) == ("source.encoding_misfit", where, encoding)


def test_a_character_that_is_cut_off_at_the_end_is_refused(tmp_path: Path) -> None:
    error = refusal(tmp_path, SAMPLE.encode() + b"\xc5")

    assert (error.code, place(error)[:2]) == ("source.encoding_mixed", (5, 1))


def test_utf16_without_a_mark_is_read_where_it_is_said(tmp_path: Path) -> None:
    path = write(tmp_path, "NIP\nŁódź\n".encode("utf-16-be"))

    assert [prove(path, told).encoding for told in (None, "utf-16", "utf-16-be")] == ["utf-16-be"] * 3


def test_nuls_here_and_there_are_no_utf16(tmp_path: Path) -> None:
    assert prove(write(tmp_path, b"NIP;Nazwisko\n1;Kowal\0ska\n")).encoding == "utf-8"
    assert prove(write(tmp_path, b"\0" * 100)).encoding == "utf-8"


@pytest.mark.parametrize("name", ["shop.jsonl", "shop"])
@pytest.mark.parametrize("codec", [codec for codec in SEVEN if codec != "utf-8"])
def test_json_lines_are_utf8_and_nothing_else(tmp_path: Path, name: str, codec: str) -> None:
    path = tmp_path / name
    path.write_bytes('{"city": "Zażółć gęślą jaźń, Łódź"}\n'.encode(codec))
    with pytest.raises(SourceError) as caught:
        open_source(path)

    assert caught.value.code == "source.not_utf8"


@pytest.mark.skipif(not REGISTERS.exists(), reason="the registers are public, and no part of this project")
def test_real_registers_are_called_by_their_encodings(tmp_path: Path) -> None:
    governments = (REGISTERS / "local-governments-cp1250.csv").read_bytes()
    text = governments.decode("cp1250")

    assert prove(REGISTERS / "schools-rspo-utf8.csv").encoding == "utf-8-sig"
    assert prove(REGISTERS / "local-governments-cp1250.csv").encoding == "windows-1250"
    assert read(REGISTERS / "local-governments-cp1250.csv") == text
    for codec, name in SEVEN.items():
        # Some of its quotes and dashes are not everywhere.
        data = text.encode(codec, errors="replace")
        path = write(tmp_path, data)
        assert (prove(path).encoding, read(path)) == (name, data.decode(codec))


@pytest.mark.parametrize(
    ("data", "line", "column", "offset", "sequence"),
    [
        # Windows-1250 and ISO-8859-2 both write ł as B3 (Unicode's mapping tables CP1250.TXT and 8859-2.TXT).
        (b"a\nbc\xb3d\n", 2, 3, 4, "B3"),
        (b"a\r\nb\r\xb3", 3, 1, 5, "B3"),
        (b"\xef\xbb\xbfa\xb3", 1, 5, 4, "B3"),
        # Unicode 16, table 3-7: C0 begins nothing; after ED, A0 is a surrogate's; after C5 a continuation must come.
        (b"\xc0\x80", 1, 1, 0, "C0"),
        (b"\xed\xa0\x80", 1, 1, 0, "ED"),
        (b"a\n\xc5", 2, 1, 2, "C5"),
        (b"a\n\xf0\x9f\x99", 2, 1, 2, "F0 9F 99"),
        # A character in two blocks, a line end in two blocks, and bytes at fault on the border.
        (b"a" * (BLOCK - 1) + b"\xc5\x82\xb3", 1, BLOCK + 2, BLOCK + 1, "B3"),
        (b"a" * (BLOCK - 1) + b"\r\n\xb3", 2, 1, BLOCK + 1, "B3"),
        (b"a" * (BLOCK - 1) + b"\xc5\n", 1, BLOCK, BLOCK - 1, "C5"),
        (b"\n" * 3 * BLOCK + b"\xff", 3 * BLOCK + 1, 1, 3 * BLOCK, "FF"),
    ],
)
def test_bytes_that_are_not_utf8_are_named_with_their_place(  # noqa: PLR0913, PLR0917
    tmp_path: Path, data: bytes, line: int, column: int, offset: int, sequence: str
) -> None:
    with pytest.raises(SourceError) as caught:
        prove_utf8(write(tmp_path, data))

    error = caught.value
    assert (error.code, error.line, error.column) == ("source.not_utf8", line, column)
    assert error.params == {"offset": offset, "bytes": sequence}
    assert f"line {line}, byte {column} of the line (offset {offset} of the file): {sequence} is not UTF-8" in str(
        error
    )


def test_the_error_does_not_carry_the_files_bytes(tmp_path: Path) -> None:
    for told in (None, "utf-8", "cp852"):
        with pytest.raises(SourceError) as caught:
            prove(write(tmp_path, b"Kowalska\n\xb3"), told)

        assert caught.value.__context__ is None


@given(texts, st.lists(st.integers(1, 5), max_size=40))
def test_a_byte_stands_on_the_line_that_the_line_ends_before_it_say(data: bytes, sizes: list[int]) -> None:
    ends = list(LINE_ENDS.finditer(data))
    expected = (len(ends) + 1, len(data) - (ends[-1].end() if ends else 0) + 1)

    assert _line_and_byte(cut(data + b"\xff", sizes), len(data)) == expected


@pytest.mark.parametrize(
    ("mark", "encoding", "shown"),
    [  # the byte order marks of Unicode 16, table 2-4 and section 23.8
        (b"\xff\xfe\x00\x00", "UTF-32", "FF FE 00 00"),
        (b"\x00\x00\xfe\xff", "UTF-32", "00 00 FE FF"),
    ],
)
def test_another_encodings_mark_is_called_by_its_name(tmp_path: Path, mark: bytes, encoding: str, shown: str) -> None:
    with pytest.raises(SourceError) as caught:
        prove(write(tmp_path, mark + b"N\x00I\x00P\x00"))

    assert (caught.value.code, caught.value.params) == ("source.other_encoding", {"encoding": encoding, "bytes": shown})


def test_a_file_that_is_mostly_foreign_is_no_polish_one(tmp_path: Path) -> None:
    data = (SAMPLE + "Müller\n" * 20).encode("cp1250")

    assert refusal(tmp_path, data).code == "source.encoding_unproven"
    assert prove(write(tmp_path, (SAMPLE * 9 + "Müller\n").encode("cp1250"))).encoding == "windows-1250"


def test_among_thirty_polish_letters_without_one_of_the_six_the_others_are_no_foreign_ones(tmp_path: Path) -> None:
    # Five letters that Windows-1250 and ISO-8859-2 share, and ą, or š, three times.
    few, many = ("żółć ęń " * times + "kąt kąt kąt" for times in (4, 6))

    assert refusal(tmp_path, few.encode("cp1250")).code == "source.encoding_unproven"
    assert prove(write(tmp_path, many.encode("cp1250"))).encoding == "windows-1250"


@pytest.mark.parametrize("before", range(1, 5))
@pytest.mark.parametrize(
    ("codec", "stretch", "code"),
    [
        ("cp1250", "Kraków".encode(), "source.encoding_mixed"),
        ("cp1250", b"k\xb1", "source.encoding_doubtful"),
        ("cp1250", b"\xb1k", "source.encoding_doubtful"),
        ("utf-8", "krÃ³l".encode(), "source.doubly_encoded"),
        ("utf-8", "kÄ…t".encode(), "source.doubly_encoded"),
    ],
)
def test_what_is_at_fault_is_found_on_the_border_of_two_blocks(
    tmp_path: Path, codec: str, stretch: bytes, code: str, before: int
) -> None:
    head = (SAMPLE * 9).encode(codec)
    head += b"a\n" * (BLOCK // 2)
    data = head[: BLOCK - before] + b" " + stretch + b"\n"

    assert refusal(tmp_path, data).code == code
