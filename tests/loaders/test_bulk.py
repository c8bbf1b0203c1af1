"""Many rows a statement: they arrive whole and counted, and what stands there already is left to others."""

import sqlite3
from datetime import UTC, datetime
from unittest import mock

import polars as pl
import pytest
from rich.pretty import pretty_repr
from sqlalchemy import Column, Connection, Engine, MetaData, Table, Text, func, select
from sqlalchemy.exc import IntegrityError

from loaders import bulk
from loaders.bulk import Statement, Target, insert_all, insert_new
from tests.loaders.shop import PEOPLE, contents, frame, load, person, statements_into

STAMP = datetime(2026, 11, 22, tzinfo=UTC)
SAME = {"run": "now", "policy": "p", "created_at": STAMP, "updated_at": STAMP}

on_sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def people(*emails: str) -> pl.DataFrame:
    return frame("person", [person(record, email) for record, email in enumerate(emails, 1)])


def insert_people(connection: Connection, *emails: str) -> tuple[int, list[str]]:
    """Insert people who are likely new; how many there were, and the addresses of those that are left."""
    inserted, left = insert_new(Target(connection, PEOPLE, SAME), people(*emails))
    return inserted, left["email"].to_list()


@on_sqlite
@pytest.mark.parametrize("rows", [1, 99, 100, 101, 250])
def test_all_rows_arrive_and_are_counted_by_the_database(connection: Connection, rows: int) -> None:
    expected = [(f"jan{row}@example.com", "Jan", None, f"R{row}", "now") for row in range(1, rows + 1)]
    columns = people(*(email for email, *_ in expected)).drop("record", "line")

    assert insert_all(Target(connection, PEOPLE, SAME), columns) == rows
    assert contents(connection, PEOPLE, "email", "first_name", "city", "source_reference", "run") == expected


@on_sqlite
def test_what_is_the_same_in_all_rows_has_its_type(connection: Connection) -> None:
    insert_all(Target(connection, PEOPLE, SAME), people("jan@example.com").drop("record", "line"))
    created = connection.execute(select(PEOPLE.c.created_at)).scalar_one()
    assert (created if created.tzinfo else created.replace(tzinfo=UTC)) == STAMP


@on_sqlite
def test_names_and_what_is_the_same_in_all_rows_are_quoted(connection: Connection) -> None:
    table = Table('or"der', MetaData(), Column("group", Text), Column("50% off", Text), prefixes=["TEMPORARY"])
    table.create(connection)
    assert insert_all(Target(connection, table, {"50% off": "it's 50%"}), pl.DataFrame({"group": ["a", "b"]})) == 2
    assert connection.execute(select(table)).all() == [("a", "it's 50%"), ("b", "it's 50%")]
    table.drop(connection)


@on_sqlite
def test_a_statement_has_no_more_parameters_than_the_database_takes(connection: Connection) -> None:
    driver: object = connection.connection.dbapi_connection
    assert isinstance(driver, sqlite3.Connection)
    before = driver.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 13)
    try:
        assert insert_people(connection, *(f"jan{row}@example.com" for row in range(8))) == (8, [])
    finally:
        driver.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, before)


@on_sqlite
def test_a_statement_has_many_rows(connection: Connection, engine: Engine) -> None:
    with statements_into(engine, "people") as seen:
        insert_people(connection, *(f"jan{row}@example.com" for row in range(10 * bulk.ROWS)))
    assert len(seen) == 10


@on_sqlite
def test_rows_that_a_statement_shares_with_one_that_is_there_are_left(connection: Connection) -> None:
    load(connection, [person(1, "C@example.com")])
    with mock.patch.object(bulk, "ROWS", 2):
        inserted, left = insert_people(connection, *(f"{name}@example.com" for name in "abcdefg"))
    assert (inserted, left) == (5, ["c@example.com", "d@example.com"])
    assert connection.scalar(select(func.count()).select_from(PEOPLE)) == 6


@on_sqlite
def test_where_all_stand_there_only_a_few_statements_are_tried(connection: Connection, engine: Engine) -> None:
    emails = [f"jan{row}@example.com" for row in range(5000)]
    insert_people(connection, *emails)
    with statements_into(engine, "people") as seen:
        inserted, left = insert_people(connection, *emails)
    assert (inserted, left) == (0, emails)
    assert len(seen) == bulk.PATIENCE + 1


@on_sqlite
def test_what_the_database_refuses_for_another_reason_is_an_error(connection: Connection) -> None:
    rows = people("jan@example.com").with_columns(first_name=pl.lit(None, pl.String))
    with pytest.raises(IntegrityError, match="NOT NULL"):
        insert_new(Target(connection, PEOPLE, SAME), rows)
    assert contents(connection, PEOPLE, "email") == []


@on_sqlite
def test_no_rows_are_no_statement(connection: Connection) -> None:
    assert load(connection, []) == []
    assert insert_all(Target(connection, PEOPLE), pl.DataFrame({"email": []})) == 0


def test_a_statement_shows_no_value() -> None:
    statement = Statement(1, "INSERT", ("mark-of-a-value",))
    for text in (repr(statement), str(statement), pretty_repr(statement)):
        assert "mark-of-a-value" not in text
