"""Codes as they are typed: the check character, and what is forgiven."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.access import codes

CODES = st.text(alphabet=codes.ALPHABET, min_size=12, max_size=12)


def fits(code: str) -> bool:
    return codes.check_character(code[:-1]) == code[-1]


@given(CODES, st.data())
def test_every_single_wrong_character_shows(code: str, data: st.DataObject) -> None:
    whole = code + codes.check_character(code)
    place = data.draw(st.integers(0, 12))
    wrong = data.draw(st.sampled_from(codes.ALPHABET.replace(whole[place], "")))
    assert fits(whole)
    assert not fits(whole[:place] + wrong + whole[place + 1 :])


@given(CODES, st.integers(0, 12), st.integers(0, 12))
def test_every_swap_of_two_characters_shows(code: str, first: int, second: int) -> None:
    whole = list(code + codes.check_character(code))
    same = whole[first] == whole[second]
    whole[first], whole[second] = whole[second], whole[first]
    assert fits("".join(whole)) is same


@given(st.binary(min_size=8, max_size=8))
def test_encoding_keeps_the_first_bits(raw: bytes) -> None:
    code = codes.encode(raw, 12)
    number = 0
    for character in code:
        number = number * 32 + codes.ALPHABET.index(character)
    assert number == int.from_bytes(raw, "big") >> 4


@pytest.mark.parametrize(
    "typed",
    ["abcd-efgh", "ABCD EFGH", "abcdefgh", "ＡＢＣＤ－ＥＦＧＨ", "AB-CD–EF—GH", " abcd\tefgh "],
)
def test_case_width_and_grouping_are_forgiven(typed: str) -> None:
    assert codes.typed(typed) == "ABCDEFGH"


def test_look_alikes_are_forgiven() -> None:
    assert codes.typed("oOiIlL") == "001111"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "ABCU",
        "AB*C",
        "٣٤٥",
        "АВС",
        "ABC\x00",
        "ABC\n",
        "A" * 65,
        "ﷺ" * 64,
        "ß",
        "\ud800",
    ],
)
def test_anything_else_is_no_code(typed: str) -> None:
    assert codes.typed(typed) is None


@given(st.text(max_size=70))
def test_reading_never_fails_and_gives_only_the_alphabet(typed: str) -> None:
    read = codes.typed(typed)
    assert read is None or set(read) <= set(codes.ALPHABET)
