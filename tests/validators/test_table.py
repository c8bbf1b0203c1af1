"""What `check_table` says, in the shapes that it documents, of any frame there is."""

import datetime as dt
import json
import math
import subprocess
import sys
from decimal import Decimal
from typing import Any, Final

import polars as pl
import pytest
from rich.pretty import pretty_repr

from tests.parity import differences
from tests.validators.grammar import dice, values
from tests.validators.records import CANONICAL
from tests.validators.test_imports import ROOT, modules_after
from validators import TableVerdict, check_table
from validators.policy import vipower
from validators.rules import RULES
from validators.table import _Table

FINDINGS: Final = {"row": pl.UInt32, "field": pl.Categorical, "code": pl.Categorical, "params": pl.Categorical}
DROPPED: Final = {"name": pl.String, "rows": pl.UInt32}


def mixed(count: int) -> pl.DataFrame:
    """Return records of all kinds, a third of them spoilt somewhere."""
    rng = dice(count)
    bad = {name: list(values(rule, 50, seed=1)) for name, rule in RULES.items()}
    rows = []
    for _ in range(count):
        kind = rng.choice(list(CANONICAL))
        row: dict[str, str | None] = {
            "kind": rng.choice((kind, kind, "?")),
            "note": rng.choice((None, " ", "VIP")),
            **CANONICAL[kind],
        }
        if rng.random() < 0.5:
            field = rng.choice(vipower().kinds[kind].fields)
            row[field.name] = rng.choice(bad[field.rule.name])
        rows.append(row)
    return pl.DataFrame(rows, infer_schema_length=None)


def shapes_are_as_documented(verdict: TableVerdict, size: int) -> None:
    assert verdict.kinds.dtype == pl.Enum(list(vipower().kinds))
    assert len(verdict.kinds) == size
    for frame in (verdict.faults, verdict.notices, verdict.fixes):
        assert dict(frame.schema) == FINDINGS
        assert frame.null_count().sum_horizontal().sum() == 0
        assert all(isinstance(json.loads(params), dict) for params in frame["params"].unique())
        ascending = frame.group_by("field", "code", "params", kind=verdict.kinds.gather(frame["row"])).agg(
            pl.col("row")
        )
        assert all(row.is_sorted() and row.is_unique().all() for row in ascending["row"])
    assert dict(verdict.dropped.schema) == DROPPED
    assert verdict.dropped["name"].is_unique().all()
    for kind, frame in verdict.accepted.items():
        names = vipower().kinds[kind].names
        assert frame.columns == ["row", *names]
        assert frame.dtypes == [pl.UInt32, *[pl.String] * len(names)]
        assert len(frame) > 0
        assert frame["row"].is_sorted()
    rows = [row for frame in verdict.accepted.values() for row in frame["row"]]
    assert sorted([*rows, *verdict.faults["row"].unique()]) == list(range(size))


def orders_are_as_documented(verdict: TableVerdict) -> None:
    """Kind by kind, in each field by field, in each code by code."""
    kinds = [None, *vipower().kinds]
    for frame in (verdict.faults, verdict.notices, verdict.fixes):
        told = []
        for row, field, code, params in frame.iter_rows():
            kind = verdict.kinds[row]
            names = vipower().kinds[kind].names if kind else ()
            told.append(
                ((kinds.index(kind), names.index(field) if field in names else len(names)), (field, code, params))
            )
        places = [place for place, _ in told]
        assert places == sorted(places)
        runs = [one for at, one in enumerate(told) if not at or told[at - 1] != one]
        assert len(runs) == len({repr(one) for one in runs})


@pytest.mark.parametrize("size", [1, 50, 3000])
def test_shapes_and_orders(size: int) -> None:
    verdict = check_table(mixed(size))

    shapes_are_as_documented(verdict, size)
    orders_are_as_documented(verdict)


def test_threads_say_the_same() -> None:
    frame = mixed(3000)
    once, four_times = (check_table(table, kind="business") for table in (frame, pl.concat([frame] * 4)))

    shapes_are_as_documented(four_times, 12_000)
    assert len(four_times.faults) == 4 * len(once.faults)
    assert len(four_times.notices) == 4 * len(once.notices)
    assert len(four_times.fixes) == 4 * len(once.fixes)
    assert len(four_times.accepted["business"]) == 4 * len(once.accepted["business"])


def test_the_verdict_says_which_policy_it_was() -> None:
    assert check_table(pl.DataFrame()).policy == vipower().identity


@pytest.mark.parametrize(
    "frame",
    [
        pytest.param(pl.DataFrame(), id="nothing"),
        pytest.param(pl.DataFrame(schema={"nip": pl.String, "kind": pl.String}), id="no rows"),
        pytest.param(pl.DataFrame(schema={"nip": pl.Int64, "note": pl.Null}), id="no rows of other types"),
        pytest.param(pl.DataFrame(height=3), id="no columns"),
    ],
)
@pytest.mark.parametrize("kind", [None, "business", "?"])
def test_frames_with_nothing_in_them(frame: pl.DataFrame, kind: str | None) -> None:
    verdict = check_table(frame, kind=kind)

    shapes_are_as_documented(verdict, frame.height)
    assert verdict.accepted == {}
    assert len(verdict.dropped) == 0
    assert list(differences(frame, kind=kind)) == []


def test_rows_that_are_said_to_be_what_their_fields_are_not() -> None:
    business = CANONICAL["business"]
    frame = pl.DataFrame([{"kind": "individual", **business}, {"kind": "business", **business}])

    found = check_table(frame).faults.select("row", "code", "params").rows()

    assert (0, "kind.looks_like_business", '{"kind":"business"}') in found
    assert {row for row, _, _ in found} == {0}
    assert list(differences(frame)) == []


def test_a_column_that_is_not_there_is_a_value_that_is_not_there() -> None:
    for kind, record in CANONICAL.items():
        for name in record:
            frame = pl.DataFrame([{**record, "note": "VIP"}] * 3).drop(name)

            assert list(differences(frame, kind=kind)) == []


# Columns of three values, whatever Polars can hold.
COLUMNS: Final[dict[str, pl.Series]] = {
    "text": pl.Series(["5260250274", " ", None]),
    "nothing": pl.Series([None, None, None]),
    "integers": pl.Series([5260250274, 0, None]),
    "small integers": pl.Series([1, -1, None], dtype=pl.Int8),
    "large integers": pl.Series([2**63, 2**64 - 1, None], dtype=pl.UInt64),
    "larger integers": pl.Series([2**100, -(2**100), None], dtype=pl.Int128),
    "numbers": pl.Series([5260250274.0, 0.1, None]),
    "numbers that are none": pl.Series([math.nan, math.inf, -math.inf]),
    "large numbers": pl.Series([1e300, 5e-324, -0.0]),
    "short numbers": pl.Series([0.1, 512345678.0, None], dtype=pl.Float32),
    "Booleans": pl.Series([True, False, None]),
    "categories": pl.Series(["5260250274", " ", "brak"], dtype=pl.Categorical),
    "categories with nothing": pl.Series(["512345678", None, ""], dtype=pl.Categorical),
    "an enumeration": pl.Series(["firma", "", None], dtype=pl.Enum(["firma", ""])),
    "lists": pl.Series([["5260250274"], [], None]),
    "arrays": pl.Series([[1, 2], [3, 4], None], dtype=pl.Array(pl.Int64, 2)),
    "structures": pl.Series([{"a": "5260250274"}, {"a": None}, None]),
    "dates": pl.Series([dt.date(2026, 1, 1), None, None]),
    "times": pl.Series([dt.time(1, 2), None, None]),
    "moments": pl.Series([dt.datetime(2026, 1, 1, tzinfo=dt.UTC), None, None]),
    "durations": pl.Series([dt.timedelta(1), None, None]),
    "decimals": pl.Series([Decimal(5260250274), Decimal("0.10"), None]),
    "bytes": pl.Series([b"5260250274", b"", None]),
    "objects": pl.Series([object(), 1j, None], dtype=pl.Object),
    "texts among objects": pl.Series(["5260250274", 5260250274, None], dtype=pl.Object),
}


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("place", ["nip", "phone", "country_code", "kind", "note"])
def test_columns_of_every_type(column: str, place: str) -> None:
    frame = pl.DataFrame([CANONICAL["individual"]] * 3).with_columns(COLUMNS[column].alias(place))

    assert list(differences(frame, on_extra="reject")) == []


def test_columns_of_every_type_as_extras_of_many_rows() -> None:
    frame = pl.DataFrame([CANONICAL["login"]] * 3).with_columns(**{f"{name}, ": one for name, one in COLUMNS.items()})

    verdict = check_table(frame, kind="login")

    assert dict(verdict.dropped.iter_rows()) == {
        f"{name}, ": sum(value is not None and str(value).strip() != "" for value in one.to_list())
        for name, one in COLUMNS.items()
        if any(value is not None for value in one.to_list())
    }


NAMES: Final = (
    "",
    " ",
    "a b",
    "ą/ż~",
    "\x00",
    "\n",
    "x" * 99,
    "x" * 100 + "a",
    "x" * 100 + "b",
    "row",
    "[note]",
    "NIP",
    "^.*$",
    "*",
)


@pytest.mark.parametrize("on_extra", ["drop", "reject"])
def test_columns_of_odd_names(on_extra: Any) -> None:  # noqa: ANN401  (a Literal)
    frame = pl.DataFrame(
        [CANONICAL["contact"] | dict.fromkeys(NAMES, "VIP")] * 2 + [CANONICAL["contact"]], infer_schema_length=None
    )

    assert list(differences(frame, kind="contact", on_extra=on_extra)) == []
    verdict = check_table(frame, kind="contact", on_extra=on_extra)
    # DESIGN.md: names are shown, cut to a length; two that are alike then count together
    assert dict(verdict.dropped.iter_rows()) == dict.fromkeys((name[:100] for name in NAMES), 2) | {"x" * 100: 4}


def test_frames_that_are_pieces_of_others() -> None:
    frame = mixed(2000)
    pieces = pl.concat([frame.slice(at, 7) for at in range(0, 2000, 7)], rechunk=False)
    assert pieces.n_chunks() > 1

    for same in (pieces, frame.reverse().reverse(), pl.concat([frame, frame]).slice(2000), pieces.rechunk()):
        assert told(check_table(same)) == told(check_table(frame))
    assert list(differences(pl.concat([frame, frame]).slice(501, 1003).gather_every(3))) == []


def told(verdict: TableVerdict) -> list[object]:
    frames = [verdict.kinds.to_frame(), verdict.faults, verdict.notices, verdict.fixes, verdict.dropped]
    return [frame.rows() for frame in (*frames, *verdict.accepted.values())]


def test_the_frame_itself_stays_as_it_is() -> None:
    frame = mixed(500).with_columns(pl.col("city").cast(pl.Categorical))
    before = frame.clone()

    check_table(frame)

    assert frame.equals(before)
    assert frame.schema == before.schema


def test_no_value_is_shown() -> None:
    verdict = check_table(
        pl.DataFrame([CANONICAL["business"], {**CANONICAL["business"], "nip": "5260250275", "note": "VIP"}])
    )

    for shown in (repr(verdict), str(verdict), pretty_repr(verdict), f"{verdict}", "%r" % (verdict,)):  # noqa: UP031
        assert [
            value
            for value in (*CANONICAL["business"].values(), "5260250275", "VIP")
            if value != "PL" and value in shown
        ] == []
    assert repr(verdict) == f"<TableVerdict rows=2, accepted=1 policy={vipower().identity}>"


# --- what it costs to import -----------------------------------------------------------------------------------------


def test_polars_loads_when_tables_are_judged_and_not_before() -> None:
    assert "polars" not in modules_after("from validators import check; check({})")
    assert "polars" in modules_after("from validators import check_table")
    assert "polars" in modules_after("from validators import TableVerdict")


def test_what_the_package_does_not_have_is_said_as_usual() -> None:
    code = "import validators\ntry: validators.nonsense\nexcept AttributeError as error: print(error)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout == "module 'validators' has no attribute 'nonsense'\n"


def test_a_table_being_judged_shows_no_value() -> None:
    frame = pl.DataFrame({"ip_address": ["192.0.2.7"]})
    table = _Table(frame, vipower(), {"login": pl.Series([True])}, kinds_are_said=False)

    assert "192" not in repr(table) + str(table.__rich_repr__())
