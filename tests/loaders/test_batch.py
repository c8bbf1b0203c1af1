"""A batch: what is written with it and about it, on every database."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, inspect, select

from loaders.batch import Loader
from loaders.rejection import Rejected
from loaders.run import Books, books
from loaders.schema import REVISION
from tests.loaders.shop import PEOPLE, POLICY, TABLES, Accepted, Item, batch_of, contents, load, person, rejected, visit
from validators import Fault


def test_a_row_says_which_run_and_policy_wrote_it_and_when(connection: Connection) -> None:
    load(connection, [person(1, "jan@example.com")], run="before")
    load(connection, [person(1, "jan@example.com", "Ewa"), person(2, "ewa@example.com")])

    rows = connection.execute(select(PEOPLE).order_by(PEOPLE.c.id)).all()

    assert [row.run for row in rows] == ["now", "now"]
    assert {row.policy for row in rows} == {POLICY.identity.sha256}
    assert rows[0].created_at < rows[0].updated_at
    assert rows[1].created_at == rows[1].updated_at


def test_rows_without_an_identity_are_inserted_in_the_order_in_which_they_came(connection: Connection) -> None:
    addresses = [f"192.0.2.{number}" for number in (7, 5, 9)]
    load(connection, [visit(record, address) for record, address in enumerate(addresses, 1)])
    assert contents(connection, TABLES.kinds["visit"], "ip_address") == [(address,) for address in addresses]


def test_a_rejection_has_its_place_its_faults_and_what_may_be_kept(connection: Connection) -> None:
    faults = (Fault("city.no_letter", "city"), Fault("text.too_long", "first_name", {"limit": 80}))
    fields = {"email": "jan@example.com", "first_name": None}
    load(connection, [None, Rejected(2, 17, "person", faults, fields, "R7"), Rejected(3, 18, None, (), {})])

    first, second = connection.execute(select(TABLES.rejections).order_by(TABLES.rejections.c.record)).all()

    assert (first.run, first.batch, first.record, first.line, first.kind) == ("now", 1, 2, 17, "person")
    assert (first.source_reference, first.fields) == ("R7", fields)
    assert first.faults == [
        {"code": "city.no_letter", "field": "city", "params": {}},
        {"code": "text.too_long", "field": "first_name", "params": {"limit": 80}},
    ]
    assert first.policy == POLICY.identity.sha256
    assert (second.kind, second.source_reference, second.faults, second.fields) == (None, None, [], {})


def test_a_rejection_expires_after_the_days_that_the_policy_says(connection: Connection) -> None:
    load(connection, [rejected(1)])
    row = connection.execute(select(TABLES.rejections)).one()
    assert row.expires_at - row.created_at == timedelta(days=7)


def test_what_no_text_of_a_database_can_hold_is_kept_in_a_rejection(connection: Connection) -> None:
    fields = {"first_name": "NUL \0, half of a pair \ud83d, Łódź"}
    load(connection, [Rejected(1, 2, "person", (), fields)])
    assert contents(connection, TABLES.rejections, "fields") == [(fields,)]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_person_can_read_what_is_kept_in_a_rejection(connection: Connection) -> None:
    load(connection, [Rejected(1, 2, "person", (), {"first_name": "Łukasz"})])
    assert connection.exec_driver_sql("SELECT fields FROM rejections").scalar() == '{"first_name": "Łukasz"}'


def test_the_counts_of_a_batch_stand_beside_its_checkpoint(connection: Connection) -> None:
    items: list[Item] = [person(1, "jan@example.com"), person(2, "jan@example.com"), rejected(3), None]
    assert load(connection, items) == [{"new": 1, "duplicate": 1, "rejected": 1, "blank": 1}]
    found = contents(connection, TABLES.batches, "run", "batch", "last_record", "read", "findings")
    assert found == [("now", 1, 4, 4, {"faults": {"email.syntax": 1}})]


def test_the_books_are_of_one_run_alone(connection: Connection) -> None:
    load(connection, [person(1, "jan@example.com"), rejected(2)], run="before")
    load(connection, [person(1, "jan@example.com", "Ewa"), None, visit(3, "192.0.2.7"), rejected(4)], cuts=[2])
    assert books(connection, TABLES, "now") == Books(read=4, new=1, updated=1, rejected=1, blank=1)
    assert books(connection, TABLES, "now").balanced


def test_books_without_a_rejection_that_was_there_do_not_balance(connection: Connection) -> None:
    load(connection, [rejected(1), rejected(2)])
    connection.execute(TABLES.rejections.delete().where(TABLES.rejections.c.record == 1))
    assert books(connection, TABLES, "now") == Books(read=2, rejected=1)
    assert not books(connection, TABLES, "now").balanced


def test_a_record_that_neither_came_in_nor_was_refused_is_missed(connection: Connection) -> None:
    load(connection, [person(1, "jan@example.com"), Accepted(2, "no such kind", {}), rejected(3)])
    assert not books(connection, TABLES, "now").balanced


def test_a_batch_that_is_rolled_back_leaves_nothing(connection: Connection) -> None:
    loader = Loader(POLICY, TABLES, "now", "update")
    with connection.begin_nested() as savepoint:
        loader.load(connection, batch_of(1, [person(1, "jan@example.com"), rejected(2)], 2))
        savepoint.rollback()
    for table in TABLES.metadata.sorted_tables:
        assert connection.execute(select(table)).all() == []


def test_nothing_is_left_of_the_tables_in_between(connection: Connection) -> None:
    load(connection, [person(1, "jan@example.com"), visit(2, "192.0.2.7")], cuts=[1])
    names = {REVISION.name, *(table.name for table in TABLES.metadata.sorted_tables)}
    inspector = inspect(connection)
    assert {*inspector.get_table_names(), *inspector.get_temp_table_names()} == names
