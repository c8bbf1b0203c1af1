"""What the tests of `intake` share."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.commands import run
from tests.intake.command import Finished, Typed


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Typed]:
    """The command in this process, in `tmp_path`: much in little time, of what needs no database."""
    monkeypatch.chdir(tmp_path)
    handler = signal.getsignal(signal.SIGTERM)

    def run_here(*arguments: object) -> Finished:
        return Finished(run([str(one) for one in arguments]), *capsys.readouterr())

    yield run_here
    signal.signal(signal.SIGTERM, handler)
