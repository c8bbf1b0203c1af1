"""Where a link leads, as PostgreSQL's own client finds it, and what it must be to lead there."""

import socket
import struct
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url
from sqlalchemy.exc import OperationalError

from loaders.transport import SAFE, TransportError, UnclearLinkError, secured, shown

REMOTE = "postgresql+psycopg://shop:hunter2@db.example.com/shop"
NOWHERE = "postgresql+psycopg:///shop"


def told(url: str, environment: Mapping[str, str] | None = None, *, allow_insecure: bool = False) -> dict[str, str]:
    return secured(make_url(url), environment or {}, allow_insecure=allow_insecure)


def service(folder: Path, text: str) -> dict[str, str]:
    (folder / "services").write_text(text, encoding="utf-8")
    return {"PGSERVICEFILE": str(folder / "services")}


@pytest.mark.parametrize(
    ("url", "environment"),
    [
        (REMOTE, {}),
        (f"{REMOTE}?sslmode=verify-full", {"PGSSLMODE": "disable"}),
        ("postgresql+psycopg://203.0.113.5/shop", {}),
        ("postgresql+psycopg://[2001:db8::5]/shop", {}),
        ("postgresql+psycopg:///shop?host=db.example.com", {}),
        ("postgresql+psycopg:///shop?host=db.example.com:5432", {}),
        ("postgresql+psycopg:///shop?hostaddr=203.0.113.5", {}),
        ("postgresql+psycopg://localhost/shop?hostaddr=203.0.113.5", {}),
        ("postgresql+psycopg:///shop?host=localhost,db.example.com", {}),
        ("postgresql+psycopg:///shop?host=localhost&host=db.example.com", {}),
        ("postgresql+psycopg:///shop?host=localhost,localhost&hostaddr=127.0.0.1,203.0.113.5", {}),
        ("postgresql+psycopg://localhost.example.com/shop", {}),
        ("postgresql+psycopg://127.0.0.1.example.com/shop", {}),
        (NOWHERE, {"PGHOST": "db.example.com"}),
        (NOWHERE, {"PGHOST": "db.example.com", "PGSSLMODE": "verify-full"}),
        (NOWHERE, {"PGHOSTADDR": "203.0.113.5"}),
        ("postgresql+psycopg://localhost/shop", {"PGHOSTADDR": "203.0.113.5"}),
        (NOWHERE, {"PGSERVICE": "of which nobody knows"}),
        (f"{NOWHERE}?service=of+which+nobody+knows", {"PGHOST": "localhost"}),
    ],
)
def test_to_another_host_the_link_is_tls_and_the_server_proves_its_name(url: str, environment: dict[str, str]) -> None:
    assert told(url, environment) == SAFE


@pytest.mark.parametrize(
    ("url", "environment"),
    [
        (NOWHERE, {}),
        (f"{NOWHERE}?host=/var/run/postgresql", {"PGSSLMODE": "disable"}),
        (f"{NOWHERE}?host=@shop", {}),
        ("postgresql+psycopg://localhost/shop", {"PGHOST": "db.example.com"}),
        ("postgresql+psycopg://127.0.0.1/shop?sslmode=disable", {}),
        ("postgresql+psycopg://[::1]/shop", {}),
        (f"{NOWHERE}?host=localhost,127.0.0.2,/tmp", {}),
        ("postgresql+psycopg://db.example.com/shop?hostaddr=127.0.0.1", {}),
        (NOWHERE, {"PGHOST": "/var/run/postgresql"}),
        ("sqlite:///customers.db", {"PGHOST": "db.example.com", "PGSSLMODE": "disable"}),
    ],
)
def test_a_socket_and_this_machine_are_safe_as_they_are(url: str, environment: dict[str, str]) -> None:
    assert told(url, environment) == {}


@pytest.mark.parametrize("mode", ["disable", "allow", "prefer", "require", "verify-ca"])
@pytest.mark.parametrize(
    ("url", "environment", "source"),
    [
        (f"{REMOTE}?sslmode=MODE", {"PGSSLMODE": "verify-full"}, "the URL"),
        (REMOTE, {"PGSSLMODE": "MODE"}, "PGSSLMODE"),
        (NOWHERE, {"PGHOST": "db.example.com", "PGSSLMODE": "MODE"}, "PGSSLMODE"),
    ],
)
def test_a_weaker_link_is_refused_with_what_asks_for_it(
    url: str, environment: dict[str, str], source: str, mode: str
) -> None:
    said = {name: value.replace("MODE", mode) for name, value in environment.items()}
    with pytest.raises(TransportError) as caught:
        told(url.replace("MODE", mode), said)
    assert caught.value.code == "database.insecure"
    assert f"{source} says sslmode={mode}" in str(caught.value)
    assert "--allow-insecure-database" in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert told(url.replace("MODE", mode), said, allow_insecure=True) == {}


def test_what_is_no_mode_at_all_is_not_repeated() -> None:
    with pytest.raises(TransportError) as caught:
        told(f"{REMOTE}?sslmode=hunter2")
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [  # postgresql.org/docs/18/libpq-pgservice.html; what is said first counts, spaces before a line do not
        ("[shop]\nhost=db.example.com\n", SAFE),
        ("[shop]\ndbname=shop\n    host=db.example.com\n", SAFE),
        ("[shop]\nhost=db.example.com\nhost=localhost\n", SAFE),
        ("[shop]\n# host=localhost\nhostaddr=203.0.113.5\n", SAFE),
        ("[shop]\nldap://ldap.example.com/o=shop\n", SAFE),
        ("[other]\nhost=localhost\n", SAFE),
        ("[shop]\nhost=localhost\nsslmode=disable\n[shop]\nhost=db.example.com\n", {}),
        ("[other]\nhost=db.example.com\n[shop]\nport=5433\n", {}),
    ],
)
def test_a_service_says_where_the_link_leads(tmp_path: Path, text: str, expected: dict[str, str]) -> None:
    environment = service(tmp_path, text)
    assert told(f"{NOWHERE}?service=shop", environment) == expected
    assert told(NOWHERE, environment | {"PGSERVICE": "shop", "PGHOST": ""}) == expected


def test_a_service_that_asks_for_a_weaker_link_is_refused(tmp_path: Path) -> None:
    environment = service(tmp_path, "[shop]\nhost=db.example.com\nsslmode=require\n")
    with pytest.raises(TransportError, match="the service file says sslmode=require"):
        told(f"{NOWHERE}?service=shop", environment | {"PGSSLMODE": "verify-full"})
    assert told(f"{NOWHERE}?service=shop&sslmode=verify-full", environment) == SAFE


def test_services_are_looked_for_where_the_client_looks(tmp_path: Path) -> None:
    (tmp_path / ".pg_service.conf").write_text("[shop]\nhost=localhost\n", encoding="utf-8")
    (tmp_path / "pg_service.conf").write_text("[all]\nhost=localhost\n", encoding="utf-8")
    environment = {"HOME": str(tmp_path), "PGSYSCONFDIR": str(tmp_path)}
    assert told(f"{NOWHERE}?service=shop", environment) == told(f"{NOWHERE}?service=all", environment) == {}


@pytest.mark.parametrize("query", ["conninfo=host%3Ddb.example.com", "host=2001:db8::1&host=::2"])
def test_a_url_that_does_not_say_where_it_leads_is_refused(query: str) -> None:
    with pytest.raises(UnclearLinkError):
        told(f"{NOWHERE}?{query}")


@pytest.mark.parametrize(
    ("arguments", "first"),
    [  # postgresql.org/docs/18/protocol-message-formats.html: SSLRequest is 8 bytes, its code 80877103
        (SAFE, struct.pack("!II", 8, 80877103)),
        ({}, None),  # StartupMessage, with the user and the database as they are
    ],
)
def test_what_the_driver_is_told_beats_what_a_service_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: dict[str, str], first: bytes | None
) -> None:
    """A server that says it has no TLS: the client itself, told the safe arguments, asks for it and goes no further."""
    with socket.create_server(("127.0.0.1", 0)) as server, ThreadPoolExecutor() as threads:
        port = server.getsockname()[1]
        text = f"[shop]\nhostaddr=127.0.0.1\nport={port}\nsslmode=disable\n"
        for name, value in service(tmp_path, text).items():
            monkeypatch.setenv(name, value)
        heard = threads.submit(_answer_no, server)
        with pytest.raises(OperationalError):
            create_engine(f"{NOWHERE}?service=shop", connect_args=dict(arguments)).connect()
    packet = heard.result()
    assert packet == first if first else b"shop" in packet


def _answer_no(server: socket.socket) -> bytes:
    connection, _ = server.accept()
    with connection:
        packet = connection.recv(1000)
        connection.sendall(b"N")
        return packet + connection.recv(1000)


@pytest.mark.parametrize("query", ["", "?password=hunter2", "?sslpassword=hunter2&sslmode=verify-full"])
def test_a_url_is_shown_without_passwords(query: str) -> None:
    text = shown(make_url(REMOTE + query))
    assert "hunter2" not in text
    assert text.startswith("postgresql+psycopg://shop:***@db.example.com/shop")
    assert ("sslmode" in text) == ("sslmode" in query)


def test_over_a_socket_which_needs_no_tls_the_same_arguments_do_no_harm(postgresql_url: str) -> None:
    engine = create_engine(postgresql_url, connect_args=dict(SAFE))
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT 1").scalar() == 1
    engine.dispose()
