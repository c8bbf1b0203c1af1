"""A database that customers are kept in: how it is opened, made, and refused when it is of another shape."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import inspect

from loaders.database import make_or_compare
from loaders.errors import DatabaseShapeError
from tests.loaders.shop import TABLES, Open, load, person


def made(opened: Open, path: Path) -> Path:
    with opened(path).begin() as connection:
        make_or_compare(connection, TABLES)
    return path


def run_script(path: Path, script: str) -> bytes:
    """What is in the file when somebody else has run a script of SQL on it."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script)
    return path.read_bytes()


def differences(opened: Open, path: Path) -> tuple[str, ...]:
    with pytest.raises(DatabaseShapeError) as caught, opened(path).begin() as connection:
        make_or_compare(connection, TABLES)
    for difference in caught.value.differences:
        assert difference in str(caught.value)
    assert caught.value.code == "database.shape"
    return caught.value.differences


@pytest.mark.parametrize(
    ("pragma", "value"),
    [  # https://sqlite.org/pragma.html
        ("journal_mode", "delete"),
        ("synchronous", 3),  # EXTRA
        ("secure_delete", 1),
        ("temp_store", 2),  # MEMORY
        ("foreign_keys", 1),
        ("busy_timeout", 10_000),
        ("cache_size", -64_000),  # KiB
    ],
)
def test_a_connection_is_careful(opened: Open, tmp_path: Path, pragma: str, value: int | str) -> None:
    engine = opened(tmp_path / "shop.db")
    for _ in range(2):  # and so is the next one
        with engine.connect() as connection:
            assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value
        engine.dispose()


def test_a_transaction_locks_the_database_from_its_beginning(opened: Open, tmp_path: Path) -> None:
    path = made(opened, tmp_path / "shop.db")
    with (
        opened(path).begin(),
        closing(sqlite3.connect(path, timeout=0)) as other,
        pytest.raises(sqlite3.OperationalError, match="locked"),
    ):
        other.execute("BEGIN IMMEDIATE")


def test_what_is_made_fits(opened: Open, tmp_path: Path) -> None:
    path = made(opened, tmp_path / "shop.db")
    with opened(path).begin() as connection:
        load(connection, [person(1, "jan@example.com")])
    content = path.read_bytes()
    assert made(opened, path).read_bytes() == content


def test_a_table_that_is_not_there_beside_those_that_are_is_not_made_by_the_way(opened: Open, tmp_path: Path) -> None:
    path = made(opened, tmp_path / "shop.db")
    before = run_script(path, "DROP TABLE visits")
    assert differences(opened, path) == ("there is no table visits",)
    assert path.read_bytes() == before


def test_tables_of_others_do_not_stand_in_the_way(opened: Open, tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    run_script(path, "CREATE TABLE notes_of_the_shop (note TEXT)")
    made(opened, path)
    assert {"visits", "notes_of_the_shop"} <= set(inspect(opened(path)).get_table_names())


def test_a_column_that_demands_less_than_the_policy_stands_in_the_way_of_nothing(opened: Open, tmp_path: Path) -> None:
    path = made(opened, tmp_path / "shop.db")
    run_script(path, "ALTER TABLE vouchers RENAME code TO old; ALTER TABLE vouchers ADD code TEXT")
    run_script(path, "DROP INDEX vouchers_identity; ALTER TABLE vouchers DROP COLUMN old")
    run_script(path, "CREATE UNIQUE INDEX vouchers_identity ON vouchers (code)")
    made(opened, path)


def test_making_is_undone_with_the_transaction(opened: Open, tmp_path: Path) -> None:
    engine = opened(tmp_path / "shop.db")
    with engine.connect() as connection, connection.begin() as transaction:
        make_or_compare(connection, TABLES)
        transaction.rollback()
    assert inspect(engine).get_table_names() == []


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (
            "ALTER TABLE people ADD COLUMN pesel TEXT",
            ["table people has a column pesel that the policy does not name"],
        ),
        (
            "ALTER TABLE people DROP COLUMN city; ALTER TABLE rejections DROP COLUMN line",
            ["table people has no column city", "table rejections has no column line"],
        ),
        (
            "DROP INDEX people_identity",
            ["table people has no index people_identity, which tells its records apart"],
        ),
        (
            "DROP INDEX people_identity; CREATE UNIQUE INDEX people_identity ON people (lower(first_name))",
            ["table people, index people_identity tells its records apart by something else"],
        ),
        (
            "DROP INDEX vouchers_identity; CREATE INDEX vouchers_identity ON vouchers (code)",
            ["table vouchers, index vouchers_identity tells its records apart by something else"],
        ),
        (
            "DROP TABLE visits; CREATE TABLE visits (page TEXT, ip_address INTEGER)",
            [
                "table visits has a column page that the policy does not name",
                "table visits has no column id",
                "table visits, column ip_address: NULL is wrong",
                "table visits, column ip_address is INTEGER, not TEXT",
                "table visits has no column source_reference",
                "table visits has no column run",
                "table visits has no column policy",
                "table visits has no column created_at",
                "table visits has no column updated_at",
            ],
        ),
        (
            "ALTER TABLE people DROP COLUMN city; ALTER TABLE people ADD COLUMN city TEXT NOT NULL DEFAULT ''",
            ["table people, column city: NOT NULL is wrong"],
        ),
    ],
    ids=["one more", "one less", "no index", "another index", "no identity", "a stranger's table", "a stricter one"],
)
def test_a_database_of_another_shape_is_refused_with_all_that_differs(
    opened: Open, tmp_path: Path, script: str, expected: list[str]
) -> None:
    path = made(opened, tmp_path / "shop.db")
    before = run_script(path, script)
    assert sorted(differences(opened, path)) == sorted(expected)
    assert path.read_bytes() == before


def test_a_view_of_the_name_of_a_table_is_refused(opened: Open, tmp_path: Path) -> None:
    path = made(opened, tmp_path / "shop.db")
    before = run_script(path, "ALTER TABLE people RENAME TO all_people; CREATE VIEW people AS SELECT * FROM all_people")
    assert differences(opened, path)[0] == "people is a view and no table"
    assert path.read_bytes() == before


def test_a_database_of_which_nothing_fits_is_not_added_to(opened: Open, tmp_path: Path) -> None:
    path = tmp_path / "stranger.db"
    before = run_script(path, "CREATE TABLE rejections (reason TEXT)")
    assert "table rejections has a column reason that the policy does not name" in differences(opened, path)
    assert path.read_bytes() == before
