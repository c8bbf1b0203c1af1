"""The screen of `intake check`: what an operator wants to know first, on a terminal of 80 by 24, and all in JSON."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
from pathlib import Path
from typing import Final

import pytest

from tests.intake.command import Typed, command, environment
from tests.intake.customers import customer, write
from tests.sample.generate import main as write_sample

ROWS: Final = 24
COLUMNS: Final = 80

_STEERING = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")


def on_terminal(folder: Path, *arguments: object) -> list[str]:
    """The lines that a terminal shows in the end, of what the command writes on it as standard output."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    env = environment({"TERM": "xterm"})
    with subprocess.Popen(
        command(*arguments), cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=theirs, stderr=subprocess.PIPE
    ):
        os.close(theirs)
        shown = b""
        while piece := _read(ours):
            shown += piece
    os.close(ours)
    return _STEERING.sub("", shown.decode()).replace("\r\n", "\n").splitlines()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 1 << 16)
    except OSError:  # how Linux tells that nobody has the other end any more
        return b""


def sample(folder: Path) -> None:
    write_sample([str(folder / "customers.csv"), "--records", "600"])


def test_a_file_full_of_mistakes_fits_the_terminal(tmp_path: Path) -> None:
    sample(tmp_path)
    lines = on_terminal(tmp_path, "check", "customers.csv")
    assert len(lines) < ROWS
    assert max(map(len, lines)) <= COLUMNS
    shown = "\n".join(lines)
    for part in ("utf-8", "; between columns", "records:", "Why records were refused", "Columns", "--json has all"):
        assert part in shown


def test_every_section_is_there_however_little_room_there_is(tmp_path: Path) -> None:
    customers = [customer(number) | {"Telefon": "", "Uwagi": "VIP"} for number in range(30)]
    write(tmp_path, customers, "Uwagi")
    shown = "\n".join(on_terminal(tmp_path, "check", "customers.csv"))
    for part in ("column.empty", "lines 2 to 31", "required.missing", "phone ← Telefon", "Uwagi 30"):
        assert part in shown


def test_a_pipe_gets_all(tmp_path: Path, typed: Typed) -> None:
    sample(tmp_path)
    finished = typed("check", "customers.csv")
    told = typed("check", "customers.csv", "--json").json
    for found in ("faults", "notices", "fixes"):
        for code in told[found]:
            assert code in finished.out
    assert "has all" not in finished.out


def test_shapes_before_and_after_are_those_of_fixes_that_were_made(tmp_path: Path, typed: Typed) -> None:
    write(tmp_path, [customer(1) | {"Kod pocztowy": "00950", "Telefon": "tel. 600 123 456"}])
    told = typed("check", "customers.csv", "--json").json["samples"]
    assert {(one["code"], one["before"], one["after"]) for one in told} == {
        ("postal_code.hyphen", "99999", "99-999"),
        ("phone.format", "xxx. 999 999 999", "+99999999999"),
    }
    assert "99999 → 99-999" in typed("check", "customers.csv").out


def test_a_record_that_is_refused_gives_no_sample(tmp_path: Path, typed: Typed) -> None:
    write(tmp_path, [customer(1) | {"Kod pocztowy": "00950", "E-mail": "ewa"}])
    assert typed("check", "customers.csv", "--json").json["samples"] == []


def test_the_mapping_says_how_each_column_came_to_its_field(tmp_path: Path, typed: Typed) -> None:
    (tmp_path / "mapping.toml").write_text('[columns]\nphone = "Uwagi"\n', encoding="utf-8")
    path = tmp_path / "customers.csv"
    path.write_text(
        "Imię;surname;Ulica i numer;Kod pocztowy;Miejscowość;Uwagi;E-mail;Telefon\n"
        "Ewa;Nowak;ul. Polna 1;00-950;Łódź;600123456;ewa@example.com;22 123 45 67\n",
        encoding="utf-8",
    )
    told = typed("check", "customers.csv", "--mapping", "mapping.toml", "--json").json
    mapping = {one["field"]: (one["columns"], one["by"]) for one in told["mapping"]}
    assert mapping["first_name"] == (["Imię"], "name")
    assert mapping["last_name"] == (["surname"], "alias")
    assert mapping["phone"] == (["Uwagi"], "mapping")
    assert told["extras"] == ["Telefon"]


def test_a_header_that_is_a_value_is_masked(tmp_path: Path, typed: Typed) -> None:
    write(tmp_path, [customer(1)], "44051401359")
    finished = typed("check", "customers.csv")
    assert "99999999999" in finished.out
    assert "44051401359" not in finished.out + typed("check", "customers.csv", "--json").out


@pytest.mark.parametrize(
    ("content", "said", "proof"),
    [
        (b"Imi,E-mail\nEwa,ewa@example.com\n", (), ("ascii", "nothing in it but ASCII")),
        ("\ufeffImię,E-mail\nEwa,ewa@example.com\n".encode(), (), ("byte_order_mark", "by its byte order mark")),
        ("Imię,E-mail\nZażółć,ewa@example.com\n".encode(), (), ("utf8_valid", "valid to the last byte")),
        ("Imię,E-mail\nZażółć gęślą jaźń,e@example.com\n".encode("cp1250"), (), ("polish_letters", "proven by ")),
        ("Imię,E-mail\nŻółć,e@example.com\n".encode("cp852"), ("--encoding", "cp852"), ("said", "as --encoding says")),
        ("Imię,E-mail\nEwa,ewa@example.com\n".encode("utf-16-le"), (), ("utf16_nulls", "by the NULs")),
    ],
)
def test_the_encoding_is_shown_with_its_proof(
    tmp_path: Path, typed: Typed, content: bytes, said: tuple[str, ...], proof: tuple[str, str]
) -> None:
    word, words = proof
    (tmp_path / "mapping.toml").write_text(
        f'[columns]\nfirst_name = "{"Imi" if word == "ascii" else "Imię"}"\n', encoding="utf-8"
    )
    (tmp_path / "customers.csv").write_bytes(content)
    policy = tmp_path / "policy.toml"
    policy.write_text(POLICY, encoding="utf-8")
    every = ("check", "customers.csv", "--policy", "policy.toml", "--mapping", "mapping.toml", *said)
    assert typed(*every, "--json").json["format"]["proof"] == word
    assert words in typed(*every).out


POLICY: Final = """\
name = "news"
version = "1"
controller = "Sklep"
on_extra = "drop"
default_kind = "reader"
default_country = "PL"
reference_aliases = []

[retention]
rejections_days = 30

[fields.first_name]
rule = "person_name"
label = { pl = "Imię", en = "First name" }

[fields.email]
rule = "email"
label = { pl = "E-mail", en = "E-mail" }

[kinds.reader]
label = { pl = "Czytelnik", en = "Reader" }
clause = "newsletter"
table = "readers"
required = ["first_name", "email"]
"""
