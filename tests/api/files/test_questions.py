"""Files of questions: whatever is taken can be asked, and every fault names its cell."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from api.files.questions import QuestionFile, read_questions
from api.files.template import Kind, template_file
from domain.question_bank import QuestionKind

Build = Callable[..., bytes]
NO_CHOICES = {"选项A": "", "选项B": "", "选项C": ""}


def read(build: Build, *changes: dict[str, str]) -> QuestionFile:
    return read_questions(build(Kind.QUESTIONS, *changes))


def test_a_sound_row_becomes_a_question(build: Build) -> None:
    (row,) = read(build, {}).rows
    assert (row.course, row.question.number, row.retired) == ("（示例）亲子沟通", "1", False)
    assert row.question.choices == ("先听他说", "马上批评", "不理会")
    assert row.question.right == (0,)
    assert row.question.is_sound


@pytest.mark.parametrize("answer", ["AC", "A、C", "c, a", "Ａ；Ｃ"])
def test_several_answers_are_written_in_many_ways(build: Build, answer: str) -> None:
    file = read(build, {"题型": "多选", "正确答案": answer})
    assert file.rows[0].question.right == (0, 2)


@pytest.mark.parametrize(("answer", "right"), [("对", 0), ("×", 1), ("b", 1), ("正确", 0)])
def test_right_and_wrong_need_no_choices(build: Build, answer: str, right: int) -> None:
    (row,) = read(build, {"题型": "判断题", "正确答案": answer, **NO_CHOICES}).rows
    assert row.question.kind is QuestionKind.TRUE_FALSE
    assert (row.question.choices, row.question.right) == (("对", "错"), (right,))
    assert row.question.is_sound


@pytest.mark.parametrize(
    ("changes", "column", "code"),
    [
        ({"课程": ""}, "课程", "value_missing"),
        ({"题号": "第1题"}, "题号", "question_number_unreadable"),
        ({"题型": "填空题"}, "题型", "question_kind_unknown"),
        ({"题目": ""}, "题目", "value_missing"),
        ({"选项B": ""}, "选项B", "choice_left_out"),
        ({"选项B": "", "选项C": ""}, "选项B", "choices_too_few"),
        ({"选项C": "先听他说"}, "选项C", "choice_twice"),
        ({"正确答案": "D"}, "正确答案", "answer_names_no_choice"),
        ({"正确答案": "、"}, "正确答案", "answer_names_no_choice"),
        ({"正确答案": "AB"}, "正确答案", "answer_not_single"),
        ({"题型": "判断题", **NO_CHOICES}, "正确答案", None),
        ({"题型": "判断题", "正确答案": "对"}, "选项A", "choices_not_right_and_wrong"),
        ({"题型": "判断题", "正确答案": "也许", **NO_CHOICES}, "正确答案",
         "answer_not_right_or_wrong"),
        ({"是否停用": "也许"}, "是否停用", "not_yes_or_no"),
    ],
)  # fmt: skip
def test_every_fault_names_its_cell(
    build: Build, changes: dict[str, str], column: str, code: str | None
) -> None:
    found = [(each.column, each.code) for each in read(build, changes).rejections]
    assert found == ([(column, code)] if code else [])


def test_a_number_stands_once_in_a_course(build: Build) -> None:
    file = read(build, {}, {"题目": "另一题"}, {"课程": "（示例）另一门"})
    assert [each.code for each in file.rejections] == ["duplicate_row"]
    assert len(file.rows) == 2


def test_digits_of_a_number_are_of_either_width(build: Build) -> None:
    file = read(build, {}, {"题号": "１"})
    assert [each.code for each in file.rejections] == ["duplicate_row"]


def test_right_and_wrong_may_stand_among_the_choices(build: Build) -> None:
    said = {"题型": "判断题", "选项A": "正确", "选项B": "错误", "选项C": ""}
    (row,) = read(build, {**said, "正确答案": "B"}).rows
    assert (row.question.choices, row.question.right) == (("对", "错"), (1,))
    turned = read(build, {**said, "选项A": "错", "选项B": "对", "正确答案": "A"})
    assert [each.code for each in turned.rejections] == ["choices_not_right_and_wrong"]


def test_the_template_itself_is_sound() -> None:
    file = read_questions(template_file(Kind.QUESTIONS))
    assert len(file.rows) == 3
    assert all(row.question.is_sound for row in file.rows)


def test_columns_may_have_the_names_that_schools_use(build: Build) -> None:
    header = build(Kind.QUESTIONS).decode()
    renamed = header.replace("正确答案", "答案").replace("选项A", "A").replace("题目", "题干", 1)
    assert len(read_questions(renamed.encode()).rows) == 1
