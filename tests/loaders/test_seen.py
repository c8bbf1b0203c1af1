"""What a run need not ask PostgreSQL: who is in a table to which nobody else writes."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, event, text, update

from loaders.batch import Loader
from loaders.run import Books
from loaders.transactions import Patience, Transactions
from tests.loaders.shop import PEOPLE, POLICY, TABLES, Accepted, batch_of, contents, load, person

pytestmark = pytest.mark.parametrize("own_engine", ["postgresql"], indirect=True)

QUICK = Patience(attempts=4, first=0.001, longest=0.002)
FIRST = [person(record, f"jan{record}@example.com") for record in range(1, 101)]
SECOND = [person(record, f"ewa{record}@example.com", "Ewa") for record in range(101, 201)]


def run(
    engine: Engine, second: list[Accepted], meanwhile: Callable[[Engine], None] = lambda _: None
) -> tuple[Books, int, list[str]]:
    """Load two batches as one run; return its books, how often it asked, and what people were told."""
    asked: list[str] = []
    told: list[str] = []

    def note(_connection: object, _cursor: object, sql: str, *_: object) -> None:
        if "CREATE TEMPORARY TABLE known_people" in sql:
            asked.append(sql)

    event.listen(engine, "before_cursor_execute", note)
    loader = Loader(POLICY, TABLES, "now", "update")
    transactions = Transactions(engine, QUICK, lambda error, _: told.append(error.code))
    loader.commit(transactions, batch_of(1, FIRST, 100))
    meanwhile(engine)
    return loader.commit(transactions, batch_of(2, second, 200)).books, len(asked), told


def enter_at_checkout(engine: Engine) -> None:
    with engine.begin() as connection:
        row = {"email": "EWA150@example.com", "first_name": "Eva", "run": "checkout", "policy": "p"}
        connection.execute(PEOPLE.insert().values(row | dict.fromkeys(("created_at", "updated_at"), text("now()"))))


def change_an_address(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(
            update(PEOPLE).where(PEOPLE.c.email == "jan7@example.com").values(email="ewa150@example.com")
        )


def test_a_run_into_an_empty_table_asks_nothing(own_engine: Engine) -> None:
    assert run(own_engine, SECOND) == (Books(read=200, new=200), 0, [])


def test_of_those_whom_it_wrote_itself_it_asks(own_engine: Engine) -> None:
    again = [*SECOND[:98], person(199, "JAN1@example.com"), person(200, "jan2@example.com", "Anna")]
    books, asked, _ = run(own_engine, again)
    assert books == Books(read=200, new=198, updated=2)  # the first is written otherwise, so its row says so
    assert asked == 1


def test_where_customers_are_there_already_it_asks_of_every_batch(own_engine: Engine) -> None:
    with own_engine.begin() as connection:
        load(connection, [person(1, "ewa150@example.com", "Ewa")], run="before")
    assert run(own_engine, SECOND) == (Books(read=200, new=199, unchanged=1), 2, [])


def test_as_soon_as_somebody_else_writes_it_asks(own_engine: Engine) -> None:
    assert run(own_engine, SECOND, enter_at_checkout) == (Books(read=200, new=199, updated=1), 1, [])


def test_what_it_did_not_see_of_others_is_seen_at_the_second_look(own_engine: Engine) -> None:
    """No id tells of an address that was changed: the index refuses the second customer, and then it is asked."""
    assert run(own_engine, SECOND, change_an_address) == (
        Books(read=200, new=199, updated=1),
        1,
        ["database.conflict"],
    )
    with own_engine.connect() as connection:
        addresses = [str(address) for (address,) in contents(connection, PEOPLE, "email")]
    assert len(addresses) == len({address.lower() for address in addresses}) == 199
