"""What a mapping makes of columns: tables of cases as people write them, and both readings held equal."""

from collections.abc import Mapping

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from intake.operations import OPERATIONS
from intake.operations.address import Address
from intake.operations.column import Column
from intake.operations.constant import Constant
from intake.operations.full_name import FullName, Order
from intake.operations.join import Join
from intake.operations.kind_of import KindOf
from intake.operations.operation import Operation
from intake.operations.phone import Phone
from intake.operations.question import Question
from intake.operations.street import Street
from validators.rules import RULES

STREET = Street("A", house="B", flat="C", town="D")
PHONE = Phone("A", area_code="B", extension="C")

ALL: tuple[Operation, ...] = (
    Column("A"),
    Constant("PL"),
    Question(),
    Join(("A", "B", "C")),
    Join(("A", "missing", "B"), separator=", "),
    STREET,
    Street("A", house="B"),
    Street("missing", house="B", town="D"),
    PHONE,
    Phone("A", extension="missing"),
    *(Address("A", take) for take in ("street", "postal_code", "town")),
    *(FullName("A", order, take) for order in ("first last", "last first") for take in ("first", "last")),
    KindOf("A", {"F": "business", "osoba  Fizyczna": "individual"}),
    KindOf("missing"),
)


def cells(*values: object) -> dict[str, object]:
    return dict(zip("ABCD", values, strict=False))


@pytest.mark.parametrize(
    ("values", "text"),
    [
        (("ul. Długa", "5", "3"), "ul. Długa 5/3"),
        (("ul. Długa ", " 5 ", " "), "ul. Długa 5"),
        (("ul. Długa", "5", "-"), "ul. Długa 5"),
        (("ul. Długa", "b/n", ""), "ul. Długa b/n"),
        (("", "1", "", "Dołha"), "Dołha 1"),  # a village without streets: shared/data's README
        (("brak", "1", "2", "Dołha"), "Dołha 1/2"),
        (("ul. Długa 5", "", ""), "ul. Długa 5"),  # the number in the street's cell
        (("ul. Długa 5a/7", "", ""), "ul. Długa 5a/7"),
        (("ul. Długa bez numeru", "", ""), "ul. Długa bez numeru"),
        (("Rynek", 5, 3), "Rynek 5/3"),  # numbers, as JSON has them
        (("", "", "", "Dołha"), "street_address.number_missing"),
        (("ul. 3 Maja", "", ""), "street_address.number_missing"),
        (("os. XXX-lecia", "brak", ""), "street_address.number_missing"),
        (("ul. Długa 5", "", "3"), "street_address.number_missing"),
        (("", "12", "", ""), "mapping.street_missing"),
        (("", "", "7", ""), "mapping.street_missing"),
        (("", " ", "-", None), None),
    ],
)
def test_a_street_address_of_parts(values: tuple[object, ...], text: str | None) -> None:
    made = STREET.one(cells(*values))
    assert (made.fault or made.value) == text


@pytest.mark.parametrize(
    ("values", "e164"),
    [  # the plan is phonenumbers': area code 74, Dzierżoniów and around
        (("817 14 78", "74", ""), "+48748171478"),
        (("8171478\n", "74", " "), "+48748171478"),
        (("8171478", "(0-74)", "117"), "+48748171478;ext=117"),
        (("8171478", "074", "wew. 117"), "+48748171478;ext=117"),
        (("8171478", 74, 117), "+48748171478;ext=117"),
        (("748171478", "", "117"), "+48748171478;ext=117"),
        (("748171478", "-", ""), "+48748171478"),
        (("748171478", "74", ""), None),  # the area code twice is no number, and none is guessed
        (("", "74", "117"), None),
    ],
)
def test_a_phone_of_parts_is_read_by_its_rule(values: tuple[object, ...], e164: str | None) -> None:
    text = PHONE.one(cells(*values)).value
    assert (RULES["phone"].one(text).value if isinstance(text, str) else text) == e164


@pytest.mark.parametrize(
    ("cell", "parts"),
    [  # street, postal code, town
        ("ul. Długa 5/3, 00-950 Warszawa", ("ul. Długa 5/3", "00-950", "Warszawa")),
        ("ul. Długa 5/3 00-950 Warszawa", ("ul. Długa 5/3", "00-950", "Warszawa")),
        ("ul. Długa 5 m. 3\n00-950  Warszawa", ("ul. Długa 5 m. 3", "00-950", "Warszawa")),
        ("ul. Długa 5, m. 3, 00-950 Warszawa", ("ul. Długa 5, m. 3", "00-950", "Warszawa")),
        ("ul. 3 Maja 12a; 21-560 Międzyrzec Podlaski", ("ul. 3 Maja 12a", "21-560", "Międzyrzec Podlaski")),
        ("Dołha 1, 21-400 Łuków", ("Dołha 1", "21-400", "Łuków")),
        ("00-950 Warszawa, ul. Długa 5", ("ul. Długa 5", "00-950", "Warszawa")),
        ("ul. Długa 5, Warszawa, 00-950", ("ul. Długa 5", "00-950", "Warszawa")),
        ("00-950 Warszawa", (None, "00-950", "Warszawa")),
        ("Warszawa 00-950", (None, "00-950", "Warszawa")),
        (" 43-300 Bielsko-Biała ", (None, "43-300", "Bielsko-Biała")),
        # Which is what nobody can say for certain:
        ("00-950 ul. Długa 5 Warszawa", None),  # where the street ends
        ("Warszawa 00-950 Rynek", None),  # which of the two is the town
        ("Jan Nowak, ul. Długa 5, 00-950 Warszawa", None),  # who lives there is no street
        ("ul. Długa 5, Wólka, 05-500 Piaseczno", None),  # two places
        ("ul. Długa, 00-950 Warszawa", None),  # no number
        ("ul. Długa 5, 00-950 Warszawa, 00-951 Warszawa", None),  # two codes
        ("ul. Długa 00-950 5, 00-951 Warszawa", None),
        ("ul. Długa 5, Warszawa", None),
        ("00950 Warszawa", None),
        ("nie wiem", None),
    ],
)
def test_an_address_in_one_cell(cell: str, parts: tuple[str | None, ...] | None) -> None:
    made = [Address("A", take).one({"A": cell}) for take in ("street", "postal_code", "town")]
    if parts is None:
        assert {(one.value, one.fault) for one in made} == {(cell.strip(), "mapping.address_unclear")}
    else:
        assert (tuple(one.value for one in made), {one.fault for one in made}) == (parts, {None})


_STREETS = st.builds("{}{}".format, st.text("aBż5 .,;/-", max_size=10), st.sampled_from(["", " 5", " 5/7a"])).map(
    str.strip
)
_TOWNS = st.text("aBż ./-", min_size=1, max_size=10).map(str.strip).filter(bool)  # no figures, and nothing that parts
_CODES = st.from_regex("[0-9]{2}-[0-9]{3}", fullmatch=True)


@given(_STREETS, _CODES, _TOWNS, st.sampled_from(["{s}, {c} {t}", "{s} {c} {t}", "{c} {t}, {s}"]))
def test_an_address_is_taken_apart_as_it_was_put_together_or_not_at_all(
    street: str, code: str, town: str, layout: str
) -> None:
    cell = layout.format(s=street, c=code, t=town) if street else f"{code} {town}"
    made = [Address("A", take).one({"A": cell}) for take in ("street", "postal_code", "town")]
    bare = [" ".join(one.split()).strip(" ,;") or None for one in (street, code, town)]
    assert [one.value for one in made] == bare or {one.fault for one in made} == {"mapping.address_unclear"}


@pytest.mark.parametrize(
    ("order", "cell", "names"),
    [  # first, last
        ("first last", "Jan Kowalski", ("Jan", "Kowalski")),
        ("first last", " JAN   KOWALSKI ", ("JAN", "KOWALSKI")),
        ("first last", "Anna Kowalska - Nowak", ("Anna", "Kowalska - Nowak")),
        ("first last", "Anna Kowalska–Nowak", ("Anna", "Kowalska–Nowak")),
        ("first last", "EWA ZALEWSKA MRÓZ", ("EWA", "ZALEWSKA MRÓZ")),  # -ska ends no first name
        ("first last", "Adam Marek", ("Adam", "Marek")),
        ("last first", "Kowalski Jan", ("Jan", "Kowalski")),
        ("last first", "Kowalski, Jan Maria", ("Jan Maria", "Kowalski")),
        ("last first", "Mróz Zalewska Ewa", ("Ewa", "Mróz Zalewska")),
        ("first last", "Ewa Maria Mróz", None),
        ("first last", "Iga Czyż Lipa", None),
        ("first last", "ks. Jan Kowalski", None),
        ("first last", "Kowalski, Jan", None),  # the comma belies the order
        ("first last", "Kowalski", None),
        ("last first", "Zalewska Ewa Maria", None),
        ("last first", "Zalewska Mróz Ewa", None),  # Mróz Ewa may be two first names, by their place
        ("first last", "Jan Kowalski 2", None),
    ],
)
def test_a_first_and_a_last_name_in_one_cell(order: Order, cell: str, names: tuple[str, str] | None) -> None:
    made = [FullName("A", order, take).one({"A": cell}) for take in ("first", "last")]
    if names is None:
        assert {(one.value, one.fault) for one in made} == {(cell.strip(), "mapping.name_unclear")}
    else:
        assert (tuple(one.value for one in made), {one.fault for one in made}) == (names, {None})


@pytest.mark.parametrize("operation", [Address("A", "town"), FullName("A", "first last", "last")])
@pytest.mark.parametrize("cell", ["", " ", "brak", "-", None, True, ["x"]])
def test_a_cell_that_holds_nothing_or_no_text_is_left_to_the_rule(operation: Operation, cell: object) -> None:
    assert operation.one({"A": cell}) == (cell, None)


@pytest.mark.parametrize(
    ("operation", "values", "made"),
    [
        (Join(("A", "B", "C")), ("Sklep", " ", "s.c."), "Sklep s.c."),
        (Join(("A", "B"), separator=", "), ("Sklep", "s.c."), "Sklep, s.c."),
        (Join(("A", "B")), ("brak", "-"), None),
        (Join(("A", "B")), ("Sklep", True), True),  # what is no text is refused as such, by the field
        (Constant("PL"), (), "PL"),
        (Question(), ("x",), None),
        (KindOf("A", {"F": "business"}), (" f ",), "business"),
        (KindOf("A", {"F": "business"}), ("firma",), "firma"),
        (KindOf("A", {"F": "business"}), (5,), 5),
    ],
)
def test_the_simple_ones(operation: Operation, values: tuple[object, ...], made: object) -> None:
    assert operation.one(cells(*values)) == (made, None)


_WORDS = ("ul. Długa", "5", "5a/3", "3 Maja", "00-950", "Warszawa", "Jan", "Kowalska", "Nowak", "brak", "-", "b/n", "F")
_SPACES = st.sampled_from([" ", "  ", ", ", "\n", "\u00a0", "\u2003", "\x1c", ""])
_CELLS = st.one_of(
    st.none(),
    st.lists(st.tuples(st.sampled_from(_WORDS), _SPACES), max_size=6).map(lambda told: "".join(map("".join, told))),
    st.text(st.characters(codec="utf-8"), max_size=12),
    st.text("AaŻż0-9 ,;./-\u2013\n\u00a0", max_size=12),
)


def held_equal(operation: Operation, table: list[Mapping[str, object]]) -> None:
    rows = pl.DataFrame(table, dict.fromkeys("ABCD", pl.String))
    values, unclear = operation.many(rows)
    made = [operation.one(one) for one in table]
    assert unclear.to_list() == [one.fault is not None for one in made]
    certain = [number for number, one in enumerate(made) if one.fault is None]
    assert values.gather(certain).to_list() == [made[number].value for number in certain]


@given(st.lists(st.fixed_dictionaries(dict.fromkeys("ABCD", _CELLS)), max_size=20))
@settings(max_examples=40)  # each goes through all operations
@example([])
@example([cells("ul. Długa 5", "", "3", ""), cells("ul. Długa 00-950 5, 00-951 Warszawa", "", "", "")])
@example([cells("Jan Kowalski\n", "5\n", "", "Dołha\u00a0")])
def test_a_record_and_columns_are_read_alike(table: list[Mapping[str, object]]) -> None:
    for operation in ALL:
        held_equal(operation, table)


def test_every_operation_is_among_those_held_equal() -> None:
    assert {type(operation) for operation in ALL} == {*OPERATIONS.values(), Question}


def test_what_was_made_shows_no_value() -> None:
    made = STREET.one(cells("ul. Długa", "5"))
    column = STREET.many(pl.DataFrame([cells("ul. Długa", "5")]))
    assert "Długa" not in "".join(map(repr, (made, column, made.__rich_repr__(), column.__rich_repr__())))
