"""A certificate number can be typed badly and is then refused, never mistaken for another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates import number
from certificates.number import InvalidNumber
from domain.certificate import CertificateKind

serials = st.integers(min_value=1, max_value=9_999_999)
districts = st.sampled_from(["440103", "440104", "440105", "440106", "440111", "440118"])
years = st.integers(min_value=2024, max_value=2099)
made = st.builds(number.make, districts, years, serials)


def test_a_number_is_district_year_serial_and_check_digit() -> None:
    assert number.make("440104", 2026, 123) == "440104-2026-0000123-7"


def test_the_check_digit_is_that_of_iso_7064_mod_11_10() -> None:
    assert number.check_digit("0794") == "5"  # the standard's own example


@pytest.mark.parametrize(
    "typed",
    [
        "440104-2026-0000123-7",
        "440104202600001237",
        " 440104 2026 0000123 7 ",
        "４４０１０４－２０２６－００００１２３－７",
        "440104—2026—0000123—7",
        "440104－2026-0000123‑7\n",
        "穗家结〔2026〕440104-0000123-7",
        "穗家星〔2026〕440104-0000123-7",
        "穗家学［２０２６］４４０１０４－００００１２３－７",
        "穗家结(2026)440104 0000123 7",
        "家结[2026]44010400001237",
        "〔2026〕440104-0000123-7",
    ],
)
def test_a_number_is_read_however_it_is_typed(typed: str) -> None:
    assert number.read(typed) == "440104-2026-0000123-7"


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", "length"),
        ("440104-2026-0000123", "length"),
        ("440104-2026-00001237-7", "length"),
        ("穗家结〔2026〕440104-000123-7", "length"),
        ("440104-2026-000012B-7", "characters"),
        ("粤教师〔2026〕440104-0000123-7", "characters"),
        ("440104-2026-0000123-8", "check_digit"),
        ("440104-2026-0000132-7", "check_digit"),
        ("٤٤٠١٠٤٢٠٢٦٠٠٠٠١٢٣٧", "characters"),
    ],
)
def test_a_number_that_is_none_says_what_is_wrong(typed: str, problem: str) -> None:
    with pytest.raises(InvalidNumber) as refusal:
        number.read(typed)
    assert refusal.value.problem == problem
    assert refusal.value.code == "certificate_number_invalid"


@given(made)
def test_every_number_made_is_read_back(canonical: str) -> None:
    assert number.read(canonical) == canonical
    assert number.from_integer(number.as_integer(canonical)) == canonical


@given(made, st.sampled_from(CertificateKind))
def test_every_printed_form_is_read_back(canonical: str, kind: CertificateKind) -> None:
    assert number.read(number.printed(canonical, kind)) == canonical


@given(made, st.integers(min_value=0, max_value=17), st.integers(min_value=1, max_value=9))
def test_every_wrong_digit_is_caught(canonical: str, place: int, off_by: int) -> None:
    digits = canonical.replace("-", "")
    wrong = (int(digits[place]) + off_by) % 10
    with pytest.raises(InvalidNumber):
        number.read(f"{digits[:place]}{wrong}{digits[place + 1 :]}")


def test_all_but_one_in_fifty_swaps_of_neighbours_are_caught() -> None:
    swaps = missed = 0
    for serial in range(1, 3000, 7):
        digits = number.make("440104", 2026, serial).replace("-", "")
        for place in range(17):
            swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
            if swapped != digits:
                swaps += 1
                missed += _is_number(swapped)
    assert missed / swaps < 0.02


@given(st.text(max_size=40))
def test_any_text_is_a_number_or_refused(text: str) -> None:
    assert _is_number(text) in {True, False}


@pytest.mark.parametrize(
    ("district", "year", "serial"),
    [("44010", 2026, 1), ("44010a", 2026, 1), ("440104", 26, 1), ("440104", 2026, 0),
     ("440104", 2026, 10_000_000), ("4401042", 202, 1)],
)  # fmt: skip
def test_impossible_parts_make_no_number(district: str, year: int, serial: int) -> None:
    with pytest.raises(ValueError, match="no certificate number"):
        number.make(district, year, serial)


def _is_number(text: str) -> bool:
    try:
        number.read(text)
    except InvalidNumber:
        return False
    return True
