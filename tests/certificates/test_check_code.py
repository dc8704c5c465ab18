"""The check code forgives typing and nothing else."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates import check_code

SECRET = b"an invented secret of the tests"
NUMBER = "440104-2026-0000123-7"
CODE = check_code.make(SECRET, NUMBER)


def test_a_code_is_eight_characters_that_nobody_confuses() -> None:
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", CODE)


def test_a_code_belongs_to_one_number_and_one_secret() -> None:
    assert check_code.make(SECRET, NUMBER) == CODE
    assert check_code.make(SECRET, "440104-2026-0000124-5") != CODE
    assert check_code.make(b"another", NUMBER) != CODE


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        CODE.lower(),
        CODE.replace("-", ""),
        f" {CODE[:4]} {CODE[5:]} ",
        CODE.replace("-", "－"),
    ],
)
def test_dashes_spaces_case_and_width_do_not_matter(typed: str) -> None:
    assert check_code.matches(SECRET, NUMBER, typed)


@given(st.integers(min_value=1, max_value=9_999_999), st.data())
def test_o_is_zero_and_i_and_l_are_one(serial: int, data: st.DataObject) -> None:
    number = str(serial)
    code = check_code.make(SECRET, number)
    lookalikes = {"0": "0Oo", "1": "1IiLl"}
    typed = "".join(data.draw(st.sampled_from(lookalikes.get(one, one))) for one in code)
    assert check_code.matches(SECRET, number, typed)


@given(st.integers(min_value=0, max_value=7), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_one_wrong_character_is_wrong(place: int, character: str) -> None:
    plain = CODE.replace("-", "")
    typed = plain[:place] + character + plain[place + 1 :]
    assert check_code.matches(SECRET, NUMBER, typed) == (plain == typed)


@given(st.text(max_size=20))
def test_any_typing_is_answered(typed: str) -> None:
    assert check_code.matches(SECRET, NUMBER, typed) in {True, False}
