"""The catalogues: every code in every language, with the parameters that the code gives, and nothing besides."""

import re
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from string import Formatter

import pytest

from tests.validators.case_files import cases_through
from tests.validators.records import CANONICAL
from validators import check
from validators.codes import OF_MAPPINGS, codes
from validators.finding import Fault, Finding
from validators.messages import LANGUAGES, catalogue, remedy, sentence
from validators.rules import RULES
from validators.types import Params
from validators.unusable import Unusable


def parameters(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def given() -> Iterator[tuple[str, Params]]:
    """Yield every code with its parameters, as the rules and the judge give them."""
    for name, rule in RULES.items():
        table = cases_through(name)
        for case in (*table.accepted, *table.refused, *table.empty):
            reading = rule.one(case.value, case.country)
            yield from (*reading.notices, *reading.fixes, *filter(None, [reading.fault]))
    login, individual = CANONICAL["login"], CANONICAL["individual"]
    verdicts = [
        check([]),  # type: ignore[arg-type]  # from JSON, anything may come
        check({"kind": "?"}),
        check({**individual, "nip": "5260250274"}, kind="individual"),
        check({**login, "note": "?"}, on_extra="reject"),
        check({}, kind="login"),
        check({"ip_address": "brak"}, kind="login"),
        check({"ip_address": []}, kind="login"),
        *(check({"ip_address": Unusable(f"cell.{why}")}, kind="login") for why in ("date", "error", "inexact")),
        check({**individual, "country_code": "brak"}),
    ]
    for verdict in verdicts:
        for found in (*verdict.faults, *verdict.notices, *verdict.fixes):
            yield found.code, found.params


# The others as `loaders` gives them, and the mappings of `intake`.
GIVEN = dict(given()) | {"database.refused": {"sqlstate": "23514"}} | {code: {} for code in OF_MAPPINGS}


def test_every_code_is_given_by_something() -> None:
    assert GIVEN.keys() == codes().keys()


@pytest.mark.parametrize("code", codes())
def test_a_sentence_uses_the_parameters_that_its_code_gives(code: str) -> None:
    for language in LANGUAGES:
        entry = catalogue(language)[code]
        assert parameters(entry.message) | parameters(entry.remedy) == GIVEN[code].keys()


@pytest.mark.parametrize("code", codes())
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_can_be_said(code: str, language: str) -> None:
    for said in (sentence(code, GIVEN[code], language), remedy(code, GIVEN[code], language)):
        assert said[0].isupper() or said[0] == "`"
        assert said.endswith((".", "!", "?"))
        assert not re.search(r"[{}]|  | [.,;:]", said)
    assert Finding(code, "nip", GIVEN[code]).message(language) == sentence(code, GIVEN[code], language)


@pytest.mark.parametrize("code", codes())
def test_the_languages_say_the_same_in_different_words(code: str) -> None:
    assert sentence(code, GIVEN[code], "pl") != sentence(code, GIVEN[code], "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_codes_stand_in_the_same_order_everywhere(language: str) -> None:
    # so that a person can read the catalogues side by side
    text = (files("validators") / "catalogues" / f"{language}.toml").read_text(encoding="utf-8")

    assert list(tomllib.loads(text)) == list(catalogue("en"))


@pytest.mark.parametrize("name", RULES)
def test_a_rule_gives_its_own_codes_and_those_of_any_text(name: str) -> None:
    own = {"person_name": "name"}.get(name, name)

    assert {code.partition(".")[0] for code in RULES[name].codes} <= {own, "text", "excess"}


# DESIGN.md, "Rules" and "Words": the codes that it names. They are fixed.
FIXED = {
    *("text.control_character", "text.invisible_character", "text.broken_encoding", "text.too_long"),
    *("required.missing", "required.placeholder"),
    *("nip.characters", "nip.length", "nip.checksum", "nip.implausible", "nip.is_pesel", "nip.is_regon", "nip.foreign"),
    *("phone.unreadable", "phone.invalid", "phone.several", "phone.remark_dropped"),
    *("email.syntax", "email.special_use_domain", "email.domain_typo"),
    *("name.characters", "name.looks_like_company", "street_address.number_missing"),
    *("postal_code.format", "postal_code.implausible"),
    *("excess.identity_number", "kind.unknown", "kind.looks_like_business", "extra.forbidden", "record.malformed"),
}


def test_the_codes_that_are_promised_are_there() -> None:
    assert FIXED - codes().keys() == set()


def test_there_is_polish_and_english() -> None:
    fault = Fault("nip.length", "nip", {"expected": 10})

    assert fault.message("pl") == "NIP ma 10 cyfr."
    assert fault.message("en") == fault.message() == "A NIP has 10 digits."


@pytest.mark.parametrize("language", ["de", "", "PL"])
def test_there_is_no_other_language(language: str) -> None:
    with pytest.raises(ValueError, match="there are en, pl"):
        Fault("nip.length").message(language)
