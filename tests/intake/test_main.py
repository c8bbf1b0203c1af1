"""The process around the command: a fault of ours shows no value; on a terminal one sees how far it is."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from intake.__main__ import ALLOCATOR
from tests.intake.command import command, environment
from tests.intake.customers import customer, write


@pytest.mark.parametrize(
    ("fault", "status", "said"),
    [
        ("int('jan@example.com')", 70, "This is a fault in intake itself: ValueError at __main__, line 1."),
        ("{}['jan@example.com']", 70, "This is a fault in intake itself: KeyError at __main__, line 1."),
        ("import email.message; email.message.Message().add_header('jan@example.com', 'a', b=object())", 70, " email."),
        ("raise KeyboardInterrupt('jan@example.com')", 130, ""),
    ],
    ids=["value", "key", "elsewhere", "interrupted"],
)
def test_a_fault_of_ours_is_told_with_its_place_and_without_its_text(fault: str, status: int, said: str) -> None:
    script = f"import sys; from intake.__main__ import _without_values as hook; sys.excepthook = hook; {fault}"
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == status
    assert done.stdout == ""
    assert said in done.stderr
    assert "jan@" not in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("own", "told"), [({}, ALLOCATOR), (dict.fromkeys(ALLOCATOR, "narenas:2"),) * 2])
def test_the_allocator_is_told_before_polars_loads_unless_the_user_has_told_it(
    own: dict[str, str], told: dict[str, str]
) -> None:
    script = """
import json, os, sys
class Watch:
    def find_spec(self, name, path, target=None):
        if name == "polars":
            print(json.dumps(dict(os.environ)))
sys.meta_path.insert(0, Watch())
sys.argv = ["intake", "doctor"]
from intake.__main__ import main
main()
"""
    done = subprocess.run([sys.executable, "-c", script], env=environment(own), capture_output=True, check=True)
    assert told.items() <= json.loads(done.stdout.splitlines()[0]).items()


def test_a_terminal_shows_how_far_it_is_and_standard_output_is_still_json(tmp_path: Path) -> None:
    write(tmp_path, [customer(number) for number in range(6000)])
    terminal, process_end = pty.openpty()
    try:
        done = subprocess.run(
            command("import", "customers.csv", "--json"),
            cwd=tmp_path,
            env=environment({"TERM": "xterm", "COLUMNS": "120"}),
            stdout=subprocess.PIPE,
            stderr=process_end,
            check=True,
        )
    finally:
        os.close(process_end)
    shown = b""
    try:
        while block := os.read(terminal, 65536):
            shown += block
    except OSError:  # how Linux says that the other end is closed
        pass
    finally:
        os.close(terminal)
    assert b"customers.csv" in shown
    assert b"6,000 records" in shown
    assert b"/s" in shown
    assert done.stdout.startswith(b'{"run":')
    assert done.stdout.count(b"\n") == 1
