"""What `import validators` costs, and whose packages these are."""

import importlib
import json
import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, distribution, files
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OURS = ("validators", "loaders", "intake")


def modules_after(statement: str) -> set[str]:
    """Return the top-level modules that are loaded once a fresh interpreter has run a statement."""
    shown = "import json, sys; print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    code = [sys.executable, "-c", f"{statement}\n{shown}"]
    done = subprocess.run(code, cwd=ROOT, capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout))


@pytest.mark.parametrize(
    "statement",
    [
        "import validators",
        "import validators; assert not validators.check({}).accepted",
        "from validators.policy import vipower; vipower()",
    ],
)
def test_a_checkout_pays_for_what_it_uses(statement: str) -> None:
    # DESIGN.md, "The house": `validators.check` must not import Polars, SQLAlchemy or anything of `intake`
    heavy = {"polars", "sqlalchemy", "pyarrow", "typer", "rich", "ua_parser", "dns", "loaders", "intake"}

    assert modules_after(statement) & heavy == set()


def test_who_imports_a_file_does_not_load_what_changes_a_schema() -> None:
    statement = (
        "import tempfile, os; os.chdir(tempfile.mkdtemp()); from intake.commands import run; run(['db', 'check'])"
    )

    assert {"alembic", "mako"} & modules_after(statement) == set()


def test_ua_parser_loads_when_a_user_agent_comes() -> None:
    statement = "import validators; validators.check({'ip_address': '192.0.2.7', 'browser': 'curl/8'}, kind='visit')"

    assert "ua_parser" in modules_after(statement)


@pytest.mark.parametrize("name", OURS)
def test_the_package_that_is_imported_is_ours(name: str) -> None:
    # PyPI has unrelated projects called `validators` and `intake`
    place = importlib.import_module(name).__file__
    assert place

    assert place == str(ROOT / name / "__init__.py") or place in installed()


def installed() -> list[str]:
    try:
        return [str(distribution("vipower-intake").locate_file(one)) for one in files("vipower-intake") or ()]
    except PackageNotFoundError:  # run from a checkout that nobody installed
        return []


def test_no_dependency_pulls_in_the_others_of_those_names() -> None:
    # constraints.txt has everything that an installation with all extras has
    names = re.findall("^([A-Za-z0-9._-]+)==", (ROOT / "constraints.txt").read_text(encoding="utf-8"), re.MULTILINE)

    assert len(names) > 20
    assert {re.sub("[-_.]+", "-", name).lower() for name in names} & {*OURS, "intake-esm"} == set()


def test_what_is_public_can_be_imported() -> None:
    package = importlib.import_module("validators")

    assert sorted(package.__all__) == package.__all__
    assert [name for name in package.__all__ if not hasattr(package, name)] == []
    # DESIGN.md, "Python"
    promised = {"check", "load_policy", "Verdict", "Fault", "Notice", "Fix", "Policy", "PolicyError"}
    assert promised <= set(package.__all__)
