"""A mapping file is read strictly: whatever is wrong with it is named by its path, with what would be right."""

from pathlib import Path

import pytest

from intake.columns import Columns
from intake.mapping_file import MappingError, fit_mapping, fit_questions, kind_said, read_mapping
from intake.operations.address import Address
from intake.operations.column import Column
from intake.operations.constant import Constant
from intake.operations.full_name import FullName
from intake.operations.join import Join
from intake.operations.kind_of import KindOf
from intake.operations.operation import Operation
from intake.operations.phone import Phone
from intake.operations.question import Question
from intake.operations.street import Street
from validators.policy import vipower


def read(folder: Path, *lines: str) -> dict[str, Operation]:
    path = folder / "columns.toml"
    path.write_text("\n".join(["[columns]", *lines]), encoding="utf-8")
    return dict(read_mapping(path, vipower()))


def problems(folder: Path, *lines: str) -> list[str]:
    with pytest.raises(MappingError) as caught:
        read(folder, *lines)
    return str(caught.value).splitlines()


@pytest.mark.parametrize(
    ("line", "operation"),
    [
        ('nip = "NIP"', Column("NIP")),
        ('nip = { column = "NIP" }', Column("NIP")),
        ('city = "address.city"', Column("address.city")),  # a nested object's name is a column's like any other
        ('nip = "?"', Question()),
        ('nip = { column = "?" }', Column("?")),
        ('country_code = { constant = "PL" }', Constant("PL")),
        ('company_name = { join = ["A", "B"] }', Join(("A", "B"))),
        ('company_name = { join = ["A"], separator = ", " }', Join(("A",), ", ")),
        ('street_address = { street = "U", house = "N", flat = "L", town = "M" }', Street("U", "N", "L", "M")),
        ('phone = { number = "T", area_code = "K", extension = "W" }', Phone("T", "K", "W")),
        ('city = { address = "Adres", take = "town" }', Address("Adres", "town")),
        (
            'last_name = { full_name = "Kto", order = "last first", take = "last" }',
            FullName("Kto", "last first", "last"),
        ),
        ('kind = { kind_of = "Typ", words = { F = "business" } }', KindOf("Typ", {"F": "business"})),
    ],
)
def test_what_a_line_can_say(tmp_path: Path, line: str, operation: Operation) -> None:
    (read_one,) = read(tmp_path, line).values()
    assert read_one == operation


@pytest.mark.parametrize(
    ("line", "path", "said"),
    [
        ('nipp = "NIP"', "columns.nipp", "no such field; did you mean `nip`?"),
        ("nip = 1", "columns.nip", "must be the name of a column, in quotes, or an operation"),
        ('nip = ["NIP"]', "columns.nip", "must be the name of a column"),
        ("nip = {}", "columns.nip", "none of its keys says an operation; known are `column`"),
        ('nip = { colum = "NIP" }', "columns.nip", "did you mean `column`?"),
        ('phone = { number = "T", area_cod = "K" }', "columns.phone.area_cod", "did you mean `area_code`?"),
        ('phone = { number = "T", area_code = 74 }', "columns.phone.area_code", "Expected `str`, got `int`"),
        ('phone = { area_code = "K" }', "columns.phone", "none of its keys says an operation"),
        ('street_address = { street = "U" }', "columns.street_address.house", "is missing"),
        ("company_name = { join = [] }", "columns.company_name.join", "length >= 1"),
        ('city = { address = "A", take = "city" }', "columns.city.take", "must be `street` or `postal_code` or `town`"),
        ('city = { address = "A" }', "columns.city.take", "is missing"),
        (
            'first_name = { full_name = "A", order = "?", take = "first" }',
            "columns.first_name.order",
            "must be `first last` or `last first`",
        ),
        ('kind = { constant = "busines" }', "columns.kind.constant", "no such kind; did you mean `business`?"),
        (
            'kind = { kind_of = "T", words = { F = "firma" } }',
            "columns.kind.words",
            "“F”: no such kind; known are `individual`",
        ),
        ('city = { kind_of = "T" }', "columns.city.kind_of", "use it for `kind`"),
    ],
)
def test_a_mistake_is_named_by_its_path(tmp_path: Path, line: str, path: str, said: str) -> None:
    (told,) = problems(tmp_path, line)
    assert told.startswith(f"columns.toml: {path}: ")
    assert said in told


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    assert len(problems(tmp_path, "nip = 1", 'phone = { number = "T", x = 1 }', 'city = "A"', 'email = "A"')) == 3


def test_names_that_look_like_values_are_not_shown(tmp_path: Path) -> None:
    (told,) = problems(tmp_path, '"jan@example.com" = "NIP"')
    assert "jan@example.com" not in told


@pytest.mark.parametrize("text", ["x = " + "[" * 10_000, "x = " + "9" * 5_000])
def test_toml_that_python_does_not_take_is_no_toml(tmp_path: Path, text: str) -> None:
    (tmp_path / "columns.toml").write_text(text, encoding="utf-8")
    with pytest.raises(MappingError, match="is not TOML"):
        read_mapping(tmp_path / "columns.toml", vipower())


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    (tmp_path / "columns.toml").write_text('\ufeff[columns]\nnip = "NIP"\n', encoding="utf-8")
    assert read_mapping(tmp_path / "columns.toml", vipower()) == {"nip": Column("NIP")}


def test_every_column_of_an_operation_must_be_there() -> None:
    mapping = {"phone": Phone("Telefon", area_code="Kierunkowy"), "nip": Column("NIP")}
    fit_mapping(Path("m.toml"), mapping, ("NIP", "Telefon", "Kierunkowy"))
    with pytest.raises(MappingError, match="no column “Kierunkowy”, “NIP”; its columns are “Telefon”"):
        fit_mapping(Path("m.toml"), mapping, ("Telefon",))


def test_a_question_must_be_answered_where_a_kind_needs_the_field() -> None:
    kinds = vipower().kinds
    mapping = {"nip": Question(), "browser": Question()}
    fit_questions(Path("m.toml"), mapping, [kinds["individual"], kinds["visit"]])
    with pytest.raises(MappingError, match=r"^m.toml: columns.nip: this is a question .* kind business must have it"):
        fit_questions(Path("m.toml"), mapping, [kinds["business"]])


@pytest.mark.parametrize(
    ("operation", "kind"),
    [(Constant("Firma"), "business"), (Constant("login"), "login"), (Column("login"), None), (None, None)],
)
def test_a_mapping_may_say_the_kind_of_all_records(operation: Operation | None, kind: str | None) -> None:
    assert kind_said({"kind": operation} if operation else {}, vipower()) == kind


def test_a_column_that_goes_into_a_field_is_no_extra_and_may_be_a_field_too() -> None:
    columns = Columns(vipower(), {"street_address": Street("Ulica", house="Nr", town="Miejscowość")})
    record = columns.record({"Ulica": "", "Nr": "1", "Miejscowość": "Dołha", "Uwagi": "x"})
    assert record == {"street_address": "Dołha 1", "city": "Dołha", "Uwagi": "x"}


def test_a_question_is_read_from_nowhere() -> None:
    assert Columns(vipower(), {"phone": Question()}).record({"Telefon": "1"}) == {"Telefon": "1", "phone": None}
