"""Standard input, as real processes have it: read once, kept where nobody finds it, and gone with the process."""

import gzip
import resource
import signal
import subprocess
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Final

import pyarrow as pa
import pytest
from pyarrow import parquet

from tests.intake.command import Finished, command, environment, refused, rows
from tests.intake.customers import csv, customer

CUSTOMERS: Final = [customer(number) for number in range(30)]
CSV: Final = csv(CUSTOMERS)


def piped(
    *arguments: object, into: bytes, cwd: Path, env: Mapping[str, str] = {}, before: Callable[[], None] | None = None
) -> Finished:
    """Run the command with bytes on its standard input, which comes through a pipe."""
    done = subprocess.run(
        command(*arguments),
        cwd=cwd,
        env=environment(env),
        input=into,
        capture_output=True,
        check=False,
        preexec_fn=before,
    )
    assert b"Traceback" not in done.stderr
    return Finished(done.returncode, done.stdout.decode(), done.stderr.decode())


def in_parquet() -> bytes:
    parquet.write_table(pa.Table.from_pylist(CUSTOMERS), file := BytesIO())
    return file.getvalue()


def in_windows_1250() -> bytes:
    return CSV.replace("Warszawa", "Żółwia Gęś").encode("cp1250")


@pytest.mark.parametrize(
    ("data", "options"),
    [
        (in_windows_1250(), ["--encoding", "cp1250", "--delimiter", ";"]),
        (gzip.compress(CSV.encode(), mtime=0), []),
        (in_parquet(), []),
    ],
    ids=["CSV", "gzip", "Parquet"],
)
def test_what_comes_through_a_pipe_is_imported_once(tmp_path: Path, data: bytes, options: list[str]) -> None:
    first, again = (piped("import", "-", "--json", *options, into=data, cwd=tmp_path) for _ in range(2))

    assert (first.status, first.json["outcome"], first.json["books"]["new"]) == (0, "imported", 30)
    assert first.json["source"]["name"] == "standard input"
    assert (again.status, again.json["outcome"]) == (0, "imported_before")
    assert len(rows(tmp_path / "customers.db", "individuals")) == 30


def test_a_report_names_it_and_so_do_refusals(tmp_path: Path) -> None:
    folder = tmp_path / "report"
    bad = CSV + "Ewa\n"

    assert piped("check", "-", "--report", folder, into=bad.encode(), cwd=tmp_path).status == 1
    assert '"source":"standard input","record":31,"line":32' in (folder / "rejections.jsonl").read_text("utf-8")
    assert refused(piped("check", "-", into=b"", cwd=tmp_path), 3).startswith("standard input: the file holds nothing")
    cut = gzip.compress(CSV.encode())[:-1]
    assert refused(piped("check", "-", into=cut, cwd=tmp_path), 3).startswith("standard input: the gzip data")


def test_where_there_is_no_room_for_it_the_same_command_is_to_be_run_again(tmp_path: Path) -> None:
    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))

    line = refused(piped("import", "-", into=CSV.encode(), cwd=tmp_path, before=little_room), 4)
    assert line.startswith("standard input: ")
    assert "EFBIG" in line
    assert list(tmp_path.iterdir()) == []


def test_nothing_of_it_is_left_behind_by_whoever_is_killed(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    with subprocess.Popen(
        command("import", "-"), cwd=tmp_path, env=environment({"TMPDIR": str(kept)}), stdin=subprocess.PIPE
    ) as process:
        assert process.stdin
        process.stdin.write(CSV.encode() * 100)  # more than a pipe holds, so it was read in part
        process.stdin.flush()
        there = list(kept.iterdir())
        process.send_signal(signal.SIGKILL)
        process.wait()

    assert there == list(kept.iterdir()) == []
