"""Each role on a real server: that it can do its work, and that it can do nothing else."""

import hashlib
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from uuid import uuid4

import pytest
from sqlalchemy import URL, Connection, Engine, create_engine, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from loaders import run as ledger
from loaders import schema_change
from loaders.batch import Loader
from loaders.database import make_or_compare
from loaders.roles import roles_sql
from loaders.run import Source, books
from loaders.schema import compare
from loaders.tables import draw
from tests.loaders.shop import POLICY, TABLES, Item, batch_of, person, rejected, visit, voucher
from tests.postgresql import execute, fresh_database, wheel
from validators import load_policy

ROLES: Final = ("migrator", "loader", "steward", "auditor")

As = Callable[[str], Connection]  # the fixture `connected`


@pytest.fixture(scope="module")
def prefix() -> str:
    return f"t{uuid4().hex[:12]}"  # roles are the whole server's


@pytest.fixture(scope="module")
def database(postgresql_server: URL, prefix: str) -> Iterator[URL]:
    """A database with the roles, a user of each, two people, a visit and a rejection."""
    with fresh_database(postgresql_server) as url:
        psql(url, prefix)  # before there are any tables
        for role in ROLES:
            name = f"{prefix}_{role}"
            execute(url, f"CREATE ROLE {name}_user LOGIN PASSWORD 'x' IN ROLE {name}")
        with opened(as_owner(url, prefix)) as engine, engine.begin() as connection:
            schema_change.upgrade(connection, TABLES)
        psql(url, prefix)
        with opened(url) as engine, engine.begin() as connection:
            items: list[Item] = [
                person(1, "jan@example.com"),
                person(2, "ewa@example.com"),
                visit(3, "192.0.2.7"),
                rejected(4),
            ]
            Loader(POLICY, TABLES, "before", "update").load(connection, batch_of(1, items, 4))
        yield url
    for role in ROLES:
        execute(postgresql_server, f"DROP ROLE {prefix}_{role}_user")
        execute(postgresql_server, f"DROP ROLE {prefix}_{role}")
    execute(postgresql_server, f"DROP ROLE {prefix}_owner")


@pytest.fixture
def connected(database: URL, prefix: str) -> Iterator[As]:
    """A connection as a role; what it does is rolled back."""
    engines: list[Engine] = []
    connections: list[Connection] = []

    def connect(role: str) -> Connection:
        engines.append(create_engine(user(database, f"{prefix}_{role}"), hide_parameters=True))
        connections.append(engines[-1].connect())
        return connections[-1]

    yield connect
    for connection in connections:
        connection.rollback()
        connection.close()
    for engine in engines:
        engine.dispose()


@contextmanager
def opened(url: URL) -> Iterator[Engine]:
    engine = create_engine(url, hide_parameters=True)
    try:
        yield engine
    finally:
        engine.dispose()


def user(url: URL, role: str) -> URL:
    return url.set(username=f"{role}_user", password="x")  # noqa: S106  (of a server of our own)


def as_owner(url: URL, prefix: str) -> URL:
    """A migrator who becomes the owner, whose the tables are then."""
    return user(url, f"{prefix}_migrator").update_query_dict({"options": f"-crole={prefix}_owner"})


def psql(url: URL, prefix: str, sql: str | None = None) -> str:
    """Pipe the statements into PostgreSQL's own client, as whoever administers the server; what it complains of."""
    site_packages, newest = wheel()
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    done = subprocess.run(
        [site_packages / newest / "bin" / "psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", address],
        input=sql or roles_sql(POLICY, prefix),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


def denied(connection: Connection, statement: str) -> bool:
    """Whether the server denies a statement for want of the right to it, and for no other reason."""
    try:
        with connection.begin_nested():
            connection.execute(text(statement))
    except ProgrammingError as error:
        return getattr(error.orig, "sqlstate", "") == "42501"  # insufficient_privilege
    return False


# --- the statements --------------------------------------------------------------------------------------------------


def test_before_there_are_tables_it_says_what_to_do(postgresql_server: URL, prefix: str, database: URL) -> None:
    assert database
    with fresh_database(postgresql_server) as empty:
        assert "There is no table people yet: run intake db upgrade, and this again." in psql(empty, prefix)


def test_run_again_it_changes_nothing(database: URL, prefix: str) -> None:
    before = rights(database)
    assert psql(database, prefix) == ""
    assert rights(database) == before
    assert before


def test_a_right_that_somebody_gave_beside_them_is_taken(database: URL, prefix: str) -> None:
    before = rights(database)
    execute(database, f"GRANT SELECT (first_name) ON people TO {prefix}_loader; GRANT ALL ON people TO PUBLIC")
    assert rights(database) != before
    psql(database, prefix)
    assert rights(database) == before


def rights(url: URL) -> list[tuple[object, ...]]:
    """All rights on tables, sequences and columns."""
    query = (
        "SELECT relname::text, '', relowner::regrole::text, relacl::text FROM pg_class "
        "WHERE relnamespace = current_schema()::regnamespace AND relkind <> 'i' "
        "UNION ALL SELECT attrelid::regclass::text, attname::text, '', attacl::text FROM pg_attribute "
        "WHERE attacl IS NOT NULL ORDER BY 1, 2"
    )
    with opened(url) as engine, engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_the_public_has_no_right(database: URL, prefix: str) -> None:
    execute(database, f"CREATE ROLE {prefix}_stranger LOGIN PASSWORD 'x'")
    try:
        with (
            opened(database.set(username=f"{prefix}_stranger", password="x")) as engine,  # noqa: S106  (as above)
            pytest.raises(OperationalError, match="permission denied for database"),
        ):
            engine.connect()
    finally:
        execute(database, f"DROP ROLE {prefix}_stranger")


# --- what each may do ------------------------------------------------------------------------------------------------


def test_a_loader_can_load(connected: As) -> None:
    connection = connected("loader")
    make_or_compare(connection, TABLES)
    run = ledger.begin(connection, TABLES, Source("a.csv", "0" * 64), POLICY.identity, {})
    loader = Loader(POLICY, TABLES, run.id, "update")
    items: list[Item] = [
        person(1, "JAN@example.com"),  # another way to write it
        person(2, "ewa@example.com"),
        person(3, "ewa@example.com", "Ewa"),
        person(4, "ola@example.com"),
        person(5, "ola@example.com"),
        voucher(6, "A"),
        visit(7, "192.0.2.8"),
        rejected(8),
    ]
    loader.load(connection, batch_of(1, items, 8))
    found = books(connection, TABLES, run.id)
    assert found == ledger.Books(read=8, new=3, updated=2, unchanged=1, duplicate=1, rejected=1)
    ledger.end(connection, TABLES, run.id, "finished")
    assert ledger.findings(connection, TABLES, run.id)["faults"]


def test_what_a_loader_knows_of_a_customer_is_who_is_there_and_a_digest(connected: As) -> None:
    known = connected("loader").execute(text("SELECT * FROM people_known WHERE email = 'jan@example.com'"))
    assert [*known.keys()] == ["id", "email", "run", "content_sha256"]
    # by hand: city, email, first_name, as PostgreSQL writes a row (postgresql.org/docs/18/rowtypes.html, 8.16.6)
    assert known.one()[3] == hashlib.sha256(b"(,jan@example.com,Jan)").digest()


def test_a_steward_reads_the_rejections_and_the_books(connected: As) -> None:
    connection = connected("steward")
    assert connection.execute(text("SELECT fields FROM rejections")).all() == [
        ({"email": "jan(at)example.com", "first_name": None},)
    ]
    assert books(connection, TABLES, "before").balanced


def test_an_auditor_counts(connected: As) -> None:
    connection = connected("auditor")
    assert books(connection, TABLES, "before").balanced
    assert connection.execute(text("SELECT run, count(*) FROM people GROUP BY run")).all() == [("before", 2)]
    assert connection.execute(text("SELECT kind, count(*) FROM rejections GROUP BY kind")).all() == [("person", 1)]


def test_a_migrator_changes_the_schema_and_leaves_the_tables_the_owners(
    database: URL, prefix: str, tmp_path: Path
) -> None:
    shop = Path(__file__).with_name("shop.toml").read_text(encoding="utf-8")
    (tmp_path / "more.toml").write_text(shop.replace('["ip_address"]', '["ip_address"]\noptional = ["city"]'), "utf-8")
    more = draw(load_policy(tmp_path / "more.toml"))
    with (
        opened(as_owner(database, prefix)) as engine,
        engine.connect() as connection,
        connection.begin() as transaction,
    ):
        assert schema_change.upgrade(connection, more) == ["added the column city to visits"]
        owners = text("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = current_schema()")
        assert connection.scalars(owners).all() == [f"{prefix}_owner"]
        transaction.rollback()


# --- what each must not do -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT first_name FROM people",
        "SELECT * FROM people",
        "SELECT people FROM people",
        "SELECT city FROM people",
        "SELECT source_reference FROM people",
        "SELECT ip_address FROM visits",
        "SELECT fields FROM rejections",
        "SELECT faults FROM rejections",
        "SELECT id FROM people WHERE first_name = 'Jan'",
        "UPDATE people SET city = first_name",
        "UPDATE people SET city = 'x' WHERE first_name = 'Jan'",
        "UPDATE people SET city = 'x' RETURNING first_name",
        "UPDATE people SET id = 7",
        "UPDATE visits SET ip_address = '192.0.2.1'",
        "UPDATE rejections SET fields = '{}'",
        "UPDATE intake_batches SET new = 0",
        "DELETE FROM people",
        "DELETE FROM visits",
        "DELETE FROM rejections",
        "DELETE FROM intake_runs",
        "TRUNCATE people",
        (
            "INSERT INTO people (email, first_name, run, policy, created_at, updated_at) VALUES "
            "('ewa@example.com', 'x', 'x', 'x', now(), now()) "
            "ON CONFLICT (lower(email)) DO UPDATE SET city = people.first_name"
        ),
        "CREATE VIEW mine AS SELECT 1",
        "CREATE TABLE mine (a int)",
        "CREATE OR REPLACE VIEW people_known AS SELECT id, email, run, first_name::bytea FROM people",
        "ALTER TABLE people ADD COLUMN pesel text",
        "DROP TABLE people",
        "GRANT SELECT ON people TO PUBLIC",
        "SET ROLE OWNER_ROLE",
    ],
)
def test_a_loader_reads_no_data_and_destroys_none(connected: As, prefix: str, statement: str) -> None:
    assert denied(connected("loader"), statement.replace("OWNER_ROLE", f"{prefix}_owner"))


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT email FROM people",
        "SELECT id FROM people",
        "SELECT ip_address FROM visits",
        "SELECT id FROM people_known",
        "INSERT INTO visits (ip_address) VALUES ('192.0.2.1')",
        "UPDATE people SET city = 'x'",
        "DELETE FROM people",
        "UPDATE rejections SET fields = '{}'",
        "DELETE FROM rejections",
        "UPDATE intake_runs SET state = 'finished'",
        "CREATE TEMPORARY TABLE mine (a int)",
        "CREATE TABLE mine (a int)",
        "SET ROLE OWNER_ROLE",
    ],
)
def test_a_steward_sees_no_customer(connected: As, prefix: str, statement: str) -> None:
    assert denied(connected("steward"), statement.replace("OWNER_ROLE", f"{prefix}_owner"))


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT email FROM people",
        "SELECT first_name FROM people",
        "SELECT ip_address FROM visits",
        "SELECT id FROM people_known",
        "SELECT fields FROM rejections",
        "SELECT source_reference FROM rejections",
        "SELECT faults FROM rejections",
        "INSERT INTO visits (ip_address) VALUES ('192.0.2.1')",
        "DELETE FROM rejections",
        "UPDATE intake_runs SET state = 'finished'",
        "CREATE TABLE mine (a int)",
        "SET ROLE OWNER_ROLE",
    ],
)
def test_an_auditor_sees_no_person(connected: As, prefix: str, statement: str) -> None:
    assert denied(connected("auditor"), statement.replace("OWNER_ROLE", f"{prefix}_owner"))


@pytest.mark.parametrize("role", ["loader", "steward", "auditor"])
def test_every_role_can_tell_whether_the_database_fits(connected: As, role: str) -> None:
    assert [*compare(connected(role), TABLES)] == []
