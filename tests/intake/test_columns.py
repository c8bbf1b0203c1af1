"""Which column is which field: by its name where that is beyond doubt, or as a mapping says."""

import pytest

from intake.columns import Columns, ColumnsError, fit
from intake.operations.column import Column
from validators.policy import vipower

INDIVIDUAL = ["Imię", "Nazwisko", "Ulica i numer", "Kod pocztowy", "Miejscowość", "Telefon", "E-mail"]
BUSINESS = ["Nazwa firmy", "NIP", *INDIVIDUAL]


def columns(**mapping: str) -> Columns:
    return Columns(vipower(), {field: Column(name) for field, name in mapping.items()})


@pytest.mark.parametrize(
    ("name", "field"),
    [  # as the issue names them, and as people type them
        ("Imię", "first_name"),
        ("IMIĘ", "first_name"),
        ("imie", "first_name"),
        ("Nazwisko", "last_name"),
        ("Kod pocztowy", "postal_code"),
        ("kod_pocztowy", "postal_code"),
        ("Kod-Pocztowy:", "postal_code"),
        ("Miejscowość", "city"),
        ("Telefon", "phone"),
        ("tel.", "phone"),
        ("E-mail", "email"),
        ("email", "email"),
        ("e mail", "email"),
        ("NIP", "nip"),
        ("Nazwa firmy", "company_name"),
        ("company_name", "company_name"),
        ("Kraj", "country_code"),
        ("Rodzaj", "kind"),
        ("kind", "kind"),
        ("Nr klienta", "source_reference"),
        ("Uwagi", None),
        ("PESEL", None),
        ("Numer domu", None),
        ("Telefon 2", None),
        ("", None),
        ("--", None),
    ],
)
def test_a_name_is_a_field_only_beyond_doubt(name: str, field: str | None) -> None:
    assert columns().target(name) == field


def test_a_mapping_goes_before_the_names() -> None:
    mapped = columns(phone="Telefon 2", company_name="Imię")
    assert [mapped.target(name) for name in ("Telefon 2", "Telefon", "Imię")] == ["phone", None, "company_name"]
    assert mapped.record({"Telefon": "1", "Telefon 2": "2"}) == {"Telefon": "1", "phone": "2"}


def test_a_column_named_as_a_field_that_another_is_mapped_to_is_extra() -> None:
    mapped = columns(phone="Telefon 2")
    assert mapped.target("phone") is None
    assert mapped.record({"phone": "1", "Telefon 2": "2"}) == {"phone (column)": "1", "phone": "2"}


@pytest.mark.parametrize(
    ("record", "read"),
    [
        ({"E-mail": "a", "email": ""}, {"email": "a"}),
        ({"E-mail": "", "email": "a"}, {"email": "a"}),
        ({"E-mail": None, "email": "a"}, {"email": "a"}),
        ({"E-mail": "a", "email": None}, {"email": "a"}),
        ({"E-mail": "a", "email": "b"}, None),
        ({"E-mail": "a", "email": "a"}, None),
        ({"Uwagi": "a", "Notatki": "b"}, {"Uwagi": "a", "Notatki": "b"}),
    ],
)
def test_two_keys_of_one_field_are_one_where_only_one_says_something(
    record: dict[str, object], read: dict[str, object] | None
) -> None:
    assert columns().record(record) == read


def test_names_that_look_like_values_are_not_shown() -> None:
    read = columns().record({"jan@example.com": "x", "44051401359": "x"})
    assert read == {"xxx@xxxxxxx.xxx": "x", "99999999999": "x"}


def test_records_with_ever_new_keys_do_not_fill_the_memory() -> None:
    """JSON Lines may have other keys in every record."""
    many = columns()
    names = {name for number in range(3000) for name in many.record({f"key {number}": "x"}) or {}}
    assert len(names) < 1100
    assert many.record({"E-mail": "a"}) == {"email": "a"}


@pytest.mark.parametrize(
    "header",
    [INDIVIDUAL, [*INDIVIDUAL, "Uwagi"], BUSINESS, [*BUSINESS, "Rodzaj"], ["kind", "ip_address"], [*INDIVIDUAL, "NIP"]],
    ids=["individual", "extra", "business", "both", "logins", "a NIP as an extra"],
)
def test_columns_that_give_what_some_kind_needs(header: list[str]) -> None:
    fit("customers.csv", header, columns(), vipower(), None)


@pytest.mark.parametrize(
    ("header", "kind", "missing"),
    [
        (INDIVIDUAL[1:], None, "no column for first_name, which a record of kind individual must have"),
        (["ip_address"], None, "no column for first_name, last_name"),
        ([*INDIVIDUAL[1:], "NIP"], None, "no column for first_name, which a record of kind individual"),
        (INDIVIDUAL, "business", "no column for company_name, nip, which a record of kind business must have"),
        (["kind", "E-mail"], None, "no column for ip_address"),
        ([], None, "no column for"),
    ],
    ids=["one", "most", "nearest", "kind said", "kind in a column", "none"],
)
def test_columns_that_give_no_kind_what_it_needs(header: list[str], kind: str | None, missing: str) -> None:
    policy = vipower()
    with pytest.raises(ColumnsError) as caught:
        fit("customers.csv", header, columns(), policy, policy.kinds[kind] if kind else None)
    assert missing in str(caught.value)
    for name in header:
        assert f"“{name}”" in str(caught.value)
