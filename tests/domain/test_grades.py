"""Grades and classes: many spellings, one name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import grades
from domain.grades import (
    GRADES,
    Grade,
    Stage,
    class_called,
    class_group_called,
    grade_called,
    grade_named,
    is_last_grade,
)
from tests.domain.anew import read_anew

SPELLED = {
    "小班": "小班 幼儿园小班",
    "中班": "中班 幼儿园中班",
    "大班": "大班 幼儿园大班",
    "一年级": "一年级 一年 小学一年级 小一 小学一 1年级",
    "六年级": "六年级 六年 小学六年级 小六 小学六 6年级",
    "七年级": "七年级 七年 初一 初一年级 初中一年级 7年级",
    "九年级": "九年级 九年 初三 初三年级 初中三年级 9年级",
    "高一": "高一 高一年级 高中一年级 高1",
    "高三": "高三 高三年级 高中三年级 高3",
}


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("三年级", "三年级"),
        ("3年级", "三年级"),
        ("３年级", "三年级"),
        ("小三", "三年级"),
        ("小学三年级", "三年级"),
        ("初一", "七年级"),
        ("七年级", "七年级"),
        ("初中二年级", "八年级"),
        ("9年级", "九年级"),
        ("高三", "高三"),
        ("高中一年级", "高一"),
        ("小班", "小班"),
        ("幼儿园大班", "大班"),
        ("中 班", "中班"),
    ],
)
def test_a_grade_is_known_by_its_spellings(words: str, name: str) -> None:
    assert grade_called(words) == grade_named(name)


@pytest.mark.parametrize("words", ["", "十年级", "0年级", "高四", "三年级2班", "十十", "一百年级"])
def test_what_is_no_grade_is_none(words: str) -> None:
    assert grade_called(words) is None


def test_grades_run_through_the_stages_in_order() -> None:
    assert [g.name for g in GRADES][:4] == ["小班", "中班", "大班", "一年级"]
    assert [g.year for g in GRADES] == [1, 2, 3, 1, 2, 3, 4, 5, 6, 1, 2, 3, 1, 2, 3]
    assert all(grade_called(g.name) == g and g.en for g in GRADES)
    assert (Stage.KINDERGARTEN.zh, Stage.KINDERGARTEN.en) == ("学前", "kindergarten")


@pytest.mark.parametrize(
    ("words", "group"),
    [
        ("2班", "2班"),
        ("二班", "2班"),
        ("（2）班", "2班"),
        ("(二)班", "2班"),
        ("02", "2班"),
        ("第2班", "2班"),
        ("十二班", "12班"),
        ("二十一班", "21班"),
        ("2 班", "2班"),
        ("十班", "10班"),
        ("二十班", "20班"),
        ("零二班", "2班"),
        ("一零班", "10班"),
        ("二一班", "21班"),
        ("二三十班", "二三十班"),
        ("十二三班", "十二三班"),
        ("苹果班", "苹果班"),
        ("A班", "A班"),
    ],
)
def test_a_class_group_has_one_spelling(words: str, group: str) -> None:
    assert class_group_called(words) == group


@pytest.mark.parametrize(
    "words", ["", "班", "0班", "100班", "301", "2-班", "班!" * 20, "苹果" * 11]
)
def test_what_is_no_class_group_is_none(words: str) -> None:
    assert class_group_called(words) is None


@pytest.mark.parametrize(
    ("words", "grade", "group"),
    [
        ("三年级2班", "三年级", "2班"),
        ("三（2）班", "三年级", "2班"),
        ("三(2)班", "三年级", "2班"),
        ("三2班", "三年级", "2班"),
        ("小三2班", "三年级", "2班"),
        ("初一3班", "七年级", "3班"),
        ("七(10)班", "七年级", "10班"),
        ("高一十二班", "高一", "12班"),
        ("高三（1）", "高三", "1班"),
        ("大二班", "大班", "2班"),
        ("小（1）班", "小班", "1班"),
        ("三（二）班", "三年级", "2班"),
        ("三 （ 二 ） 班", "三年级", "2班"),
        ("初一（三）", "七年级", "3班"),
        ("小（二）班", "小班", "2班"),
        ("中班苹果班", "中班", "苹果班"),
        ("大班", "大班", "大班"),
    ],
)
def test_a_class_in_one_cell_has_its_grade(words: str, grade: str, group: str) -> None:
    assert class_called(words) == (grade_named(grade), group)


@pytest.mark.parametrize("words", ["2班", "（2）班", "十二班", "启智（1）班", "三（0）班"])
def test_a_class_without_a_grade_says_so(words: str) -> None:
    called = class_called(words)
    assert called is not None
    assert called[0] is None


@pytest.mark.parametrize("words", ["", "三年级", "初一", "班", "!!"])
def test_what_is_no_class_is_none(words: str) -> None:
    assert class_called(words) is None


@given(grade=st.sampled_from(GRADES), number=st.integers(min_value=1, max_value=99))
def test_grade_and_number_survive_being_written_together(grade: Grade, number: int) -> None:
    assert class_called(f"{grade.name}（{number}）班") == (grade, f"{number}班")
    assert class_group_called(f"{number}班") == f"{number}班"


@given(words=st.text(alphabet="小中大班初高学一二三七十年级第()（）0129 A", max_size=12))
def test_any_words_are_read_without_failing_and_reading_again_changes_nothing(words: str) -> None:
    grade_called(words)
    class_called(words)
    if group := class_group_called(words):
        assert class_group_called(group) == group


@pytest.mark.parametrize(
    ("name", "stage", "ends"),
    [
        ("六年级", "primary", True),
        ("五年级", "primary", False),
        ("九年级", "junior", True),
        ("六年级", "junior", False),
        ("大班", "kindergarten", True),
        ("高三", "senior", True),
        ("启智班", "special", False),
    ],
)
def test_a_stage_ends_with_its_last_grade(name: str, stage: str, ends: bool) -> None:
    assert is_last_grade(name, stage) == ends


def test_the_names_of_grades_never_change() -> None:
    """Places are recorded under them."""
    made = [(g.stage, g.year, g.name, g.en) for g in read_anew(grades).GRADES]
    assert made == [
        ("kindergarten", 1, "小班", "K1"),
        ("kindergarten", 2, "中班", "K2"),
        ("kindergarten", 3, "大班", "K3"),
        ("primary", 1, "一年级", "grade 1"),
        ("primary", 2, "二年级", "grade 2"),
        ("primary", 3, "三年级", "grade 3"),
        ("primary", 4, "四年级", "grade 4"),
        ("primary", 5, "五年级", "grade 5"),
        ("primary", 6, "六年级", "grade 6"),
        ("junior", 1, "七年级", "grade 7"),
        ("junior", 2, "八年级", "grade 8"),
        ("junior", 3, "九年级", "grade 9"),
        ("senior", 1, "高一", "senior 1"),
        ("senior", 2, "高二", "senior 2"),
        ("senior", 3, "高三", "senior 3"),
    ]


def test_every_spelling_of_a_grade_is_read() -> None:
    fresh = read_anew(grades)
    for name, spelled in SPELLED.items():
        for words in spelled.split():
            assert fresh.grade_called(words) == fresh.grade_named(name), words
