"""Results on paper: two people, whole marks, and no verdict that the mark contradicts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from api.files.exam import ExamFile, read_exam_results
from api.files.template import Kind

Build = Callable[..., bytes]


def read(build: Build, *changes: dict[str, str]) -> ExamFile:
    return read_exam_results(build(Kind.EXAM, *changes), pass_mark=lambda *_: 60)


def test_a_sound_row_becomes_a_result(build: Build) -> None:
    (row,) = read(build, {}).rows
    assert (row.row, row.exam_name, row.on) == (2, "（示例）家庭教育知识考核", date(2026, 12, 18))
    assert (row.grade, row.class_group, row.relation_code) == ("三年级", "2班", "51")
    assert (row.child_name, row.name) == ("（示例）陈小明", "（示例）陈建国")
    assert (row.score, row.passed) == (86, True)
    assert (row.marked_by, row.checked_by) == ("（示例）王老师", "（示例）刘主任")


def test_a_class_may_be_named_without_its_grade(build: Build) -> None:
    (row,) = read(build, {"班级": "（2）班"}).rows
    assert (row.grade, row.class_group) == (None, "2班")


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("考核名称", "", "value_missing"),
        ("考核日期", "昨天", "date_unreadable"),
        ("班级", "三年级", "class_unreadable"),
        ("家长姓名", "陈1", "name_letters"),
        ("与学生关系", "邻居", "relation_unknown"),
        ("成绩", "", "value_missing"),
        ("成绩", "85.5", "score_not_whole"),
        ("成绩", "101", "score_out_of_range"),
        ("成绩", "-5", "not_a_whole_number"),
        ("成绩", "优", "not_a_whole_number"),
        ("成绩", "59", "pass_disagrees"),
        ("是否合格", "否", "pass_disagrees"),
        ("是否合格", "?", "not_yes_or_no"),
        ("阅卷人", "", "value_missing"),
        ("复核人", "(示例)王 老师", "same_marker_and_checker"),
        ("成绩", "=SUM(A1)", "formula_in_cell"),
    ],
)
def test_a_wrong_cell_is_named_and_the_other_rows_go_on(
    build: Build, column: str, value: str, code: str
) -> None:
    file = read(build, {column: value}, {"家长姓名": "（示例）李秀英", "与学生关系": "母亲"})
    assert [row.row for row in file.rows] == [3]
    (rejection,) = file.rejections
    shown = "是否合格" if code == "pass_disagrees" else column
    assert (rejection.row, rejection.column, rejection.code) == (2, shown, code)


@pytest.mark.parametrize(
    ("score", "passed"), [("60", "是"), ("59", "否"), ("0", "不合格"), ("100.0", "合格")]
)
def test_the_pass_mark_itself_passes(build: Build, score: str, passed: str) -> None:
    (row,) = read(build, {"成绩": score, "是否合格": passed}).rows
    assert row.passed == (row.score >= 60)


def test_the_same_learner_twice_in_an_exam_is_a_duplicate(build: Build) -> None:
    file = read(build, {}, {"成绩": "90"}, {"考核名称": "（示例）另一次考核"})
    assert [row.row for row in file.rows] == [2, 4]
    assert [(r.row, r.code) for r in file.rejections] == [(3, "duplicate_row")]
