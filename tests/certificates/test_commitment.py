"""A name commitment holds the printed name fast without telling it."""

from __future__ import annotations

import pytest

from certificates import commitment

SALT = bytes(range(16))


@pytest.mark.parametrize(
    ("printed", "typed"),
    [
        ("示例慧", " 示例慧 "),
        ("阿依古丽·买买提", "阿依古丽•买买提"),
        ("阿依古丽·买买提", "阿依古丽 ・ 买买提"),
        ("阿依古丽·买买提", "阿依古丽．买买提"),
        ("阿依古丽．买买提", "阿依古丽·买买提"),
        ("阿依古丽・买买提", "阿依古丽.买买提"),
        ("张　丰", "张丰"),
        ("示例慧", "示 例　慧"),
        ("（示例）陈建2", "(示例) 陈建２"),
        ("NGUYỄN Văn An", "nguyễn văn an"),
        ("Maria José", "ｍａｒｉａ  jose\u0301"),
    ],
)
def test_the_same_name_typed_otherwise_is_the_same(printed: str, typed: str) -> None:
    assert commitment.same_name(typed, SALT, commitment.commit(printed, SALT))


@pytest.mark.parametrize(
    ("printed", "typed"),
    [
        ("示例慧", "示例惠"),
        ("示例慧", "示慧例"),
        ("阿依古丽·买买提", "阿依古丽买买提"),
        ("Ann Lee", "Annlee"),
        ("示例慧", ""),
    ],
)
def test_another_name_is_not_the_same(printed: str, typed: str) -> None:
    assert not commitment.same_name(typed, SALT, commitment.commit(printed, SALT))


def test_the_salt_hides_that_two_certificates_bear_one_name() -> None:
    committed = commitment.commit("示例慧", SALT)
    assert len(committed) == 12
    assert committed != commitment.commit("示例慧", bytes(16))


def test_a_short_salt_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        commitment.commit("示例慧", b"short")
