"""The templates: which columns a file of each kind has, and an example to fill in."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from enum import StrEnum
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from api.files.synonyms import (
    OF_EXAM,
    OF_PEOPLE,
    OF_PLAN,
    OF_QUESTIONS,
    OF_SIGN_IN_SHEET,
    OF_TEACHER_HOURS,
    Synonyms,
    plain,
)
from api.files.writing import workbook_of

REASON_COLUMNS: Final = ("原因(代码)", "原因")


class Kind(StrEnum):
    """What a file brings."""

    ROSTER = "roster"
    PLAN = "plan"
    EXAM = "exam"
    QUESTIONS = "questions"
    TEACHER_HOURS = "teacher-hours"
    SIGN_IN_SHEET = "sign-in-sheet"


@dataclass(frozen=True, slots=True)
class Template:
    """The columns by name, those a file may leave out, and other names that schools use."""

    columns: tuple[str, ...]
    may_be_absent: frozenset[str] = frozenset({"序号", "备注"})
    also: Synonyms = field(default_factory=dict[str, tuple[str, ...]])

    def column_called(self, words: str) -> str | None:
        """The template's own name for a header cell, or None."""
        word = plain(words)
        return next((name for name in self.columns if word in self._names(name)), None)

    def rank(self, column: str, words: str) -> int:
        """How good a name is for its column: 0 is the template's own."""
        return self._names(column).index(plain(words))

    def _names(self, column: str) -> tuple[str, ...]:
        return (column, *self.also.get(column, ()))


# fmt: off
TEMPLATES: Final = MappingProxyType({
    Kind.ROSTER: Template((
        "序号", "学校标识码", "年级", "班级", "学生姓名", "校内学号", "家长姓名", "与学生关系",
        "手机号码", "是否监护人", "备注",
    ), may_be_absent=frozenset({"序号", "学校标识码", "年级", "校内学号", "备注"}), also=OF_PEOPLE),
    # A session needs its times; a plan made before they are known leaves the two columns out.
    Kind.PLAN: Template((
        "序号", "学年", "学期", "周次", "计划日期", "开始时间", "结束时间", "活动主题", "课程类别",
        "面向年级", "载体", "方式", "课时", "主讲人", "主讲人身份", "地点", "责任人",
    ), may_be_absent=frozenset({"序号", "开始时间", "结束时间"}), also=OF_PLAN),
    Kind.EXAM: Template((
        "序号", "考核名称", "考核日期", "班级", "学生姓名", "家长姓名", "与学生关系", "成绩",
        "是否合格", "阅卷人", "复核人", "备注", "场次",
    ), may_be_absent=frozenset({"序号", "备注", "场次"}), also=OF_EXAM),
    Kind.QUESTIONS: Template((
        "序号", "课程", "题号", "题型", "题目", "选项A", "选项B", "选项C", "选项D", "选项E",
        "选项F", "选项G", "选项H", "正确答案", "解析", "是否停用", "备注",
    ), may_be_absent=frozenset({
        "序号", "选项C", "选项D", "选项E", "选项F", "选项G", "选项H", "解析", "是否停用",
        "备注",
    }), also=OF_QUESTIONS),
    # Only a teacher whom nobody registered yet needs the date of service; the others lack it.
    Kind.TEACHER_HOURS: Template((
        "序号", "学校标识码", "教师姓名", "工号", "入职日期", "周期", "培训项目", "举办单位",
        "起止日期", "方式", "学时", "证明材料编号", "认定人", "备注",
    ), may_be_absent=frozenset({
        "序号", "工号", "入职日期", "周期", "方式", "证明材料编号", "认定人", "备注",
    }), also=OF_TEACHER_HOURS),
    Kind.SIGN_IN_SHEET: Template((
        "签到表编号", "序号", "班级", "学生姓名", "家长姓名", "与学生关系", "签到时间", "家长签名",
        "签退时间", "签退签名", "代签说明", "备注",
    ), may_be_absent=frozenset({
        "家长签名", "签退签名", "代签说明", "备注",
    }), also=OF_SIGN_IN_SHEET),
})
# fmt: on


def template_file(kind: Kind) -> bytes:
    """The template with its example rows, as a CSV to hand out."""
    return files("api.files").joinpath("templates", f"{kind}.csv").read_bytes()


def template_workbook(kind: Kind) -> bytes:
    """The same as a workbook, for those who type into it: its cells are text."""
    lines = io.StringIO(template_file(kind).decode("utf-8-sig"), newline="")
    return workbook_of(kind.value, csv.reader(lines))
