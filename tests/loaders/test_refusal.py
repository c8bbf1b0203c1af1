"""What the database itself refuses becomes a rejection, and its neighbours load: on every database."""

import traceback
from collections.abc import Sequence

import pytest
from rich.pretty import pretty_repr
from sqlalchemy import Connection, Engine, event, select, text

from loaders.batch import Loader, Rejected
from loaders.errors import DatabaseError, DatabaseRefusedError, translated
from loaders.refusal import Refusal
from loaders.run import Books, books
from loaders.transactions import Transactions
from tests.loaders.shop import (
    PEOPLE,
    POLICY,
    TABLES,
    Accepted,
    Item,
    batch_of,
    contents,
    frame,
    person,
    rejected,
    visit,
)
from validators import Fault
from validators.codes import codes

# A rule that the shop's people added: nobody is called Zenon. With what each database calls its breach.
RULES = {
    "postgresql": ("ALTER TABLE people ADD CONSTRAINT no_zenon CHECK (first_name <> 'Zenon')", "23514"),
    "sqlite": (
        """CREATE TRIGGER no_zenon BEFORE INSERT ON people WHEN new.first_name = 'Zenon'
        BEGIN SELECT RAISE(ABORT, 'no Zenon'); END""",
        "SQLITE_CONSTRAINT_TRIGGER",
    ),
}


def add_the_rule(connection: Connection) -> str:
    rule, reason = RULES[connection.dialect.name]
    connection.execute(text(rule))
    return reason


def sift(connection: Connection, items: Sequence[Item]) -> list[Rejected]:
    """Load items as a batch whose refused rows are looked for."""
    refused: list[Rejected] = []
    Loader(POLICY, TABLES, "now", "update").load(connection, batch_of(1, items, len(items)), refused)
    return refused


@pytest.mark.parametrize("at", [{1}, {8}, {4, 5}, {1, 3, 8}, set(range(1, 9)), set()])
def test_refused_rows_are_rejections_and_their_neighbours_load(connection: Connection, at: set[int]) -> None:
    reason = add_the_rule(connection)
    names = {number: "Zenon" if number in at else "Jan" for number in range(1, 9)}

    refused = sift(connection, [person(number, f"jan{number}@example.com", name) for number, name in names.items()])

    assert [one.record for one in refused] == sorted(at)
    assert all(one.faults == (Fault("database.refused", params={"sqlstate": reason}),) for one in refused)
    loaded = {f"jan{number}@example.com" for number in names if number not in at}
    assert {email for (email,) in contents(connection, PEOPLE, "email")} == loaded
    assert [record for (record,) in contents(connection, TABLES.rejections, "record")] == sorted(at)
    assert books(connection, TABLES, "now") == Books(read=8, new=8 - len(at), rejected=len(at))


def test_a_refused_row_is_kept_as_it_was_to_be_stored(connection: Connection) -> None:
    reason = add_the_rule(connection)
    (refused,) = sift(connection, [person(1, "jan@example.com"), person(2, "z@example.com", "Zenon", "Łódź"), None])

    row = connection.execute(select(TABLES.rejections)).one()
    assert (row.record, row.line, row.kind, row.source_reference) == (2, 3, "person", "R2")
    assert row.fields == {"email": "z@example.com", "first_name": "Zenon", "city": "Łódź"}
    assert row.faults == [{"code": "database.refused", "field": None, "params": {"sqlstate": reason}}]
    assert refused.line == 3
    assert codes()["database.refused"] == "fault"


def test_a_refused_row_is_among_the_findings_beside_the_others(connection: Connection) -> None:
    add_the_rule(connection)
    sift(connection, [person(1, "z@example.com", "Zenon"), rejected(2)])
    assert contents(connection, TABLES.batches, "findings") == [
        ({"faults": {"email.syntax": 1, "database.refused": 1}},),
    ]


def test_an_update_that_is_refused_leaves_what_was_there(connection: Connection) -> None:
    rule = {
        "postgresql": "ALTER TABLE people ADD CONSTRAINT short CHECK (length(first_name) < 6)",
        "sqlite": "CREATE TRIGGER short BEFORE UPDATE ON people WHEN length(new.first_name) > 5 "
        "BEGIN SELECT RAISE(ABORT, 'long'); END",
    }
    Loader(POLICY, TABLES, "before", "update").load(connection, batch_of(1, [person(1, "jan@example.com")], 1))
    connection.execute(text(rule[connection.dialect.name]))

    refused = sift(connection, [person(1, "jan@example.com", "Januszek"), person(2, "ewa@example.com", "Ewa")])

    assert [one.record for one in refused] == [1]
    assert contents(connection, PEOPLE, "email", "first_name") == [
        ("jan@example.com", "Jan"),
        ("ewa@example.com", "Ewa"),
    ]


def test_a_unique_index_of_the_shops_own_is_no_identity(connection: Connection) -> None:
    connection.execute(text("CREATE UNIQUE INDEX one_a_city ON people (city)"))
    items = [
        person(1, "jan@example.com", city="Łódź"),
        person(2, "ewa@example.com", city="Łódź"),
        visit(3, "192.0.2.7"),
    ]

    refused = sift(connection, items)

    assert [one.record for one in refused] == [2]
    assert books(connection, TABLES, "now") == Books(read=3, new=2, rejected=1)


@pytest.mark.parametrize("own_engine", ["postgresql"], indirect=True)
def test_a_rule_that_waits_for_commit_is_asked_at_the_row(own_engine: Engine) -> None:
    with own_engine.begin() as connection:
        connection.execute(
            text("ALTER TABLE people ADD CONSTRAINT one_a_city UNIQUE (city) DEFERRABLE INITIALLY DEFERRED")
        )
    items = [person(number, f"jan{number}@example.com", city="Łódź") for number in range(1, 4)]
    committed = Loader(POLICY, TABLES, "now", "update").commit(Transactions(own_engine), batch_of(1, items, 3))
    assert [one.record for one in committed.refused] == [2, 3]
    assert committed.books == Books(read=3, new=1, rejected=2)


def test_a_batch_is_sifted_only_where_a_row_is_refused(own_engine: Engine) -> None:
    savepoints: list[object] = []
    event.listen(own_engine, "savepoint", lambda *_: savepoints.append(1))
    loader, transactions = Loader(POLICY, TABLES, "now", "update"), Transactions(own_engine)
    first: list[Accepted] = [person(number, f"jan{number}@example.com") for number in range(1, 1001)]
    second = [
        person(number, f"jan{number}@example.com", "Zenon" if number == 1500 else "Jan") for number in range(1001, 2001)
    ]

    committed = loader.commit(transactions, batch_of(1, first, 1000))
    assert (savepoints, committed.refused, committed.books.new) == ([], (), 1000)

    with own_engine.begin() as connection:
        add_the_rule(connection)
    committed = loader.commit(transactions, batch_of(2, second, 2000))

    assert [one.record for one in committed.refused] == [one.record for one in committed.batch.rejected] == [1500]
    assert committed.books == Books(read=2000, new=1999, rejected=1)
    assert len(savepoints) <= 1 + 2 * 10  # the whole, and both halves of each half: 2 ** 10 > 1000


def test_what_is_wrong_with_more_than_a_row_is_not_looked_for(own_engine: Engine) -> None:
    savepoints: list[object] = []
    event.listen(own_engine, "savepoint", lambda *_: savepoints.append(1))
    with own_engine.begin() as connection:
        TABLES.kinds["person"].drop(connection)

    with pytest.raises(DatabaseError) as caught:
        Loader(POLICY, TABLES, "now", "update").commit(
            Transactions(own_engine), batch_of(1, [visit(1, "192.0.2.7"), person(2, "jan@example.com")], 2)
        )

    assert not isinstance(caught.value, DatabaseRefusedError)
    assert savepoints == []
    with own_engine.begin() as connection:
        assert contents(connection, TABLES.kinds["visit"], "ip_address") == []


def test_a_refusal_shows_no_value(connection: Connection) -> None:
    add_the_rule(connection)
    batch = batch_of(1, [person(1, "zenon@example.com", "Zenon")], 1)
    with pytest.raises(DatabaseRefusedError) as caught, translated():
        Loader(POLICY, TABLES, "now", "update").load(connection, batch)
    shown = "".join(traceback.format_exception(caught.value)) + repr(vars(caught.value))
    assert "zenon" not in shown.lower().replace("no_zenon", "")


def test_a_refusal_on_its_way_shows_no_value() -> None:
    refusal = Refusal(frame("person", [person(1, "zenon@example.com")]), "23514")
    for text_ in (repr(refusal), str(refusal), pretty_repr(refusal)):
        assert "zenon" not in text_
