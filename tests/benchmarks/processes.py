"""Whole processes: ours and the yardsticks, each over a generated file, from its start to its end.

Generated files and databases are in build/bench; a file is made anew when what makes it has changed.
"""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
import xlsxwriter
from sqlalchemy import URL

from intake.__main__ import ALLOCATOR
from loaders.database import open_database
from loaders.tables import draw
from tests.benchmarks import customers
from tests.benchmarks.bare import STAMP
from tests.postgresql import fresh_database
from validators.policy import vipower

_ROOT = Path(__file__).parents[2]
BUILD = _ROOT / "build" / "bench"
_MAKERS = tuple(Path(__file__).with_name(f"{name}.py") for name in ("customers", "columns", "crowd", "mess"))
_PEOPLE = _ROOT / "tests" / "sample" / "people.toml"

# Bare sqlite3 is opened as the product opens a database; these are asked of it. The page size is in the file itself.
_PRAGMAS = (
    *("busy_timeout", "journal_mode", "synchronous", "secure_delete", "foreign_keys", "temp_store"),
    *("cache_size", "mmap_size", "locking_mode"),
)


class Source(NamedTuple):
    """A generated file, and the clean records of it by kind."""

    path: Path
    clean: Mapping[str, Path]


class Took(NamedTuple):
    """What a process took: seconds, seconds, bytes; and what it told."""

    wall: float
    cpu: float
    peak: float
    told: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.wall:.2f} s (CPU {self.cpu:.2f} s, {self.peak / 1e6:.0f} MB)"


def source(records: int, *, well_formed: bool = False) -> Source:
    """Return a file of so many customers; made now, if there is none."""
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in (*_MAKERS, _PEOPLE))).hexdigest()[:12]
    stem = f"customers-{'well-formed-' if well_formed else ''}{records}"
    path, clean = (BUILD / f"{stem}-{digest}{suffix}" for suffix in (".csv", ".clean.csv"))
    if not path.exists():
        BUILD.mkdir(parents=True, exist_ok=True)
        for old in BUILD.glob(f"{stem}-*"):
            old.unlink()
        unfinished = path.with_suffix(".unfinished")
        customers.write(unfinished, records, 1, clean, well_formed=well_formed)
        unfinished.rename(path)
    return Source(path, {kind: customers.clean_path(clean, kind) for kind in ("individual", "business")})


def workbook(records: int) -> Path:
    """Return an XLSX of so many customers, every cell as text; made now, if there is none."""
    made_from = source(records, well_formed=True).path
    path = made_from.with_suffix(".xlsx")
    if not path.exists():
        unfinished = path.with_suffix(".unfinished")
        rows = pl.read_csv(made_from, separator=";", infer_schema=False)
        with xlsxwriter.Workbook(unfinished) as book:
            sheet = book.add_worksheet("Klienci")
            for number, row in enumerate((rows.columns, *rows.iter_rows())):
                for column, text in enumerate(row):
                    if text:
                        sheet.write_string(number, column, text)
        unfinished.rename(path)
    return path


def database() -> Path:
    """Return where a database may be made; what was there is gone."""
    path = BUILD / "customers.db"
    for old in BUILD.glob("customers.db*"):
        old.unlink()
    return path


def check(path: Path) -> Took:
    """Ours, without a database."""
    return _run("intake", "check", str(path), "--json")


def import_(path: Path) -> Took:
    """Ours, into SQLite."""
    return _run("intake", "import", str(path), "--into", f"sqlite:///{database()}", "--json")


def again(path: Path) -> Took:
    """Ours, into the SQLite database that it was imported into last."""
    return _run("intake", "import", str(path), "--into", f"sqlite:///{BUILD / 'customers.db'}", "--json")


def into_postgresql(path: Path, server: URL) -> tuple[Took, Took]:
    """Ours, into a new database of a PostgreSQL server; and the same command again."""
    with fresh_database(server) as url:
        command = ("import", str(path), "--into", url.render_as_string(hide_password=False), "--json")
        return _run("intake", *command), _run("intake", *command)


def bare_copy(clean: Mapping[str, Path], server: URL) -> Took:
    """COPY of the clean rows. The tables and the files are made before the clock starts."""
    tables = draw(vipower())
    with fresh_database(server) as url:
        engine = open_database(url.render_as_string(hide_password=False))
        tables.metadata.create_all(engine)
        engine.dispose()
        sources = [f"{tables.kinds[kind].name}={_stamped(path)}" for kind, path in clean.items()]
        address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        return _run("tests.benchmarks.bare_copy", address, *sources)


def _stamped(clean: Path) -> Path:
    """Return a file of the same rows with the columns that are ours."""
    path = clean.with_suffix(".stamped.csv")
    if not path.exists():
        rows = pl.read_csv(clean, separator=";", infer_schema=False)
        rows.with_columns(pl.lit(value).alias(name) for name, value in STAMP.items()).write_csv(path)
    return path


def composition(path: Path) -> Took:
    """Row by row, without a database."""
    return _run("tests.benchmarks.composition", str(path))


def composition_into(path: Path) -> Took:
    """Row by row, into SQLite."""
    return _run("tests.benchmarks.composition_into", str(path), f"sqlite:///{database()}")


def bare(clean: Mapping[str, Path]) -> Took:
    """`executemany` of the clean rows. The tables are made before the clock starts."""
    path, tables = database(), draw(vipower())
    engine = open_database(f"sqlite:///{path}")
    tables.metadata.create_all(engine)
    with engine.connect() as connection:
        asked = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in _PRAGMAS}
    engine.dispose()
    pragmas = [f"--pragma={name}={value}" for name, value in asked.items() if value is not None]
    sources = [f"{tables.kinds[kind].name}={file}" for kind, file in clean.items()]
    return _run("tests.benchmarks.bare", str(path), *sources, *pragmas)


def reading(path: Path) -> Took:
    """Polars, reading."""
    return _run("tests.benchmarks.reading", str(path))


def workbook_chunks(path: Path) -> Took:
    """Ours, reading a workbook."""
    return _run("tests.benchmarks.workbook_chunks", str(path))


def workbook_alone(path: Path) -> Took:
    """python-calamine, reading a workbook."""
    return _run("tests.benchmarks.workbook_alone", str(path))


def judging(path: Path) -> Mapping[str, Any]:
    """Return what `judging` tells; it measures itself, in a process that is set up as that of `intake`."""
    return _run("tests.benchmarks.judging", str(path), environment=ALLOCATOR).told


def _run(module: str, *arguments: str, environment: Mapping[str, str] = {}) -> Took:
    """Run a module as a program, and stop if it fails."""
    command = [sys.executable, "-S", "-m", "tests.benchmarks.measure", sys.executable, "-m", module, *arguments]
    # Polars has told its allocator what to do by way of this process's environment, and `intake` would heed it.
    variables = {name: value for name, value in os.environ.items() if name not in ALLOCATOR} | dict(environment)
    lines = subprocess.run(
        command, cwd=_ROOT, env=variables, check=True, stdout=subprocess.PIPE, text=True
    ).stdout.splitlines()
    measured = json.loads(lines[-1])
    if measured["status"] != (1 if module == "intake" else 0):  # 1: some records were refused, as they should be
        sys.exit(f"{module} ended with status {measured['status']}")
    return Took(measured["wall"], measured["cpu"], measured["peak"], json.loads(lines[0]))
