"""The rules against the libraries they lean on: where they differ, it is where a rule closes a library's hole."""

import ipaddress
import re
import string

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from hypothesis import example, given
from hypothesis import strategies as st
from stdnum.exceptions import ValidationError
from stdnum.pl import nip

from tests.validators.grammar import dice
from tests.validators.values import mutated, nearly
from validators.checksum import weighted
from validators.rules import RULES
from validators.rules.phone_plan import NATIONAL
from validators.screen import Screen

# --- NIP and python-stdnum -------------------------------------------------------------------------------------------

ASCII = st.text(string.printable.replace("\x0b", "").replace("\x0c", ""), max_size=20)
DIGITS = st.text("0123456789", min_size=9, max_size=11)
CHECKED = st.integers(0, 999_999_999).map(lambda stem: with_check_digit(f"{stem:09}"))
LAYOUTS = st.sampled_from(("{}", "PL{}", "PL {}", "pl-{}", " {} ", "{}\t", "- {}-"))
WRITTEN_NIPS = st.builds(lambda digits, layout: layout.format(digits), CHECKED | DIGITS, LAYOUTS)


def with_check_digit(stem: str) -> str:
    weights = (6, 5, 7, 2, 3, 4, 5, 6, 7)  # python-stdnum, stdnum.pl.nip
    digit = sum(weight * int(one) for weight, one in zip(weights, stem, strict=True)) % 11
    return stem + str(digit % 10)


@given(WRITTEN_NIPS | mutated(WRITTEN_NIPS) | nearly("nip"))
def test_a_nip_that_is_accepted_is_one_to_python_stdnum(value: str) -> None:
    canonical = RULES["nip"].one(value).value

    assert canonical is None or nip.validate(canonical) == canonical


@given(WRITTEN_NIPS | mutated(WRITTEN_NIPS) | ASCII)
@example("0000000000")
@example("1000000006")
@example("PLPL5260250274")
def test_of_what_python_stdnum_accepts_only_the_implausible_is_refused(value: str) -> None:
    try:
        compact = nip.validate(value)
    except ValidationError:
        return
    reading = RULES["nip"].one(value)

    # type TNrNIP of the finance ministry's e-invoice schema
    plausible = re.fullmatch("[1-9](([0-9][1-9])|([1-9][0-9]))[0-9]{7}", compact)
    if plausible and value.isascii():
        assert reading.value == compact
    elif plausible:  # python-stdnum takes other scripts' digits for digits, and look-alikes of spaces and dashes away
        assert reading.value in {compact, None}
    else:
        assert reading.value is None
        assert not value.isascii() or reading.fault == ("nip.implausible", {})


@given(st.integers(0, 10**10 - 1))
@example(0)
@example(5260250274)
def test_the_checksum_is_python_stdnums(number: int) -> None:
    digits = f"{number:010}"

    assert weighted((6, 5, 7, 2, 3, 4, 5, 6, 7, -1), 11).fits(digits) == (nip.checksum(digits) == 0)


# --- e-mail and email-validator --------------------------------------------------------------------------------------

ATOMS = st.text(string.ascii_letters + string.digits + "!#$%&'*+-/=?^_`{|}~.", min_size=1, max_size=70)
LABELS = st.text(string.ascii_letters + string.digits + "-żółćаеορ", min_size=1, max_size=12)
DOMAINS = st.lists(LABELS | st.sampled_from(("example", "gmail", "com", "pl", "test", "xn--w-uga1v8h")), max_size=4)
ADDRESSES = st.builds(lambda local, labels: f"{local}@{'.'.join(labels)}", ATOMS, DOMAINS)
EMAILS = ADDRESSES | st.emails() | nearly("email") | mutated(ADDRESSES)


@given(EMAILS)
@example("a" * 65 + "@example.com")
@example("=1+1@example.pl")
def test_an_address_that_is_accepted_is_one_to_email_validator(value: str) -> None:
    canonical = RULES["email"].one(value).value
    if canonical is None:
        return

    assert validate_email(canonical, check_deliverability=False, strict=True).normalized == canonical
    assert not canonical.startswith("=")


@given(EMAILS)
@example("jan@gm\u0430il.com")
@example("=1+1@example.pl")
@example("test@TEST.pl")
@example("a" * 65 + "@example.com")
def test_of_what_email_validator_accepts_only_its_holes_are_refused(value: str) -> None:
    try:
        valid = validate_email(value, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return
    reading = RULES["email"].one(value)
    if reading.value is not None:
        assert reading.value == valid.normalized
        return

    code = reading.fault[0] if reading.fault else None
    formula_or_long = valid.local_part.startswith("=") or len(valid.local_part) > 64  # RFC 5321, 4.5.3.1.1
    invisible = {"text.invisible_character", "text.broken_encoding", "text.control_character"}
    assert (
        reading.placeholder
        or code in {"email.lookalike_domain", *invisible}
        or (code, formula_or_long)
        == (
            "email.syntax",
            True,
        )
    )


# --- IP addresses and ipaddress --------------------------------------------------------------------------------------

ADDRESSES_OF_HOSTS = st.ip_addresses().map(str) | st.ip_addresses(v=6).map(lambda address: address.exploded.upper())


@given(ADDRESSES_OF_HOSTS | mutated(ADDRESSES_OF_HOSTS) | nearly("ip_address"))
@example("::ffff:192.0.2.7")
@example("fe80::1%1")
@example("0::0")
def test_an_ip_address_is_what_ipaddress_says(value: str) -> None:
    reading = RULES["ip_address"].one(value)
    try:
        compressed = ipaddress.ip_address(value).compressed
    except ValueError:
        assert reading.value is None or value != value.strip() or not value.isascii()
        return

    zone, unspecified = "%" in value, compressed == "::"
    assert reading.value == (None if zone or unspecified else compressed)


@given(ADDRESSES_OF_HOSTS | mutated(ADDRESSES_OF_HOSTS) | nearly("ip_address"))
def test_an_ip_address_that_is_accepted_is_one_to_ipaddress(value: str) -> None:
    canonical = RULES["ip_address"].one(value).value

    assert canonical is None or ipaddress.ip_address(canonical).compressed == canonical


# --- the phone's screens and phonenumbers ----------------------------------------------------------------------------

# The first proves numbers as phonenumbers itself reads them, others what stands behind a label or an old trunk zero.
PHONE = RULES["phone"].screens[0]
PROVING = [screen for screen in RULES["phone"].screens if screen.fault is None]
REFUSING = [screen for screen in RULES["phone"].screens if screen.fault == ("phone.invalid", {})]
NINE_DIGITS = st.integers(0, 999_999_999).map("{:09}".format)
WRITTEN_PHONES = st.builds(
    lambda layout, n: layout.format(n, n[:3], n[3:6], n[6:], n[:2], n[2:5], n[5:7], n[7:]),
    st.sampled_from(("{}", "+48{}", "0048{}", "+48 {1} {2} {3}", "{1}-{2}-{3}", "{4} {5} {6} {7}", "{1} {2}{3}")),
    NINE_DIGITS,
)


def drawn_from(screen: Screen) -> st.SearchStrategy[tuple[Screen, str]]:
    """Draw a screen's own values, mostly, and what is nearly a phone."""
    own = st.from_regex(screen.shape.pattern, fullmatch=True)
    return st.tuples(st.just(screen), own | mutated(own) | WRITTEN_PHONES | nearly("phone"))


@given(WRITTEN_PHONES | mutated(WRITTEN_PHONES) | st.from_regex(PHONE.shape.pattern, fullmatch=True) | nearly("phone"))
def test_a_phone_that_the_first_screen_proves_is_what_phonenumbers_reads(value: str) -> None:
    proven = PHONE.one(value)
    if proven is None:
        return
    number = phonenumbers.parse(value, "PL")

    assert phonenumbers.is_valid_number(number)
    assert phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) == proven


@given(st.sampled_from(PROVING).flatmap(drawn_from))
def test_a_phone_that_a_screen_proves_is_valid_to_phonenumbers(drawn: tuple[Screen, str]) -> None:
    screen, value = drawn
    proven = screen.one(value)
    if proven is None:
        return
    number = phonenumbers.parse(proven)

    assert phonenumbers.is_valid_number(number)
    e164, _, extension = proven.partition(";ext=")
    assert phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) == e164
    assert (number.extension or "") == extension


@given(st.sampled_from(REFUSING).flatmap(drawn_from))
def test_a_phone_that_a_screen_refuses_is_not_valid_to_phonenumbers(drawn: tuple[Screen, str]) -> None:
    screen, value = drawn

    assert screen.one(value) is None or not phonenumbers.is_valid_number(phonenumbers.parse(value, "PL"))


@given(st.sampled_from((45, 50, 51, 53, 57, 60, 66, 69, 72, 73, 78, 79, 88)), st.integers(0, 9_999_999))
def test_every_polish_mobile_number_that_phonenumbers_knows_is_proven(first: int, rest: int) -> None:
    value = f"{first}{rest:07}"
    number = phonenumbers.PhoneNumber(country_code=48, national_number=int(value))
    mobile = phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE

    assert (PHONE.one(value) == f"+48{value}") >= mobile


def test_the_pattern_of_the_polish_plan_is_what_phonenumbers_calls_valid() -> None:
    rng = dice(48)
    numbers = {str(rng.randrange(10**8, 10**9)) for _ in range(8_000)} | {f"{n:03}123456" for n in range(100, 1000)}
    numbers |= {f"800{rng.randrange(10**7):07}" for _ in range(100)} | {f"{n}0000000" for n in range(100, 1000)}
    numbers |= {f"64{rng.randrange(10**7):07}" for _ in range(200)} | {
        f"70{rng.randrange(10**7):07}" for _ in range(500)
    }

    for national in numbers:
        number = phonenumbers.PhoneNumber(country_code=48, national_number=int(national))

        assert bool(NATIONAL.fullmatch(national)) == phonenumbers.is_valid_number(number), national
