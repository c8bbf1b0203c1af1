"""What PostgreSQL has its own way of: its addresses, COPY, and the merge."""

import builtins
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from uuid import uuid4

import polars as pl
import pytest
from sqlalchemy import URL, Connection, Engine, MetaData, Table, event, func, make_url, select, text

from loaders.batch import Loader
from loaders.bulk import Target
from loaders.database import dialect_of, make_or_compare, open_database
from loaders.errors import DatabaseError, DatabaseShapeError, DatabaseTemporaryError, translated
from loaders.run import Books, books
from loaders.transport import shown
from tests.loaders.shop import PEOPLE, POLICY, TABLES, batch_of, contents, load, person, visit
from tests.postgresql import execute

if TYPE_CHECKING:
    from loaders.rejection import Rejected

on_postgresql = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
own_postgresql = pytest.mark.parametrize("own_engine", ["postgresql"], indirect=True)

# What COPY's text format gives a meaning to (the manual, COPY, "Text Format"), and CSV's too.
HOSTILE = [
    "",
    "\\N",
    "\\.",
    "\\",
    "a\tb",
    "a\nb",
    "a\r\nb",
    '"',
    '""',
    "'",
    ",",
    ";",
    "\\t",
    "null",
    " ",
    "Łódź 🙂",
    "\x01\x7f",
]


@on_postgresql
@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_every_way_of_writing_the_address_leads_to_psycopg(engine: Engine, scheme: str) -> None:
    opened = open_database(engine.url.set(drivername=scheme).render_as_string(hide_password=False))
    with opened.begin() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
    assert opened.driver == "psycopg"
    opened.dispose()


@on_postgresql
def test_without_the_driver_it_is_said_what_to_install(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    found = builtins.__import__

    def without(
        name: str,
        globals_: Mapping[str, object] | None = None,
        locals_: Mapping[str, object] | None = None,
        fromlist: Sequence[str] = (),
        level: int = 0,
    ) -> object:
        if name.partition(".")[0] == "psycopg":
            raise ModuleNotFoundError(name=name)
        return found(name, globals_, locals_, fromlist, level)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(DatabaseError) as caught:
        open_database(str(engine.url))
    assert caught.value.code == "database.driver"
    assert "pip install 'vipower-intake[postgresql]'" in str(caught.value)


def test_who_loads_sqlite_does_not_load_the_driver() -> None:
    program = "import sys, loaders.database as d; d.open_database('sqlite:///a.db'); sys.exit('psycopg' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.parametrize(
    "url",
    ["postgresql://u:hunter2@h/d", "postgresql://u@h/d?password=hunter2&sslpassword=hunter2&sslmode=require"],
)
def test_an_address_is_shown_without_its_secrets(url: str) -> None:
    assert "hunter2" not in shown(make_url(url))
    assert "@h/d" in shown(make_url(url))


@on_postgresql
@pytest.mark.parametrize(
    ("query", "code", "temporary"),
    [
        ({"host": "/no/such/folder"}, "database.connection", True),
        ({"dbname": "no_such_database"}, "database.not_opened", False),
        ({"user": "nobody_here"}, "database.not_opened", False),
    ],
)
def test_a_server_that_cannot_be_reached_is_told_from_one_that_does_not_let_in(
    engine: Engine, query: dict[str, str], code: str, *, temporary: bool
) -> None:
    url = engine.url.update_query_dict(query)
    opened = open_database(url.render_as_string(hide_password=False))
    with pytest.raises(DatabaseError) as caught, translated(), opened.begin():
        pass
    assert (caught.value.code, isinstance(caught.value, DatabaseTemporaryError)) == (code, temporary)


@on_postgresql
def test_any_text_but_nul_arrives_as_it_is(connection: Connection) -> None:
    rows = pl.DataFrame({"page": [*HOSTILE, None], "note": [None, *HOSTILE]})
    connection.execute(text('CREATE TEMPORARY TABLE "any" (page text, note text, "50% it\'s" text)'))
    table = _reflected(connection)

    inserted = dialect_of(connection).insert(Target(connection, table, {"50% it's": "it's\t50%"}), rows)

    assert inserted == len(rows)
    found = connection.execute(text('SELECT * FROM "any"')).all()
    assert [tuple(row) for row in found] == [(*row, "it's\t50%") for row in rows.iter_rows()]
    connection.execute(text('DROP TABLE "any"'))


@on_postgresql
@pytest.mark.parametrize("way", ["environment", "address", "options"])
def test_letters_arrive_as_they_are_whatever_the_client_is_told_of_their_encoding(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    query = {"address": {"client_encoding": "latin2"}, "options": {"options": "-cclient_encoding=latin2"}}.get(way, {})
    if way == "environment":
        monkeypatch.setenv("PGCLIENTENCODING", "LATIN2")
    opened = open_database(engine.url.update_query_dict(query).render_as_string(hide_password=False))
    with opened.connect() as connection:
        load(connection, [person(1, "jan@example.com", "Łódź")])
        assert contents(connection, PEOPLE, "first_name") == [("Łódź",)]
        assert connection.scalar(select(func.octet_length(PEOPLE.c.first_name))) == 7  # in UTF-8
    opened.dispose()


@pytest.mark.parametrize("encoding", ["LATIN2", "WIN1250", "SQL_ASCII"])
def test_a_database_that_has_not_every_letter_is_refused(postgresql_server: URL, encoding: str) -> None:
    name = f"intake_test_{uuid4().hex}"
    execute(
        postgresql_server,
        f"CREATE DATABASE {name} ENCODING '{encoding}' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0",
    )
    opened = open_database(postgresql_server.set(database=name).render_as_string(hide_password=False))
    with pytest.raises(DatabaseError) as caught, translated(), opened.begin():
        pass
    assert (caught.value.code, isinstance(caught.value, DatabaseTemporaryError)) == ("database.encoding", False)
    opened.dispose()
    execute(postgresql_server, f"DROP DATABASE {name}")  # nobody is connected any more


def _reflected(connection: Connection) -> Table:
    return Table("any", MetaData(), autoload_with=connection)


@on_postgresql
def test_hostile_text_is_merged_and_comes_back_as_it_is(connection: Connection) -> None:
    people = [
        person(number, f"jan{number}@example.com", "Jan", value) for number, value in enumerate(HOSTILE, 1) if value
    ]
    assert load(connection, people) == [{"new": len(people)}]
    assert sorted(contents(connection, PEOPLE, "city")) == sorted((value,) for value in HOSTILE if value)
    assert load(connection, people, run="again") == [{"unchanged": len(people)}]


@on_postgresql
@pytest.mark.parametrize("kind", ["person", "visit"])
def test_a_row_with_nul_is_refused_and_its_neighbours_load(connection: Connection, kind: str) -> None:
    items = (
        [person(number, f"jan{number}@example.com", "J\0n" if number == 3 else "Jan") for number in range(1, 6)]
        if kind == "person"
        else [visit(number, "192.0.2\0" if number == 3 else "192.0.2.7") for number in range(1, 6)]
    )
    refused: list[Rejected] = []
    Loader(POLICY, TABLES, "now", "update").load(connection, batch_of(1, items, 5), refused)

    assert [(one.record, one.faults[0].params) for one in refused] == [(3, {"sqlstate": "22021"})]
    assert books(connection, TABLES, "now") == Books(read=5, new=4, rejected=1)
    ((fields,),) = contents(connection, TABLES.rejections, "fields")
    assert "\0" in str(fields).encode().decode("unicode_escape")


@on_postgresql
def test_an_unchanged_row_is_not_written(connection: Connection) -> None:
    """A row that is written is another version of it, with another ctid (the manual, 5.6)."""
    people = [person(number, f"jan{number}@example.com") for number in range(1, 100)]
    load(connection, people, run="before")
    versions = select(PEOPLE.c.email, text("ctid::text")).order_by(PEOPLE.c.id)
    before = connection.execute(versions).all()

    assert load(connection, [*people[:50], person(51, "jan51@example.com", "Ewa")]) == [{"unchanged": 50, "updated": 1}]

    after = connection.execute(versions).all()
    assert [old.email for old, new in zip(before, after, strict=True) if old != new] == ["jan51@example.com"]


@on_postgresql
def test_customers_who_are_there_use_up_no_numbers(connection: Connection) -> None:
    people = [person(number, f"jan{number}@example.com") for number in range(1, 100)]
    load(connection, people, run="before")
    last = connection.scalar(select(func.max(PEOPLE.c.id)))
    load(connection, [*people, person(100, "new@example.com")])
    assert connection.scalar(select(func.max(PEOPLE.c.id))) == last + 1


@own_postgresql
def test_a_batch_is_merged_in_one_statement_through_the_index(own_engine: Engine) -> None:
    """Also where the planner knows nothing of a table yet, which is filled for the first time."""
    plans: list[str] = []

    def explain(connection: Connection, _cursor: object, sql: str, parameters: tuple[object, ...], *_: object) -> None:
        if sql.startswith("WITH found"):
            raw = connection.connection.dbapi_connection
            assert raw
            cursor = raw.cursor()
            cursor.execute(f"EXPLAIN {sql}", parameters)
            plans.append("\n".join(line for (line,) in cursor.fetchall()))

    everybody = [person(number, f"jan{number}@example.com") for number in range(1, 20_001)]
    with own_engine.connect() as connection:
        load(connection, everybody, run="before")
        event.listen(own_engine, "before_cursor_execute", explain)
        load(connection, everybody[:10_000])
        load(connection, everybody[:10_000], run="later")

    assert len(plans) == 2
    for plan in plans:
        assert "Index Scan using people_identity on people" in plan
        found = plan.partition("CTE found")[2].partition("CTE inserted")[0]
        assert "Seq Scan on people" not in found


@own_postgresql
def test_what_is_made_fits_and_what_differs_is_told(own_engine: Engine) -> None:
    with own_engine.begin() as connection:
        make_or_compare(connection, TABLES)
        connection.execute(text("ALTER TABLE people ADD COLUMN pesel text, DROP COLUMN city CASCADE"))
        connection.execute(text("DROP INDEX people_identity"))
        connection.execute(text("CREATE UNIQUE INDEX people_identity ON people (email)"))
        with pytest.raises(DatabaseShapeError) as caught:
            make_or_compare(connection, TABLES)
    assert sorted(caught.value.differences) == [
        "table people has a column pesel that the policy does not name",
        "table people has no column city",
        "table people, index people_identity tells its records apart by something else",
        "there is no view people_known, by which a loader knows the records of people",
    ]
