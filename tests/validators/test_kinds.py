"""What kind of record it is: as somebody says, else as its fields tell, else an individual's."""

import tomllib
from pathlib import Path

import pytest

from tests.validators.records import CANONICAL
from tests.validators.shipped import TEXT, loaded
from validators import check
from validators.policy import vipower

INDIVIDUAL, BUSINESS = CANONICAL["individual"], CANONICAL["business"]
ENTRIES = tomllib.loads(TEXT)["kinds"]
WORDS = [
    pytest.param(word, kind, id=f"{kind}: {word}")
    for kind, entry in ENTRIES.items()
    for word in dict.fromkeys((kind, *entry["label"].values(), *entry["aliases"]))
]


@pytest.mark.parametrize(("word", "kind"), WORDS)
@pytest.mark.parametrize("key", ["kind", "rodzaj"])
def test_a_record_says_its_kind_in_any_known_word(key: str, word: str, kind: str) -> None:
    for written in (word, word.upper(), word.lower(), f" {word.replace(' ', '  ')}\n"):
        verdict = check({**CANONICAL[kind], key: written})

        assert (verdict.kind, verdict.record, verdict.dropped) == (kind, CANONICAL[kind], ())


@pytest.mark.parametrize(("word", "kind"), WORDS)
def test_the_caller_says_the_kind_in_any_known_word(word: str, kind: str) -> None:
    assert check(CANONICAL[kind], kind=word).record == CANONICAL[kind]


def test_the_caller_goes_before_the_record() -> None:
    for key in ("kind", "rodzaj"):
        assert check({**CANONICAL["login"], key: "visit"}, kind="login").kind == "login"


def test_a_record_that_says_nothing_under_kind_says_none() -> None:
    for nothing in (None, "", " "):
        assert check({**CANONICAL["login"], "kind": nothing}, kind="login").kind == "login"
        assert check({**CANONICAL["login"], "kind": nothing, "rodzaj": "logowanie"}).kind == "login"
        assert check({**BUSINESS, "kind": nothing}).kind == "business"
        assert check({**INDIVIDUAL, "kind": nothing}).kind == "individual"


def test_a_nip_or_a_company_name_gives_a_business_away() -> None:
    # DESIGN.md, "Command line": else business where there is a NIP or a company name
    assert check(BUSINESS).kind == "business"
    assert check({"nip": "no NIP at all"}).kind == "business"
    assert check({"company_name": 7}).kind == "business"
    assert check({"company_name": []}).kind == "business"


def test_without_either_it_is_an_individual() -> None:
    assert check(INDIVIDUAL).kind == "individual"
    assert check({}).kind == "individual"


@pytest.mark.parametrize("nothing", [None, "", " ", "-", "brak", "Nie dotyczy", " n/a "])
def test_nothing_under_nip_gives_no_business_away(nothing: str | None) -> None:
    verdict = check({**INDIVIDUAL, "nip": nothing, "company_name": nothing})

    assert (verdict.kind, verdict.record) == ("individual", INDIVIDUAL)


@pytest.mark.parametrize("said", ["firm", "individuals", "\x00", "x" * 10_000, "\ud800", 1, 1.5, True, [], ["login"]])
def test_a_kind_that_the_policy_has_not_is_unknown(said: object) -> None:
    for verdict in (check({**INDIVIDUAL, "kind": said}), check({**INDIVIDUAL, "rodzaj": said})):
        assert [(fault.code, fault.field) for fault in verdict.faults] == [("kind.unknown", "kind")]
        assert verdict.faults[0].params == {"known": "individual, business, contact, visit, registration, login"}
        assert (verdict.kind, verdict.record, verdict.dropped) == (None, None, ())


def test_a_kind_that_the_caller_makes_up_is_unknown() -> None:
    assert [fault.code for fault in check(INDIVIDUAL, kind="firm").faults] == ["kind.unknown"]


@pytest.mark.parametrize("given", [{"nip": "5260250274"}, {"company_name": "Młyn Wodny s.c."}, {"nip": "526"}], ids=str)
def test_an_individual_with_a_nip_or_a_company_looks_like_a_business(given: dict[str, str]) -> None:
    for verdict in (check({**INDIVIDUAL, **given, "kind": "individual"}), check({**INDIVIDUAL, **given}, kind="osoba")):
        assert [(fault.code, fault.field) for fault in verdict.faults] == [("kind.looks_like_business", "kind")]
        assert verdict.faults[0].params == {"kind": "business"}
        assert verdict.dropped == tuple(given)


def test_a_kind_of_its_own_accord_is_not_second_guessed() -> None:
    verdict = check({**CANONICAL["contact"], "nip": "5260250274"}, kind="contact")

    assert (verdict.record, verdict.dropped) == (CANONICAL["contact"], ("nip",))


def test_the_default_kind_can_be_the_one_that_is_recognised(tmp_path: Path) -> None:
    policy = loaded(tmp_path, ('default_kind = "individual"', 'default_kind = "business"'))

    assert check(BUSINESS, policy=policy).accepted
    assert check({**BUSINESS, "note": 1}, policy=policy).accepted
    assert check({**BUSINESS, "note": 1}, policy=policy, kind="business").accepted


def test_the_kinds_are_those_that_design_names() -> None:
    assert list(vipower().kinds) == ["individual", "business", "contact", "visit", "registration", "login"]
