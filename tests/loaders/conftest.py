"""One test body over every database: an empty one with the shop's tables, left as it was found."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine

from loaders.database import open_database
from loaders.schema import make
from tests.loaders.shop import TABLES, Open
from tests.postgresql import fresh_database


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    if request.param == "sqlite":
        engine = open_database(f"sqlite:///{tmp_path_factory.mktemp('sqlite')}/shop.db")
    else:
        engine = open_database(request.getfixturevalue("postgresql_url"))
    with engine.begin() as connection:
        make(connection, TABLES)
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def own_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database of the test's own, in which it may commit."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            engine = open_database(f"sqlite:///{tmp_path}/own.db")
        else:
            url = stack.enter_context(fresh_database(request.getfixturevalue("postgresql_server")))
            engine = open_database(url.render_as_string(hide_password=False))
        stack.callback(engine.dispose)
        with engine.begin() as connection:
            make(connection, TABLES)
        yield engine


@pytest.fixture
def opened() -> Iterator[Open]:
    """What opens databases; they are closed when the test ends."""
    with ExitStack() as stack:

        def open_here(place: str | Path) -> Engine:
            engine = open_database(place if isinstance(place, str) else f"sqlite:///{place}")
            stack.callback(engine.dispose)
            return engine

        yield open_here


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """A connection whose transaction is rolled back at the end."""
    with engine.connect() as connection, connection.begin() as transaction:
        yield connection
        transaction.rollback()
