"""The tables, drawn from a policy."""

import pytest
from sqlalchemy import Connection, inspect
from sqlalchemy.exc import IntegrityError

from loaders.tables import draw
from tests.loaders.shop import PEOPLE, TABLES, load, person, voucher
from validators.kind import Kind
from validators.policy import vipower

# What stands beside the policy's fields; none of it is personal (DESIGN, "Tables").
TECHNICAL = {"id", "source_reference", "run", "policy", "created_at", "updated_at"}


@pytest.mark.parametrize("kind", vipower().kinds.values(), ids=lambda kind: kind.name)
def test_a_table_has_the_columns_of_its_kind_and_no_other(kind: Kind) -> None:
    table = draw(vipower()).kinds[kind.name]
    assert table.name == kind.table
    assert set(table.columns.keys()) == {*kind.names} | TECHNICAL


def test_there_are_no_other_tables() -> None:
    tables = {table.name for table in draw(vipower()).metadata.sorted_tables}
    kinds = {"individuals", "businesses", "contacts", "visits", "registrations", "logins"}
    assert tables == kinds | {"intake_runs", "intake_batches", "rejections"}


def test_required_fields_must_be_there(connection: Connection) -> None:
    columns = {column["name"]: column["nullable"] for column in inspect(connection).get_columns("people")}
    assert {name for name, nullable in columns.items() if nullable} == {"city", "source_reference"}


def test_one_customer_cannot_stand_there_twice_in_whatever_case(connection: Connection) -> None:
    load(connection, [person(1, "jan@example.com")])
    row = dict(connection.execute(PEOPLE.select()).mappings().one()) | {"id": 99, "email": "JAN@example.com"}
    with pytest.raises(IntegrityError), connection.begin_nested():
        connection.execute(PEOPLE.insert().values(row))


def test_an_identity_that_is_no_address_is_unique_as_it_stands(connection: Connection) -> None:
    vouchers = TABLES.kinds["voucher"]
    load(connection, [voucher(1, "A1")])
    row = dict(connection.execute(vouchers.select()).mappings().one()) | {"id": 99}
    connection.execute(vouchers.insert().values(row | {"code": "a1"}))
    with pytest.raises(IntegrityError), connection.begin_nested():
        connection.execute(vouchers.insert().values(row | {"id": 100}))
