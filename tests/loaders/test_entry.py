"""How rows enter their table on SQLite: what no record says is no parameter, and what somebody gave is in no text."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import Engine, select

from loaders.batch import Batch, Loader
from loaders.database import open_database
from loaders.rejection import in_columns
from loaders.tables import draw
from tests.loaders.shop import statements_into
from validators.policy import vipower

POLICY = vipower()
KIND = POLICY.kinds["individual"]
TABLES = draw(POLICY)
PEOPLE = TABLES.kinds["individual"]
NAMES = (*KIND.names, "source_reference")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path}/customers.db")
    TABLES.metadata.create_all(engine)
    yield engine
    engine.dispose()


def person(email: str, country: str = "PL", reference: str | None = None) -> tuple[str | None, ...]:
    given = {"email": email, "country_code": country, "source_reference": reference}
    return tuple(given.get(name, f"some {name}") for name in NAMES)


def load(engine: Engine, people: Sequence[tuple[str | None, ...]]) -> list[str]:
    """Load people as one batch; return the texts of the statements that inserted them."""
    frame = pl.DataFrame(people, dict.fromkeys(NAMES, pl.String), orient="row").with_row_index("record", 1)
    accepted = {KIND.name: frame.with_columns(line=pl.col("record") + 1)}
    batch = Batch(1, len(people), len(people), 0, accepted, in_columns([]), {})
    with statements_into(engine, PEOPLE.name) as texts, engine.begin() as connection:
        Loader(POLICY, TABLES, "run", "update").load(connection, batch.prepared(POLICY))
    return texts


def stored(engine: Engine) -> list[tuple[str | None, ...]]:
    with engine.connect() as connection:
        rows = connection.execute(select(*(PEOPLE.c[name] for name in NAMES)).order_by(PEOPLE.c.id))
        return [tuple(row) for row in rows]


def test_what_no_record_says_is_no_parameter(engine: Engine) -> None:
    people = [person("ewa@example.com"), person("jan@example.com")]
    (text,) = load(engine, people)

    assert text.count("?") == 2 * (len(NAMES) - 2)
    assert text.count("'PL', NULL") == 2
    assert stored(engine) == people


@pytest.mark.parametrize(
    ("other", "unsaid"),
    [
        (person("jan@example.com", "DE"), 1),
        (person("jan@example.com", "PL", "R1"), 1),
        (person("jan@example.com", "DE", "R1"), 0),
    ],
)
def test_what_one_record_says_is_a_parameter_of_all(engine: Engine, other: tuple[str | None, ...], unsaid: int) -> None:
    people = [person("ewa@example.com"), other]
    (text,) = load(engine, people)

    assert text.count("?") == 2 * (len(NAMES) - unsaid)
    assert stored(engine) == people


def test_no_value_that_somebody_gave_stands_in_a_statement(engine: Engine) -> None:
    """Not even where all give the same, as they do where there is one."""
    given = person("ewa@example.com", "DE", "R1")
    (text,) = load(engine, [given])

    assert not [name for name, value in zip(NAMES, given, strict=True) if f"'{value}'" in text]
    assert stored(engine) == [given]
