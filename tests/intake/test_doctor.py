"""`intake doctor`: whether another package has the name of one of ours."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.intake.command import ROOT, environment, intake


def install(folder: Path, distribution: str, module: str) -> None:
    """What pip leaves of a distribution: its metadata, which says which modules are its own."""
    metadata = folder / f"{distribution.replace('-', '_')}-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n")
    (metadata / "top_level.txt").write_text(f"{module}\n")
    (metadata / "RECORD").write_text(f"{module}/__init__.py,,\n{metadata.name}/RECORD,,\n")


def test_an_environment_with_ours_alone_is_sound(tmp_path: Path) -> None:
    finished = intake("doctor", cwd=tmp_path)
    assert finished.status == 0
    for name in ("validators: ours", "loaders: ours", "intake: ours", "phonenumbers 9", "SQLAlchemy 2", "Python 3."):
        assert name in finished.out


@pytest.mark.parametrize(
    ("distribution", "module"),
    [("validators", "validators"), ("intake", "intake"), ("another-one", "loaders")],
)
def test_another_package_of_the_same_name_is_told_with_what_to_do(
    tmp_path: Path, distribution: str, module: str
) -> None:
    install(tmp_path / "site", distribution, module)
    finished = intake("doctor", cwd=tmp_path, env={"PYTHONPATH": f"{ROOT}:{tmp_path / 'site'}"})
    assert finished.status == 2
    assert f"{module}: ours" not in finished.out
    assert f"pip uninstall {distribution}" in finished.out


def test_ours_installed_is_no_stranger(tmp_path: Path) -> None:
    install(tmp_path / "site", "vipower-intake", "validators")
    finished = intake("doctor", cwd=tmp_path, env={"PYTHONPATH": f"{ROOT}:{tmp_path / 'site'}"})
    assert finished.status == 0


def test_where_ours_is_hidden_the_command_says_so(tmp_path: Path) -> None:
    (tmp_path / "site" / "validators").mkdir(parents=True)
    (tmp_path / "site" / "validators" / "__init__.py").write_text("def email(value): return True\n")
    # -P: the folder of the package that is run does not come first, as for an installed command
    arguments = [sys.executable, "-P", "-m", "intake", "doctor"]
    done = subprocess.run(
        arguments,
        env=environment({"PYTHONPATH": f"{tmp_path / 'site'}:{ROOT}"}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "Another package hides our validators: keep vipower-intake in an environment of its own.\n"


def test_without_what_the_command_needs_it_says_what_to_install() -> None:
    # -S: no installed package at all
    arguments = [sys.executable, "-S", "-m", "intake", "doctor"]
    done = subprocess.run(arguments, env=environment(), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "pip install 'vipower-intake[intake]'" in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_packages_that_are_tested_are_this_checkouts() -> None:
    """PyPI has unrelated projects called validators and intake."""
    import intake as ours  # noqa: PLC0415  (whatever it is that is imported)
    import loaders  # noqa: PLC0415
    import validators  # noqa: PLC0415

    for module in (ours, loaders, validators):
        assert module.__file__
        assert Path(module.__file__).is_relative_to(ROOT)
