"""What the database itself refuses becomes a rejection, and its neighbours load: on every database."""

import traceback
from collections.abc import Sequence
from itertools import pairwise

import pytest
from rich.pretty import pretty_repr
from sqlalchemy import Connection, Engine, event, select, text

from loaders.batch import Loader
from loaders.errors import DatabaseError, DatabaseRefusedError, translated
from loaders.refusal import Refusal
from loaders.rejection import Rejected
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
    load,
    person,
    rejected,
    visit,
    voucher,
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


# A trigger that lets rows of Zenon fall without a word: https://www.postgresql.org/docs/18/plpgsql-trigger.html (it
# returns NULL), https://sqlite.org/lang_createtrigger.html (RAISE(IGNORE)).
LET_FALL = {
    "postgresql": (
        """CREATE FUNCTION let_fall() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF new.first_name = 'Zenon' THEN RETURN NULL; END IF; RETURN new; END $$""",
        "CREATE TRIGGER fall BEFORE INSERT OR UPDATE ON people FOR EACH ROW EXECUTE FUNCTION let_fall()",
    ),
    "sqlite": tuple(
        f"""CREATE TRIGGER fall_{event} BEFORE {event} ON people WHEN new.first_name = 'Zenon'
        BEGIN SELECT RAISE(IGNORE); END"""
        for event in ("INSERT", "UPDATE")
    ),
}


@pytest.mark.parametrize("email", ["new@example.com", "jan@example.com", "ewa@example.com"])
def test_a_row_that_the_database_lets_fall_without_a_word_is_a_rejection(own_engine: Engine, email: str) -> None:
    """A new customer, one who is there, and one who comes again within the batch."""
    loader, transactions = Loader(POLICY, TABLES, "now", "update"), Transactions(own_engine)
    with own_engine.begin() as connection:
        for statement in LET_FALL[connection.dialect.name]:
            connection.execute(text(statement))
        load(connection, [person(1, "jan@example.com")], run="before")

    items = [person(1, "ewa@example.com"), person(2, email, "Zenon"), person(3, "adam@example.com")]
    committed = loader.commit(transactions, batch_of(1, items, 3))

    assert [(one.record, one.faults[0].params) for one in committed.refused] == [(2, {"sqlstate": "02000"})]
    assert committed.books == Books(read=3, new=2, rejected=1)
    with own_engine.connect() as connection:
        assert sorted(contents(connection, PEOPLE, "email", "first_name")) == [
            ("adam@example.com", "Jan"),
            ("ewa@example.com", "Jan"),
            ("jan@example.com", "Jan"),
        ]


@pytest.mark.parametrize("cuts", [(), (1,), (2,), (1, 2), (1, 2, 3)])
def test_a_row_that_a_later_one_writes_over_is_refused_all_the_same(own_engine: Engine, cuts: tuple[int, ...]) -> None:
    """Whatever the batches: the database sees each row as if it came alone."""
    rule = {
        "postgresql": "ALTER TABLE people ADD CONSTRAINT no_zenon CHECK (first_name <> 'Zenon')",
        "sqlite": RULES["sqlite"][0].replace("INSERT", "UPDATE"),
    }
    with own_engine.begin() as connection:
        connection.execute(text(rule[connection.dialect.name]))
    names = ["Jan", "Zenon", "Ewa", "Ewa"]
    items = [person(record, "jan@example.com", name) for record, name in enumerate(names, 1)]
    loader, transactions = Loader(POLICY, TABLES, "now", "update"), Transactions(own_engine)
    committed = [
        loader.commit(transactions, batch_of(number, items[start:end], end))
        for number, (start, end) in enumerate(pairwise(sorted({0, *cuts, 4})), 1)
    ]

    assert [one.record for batch in committed for one in batch.refused] == [2]
    assert committed[-1].books == Books(read=4, new=1, updated=1, duplicate=1, rejected=1)
    with own_engine.connect() as connection:
        assert contents(connection, PEOPLE, "first_name", "source_reference") == [("Ewa", "R3")]


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
@pytest.mark.parametrize("kind", ["new", "known"])
def test_many_refusals_take_no_more_locks_than_few(connection: Connection, kind: str) -> None:
    """A transaction keeps a lock on each table that it made, dropped or not, and all of them together are bounded."""
    add_the_rule(connection)
    many = range(1, 41)
    if kind == "known":
        load(connection, [person(number, f"jan{number}@example.com") for number in many], run="before")
    items = [person(n, f"jan{n}@example.com", "Zenon" if n % 2 else "Adam") for n in many]

    assert len(sift(connection, items)) == 20

    tables = "SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'relation'"
    assert (connection.scalar(text(tables)) or 0) < 50


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
@pytest.mark.parametrize("state", ["P0001", "P0002", "P0004", "U0001", "ZZ999"])
def test_whatever_a_trigger_of_the_shops_own_raises_is_about_the_row(connection: Connection, state: str) -> None:
    connection.execute(
        text(f"""CREATE FUNCTION no_zenon() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF new.first_name = 'Zenon' THEN RAISE EXCEPTION 'no' USING ERRCODE = '{state}'; END IF; RETURN new; END $$""")
    )
    connection.execute(text("CREATE TRIGGER no_zenon BEFORE INSERT ON people FOR EACH ROW EXECUTE FUNCTION no_zenon()"))
    (refused,) = sift(connection, [person(1, "jan@example.com"), person(2, "z@example.com", "Zenon")])
    assert (refused.record, refused.faults[0].params) == (2, {"sqlstate": state})


@pytest.mark.parametrize("own_engine", ["sqlite"], indirect=True)
def test_a_rule_that_ends_the_transaction_keeps_nothing_of_the_batch(own_engine: Engine) -> None:
    """Of what comes after such a rule nothing may be written outside a transaction (lang_conflict.html, ROLLBACK)."""
    with own_engine.begin() as connection:
        connection.execute(
            text("""CREATE TRIGGER once BEFORE INSERT ON people WHEN new.first_name = 'Zenon'
            BEGIN INSERT OR ROLLBACK INTO vouchers (code, run, policy, created_at, updated_at)
            SELECT code, run, policy, created_at, updated_at FROM vouchers; END""")
        )
        load(connection, [voucher(1, "A1")], run="before")
    items = [person(n, f"jan{n:03}@example.com", "Zenon" if n == 150 else "Jan") for n in range(1, 301)]
    with pytest.raises(DatabaseError):
        Loader(POLICY, TABLES, "now", "update").commit(Transactions(own_engine), batch_of(1, items, 300))
    with own_engine.connect() as connection:
        assert contents(connection, PEOPLE, "email") == []
        assert contents(connection, TABLES.batches, "run") == [("before",)]


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

    assert [one.record for one in committed.refused] == committed.batch.rejected["record"].to_list() == [1500]
    assert committed.books == Books(read=2000, new=1999, rejected=1)
    assert len(savepoints) <= 2 + 2 * 10  # into the stage; the whole, and both halves of each half: 2 ** 10 > 1000


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
