"""Numbers that are put where a NIP belongs are told apart as python-stdnum tells them."""

from hypothesis import example, given
from hypothesis import strategies as st
from stdnum.pl import regon

from validators.rules.nip import NIP


@given(st.from_regex("[1-9][0-9]{7}", fullmatch=True), st.from_regex("[0-9]{4}", fullmatch=True), st.booleans())
@example("12345678", "1234", True)  # noqa: FBT003  (python-stdnum: 12345678512347, a local unit)
@example("12345678", "1234", False)  # noqa: FBT003
def test_a_regon_is_what_python_stdnum_says(unit: str, local: str, fits: bool) -> None:  # noqa: FBT001
    whole = unit + (regon.calc_check_digit(unit) if fits else "5")
    long = whole + local + regon.calc_check_digit(whole + local)

    for number in (whole, unit + "0", long, long[:-1] + "0"):  # nine zeros would be a placeholder
        assert (NIP.one(number).fault == ("nip.is_regon", {})) == regon.is_valid(number)
