"""A run: what it is known by, and how far it came, on every database."""

import pytest
from sqlalchemy import Connection, select

from loaders.run import Run, Source, begin, end, findings, run_id
from tests.loaders.shop import POLICY, TABLES, load, person
from validators.policy import Identity

SOURCE = Source("customers.csv", "ab" * 32)
OPTIONS = {"kind": None, "mapping": {"nip": "NIP"}}


def test_a_run_is_known_by_what_went_in_and_not_by_the_name_of_the_file() -> None:
    known_by = run_id(SOURCE, POLICY.identity, OPTIONS)
    assert known_by == run_id(Source("copy.csv", SOURCE.sha256), POLICY.identity, OPTIONS)
    assert len(known_by) == 16


def test_the_order_of_options_does_not_matter() -> None:
    assert run_id(SOURCE, POLICY.identity, OPTIONS) == run_id(SOURCE, POLICY.identity, dict(reversed(OPTIONS.items())))


@pytest.mark.parametrize(
    ("source", "policy", "options"),
    [
        (Source("customers.csv", "cd" * 32), POLICY.identity, OPTIONS),
        (SOURCE, Identity("shop", "1", "ef" * 32), OPTIONS),
        (SOURCE, POLICY.identity, OPTIONS | {"kind": "person"}),
    ],
    ids=["source", "policy", "options"],
)
def test_another_source_policy_or_option_is_another_run(
    source: Source, policy: Identity, options: dict[str, object]
) -> None:
    assert run_id(source, policy, options) != run_id(SOURCE, POLICY.identity, OPTIONS)


def test_a_new_run_is_entered_with_what_it_is_known_by(connection: Connection) -> None:
    key = run_id(SOURCE, POLICY.identity, OPTIONS)
    assert begin(connection, TABLES, SOURCE, POLICY.identity, OPTIONS) == Run(key, "running", 1, 0)
    row = connection.execute(select(TABLES.runs)).one()
    assert (row.run, row.state, row.finished_at) == (key, "running", None)
    assert (row.source_name, row.source_sha256) == ("customers.csv", SOURCE.sha256)
    assert (row.policy_name, row.policy_version, row.policy_sha256) == ("shop", "1", POLICY.identity.sha256)
    assert row.options == OPTIONS


def test_a_run_that_was_begun_is_found_where_it_stopped(connection: Connection) -> None:
    run = begin(connection, TABLES, SOURCE, POLICY.identity, OPTIONS)
    load(connection, [person(1, "jan@example.com"), person(2, "ewa@example.com")], run=run.id, cuts=[1])

    assert begin(connection, TABLES, SOURCE, POLICY.identity, OPTIONS) == Run(run.id, "running", 3, 2)
    assert len(connection.execute(select(TABLES.runs)).all()) == 1


@pytest.mark.parametrize("state", ["finished", "stopped"])
def test_a_run_that_ended_says_how_and_when(connection: Connection, state: str) -> None:
    run = begin(connection, TABLES, SOURCE, POLICY.identity, OPTIONS)
    end(connection, TABLES, run.id, "finished" if state == "finished" else "stopped")
    row = connection.execute(select(TABLES.runs)).one()
    assert row.state == begin(connection, TABLES, SOURCE, POLICY.identity, OPTIONS).state == state
    assert row.finished_at >= row.started_at


def test_the_findings_of_all_batches_add_up(connection: Connection) -> None:
    load(connection, [person(1, "jan@example.com"), person(2, "ewa@example.com")], cuts=[1])
    load(connection, [person(1, "ola@example.com")], run="another")
    assert findings(connection, TABLES, "now") == {
        "faults": {"email.syntax": 2},
        "notices": {},
        "fixes": {},
        "dropped": {},
    }
