"""A database made for another policy, or by another version: what an upgrade mends, and what it leaves to a person."""

import re
import sqlite3
import warnings
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Engine, Inspector, create_engine, inspect, text
from sqlalchemy.exc import SAWarning

from loaders import schema, schema_change
from loaders.batch import Loader
from loaders.database import make_or_compare, open_database
from loaders.errors import DatabaseError, DatabaseShapeError
from loaders.tables import Tables, draw
from tests.loaders.shop import POLICY, TABLES, batch_of, person
from tests.postgresql import fresh_database
from validators import Policy, load_policy

SHOP = Path(__file__).with_name("shop.toml").read_text(encoding="utf-8")
CITY = 'required = ["email", "first_name"]\noptional = ["city"]'
MARK = "Wolica Kozłowa"


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database of its own."""
    if request.param == "sqlite":
        engine = open_database(f"sqlite:///{tmp_path}/shop.db")
        yield engine
        engine.dispose()
        return
    server: URL = request.getfixturevalue("postgresql_server")
    with fresh_database(server) as url:
        engine = create_engine(url, hide_parameters=True)
        yield engine
        engine.dispose()


@pytest.fixture
def made(empty: Engine) -> Engine:
    """A database as an import makes it, with two people, one of them without a city."""
    with empty.begin() as connection:
        make_or_compare(connection, TABLES)
        people = [person(1, "jan@example.com", city=MARK), person(2, "ewa@example.com")]
        Loader(POLICY, TABLES, "before", "update").load(connection, batch_of(1, people, 2))
    return empty


@pytest.fixture
def policy(tmp_path: Path) -> "Changed":
    return Changed(tmp_path)


class Changed:
    """The shop's policy with something put in another's place."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "changed.toml"

    def __call__(self, old: str, new: str) -> Tables:
        return draw(self.read(old, new))

    def read(self, old: str, new: str) -> Policy:
        assert old in SHOP
        self._path.write_text(SHOP.replace(old, new), encoding="utf-8")
        return load_policy(self._path)


def upgrade(engine: Engine, tables: Tables) -> list[str]:
    with engine.begin() as connection:
        return schema_change.upgrade(connection, tables)


def left(engine: Engine, tables: Tables) -> list[schema.Difference]:
    with engine.begin() as connection:
        return schema_change.differences(connection, tables)


def codes(engine: Engine, tables: Tables) -> list[tuple[str, str | None, int | None]]:
    return [(one.code, one.column, one.rows) for one in left(engine, tables)]


def fits(engine: Engine, tables: Tables) -> bool:
    """Whether an import would take the database as it is."""
    try:
        with engine.begin() as connection:
            make_or_compare(connection, tables)
    except DatabaseShapeError:
        return False
    return True


def people(engine: Engine) -> list[tuple[object, ...]]:
    with engine.begin() as connection:
        return [tuple(row) for row in connection.execute(text("SELECT id, email, city FROM people ORDER BY id"))]


def shape(engine: Engine) -> dict[str, object]:
    """All that a database says of its tables."""
    inspector = inspect(engine)
    names = [*inspector.get_table_names(), *inspector.get_view_names()]
    columns = {
        name: sorted((one["name"], str(one["type"]), one["nullable"]) for one in inspector.get_columns(name))
        for name in names
    }
    return {
        "columns": columns,
        "keys": {name: inspector.get_pk_constraint(name)["constrained_columns"] for name in names},
        "unique": {name: _unique(inspector, name) for name in names},
        "indexes": _indexes(engine),
    }


def _unique(inspector: Inspector, name: str) -> list[list[str]]:
    with warnings.catch_warnings():  # SQLAlchemy says that it leaves an index out, which `_indexes` has
        warnings.simplefilter("ignore", SAWarning)
        return [one["column_names"] for one in inspector.get_unique_constraints(name)]


def _indexes(engine: Engine) -> list[str]:
    query = {
        "sqlite": "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
        "postgresql": "SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema()",
    }
    with engine.begin() as connection:
        return sorted(re.sub(r"\s+", " ", sql) for sql in connection.scalars(text(query[engine.dialect.name])))


# --- the product's own tables ----------------------------------------------------------------------------------------


def test_an_upgrade_makes_of_nothing_what_an_import_makes(empty: Engine) -> None:
    done = upgrade(empty, TABLES)
    assert "made the table people" in done
    upgraded = shape(empty)
    with empty.begin() as connection:
        TABLES.metadata.drop_all(connection)
        schema.REVISION.drop(connection)
    with empty.begin() as connection:
        make_or_compare(connection, TABLES)
    assert shape(empty) == upgraded
    assert codes(empty, TABLES) == []
    assert upgrade(empty, TABLES) == []


def test_an_import_knows_the_newest_revision() -> None:
    config = Config()
    config.set_main_option("script_location", "loaders:migrations")
    assert ScriptDirectory.from_config(config).get_heads() == [schema.HEAD]


def test_a_database_of_the_version_before_revisions_is_recognised(made: Engine) -> None:
    with made.begin() as connection:
        schema.REVISION.drop(connection)
    before = people(made)
    assert not fits(made, TABLES)
    assert codes(made, TABLES) == [("schema.revision", None, None)]
    assert upgrade(made, TABLES) == ["noted that the database is of revision 0001"]
    assert fits(made, TABLES)
    assert people(made) == before


def test_a_database_of_a_newer_version_is_left_alone(made: Engine) -> None:
    with made.begin() as connection:
        connection.execute(schema.REVISION.update().values(version_num="9999"))
    with pytest.raises(DatabaseError) as caught:
        upgrade(made, TABLES)
    assert caught.value.code == "schema.newer"
    assert "9999" in str(caught.value)
    assert not fits(made, TABLES)


def test_a_table_of_our_own_that_is_gone_is_not_made_by_an_upgrade(made: Engine) -> None:
    with made.begin() as connection:
        connection.execute(text("DROP TABLE rejections"))
    assert upgrade(made, TABLES) == []
    (one,) = left(made, TABLES)
    assert (one.code, one.table) == ("schema.table_missing", "rejections")
    assert "restore" in one.remedy


# --- a changed policy ------------------------------------------------------------------------------------------------


def test_a_field_that_is_added_gets_its_column(made: Engine, policy: Changed) -> None:
    more = policy('["ip_address"]', '["ip_address"]\noptional = ["city"]')
    assert not fits(made, more)
    assert upgrade(made, more) == ["added the column city to visits"]
    assert fits(made, more)
    assert codes(made, more) == []


def test_a_required_field_that_is_added_to_an_empty_table_is_not_null_at_once(made: Engine, policy: Changed) -> None:
    more = policy('["ip_address"]', '["ip_address", "city"]')
    assert upgrade(made, more) == ["added the column city to visits", "made visits.city NOT NULL"]
    assert codes(made, more) == []


def test_a_required_field_that_rows_lack_waits_until_all_have_it(made: Engine, policy: Changed) -> None:
    changed = policy.read('["email", "first_name"]', '["email", "first_name", "code"]')
    more = draw(changed)
    assert upgrade(made, more) == ["added the column code to people"]
    (one,) = left(made, more)
    assert (one.code, one.column, one.rows, one.blocks) == ("schema.column_optional", "code", 2, False)
    assert "2 rows have no code" in one.remedy
    assert fits(made, more)  # an import is how they get it

    with made.begin() as connection:
        connection.execute(text("UPDATE people SET code = 'A'"))
    assert codes(made, more) == [("schema.column_optional", "code", 0)]
    assert upgrade(made, more) == ["made people.code NOT NULL"]
    assert codes(made, more) == []


def test_a_field_that_becomes_required_is_not_null_once_no_row_lacks_it(made: Engine, policy: Changed) -> None:
    strict = policy(CITY, 'required = ["email", "first_name", "city"]')
    before = people(made)
    assert upgrade(made, strict) == []
    assert codes(made, strict) == [("schema.column_optional", "city", 1)]
    assert people(made) == before

    with made.begin() as connection:
        connection.execute(text("DELETE FROM people WHERE city IS NULL"))
    assert upgrade(made, strict) == ["made people.city NOT NULL"]
    assert codes(made, strict) == []
    assert people(made) == [row for row in before if row[2]]


def test_a_field_that_becomes_optional_is_no_longer_not_null(made: Engine, policy: Changed) -> None:
    lax = policy(CITY, 'required = ["email"]\noptional = ["first_name", "city"]')
    before = people(made)
    assert not fits(made, lax)
    assert upgrade(made, lax) == ["made people.first_name no longer NOT NULL"]
    assert codes(made, lax) == []
    assert people(made) == before


def test_a_kind_that_is_added_gets_its_table(made: Engine, policy: Changed) -> None:
    kind = '\n[kinds.guest]\nlabel = { pl = "Gość", en = "Guest" }\nclause = "goście"\ntable = "guests"\n'
    more = policy('required = ["code"]\n', f'required = ["code"]\n{kind}identity = "email"\nrequired = ["email"]\n')
    assert upgrade(made, more) == ["made the table guests"]
    assert codes(made, more) == []


def test_a_table_of_a_kind_that_is_gone_is_named_and_left(made: Engine, policy: Changed) -> None:
    less = policy("[kinds.visit]", "[kinds.login]")
    assert codes(made, less) == []
    less = policy('table = "visits"', 'table = "calls"')
    assert upgrade(made, less) == ["made the table calls"]
    (one,) = left(made, less)
    assert (one.code, one.table, one.blocks) == ("schema.table_not_allowed", "visits", False)
    assert "DROP TABLE visits;" in one.remedy


def test_a_field_that_is_gone_is_dropped_by_nobody_but_a_person(made: Engine, policy: Changed) -> None:
    less = policy(CITY, 'required = ["email", "first_name"]')
    assert not fits(made, less)
    assert upgrade(made, less) == []
    (one,) = left(made, less)
    assert (one.code, one.column, one.rows) == ("schema.column_not_allowed", "city", 1)
    assert "intake db drop-column people.city --into URL --yes" in one.remedy
    assert len(people(made)) == 2

    with made.begin() as connection:
        schema_change.drop_column(connection, less, "people", "city")
    assert codes(made, less) == []
    assert fits(made, less)
    assert not found(made, MARK)


@pytest.mark.parametrize(
    ("table", "name"),
    [
        ("people", "city"),
        ("people", "id"),
        ("people", "nope"),
        ("intake_runs", "run"),
        ("intake_schema", "version_num"),
        ("x", "y"),
    ],
)
def test_what_must_be_there_is_not_dropped(made: Engine, table: str, name: str) -> None:
    before = shape(made)
    with pytest.raises(schema_change.NotDroppableError), made.begin() as connection:
        schema_change.drop_column(connection, TABLES, table, name)
    assert shape(made) == before


def found(engine: Engine, mark: str) -> bool:
    """Whether a text stands anywhere in what the database keeps of its people on the disk."""
    assert engine.url.database
    if engine.dialect.name == "sqlite":
        return mark.encode() in Path(engine.url.database).read_bytes()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CHECKPOINT"))
        return bool(
            connection.scalar(
                text(
                    "SELECT position(convert_to(:mark, 'UTF8') IN pg_read_binary_file(pg_relation_filepath('people')))"
                ),
                {"mark": mark},
            )
        )


def test_what_a_column_held_is_on_the_disk_until_it_is_dropped(made: Engine) -> None:
    """That the search finds what is there."""
    assert found(made, MARK)


# --- indexes ---------------------------------------------------------------------------------------------------------


def test_an_index_that_is_gone_is_made_again_where_records_can_be_told_apart(made: Engine) -> None:
    before = _indexes(made)
    with made.begin() as connection:
        connection.execute(text("DROP INDEX people_identity"))
        connection.execute(
            text(
                "INSERT INTO people SELECT 7, 'JAN@example.com', first_name, city, source_reference, "
                "run, policy, created_at, updated_at FROM people WHERE id = 1"
            )
        )
    assert upgrade(made, TABLES) == []
    (one,) = left(made, TABLES)
    assert (one.code, one.rows) == ("schema.index_missing", 1)
    with made.begin() as connection:
        connection.execute(text("DELETE FROM people WHERE id = 7"))
    assert upgrade(made, TABLES) == ["made the index people_identity of people"]
    assert _indexes(made) == before


@pytest.mark.parametrize(
    "made_by",
    [
        "CREATE UNIQUE INDEX people_identity ON people (lower(first_name))",
        "CREATE INDEX people_identity ON people (lower(email))",
    ],
)
def test_an_index_over_something_else_is_made_anew(made: Engine, made_by: str) -> None:
    before = _indexes(made)
    with made.begin() as connection:
        connection.execute(text("DROP INDEX people_identity"))
        connection.execute(text("UPDATE people SET first_name = email"))
        connection.execute(text(made_by))
    assert [code for code, *_ in codes(made, TABLES)] == ["schema.index_other"]
    assert upgrade(made, TABLES) == ["made the index people_identity of people"]
    assert _indexes(made) == before


@pytest.mark.parametrize("empty", ["sqlite"], indirect=True)
def test_what_others_made_on_a_table_outlives_its_moving(made: Engine, policy: Changed) -> None:
    with made.begin() as connection:
        connection.execute(text("CREATE INDEX people_by_city ON people (city)"))
        connection.execute(text("CREATE VIEW cities AS SELECT city FROM people"))
        connection.execute(
            text("CREATE TRIGGER people_kept BEFORE DELETE ON people BEGIN SELECT RAISE(ABORT, 'no'); END")
        )
    indexes = _indexes(made)
    upgrade(made, policy(CITY, 'required = ["email"]\noptional = ["first_name", "city"]'))
    assert _indexes(made) == indexes
    with made.begin() as connection:
        assert connection.execute(text("SELECT count(*) FROM cities")).scalar() == 2
    with (
        closing(sqlite3.connect(str(made.url.database))) as connection,
        pytest.raises(sqlite3.IntegrityError, match="no"),
    ):
        connection.execute("DELETE FROM people")


# --- all or nothing --------------------------------------------------------------------------------------------------


def test_an_upgrade_is_one_transaction(made: Engine, policy: Changed) -> None:
    before = shape(made)
    with made.connect() as connection, connection.begin() as transaction:
        schema_change.upgrade(connection, policy(CITY, 'required = ["email"]\noptional = ["first_name", "code"]'))
        transaction.rollback()
    assert shape(made) == before


@pytest.mark.parametrize("empty", ["postgresql"], indirect=True)
def test_a_view_that_is_gone_is_made_again(made: Engine) -> None:
    with made.begin() as connection:
        connection.execute(text("DROP VIEW people_known"))
    assert not fits(made, TABLES)
    assert upgrade(made, TABLES) == ["made the view people_known"]
    assert fits(made, TABLES)
