"""What becomes of each row, on every database: row after row as they came, whatever the batches' size."""

from collections import Counter
from string import ascii_lowercase, ascii_uppercase
from typing import Literal
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, event

from loaders import bulk
from loaders.run import OnExisting
from loaders.tables import BOOKS
from tests.loaders.shop import PEOPLE, TABLES, Accepted, Item, contents, load, person, rejected, visit, voucher

# A person who is there before, and rows one after the other, with what becomes of each where what is there is
# updated, and where it is kept.
EXISTING = person(1, "jan@example.com", "Jan")
ROWS = [
    (person(1, "jan@example.com", "Jan"), "unchanged", "unchanged"),
    (person(2, "JAN@example.com", "Jan"), "updated", "unchanged"),  # another spelling of the same customer
    (person(3, "JAN@example.com", "Jan"), "duplicate", "unchanged"),
    (person(4, "jan@example.com", "Ewa"), "updated", "unchanged"),
    (person(5, "ewa@example.com", "Ewa"), "new", "new"),
    (person(6, "ewa@example.com", "Ewa"), "duplicate", "duplicate"),
    (person(7, "EWA@example.com", "Ewa"), "updated", "duplicate"),
    (person(8, "ewa@example.com", "Ewa", "Toruń"), "updated", "duplicate"),
    (person(9, "ewa@example.com", "Ewa"), "updated", "duplicate"),  # nothing is a value that differs
    (person(10, "ewa@example.com", "Ewa"), "duplicate", "duplicate"),
]


@pytest.mark.parametrize("cuts", [range(20), (), (2, 5, 6)], ids=["row by row", "in one batch", "in four batches"])
@pytest.mark.parametrize("on_existing", ["update", "keep"])
def test_each_row_is_held_against_what_stands_there_when_it_comes(
    connection: Connection, on_existing: OnExisting, cuts: list[int]
) -> None:
    load(connection, [EXISTING], run="before")
    rows = [row for row, *_ in ROWS]
    expected = [keep if on_existing == "keep" else update for _, update, keep in ROWS]

    batches = load(connection, rows, on_existing=on_existing, cuts=[cut for cut in cuts if cut < len(rows)])

    assert sum((Counter(batch) for batch in batches), Counter()) == Counter(expected)
    if len(batches) == len(rows):
        assert [next(iter(batch)) for batch in batches] == expected


def test_where_it_is_updated_the_last_row_stands_there(connection: Connection) -> None:
    load(connection, [EXISTING], run="before")
    load(connection, [row for row, *_ in ROWS])
    assert contents(connection, PEOPLE, "email", "first_name", "city", "source_reference", "run") == [
        ("jan@example.com", "Ewa", None, "R4", "now"),
        ("ewa@example.com", "Ewa", None, "R9", "now"),
    ]


def test_where_it_is_kept_the_first_row_stands_there(connection: Connection) -> None:
    load(connection, [EXISTING], run="before")
    load(connection, [row for row, *_ in ROWS], on_existing="keep")
    assert contents(connection, PEOPLE, "email", "first_name", "city", "source_reference", "run") == [
        ("jan@example.com", "Jan", None, "R1", "before"),
        ("ewa@example.com", "Ewa", None, "R5", "now"),
    ]


def test_an_identity_that_is_no_address_is_compared_as_it_stands(connection: Connection) -> None:
    assert load(connection, [voucher(1, "A1"), voucher(2, "a1"), voucher(3, "A1")]) == [{"new": 2, "duplicate": 1}]


@pytest.mark.parametrize("on_existing", ["update", "keep"])
def test_of_a_kind_without_an_identity_each_row_counts(connection: Connection, on_existing: OnExisting) -> None:
    load(connection, [visit(1, "192.0.2.7")], run="before")
    rows = [visit(1, "192.0.2.7"), visit(2, "192.0.2.7")]
    assert load(connection, rows, on_existing=on_existing) == [{"new": 2}]
    assert contents(connection, TABLES.kinds["visit"], "ip_address", "run") == [
        ("192.0.2.7", "before"),
        ("192.0.2.7", "now"),
        ("192.0.2.7", "now"),
    ]


ASCII_UPPER = str.maketrans(ascii_lowercase, ascii_uppercase)
ASCII_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)

# How rows get in: how many a statement has, and how patiently it is tried (-1: never, the stage tells of all).
WAYS = [(bulk.ROWS, bulk.PATIENCE), (1, 100), (2, 100), (2, 0), (bulk.ROWS, -1)]


class Shop:
    """What the loader is to do, told in the plainest way: a dictionary, one record after the other."""

    def __init__(self) -> None:
        self.rows: dict[tuple[object, ...], tuple[Accepted, str]] = {}

    def take(self, item: Item, run: str, on_existing: OnExisting) -> str:
        if not isinstance(item, Accepted):
            return "blank" if item is None else "rejected"
        key = self._key(item)
        if key not in self.rows:
            self.rows[key] = (item, run)
            return "new"
        there, by = self.rows[key]
        if on_existing == "update" and there.values != item.values:
            self.rows[key] = (item, run)
            return "updated"
        return "duplicate" if by == run else "unchanged"

    def contents(self, kind: str) -> set[tuple[object, ...]]:
        names = ("email", "first_name", "city") if kind == "person" else ("code",) if kind == "voucher" else ()
        names = names or ("ip_address",)
        return {
            (*(item.values.get(name) for name in names), item.source_reference, run)
            for item, run in self.rows.values()
            if item.kind == kind
        }

    def _key(self, item: Accepted) -> tuple[object, ...]:
        match item.kind:
            case "person":
                return ("person", self._lower(item.values["email"]))
            case "voucher":
                return ("voucher", item.values["code"])
            case _:
                return ("visit", len(self.rows))

    def _lower(self, text: str) -> str:
        """As SQLite's lower() has it, which knows ASCII's letters alone (sqlite.org/lang_corefunc.html)."""
        return text.translate(ASCII_LOWER)


# Few customers in many spellings; with Ł and the Kelvin sign, which no database may take for ł and k.
CUSTOMERS = ["jan@example.com", "ewa@example.com", "łuk@example.com", "Łuk@example.com", "\u212a@example.com"]


@st.composite
def emails(draw: st.DrawFn) -> str:
    email = draw(st.sampled_from(CUSTOMERS))
    capitals = draw(st.sets(st.integers(0, 4), max_size=2))
    return "".join(letter.translate(ASCII_UPPER) if place in capitals else letter for place, letter in enumerate(email))


@st.composite
def items(draw: st.DrawFn, most: int) -> list[Item]:
    """Records, of few identities, so that they meet."""
    sort = st.sampled_from(["person", "person", "person", "voucher", "visit", "rejected", "blank"])
    return [_item(draw, what, record) for record, what in enumerate(draw(st.lists(sort, max_size=most)), 1)]


def _item(draw: st.DrawFn, what: str, record: int) -> Item:
    match what:
        case "person":
            email = draw(emails())
            return person(record, email, draw(st.sampled_from(["Jan", "Ewa"])), draw(st.sampled_from([None, "Łódź"])))
        case "voucher":
            return voucher(record, draw(st.sampled_from(["A1", "a1"])))
        case "visit":
            return visit(record, draw(st.sampled_from(["192.0.2.7", "192.0.2.8"])))
        case "rejected":
            return rejected(record)
    return None


@settings(max_examples=120)
@given(
    before=items(most=5),
    now=items(most=16),
    cuts=st.sets(st.integers(0, 16), max_size=6),
    on_existing=st.sampled_from(["update", "keep"]),
    way=st.sampled_from(WAYS),
)
def test_any_records_in_any_batches_come_to_what_a_dictionary_comes_to(  # noqa: PLR0913
    engine: Engine,
    *,
    before: list[Item],
    now: list[Item],
    cuts: set[int],
    on_existing: Literal["update", "keep"],
    way: tuple[int, int],
) -> None:
    rows, patience = way
    shop = Shop()
    for item in before:
        shop.take(item, "before", on_existing)
    cuts = {cut for cut in cuts if cut < len(now)}
    outcomes: list[Counter[str]] = []
    for number, item in enumerate(now):
        if number == 0 or number in cuts:
            outcomes.append(Counter())
        outcomes[-1][shop.take(item, "now", on_existing)] += 1

    with (
        mock.patch.multiple(bulk, ROWS=rows, PATIENCE=patience),
        engine.connect() as connection,
        connection.begin() as transaction,
    ):
        load(connection, before, run="before", on_existing=on_existing)
        batches = load(connection, now, on_existing=on_existing, cuts=cuts)
        people = contents(connection, PEOPLE, "email", "first_name", "city", "source_reference", "run")
        vouchers = contents(connection, TABLES.kinds["voucher"], "code", "source_reference", "run")
        visits = contents(connection, TABLES.kinds["visit"], "ip_address", "source_reference", "run")
        transaction.rollback()

    assert batches == outcomes
    assert sum(count for batch in batches for count in batch.values()) == len(now)
    assert set(BOOKS) >= {outcome for batch in batches for outcome in batch}
    for found, kind in ((people, "person"), (vouchers, "voucher"), (visits, "visit")):
        assert len(found) == len(set(found))
        assert set(found) == shop.contents(kind)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_customers_are_looked_up_by_the_index_and_not_one_by_one(engine: Engine) -> None:
    plans: list[str] = []

    def explain(
        connection: Connection, _cursor: object, statement: str, parameters: tuple[object, ...], *_: object
    ) -> None:
        raw = connection.connection.dbapi_connection
        assert raw
        if statement.startswith(("UPDATE", "INSERT INTO people")):
            cursor = raw.cursor()
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.extend(row[3] for row in cursor.fetchall())

    event.listen(engine, "before_cursor_execute", explain)
    try:
        with engine.connect() as connection, connection.begin() as transaction:
            load(connection, [EXISTING], run="before")
            load(connection, [EXISTING])
            transaction.rollback()
    finally:
        event.remove(engine, "before_cursor_execute", explain)

    assert [plan for plan in plans if plan.startswith("SEARCH people USING INDEX people_identity")]
    assert not [plan for plan in plans if plan.startswith("SCAN people")]
