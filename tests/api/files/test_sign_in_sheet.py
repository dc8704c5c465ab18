"""Who signed a sheet: a clear yes or the own name; a clear absence is none, all else is asked."""

from __future__ import annotations

import pytest

from api.files.sign_in_sheet import SignInFile, read_sign_in_sheet
from api.files.template import Kind
from api.language.catalogue import Language, translate
from api.pages.staff_words import CHANNELS
from tests.api.files.conftest import Build

NO_TIMES = {"签到时间": "", "签退时间": ""}


def signed(build: Build, words: str, **times: str) -> SignInFile:
    cells = NO_TIMES | times | {"家长签名": words, "签退签名": words}
    return read_sign_in_sheet(build(Kind.SIGN_IN_SHEET, cells))


@pytest.mark.parametrize(
    "words",
    ["", "否", "×", "X", "未到", "未签", "没来", "请假", "事假", "缺席", "缺勤", "无",
     "/", "／", "-", "－", "——", "no", "N", "0"],
)  # fmt: skip
def test_who_is_marked_absent_was_not_there(build: Build, words: str) -> None:
    [row] = signed(build, words).rows
    assert (row.came, row.left) == (False, False)


@pytest.mark.parametrize(
    "words",
    ["是", "√", "✓", "1", "Yes", "已签", "已到", "有", "陈建国", "陈 建国", "（示例）陈建国"],
)
def test_a_yes_or_the_own_name_is_a_signature(build: Build, words: str) -> None:
    [row] = signed(build, words).rows
    assert (row.came, row.left) == (True, True)


def test_the_words_of_an_exported_register_are_signatures(build: Build) -> None:
    for way in CHANNELS.values():
        for words in (way, translate(Language.ENGLISH, way)):
            [row] = signed(build, words).rows
            assert (row.came, row.left) == (True, True), words


@pytest.mark.parametrize("words", ["迟到", "？", "陈建军", "代签"])
def test_a_word_that_says_neither_is_rejected(build: Build, words: str) -> None:
    file = signed(build, words)
    assert not file.rows
    assert [(each.column, each.code) for each in file.rejections] == [
        ("家长签名", "signature_unclear"),
        ("签退签名", "signature_unclear"),
    ]


def test_a_time_beside_an_absence_is_rejected(build: Build) -> None:
    file = signed(build, "请假", 签到时间="19:00")
    assert [(each.column, each.code) for each in file.rejections] == [
        ("家长签名", "signature_contradicts_time")
    ]


def test_a_time_alone_says_that_somebody_was_there(build: Build) -> None:
    [row] = signed(build, "", 签到时间="19:00", 签退时间="20:20").rows
    assert (row.came, row.left) == (True, True)
