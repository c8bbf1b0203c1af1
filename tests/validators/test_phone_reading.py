import csv
import re
import tomllib
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import phonenumbers
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.pretty import pretty_repr

from validators.rules import phone_words
from validators.rules.phone_reading import PhoneReading, read_phone

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "phone.toml").read_text(encoding="utf-8"))
REGISTERS = Path(__file__).parents[3] / "shared" / "data"

NOTICES = ("phone.several", "phone.remark_dropped")
FIXES = ("phone.excel_number", "phone.trunk_zero", "phone.format")


def name_of(case: dict[str, Any]) -> str:
    return f"{case['raw']!a}{case.get('country', '')}"


@pytest.mark.parametrize("case", CASES["accepted"], ids=name_of)
def test_a_cell_is_read_as_a_person_reads_it(case: dict[str, Any]) -> None:
    reading = read_phone(case["raw"], case.get("country", "PL"))

    assert reading.e164 == case["canonical"]
    assert reading.fault is None
    assert list(reading.notices) == case["notices"]
    assert list(reading.fixes) == case["fixes"]


@pytest.mark.parametrize("case", CASES["refused"], ids=name_of)
def test_a_cell_that_nobody_can_read_for_certain_is_refused(case: dict[str, Any]) -> None:
    reading = read_phone(case["raw"], case.get("country", "PL"))

    assert reading == PhoneReading(e164=None, fault=case["code"], notices=(), fixes=())


def test_every_case_says_where_its_expectation_comes_from() -> None:
    assert [case["raw"] for kind in CASES.values() for case in kind if not case["source"]] == []


# --- vocabulary ------------------------------------------------------------------------------------------------------


def test_every_unicode_dash_is_known() -> None:
    # General_Category Pd of the interpreter's own Unicode database
    dashes = {chr(point) for point in range(0x110000) if unicodedata.category(chr(point)) == "Pd"}

    assert dashes - set(phone_words.DASHES) == set()


def test_every_unicode_space_is_known() -> None:
    # str.isspace is White_Space, and U+001C to U+001F
    spaces = {chr(point) for point in range(0x110000) if chr(point).isspace()}

    assert spaces - set(phone_words.FAINT + phone_words.STOPS) == set()


def test_words_are_casefolded() -> None:
    words = phone_words.KNOWN | phone_words.OPERATORS

    assert [word for word in words if word != word.casefold()] == []


# --- any text --------------------------------------------------------------------------------------------------------

# Anything at all: lone surrogates, NULs, every alphabet's digits.
ANYTHING = st.text(st.characters(), max_size=60)

# What telephone cells are made of, in any order.
_SCRAPS = """
0 1 2 8 9 12 48 71 00 345 512 678 2006 3456789 512345678 123456789 48123456789 +48 +49 +1 8:00 3) 4. O I l .0 E8 ５ ٣ ²
tel fax w. wew. ext x # ;ext= lub i do po pok. nr kier. piętro h Jan xx NIP ( ) [ / - – . , ; : + & * = ' é
"""
SCRAPS = st.lists(st.sampled_from([*_SCRAPS.split(), " ", "\n"]), max_size=14).flatmap(
    lambda scraps: st.sampled_from((" ", "")).map(lambda gap: gap.join(scraps))
)

CELLS = ANYTHING | SCRAPS
COUNTRIES = st.sampled_from(("PL", "DE", "US", "IT", "GB"))


def is_subsequence(digits: str, of: str) -> bool:
    remaining = iter(of)
    return all(digit in remaining for digit in digits)


@given(CELLS, COUNTRIES)
@example("\ud800", "PL")
@example("512345678\x00", "PL")
@example("512 345 678\n", "PL")
@example("９" * 1000, "PL")
@example("1/" * 500, "PL")
@example("x" * 1000, "XX")
def test_no_text_raises_and_every_reading_is_whole(cell: str, country: str) -> None:
    reading = read_phone(cell, country)

    assert reading.fault in {None, "phone.unreadable", "phone.invalid"}
    assert (reading.e164 is None) == (reading.fault is not None)
    assert reading.notices == tuple(code for code in NOTICES if code in reading.notices)
    assert reading.fixes == tuple(code for code in FIXES if code in reading.fixes)
    if reading.e164 is None:
        assert reading.notices == reading.fixes == ()


@given(CELLS, COUNTRIES, COUNTRIES)
@example("+390212345678", "PL", "US")
def test_what_was_read_is_valid_and_reads_the_same_anywhere(cell: str, country: str, other: str) -> None:
    reading = read_phone(cell, country)
    if reading.e164 is None:
        return

    # RFC 3966, 3: `;ext=` and digits
    number, _, extension = reading.e164.partition(";ext=")
    assert re.fullmatch("[+][1-9][0-9]{5,14}", number)
    assert phonenumbers.is_valid_number(phonenumbers.parse(number))
    assert re.fullmatch("[0-9]{0,7}", extension)
    assert read_phone(reading.e164, other) == PhoneReading(reading.e164, None, (), ())


@given(CELLS)
def test_no_digit_is_made_up(cell: str) -> None:
    reading = read_phone(cell)
    if reading.e164 is None:
        return

    number, _, extension = reading.e164.partition(";ext=")
    national = phonenumbers.national_significant_number(phonenumbers.parse(number))
    assert is_subsequence(national + extension, cell)
    assert extension in re.findall("[0-9]+", cell) or extension == ""


@given(st.text(st.characters(exclude_characters="0123456789"), max_size=60))
@example("５１２３４５６７８")
@example("٥١٢٣٤٥٦٧٨")
def test_without_an_ascii_digit_there_is_no_number(cell: str) -> None:
    assert read_phone(cell) == PhoneReading(e164=None, fault="phone.unreadable", notices=(), fixes=())


# --- written in many ways --------------------------------------------------------------------------------------------


class Written(NamedTuple):
    """A Polish number as somebody wrote it."""

    text: str
    e164: str
    has_trunk_zero: bool


# phonenumbers' example numbers for Poland (fixed line, mobile, free, shared cost, voice over IP, universal access),
# as people group them.
GROUPS = st.sampled_from(
    (
        ("12", "345", "67", "89"),
        ("12", "3456789"),
        ("123456789",),
        ("512", "345", "678"),
        ("512345678",),
        ("800", "123", "456"),
        ("801", "234", "567"),
        ("39", "123", "45", "67"),
        ("804", "123", "456"),
    )
)
WITHOUT_ZERO = ("", "+48", "+48 ", "0048 ", "00 48-", "48 ", "(+48) ")
WITH_ZERO = ("0", "0-", "0 ", "0-48 ", "+48 (0) ", "0xx", "(0) ")
GAPS = st.text(st.sampled_from(" -.\u00a0\u2013\u2014"), max_size=2)
NUMBERS = st.builds(
    lambda groups, prefix, gap: Written(prefix + gap.join(groups), "+48" + "".join(groups), prefix in WITH_ZERO),
    GROUPS,
    st.sampled_from(WITHOUT_ZERO + WITH_ZERO),
    GAPS,
)

LABELS = st.sampled_from(("", "tel. ", "Telefon: ", "tel/fax ", "fax:", "kom. ", "T: ", "☎ "))
REMARKS_BEFORE = st.sampled_from(("Jan: ", "pok. 12, ", "po 16 ", "sekretariat - ", "od 8 do 16: ", "(2 piętro) "))
REMARKS = st.sampled_from((" (Jan)", " - sekretariat", " po 16", ", pok. 117", " (2 piętro)", " w godz. 8-16", " 24h"))
OTHERS = st.sampled_from((", 800 123 457", " lub 800123457", " / 800-123-457", ";800123457", " i +48 800 123 457"))
EXTENSIONS = st.sampled_from(
    (" w. {}", " wew. {}", "w{}", ", wewn. {}", " (wew. {})", " ext. {}", " x{}", "#{}", ";ext={}")
)


@given(LABELS, NUMBERS)
def test_separators_and_labels_do_not_change_the_number(label: str, number: Written) -> None:
    reading = read_phone(label + number.text)

    assert (reading.e164, reading.notices) == (number.e164, ())
    assert ("phone.trunk_zero" in reading.fixes) == number.has_trunk_zero
    assert ("phone.format" in reading.fixes) == (label + number.text != number.e164)


@given(REMARKS_BEFORE, NUMBERS, REMARKS)
def test_remarks_are_left_off_with_a_notice(before: str, number: Written, behind: str) -> None:
    for cell in (before + number.text, number.text + behind, before + number.text + behind):
        reading = read_phone(cell)
        assert (reading.e164, reading.notices) == (number.e164, ("phone.remark_dropped",)), cell


@given(NUMBERS, OTHERS)
def test_the_first_of_several_numbers_counts(number: Written, other: str) -> None:
    reading = read_phone(number.text + other)

    assert (reading.e164, reading.notices) == (number.e164, ("phone.several",))


@given(NUMBERS, EXTENSIONS, st.integers(0, 9_999_999).map(str), REMARKS | st.just(""))
def test_an_extension_is_read_in_every_form(number: Written, form: str, extension: str, remark: str) -> None:
    reading = read_phone(number.text + form.format(extension) + remark)

    assert reading.e164 == f"{number.e164};ext={extension}"
    assert reading.notices == (("phone.remark_dropped",) if remark else ())


@given(NUMBERS, st.data())
def test_a_letter_in_a_digit_s_place_is_never_read_as_the_digit(number: Written, data: st.DataObject) -> None:
    places = [place for place, sign in enumerate(number.text) if sign.isdecimal()]
    place = data.draw(st.sampled_from(places))
    # `w` and `x` mark extensions, `i` is "and": they are read as what they mean
    letter = data.draw(
        st.sampled_from("OoIlSBZ") | st.characters(categories=("Lu", "Ll", "Lo"), exclude_characters="wWxXi")
    )

    cell = number.text[:place] + letter + number.text[place + 1 :]
    reading = read_phone(cell)

    # Only the first digit of a prefix can go: the number is whole behind it.
    assert reading.e164 in {None, number.e164}
    assert reading.e164 is None or is_subsequence(number.e164[3:], cell)


REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)


@pytest.mark.parametrize("region", REGIONS)
def test_every_country_s_example_is_read_as_phonenumbers_writes_it(region: str) -> None:
    number = phonenumbers.example_number(region)
    assert number is not None
    formats = phonenumbers.PhoneNumberFormat
    canonical = phonenumbers.format_number(number, formats.E164)

    assert read_phone(canonical) == PhoneReading(canonical, None, (), ())
    assert read_phone(phonenumbers.format_number(number, formats.INTERNATIONAL)).e164 == canonical
    assert read_phone(phonenumbers.format_number(number, formats.RFC3966)).e164 == canonical
    assert read_phone(phonenumbers.format_number(number, formats.NATIONAL), region).e164 == canonical


# --- privacy ---------------------------------------------------------------------------------------------------------


@given(CELLS)
def test_a_reading_does_not_show_the_number(cell: str) -> None:
    reading = read_phone(cell)

    shown = repr(reading) + str(reading) + pretty_repr(reading)

    assert re.findall("[0-9]", shown) == []


# --- real cells ------------------------------------------------------------------------------------------------------

needs_registers = pytest.mark.skipif(
    not REGISTERS.is_dir(), reason="needs the two public registers in ../shared/data, which are not shipped"
)


def rows_of(file: str, encoding: str) -> list[dict[str, str]]:
    with (REGISTERS / file).open(encoding=encoding, newline="") as lines:
        return list(csv.DictReader(lines, delimiter=";"))


@needs_registers
@pytest.mark.parametrize(
    ("column", "expected"),
    [
        # Counted by length, and by the first digits: nine (behind +48 or not) of a range in use, behind a zero or not,
        # are accepted. What is left has eight or ten, or begins with 21 0, 27 or 80 8, which are not in use.
        ("Telefon", {"accepted": 2892, "trunk_zero": 182, "phone.invalid": 6}),
        ("Faks", {"accepted": 1611, "trunk_zero": 92, "phone.invalid": 8}),
    ],
)
def test_schools_are_refused_only_for_wrong_numbers(column: str, expected: dict[str, int]) -> None:
    cells = [row[column].strip() for row in rows_of("schools-rspo-utf8.csv", "utf-8-sig")]
    readings = [read_phone(cell) for cell in cells if cell]

    counts = Counter(reading.fault or "accepted" for reading in readings)
    counts["trunk_zero"] = sum("phone.trunk_zero" in reading.fixes for reading in readings)

    assert counts == expected
    assert [reading for reading in readings if reading.notices] == []


# area code, number, extension
COMPOSED = (
    "{0} {1}",
    "{0}{1} w. {2}",
    "({0}) {1} w. {2}",
    "({0}){1} wew.{2}",
    "(0-{0}) {1}, wew. {2}",
    "(0{0}) {1}w{2}",
    "0-{0}/{1} wew. {2}",
    "{0}/{1}/wew. {2}",
    "/0{0}/ {1} (wew. {2})",
    "+48 {0} {1} ext. {2}",
    "(48{0}) {1} wewn. {2}",
    "0-48 {0} {1} w.{2}",
    "0048{0}{1};ext={2}",
    "+48 (0) {0} {1}#{2}",
    "tel. {0}\u00a0{1}\nwew. {2}",
    "Telefon: {0} - {1} - wew. {2} (sekretariat)",
    "tel/fax {0}.{1} wew. {2} lub 800 123 456",
    "0-xx-{0} {1} w. {2}, pok. 12",
)


@needs_registers
@pytest.mark.parametrize("form", COMPOSED)
def test_every_office_is_read_however_its_columns_are_composed(form: str) -> None:
    wrong = []
    for place, row in enumerate(rows_of("local-governments-cp1250.csv", "cp1250")):
        area, number = row["telefon kierunkowy"], re.sub("[^0-9]", "", row["telefon"])
        gap = ("", " ", "-")[place % 3]
        extension = row["wewnętrzny"].strip()
        # Without an extension nothing is left of the form but area code and number, the label, the remarks.
        filled = form if extension else re.sub(r"[ ,/(;\n-]*(?:wewn?|w|ext)?[.=# ]*\{2\}\)?", "", form)
        cell = filled.format(area, gap.join((number[:3], number[3:5], number[5:])), extension)
        first = re.findall("[0-9]+", extension)[:1] if "{2}" in form else []
        if read_phone(cell).e164 != ";ext=".join([f"+48{area}{number}", *first]):
            wrong.append(cell)

    assert wrong == []
