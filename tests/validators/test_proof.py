"""The proof of a whole record says what judging field after field says, or nothing."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.validators.case_files import cases
from tests.validators.records import CANONICAL
from tests.validators.shipped import loaded
from tests.validators.values import nearly
from validators import Policy, check
from validators.field import Field
from validators.judge import _judge
from validators.policy import vipower
from validators.types import OnExtra

KINDS = st.sampled_from(list(vipower().kinds))
ODDITIES: st.SearchStrategy[object] = st.sampled_from(
    (None, "", " ", 5260250274, 0.5, True, [], "a\nb", "\n", "brak", "NULL", "\ud800")
)


def values_of(field: Field) -> st.SearchStrategy[object]:
    """Draw mostly what a screen proves, and of everything else a little."""
    accepted = [case.value for case in cases(field.rule.name).accepted]
    proven: list[st.SearchStrategy[object]] = [st.sampled_from(accepted)]
    for screen in field.screens("PL")[:1]:  # the proof is made of the first
        good = [value for value in accepted if screen.one(value) is not None]
        proven += [st.sampled_from(good)] * 8 + [st.from_regex(screen.shape.pattern, fullmatch=True)] * 2
    return st.one_of([*proven, nearly(field.rule.name), ODDITIES])


@st.composite
def records(draw: st.DrawFn) -> dict[str, object]:
    kind = vipower().kinds[draw(KINDS)]
    record: dict[str, object] = {field.name: draw(values_of(field)) for field in kind.fields}
    for name in draw(st.sets(st.sampled_from(kind.names), max_size=1)) if draw(st.integers(0, 4)) == 4 else ():
        del record[name]
    for key in draw(st.sampled_from(((), (), ("kind",), ("kind",), ("rodzaj",), ("note",), ("nip",)))):
        record[key] = kind.name if key in {"kind", "rodzaj"} and draw(st.booleans()) else draw(ODDITIES | KINDS)
    return dict(draw(st.permutations(list(record.items()))))


def agrees(record: dict[str, object], policy: Policy, kind: str | None, on_extra: OnExtra) -> None:
    verdict = check(record, policy=policy, kind=kind, on_extra=on_extra)
    judged = _judge(record, policy, kind, on_extra)

    assert verdict == judged
    assert list(verdict.record or ()) == list(judged.record or ())


@given(records(), st.none() | KINDS, st.sampled_from(("drop", "reject")))
def test_a_proof_never_disagrees(record: dict[str, object], kind: str | None, on_extra: OnExtra) -> None:
    agrees(record, vipower(), kind, on_extra)


EXTRAS = st.dictionaries(
    st.sampled_from(("kind", "rodzaj", "note", "nip", "browser", "company_name")),
    st.sampled_from(("individual", "business", "login", "firma", "Młyn", "5260250274", "", " ", None, 1)),
    max_size=2,
)


@given(
    KINDS, EXTRAS, st.sampled_from((None, None, "login", "business", "osoba", "")), st.sampled_from(("drop", "reject"))
)
def test_a_proof_never_disagrees_about_what_comes_with_a_canonical_record(
    name: str, extras: dict[str, object], kind: str | None, on_extra: OnExtra
) -> None:
    agrees({**CANONICAL[name], **extras}, vipower(), kind, on_extra)
    agrees({**extras, **CANONICAL[name]}, vipower(), kind, on_extra)


@pytest.mark.parametrize("name", vipower().kinds)
@given(data=st.data())
def test_a_proof_never_disagrees_about_what_its_screens_prove(name: str, data: st.DataObject) -> None:
    screens = {field.name: screens for field in vipower().kinds[name].fields if (screens := field.screens("PL"))}
    proven = {field: st.from_regex(first.shape.pattern, fullmatch=True) for field, (first, *_) in screens.items()}
    record: dict[str, object] = {
        **CANONICAL[name],
        **{field: data.draw(values) for field, values in proven.items()},
    }

    agrees(record, vipower(), data.draw(st.sampled_from((None, name))), "drop")


@pytest.mark.parametrize("changes", [[('default_country = "PL"', 'default_country = "DE"')], []], ids=["DE", "PL"])
@pytest.mark.parametrize("country", ["PL", "DE"])
def test_a_proof_is_for_the_policys_own_country(tmp_path: Path, changes: list[tuple[str, str]], country: str) -> None:
    policy = loaded(tmp_path, *changes)
    for name, record in CANONICAL.items():
        if "country_code" in record:
            agrees({**record, "kind": name, "country_code": country}, policy, None, "drop")


@pytest.mark.parametrize("name", [name for name, kind in vipower().kinds.items() if name in vipower().proofs])
def test_a_canonical_record_is_proven(name: str) -> None:
    proven = vipower().proofs[name].one(CANONICAL[name])

    assert proven == (CANONICAL[name], ())


def test_the_kinds_of_the_checkout_can_be_proven() -> None:
    # what the speed that DESIGN.md promises hangs on
    assert {"individual", "business", "contact", "login"} <= {*vipower().proofs}


def test_a_kind_with_a_field_that_no_pattern_proves_is_judged_step_by_step() -> None:
    # internet_provider is any text
    assert "visit" not in vipower().proofs
    assert check({**CANONICAL["visit"], "kind": "visit"}).accepted
