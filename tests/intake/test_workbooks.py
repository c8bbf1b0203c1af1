"""Workbooks: the same records in columns as one by one, each cell as what was typed, or not at all, at its place."""

import datetime as dt
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.errors import SourceError
from intake.isolation import child as isolated
from intake.sources import Blank, Item, Malformed, Place, Record, Source, open_source
from intake.sources.workbook import Workbook
from tests.intake.command import Typed, environment, intake, rows
from tests.intake.workbook_binary import xlsb
from tests.intake.workbooks import archive, biff, cell, compound, ods, parts, xlsx
from validators.unusable import Unusable

DATE, ERROR, INEXACT, NO_TEXT = map(Unusable, ("cell.date", "cell.error", "cell.inexact", "text.not_text"))

LOGINS: list[list[object]] = [
    ["ip_address", "rodzaj", "urodzony"],
    ["192.0.2.7", "login", dt.date(1980, 1, 1)],
    [dt.date(2020, 2, 11), "login", ""],
    ["", "", ""],
    ["=1/0=#REF!", "login", ""],
    ["192.0.2.9", "login", "=1/0=#REF!"],
]


def in_columns(source: Source, after: int = 0) -> list[Item]:
    """The items of the chunks; odd cells as what they are, and without what is blank and has no name."""
    items: list[Item] = []
    named = source.columns or ()
    for whole in source.chunks(after):
        chunk = whole.with_odd_apart(lambda _: True)
        places = map(Place, chunk.records, chunk.lines)
        values = [*chunk.rows.iter_rows(named=True)]
        own: list[Item] = [*map(Record, places, values), *chunk.others]
        for item in own:
            if isinstance(item, Record):
                item.values = {name: value for name, value in item.values.items() if name in named or value != ""}
        own.sort(key=lambda item: item.place.record)
        assert [item.place.record for item in own] == list(range(after + 1, after + 1 + whole.read))
        after += whole.read
        assert whole.last_record == after
        items += own
    return items


def code_of(path: Path, sheet: str | None = None) -> str:
    with pytest.raises(SourceError) as caught:
        list(open_source(path, sheet=sheet).items())
    return caught.value.code


def test_a_binary_workbook_is_read_as_any_other(tmp_path: Path) -> None:
    path = xlsb(
        tmp_path / "k.xlsb", [["NIP", "Miasto", "Telefon"], ["5260250274", "Łódź", 600123456.0], ["", "", True]]
    )
    source = open_source(path)

    items = [*source.items()]
    assert [item.values for item in items if isinstance(item, Record)] == [
        {"NIP": "5260250274", "Miasto": "Łódź", "Telefon": "600123456"},
        {"NIP": "", "Miasto": "", "Telefon": NO_TEXT},
    ]
    assert in_columns(source) == items


def test_a_workbook_that_may_hold_macros_is_read_as_any_other(tmp_path: Path) -> None:
    kind = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"  # ECMA-376 has it not; Excel writes it
    types = f'<Override PartName="/xl/workbook.xml" ContentType="{kind}"/>'
    rows = f"<sheetData><row>{cell('A1', 'NIP')}</row><row>{cell('A2', '5260250274')}</row></sheetData>"
    contents = parts(rows)
    contents["[Content_Types].xml"] = contents["[Content_Types].xml"].replace("/>", f">{types}</Types>")
    contents["xl/vbaProject.bin"] = "no code of ours is looked at"
    (item,) = open_source(archive(tmp_path / "k.xlsm", contents)).items()

    assert isinstance(item, Record)
    assert item.values == {"NIP": "5260250274"}


def test_what_excel_made_of_text_is_text_again(tmp_path: Path) -> None:
    path = xlsx(
        tmp_path / "k.xlsx",
        {
            "K": [
                ["a", "b", "c", "d"],
                ["00-950", 600123456.0, 6.00123456e8, 5260250274],
                [80001, 0.5, -0.0, 999999999999999],
                [True, dt.date(2020, 2, 11), dt.datetime(2020, 2, 11, 5, 6, 7), 1e15],  # noqa: DTZ001
                ["#N/A", "=1/0=#DIV/0!", '=T("x")=x', ""],
            ]
        },
    )
    source = open_source(path)

    values = [item.values for item in source.items() if isinstance(item, Record)]
    assert [list(one.values()) for one in values] == [
        ["00-950", "600123456", "600123456", "5260250274"],
        ["80001", "0.5", "0", "999999999999999"],
        [NO_TEXT, DATE, DATE, INEXACT],
        [ERROR, ERROR, "x", ""],
    ]
    assert in_columns(source) == list(source.items())


def test_rows_have_the_numbers_that_a_spreadsheet_shows(tmp_path: Path) -> None:
    path = xlsx(
        tmp_path / "k.xlsx", {"K": [["", ""], ["a", ""], ["1", ""], [" ", "\u00a0"], ["2", "x"], ["3"]]}, first="C4"
    )
    source = open_source(path)

    assert source.columns == ("a",)
    assert list(source.items()) == [
        Record(Place(1, 6), {"a": "1"}),
        Blank(Place(2, 7)),
        Malformed(Place(3, 8), "too_many_cells"),
        Record(Place(4, 9), {"a": "3"}),
    ]
    assert (source.format.sheet, source.format.encoding, source.position) == ("K", None, source.size)


def test_a_further_reading_starts_another_child_and_reads_the_same(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "k.xlsx", {"K": [["a"], *([str(number)] for number in range(900))]})
    source = open_source(path)
    every = list(source.items())

    assert len(every) == 900
    for after in (0, 1, 200, 399, 899, 900, 901):
        assert in_columns(source, min(after, 900)) == every[after:]


kinds = st.one_of(
    st.text("ab#żĘ", max_size=4), st.sampled_from([7, 0.5, True, dt.date(2020, 2, 11), "#REF!", 10**15, ""])
)


@settings(max_examples=6)
@given(body=st.lists(st.lists(kinds, max_size=4), max_size=12), first=st.sampled_from(["A1", "B3"]))
def test_columns_hold_what_the_records_do(
    tmp_path_factory: pytest.TempPathFactory, body: list[list[object]], first: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.xlsx"
    source = open_source(xlsx(path, {"K": [["a", "b", "c"], *body]}, first=first))
    every = list(source.items())

    assert in_columns(source) == every
    filled = [number for number, row in enumerate(body, 1) if any(value != "" for value in row)]
    assert [item.place.record for item in every if not isinstance(item, Blank)] == filled


@pytest.mark.parametrize("name", ["k.xls", "k.ods", "k.csv"])
def test_other_formats_are_known_by_what_they_hold(tmp_path: Path, name: str) -> None:
    if name == "k.xls":
        path = compound(tmp_path / name, {"Workbook": biff([["a", "b"], ["Łódź", 600123456.0], [True, 1.5]])})
        expected = [{"a": "Łódź", "b": "600123456"}, {"a": NO_TEXT, "b": "1.5"}]
    else:
        path = ods(
            tmp_path / name,
            '<table:table-row><table:table-cell office:value-type="string"><text:p>a</text:p></table:table-cell>'
            '<table:table-cell office:value-type="string"><text:p>b</text:p></table:table-cell></table:table-row>'
            '<table:table-row><table:table-cell office:value-type="string"><text:p>Łódź</text:p></table:table-cell>'
            '<table:table-cell office:value-type="float" office:value="600123456"/></table:table-row>',
        )
        expected = [{"a": "Łódź", "b": "600123456"}]
    source = open_source(path)

    assert [item.values for item in source.items() if isinstance(item, Record)] == expected
    assert in_columns(source) == list(source.items())


def test_the_error_of_a_formula_is_found_where_cells_do_not_say_where_they_are(tmp_path: Path) -> None:
    """ECMA-376, part 1, 18.3.1.4: `r` is optional."""
    sheet = (
        f"<sheetData><row>{cell('A1', 'a')}{cell('B1', 'b')}</row><row><c t='e'><v>#REF!</v></c>"
        '<c t="e"><f>x</f><v>#N/A</v></c></row><row><c t="inlineStr"><is><t>"e"</t></is></c></row>'
        '<row r="9"><c r="B9" t="e"><v>#NULL!</v></c></row></sheetData>'
    )
    source = open_source(archive(tmp_path / "k.xlsx", parts(sheet)))

    assert [(item.place.line, item.values) for item in source.items() if isinstance(item, Record)] == [
        (2, {"a": ERROR, "b": ERROR}),
        (3, {"a": '"e"', "b": ""}),
        (9, {"a": "", "b": ERROR}),
    ]


def test_the_error_of_a_formula_is_found_in_open_document_too(tmp_path: Path) -> None:
    """As LibreOffice 7 writes it: an empty text whose `calcext:value-type` says that it is none."""
    text = '<table:table-cell office:value-type="string"{}><text:p>{}</text:p></table:table-cell>'
    error = text.format(' table:formula="of:=1/0" office:string-value="" calcext:value-type="error"', "#DIV/0!")
    lines = [
        text.format("", "a") + text.format("", "b"),
        '<table:table-cell table:number-columns-repeated="1"/>' + error,
        error.replace("table:formula", 'table:number-columns-repeated="2" table:formula'),
        text.format("", "1") + text.format("", "error"),
    ]
    sheet = "".join(f"<table:table-row>{line}</table:table-row>" for line in lines)
    source = open_source(ods(tmp_path / "k.ods", sheet))

    assert [item.values for item in source.items() if isinstance(item, Record)] == [
        {"a": "", "b": ERROR},
        {"a": ERROR, "b": ERROR},
        {"a": "1", "b": "error"},
    ]


def test_the_error_of_a_formula_is_found_in_an_old_workbook_too(tmp_path: Path) -> None:
    """[MS-XLS] 2.4.24 BoolErr, and 2.4.127 Formula with the value of 2.5.133."""
    body: list[list[object]] = [["a", "b"], ["1", LookupError()], [ZeroDivisionError(), True], ["2", 7]]
    source = open_source(compound(tmp_path / "k.xls", {"Workbook": biff(body)}))

    assert [item.values for item in source.items() if isinstance(item, Record)] == [
        {"a": "1", "b": ERROR},
        {"a": ERROR, "b": NO_TEXT},
        {"a": "2", "b": "7"},
    ]


def test_a_long_cell_and_a_long_row_are_malformed_and_their_neighbours_are_read(tmp_path: Path) -> None:
    """Excel's specifications: a cell can contain 32,767 characters."""
    wide = [f"c{number}" for number in range(40)]
    body = [["x" * 32_767], ["x" * 32_768], ["x" * 32_000] * 40, ["y"]]
    cells_of = ("".join(cell("", value) for value in row) for row in [wide, *body])
    rows_ = "".join(f"<row>{row}</row>" for row in cells_of)
    source = open_source(archive(tmp_path / "k.xlsx", parts(f"<sheetData>{rows_}</sheetData>")))
    every = list(source.items())

    assert [item for item in every if isinstance(item, Malformed)] == [
        Malformed(Place(2, 3), "cell_too_long"),
        Malformed(Place(3, 4), "line_too_long"),
    ]
    assert in_columns(source) == every


# --- which sheet -----------------------------------------------------------------------------------------------------


@pytest.fixture
def three(tmp_path: Path) -> Path:
    return xlsx(
        tmp_path / "trzy.xlsx", {"Klienci": [["a"], ["1"]], "Stare": [["a"], ["2"]], "Pusty": []}, hidden=["Stare"]
    )


def test_a_sheet_is_never_guessed(three: Path) -> None:
    with pytest.raises(SourceError) as caught:
        open_source(three)

    assert caught.value.code == "source.sheet_unclear"
    assert str(caught.value) == (
        "trzy.xlsx: more than one sheet holds something: “Klienci”, “Stare” (hidden); "
        "say which with --sheet, by its name or number"
    )


@pytest.mark.parametrize(("said", "sheet"), [("Stare", "Stare"), ("klienci", "Klienci"), ("2", "Stare")])
def test_a_sheet_is_said_by_its_name_or_number(three: Path, said: str, sheet: str) -> None:
    source = open_source(three, sheet=said)

    assert source.format.sheet == sheet
    assert source.format.sheets == ("Klienci", "Stare", "Pusty")
    assert source.format.hidden == ("Stare",)


def test_sheets_that_are_not_there_or_empty(three: Path, tmp_path: Path) -> None:
    assert code_of(three, "Nowe") == code_of(three, "4") == code_of(three, "0") == "source.sheet_unknown"
    assert code_of(three, "Pusty") == "source.sheet_empty"
    assert code_of(xlsx(tmp_path / "p.xlsx", {"Pusty": []})) == "source.empty"
    assert code_of(xlsx(tmp_path / "w.xlsx", {"K": [["x"] * 1001]})) == "source.sheet_too_wide"
    assert code_of(xlsx(tmp_path / "d.xlsx", {"K": [["NIP", "nip"]]})) == "source.duplicate_column"


# --- the command -----------------------------------------------------------------------------------------------------


def test_every_rejection_says_the_sheet_and_the_row(typed: Typed, tmp_path: Path) -> None:
    xlsx(tmp_path / "k.xlsx", {"Logowania": LOGINS, "Inne": [["x"]]}, first="A3", hidden=["Inne"])
    finished = typed("check", "k.xlsx", "--sheet", "logowania", "--report", "report", "--max-rejects", "9")
    told = [json.loads(line) for line in (tmp_path / "report" / "rejections.jsonl").read_text().splitlines()]

    assert finished.status == 1
    assert [
        (one["source"], one["sheet"], one["record"], one["line"], [(f["code"], f["field"]) for f in one["faults"]])
        for one in told
    ] == [
        ("k.xlsx", "Logowania", 2, 5, [("cell.date", "ip_address")]),
        ("k.xlsx", "Logowania", 4, 7, [("cell.error", "ip_address")]),
    ]
    assert "sheet “Logowania” of 2 (hidden: “Inne”); policy" in finished.out
    assert "row 5: ip_address" in finished.out
    assert "row 7: ip_address" in finished.out
    assert "2020" not in finished.out


def test_a_run_is_known_by_its_sheet_too(tmp_path: Path) -> None:
    xlsx(tmp_path / "k.xlsx", {"Stare": LOGINS, "Nowe": LOGINS})
    runs = [intake("import", "k.xlsx", "--json", "--sheet", sheet, cwd=tmp_path) for sheet in ("Stare", "1", "Nowe")]
    told = [(run.status, run.json["outcome"], run.json["source"]["sheet"], run.json["books"]["new"]) for run in runs]

    assert told == [(1, "imported", "Stare", 2), (1, "imported_before", "Stare", 2), (1, "imported", "Nowe", 2)]
    assert len(rows(tmp_path / "customers.db", "logins")) == 4
    options = [json.loads(row["options"])["sheet"] for row in rows(tmp_path / "customers.db", "intake_runs")]
    assert sorted(options) == ["Nowe", "Stare"]
    shown = intake("runs", "show", runs[0].json["run"], cwd=tmp_path)
    assert "Option    sheet Stare" in shown.out


def test_an_unknown_sheet_is_a_slip_and_an_unsaid_one_stops(typed: Typed, three: Path) -> None:
    assert typed("check", three, "--sheet", "x").status == 2
    assert typed("check", three).status == 3


# --- the child -------------------------------------------------------------------------------------------------------


def many(folder: Path) -> Path:
    """More rows than a pipe holds."""
    return xlsx(folder / "many.xlsx", {"K": [["a"], *([f"{number} {'x' * 90}"] for number in range(3_000))]})


@pytest.fixture
def child(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The process ids of the children that are started."""
    started: list[int] = []

    class Watched(subprocess.Popen[bytes]):
        def __init__(self, *arguments: object, **options: object) -> None:
            super().__init__(*arguments, **options)  # type: ignore[call-overload]
            started.append(self.pid)

    monkeypatch.setattr(subprocess, "Popen", Watched)
    return started


@pytest.mark.parametrize(
    ("by", "code"),
    [
        (signal.SIGABRT, "source.workbook_memory"),
        (signal.SIGKILL, "source.workbook_memory"),
        (signal.SIGXCPU, "source.workbook_slow"),
        (signal.SIGSEGV, "source.workbook_failed"),
    ],
)
def test_a_child_that_dies_is_a_refused_file(tmp_path: Path, child: list[int], by: signal.Signals, code: str) -> None:
    source = open_source(many(tmp_path))
    os.kill(child[0], by)
    with pytest.raises(SourceError) as caught:
        list(source.items())

    assert caught.value.code == code


def test_a_child_that_says_nothing_is_not_waited_for_for_ever(
    tmp_path: Path, child: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    source = open_source(many(tmp_path))
    os.kill(child[0], signal.SIGSTOP)
    monkeypatch.setattr(isolated, "_PATIENCE", 0.05)
    with pytest.raises(SourceError) as caught:
        list(source.items())

    assert caught.value.code == "source.workbook_slow"
    assert not is_alive(child[0])


def test_a_reading_that_is_left_takes_its_child_with_it(tmp_path: Path, child: list[int]) -> None:
    reading = open_source(many(tmp_path)).items()
    next(reading)
    assert is_alive(child[0])
    reading.close()  # type: ignore[attr-defined]
    assert not is_alive(child[0])

    source = open_source(many(tmp_path))
    assert isinstance(source, Workbook)
    assert is_alive(child[1])
    del source
    assert not is_alive(child[1])


_OPEN = """\
import sys, time
from pathlib import Path
from intake.sources import open_source
source = open_source(Path(sys.argv[1]))
print(source._begun.gi_frame.f_locals["self"]._child._process.pid, flush=True)
time.sleep(600)
"""


def test_a_child_does_not_outlive_its_parent(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _OPEN, str(many(tmp_path))]
    with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        pid = int(parent.stdout.readline())
        assert is_alive(pid)
        parent.kill()
    for _ in range(3_000):
        if not is_alive(pid):
            return
        time.sleep(0.01)
    pytest.fail("the child is still there")


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"  # ended, and nobody has asked how


def test_a_workbook_that_changed_is_refused(tmp_path: Path) -> None:
    path = many(tmp_path)
    source = open_source(path)
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(SourceError) as caught:
        list(source.chunks())

    assert caught.value.code == "source.changed"
