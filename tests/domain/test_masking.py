"""Masks show enough for the owner of a name or phone, and nothing more."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.masking import mask_name, mask_phone


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张丰", "张*"),
        ("张三丰", "张*丰"),
        ("欧阳娜娜", "欧**娜"),
        ("陈䶮", "陈*"),
        ("李𬍛明", "李*明"),
        ("阿依古丽·买买提", "阿***·买**"),
        ("阿依古丽•买买提", "阿***·买**"),
        ("阿 · 买买提", "*·买**"),
        ("Maria Lopez", "M. L."),
        ("maria-josé lópez", "M. J. L."),
        ("Jean·Paul", "J. P."),
        ("  张三丰 ", "张*丰"),
        ("张\u200d三丰", "张*丰"),
        ("葛\U000e0100城城", "葛*城"),
        ("阿依古丽买买提", "阿***提"),
        ("张", "*"),
        ("", "*"),
        ("·", "*"),
        ("〇三丰", "〇*丰"),
    ],
)
def test_a_name_keeps_its_ends_and_loses_its_middle(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@given(st.text(alphabet="张三丰陈小明欧阳〇䶮", min_size=1, max_size=40))
def test_a_masked_chinese_name_keeps_no_more_than_its_ends(name: str) -> None:
    masked = mask_name(name)
    assert "*" in masked
    assert len(masked) == min(len(name), 5)
    assert masked.replace("*", "") in {"", name[0], name[0] + name[-1]}


@given(st.text(max_size=40))
def test_any_text_at_all_gets_a_mask(name: str) -> None:
    assert mask_name(name)


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("10012345678", "100****5678"),
        ("13812341234", "138****1234"),
        ("1381234123", "***"),
        ("138123412345", "***"),
        ("23812341234", "***"),
        ("138-1234-1234", "***"),
        ("１３８１２３４１２３４", "***"),
        ("", "***"),
    ],
)
def test_a_phone_keeps_three_and_four_digits_or_nothing(phone: str, masked: str) -> None:
    assert mask_phone(phone) == masked
