"""The templates: which columns a file of each kind has, and an example to fill in."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from importlib.resources import files
from types import MappingProxyType
from typing import Final

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
    also: MappingProxyType[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def column_called(self, words: str) -> str | None:
        """The template's own name for a header cell, or None."""
        word = words.replace("（", "(").replace("）", ")")
        return word if word in self.columns else self.also.get(word)


_ALSO = MappingProxyType(
    {
        "姓名(学生)": "学生姓名",
        "监护人": "家长姓名",
        "监护人姓名": "家长姓名",
        "称谓": "与学生关系",
        "关系": "与学生关系",
        "电话": "手机号码",
        "手机": "手机号码",
        "手机号": "手机号码",
        "联系电话": "手机号码",
        "学号": "校内学号",
        "学籍号": "校内学号",
    }
)

_OF_QUESTIONS = MappingProxyType(
    {
        "课程名称": "课程",
        "编号": "题号",
        "类型": "题型",
        "题干": "题目",
        "答案": "正确答案",
        "参考答案": "正确答案",
        "答案解析": "解析",
        "停用": "是否停用",
        **{letter: f"选项{letter}" for letter in "ABCDEF"},
    }
)

_ALSO_TEACHERS = MappingProxyType(
    {
        "姓名": "教师姓名",
        "教师": "教师姓名",
        "职工号": "工号",
        "教工号": "工号",
        "项目名称": "培训项目",
        "培训名称": "培训项目",
        "培训机构": "举办单位",
        "主办单位": "举办单位",
        "培训时间": "起止日期",
        "起止时间": "起止日期",
        "任职日期": "入职日期",
        "参加工作时间": "入职日期",
    }
)

_ALSO_SHEETS = MappingProxyType(
    {**_ALSO, "编号": "签到表编号", "表号": "签到表编号", "行号": "序号", "签到": "签到时间",
     "签退": "签退时间"}
)  # fmt: skip

# fmt: off
TEMPLATES: Final = MappingProxyType({
    Kind.ROSTER: Template((
        "序号", "学校标识码", "年级", "班级", "学生姓名", "校内学号", "家长姓名", "与学生关系",
        "手机号码", "是否监护人", "备注",
    ), also=_ALSO),
    # A session needs its times; a plan made before they are known leaves the two columns out.
    Kind.PLAN: Template((
        "序号", "学年", "学期", "周次", "计划日期", "开始时间", "结束时间", "活动主题", "课程类别",
        "面向年级", "载体", "方式", "课时", "主讲人", "主讲人身份", "地点", "责任人",
    ), may_be_absent=frozenset({"序号", "开始时间", "结束时间"})),
    Kind.EXAM: Template((
        "序号", "考核名称", "考核日期", "班级", "学生姓名", "家长姓名", "与学生关系", "成绩",
        "是否合格", "阅卷人", "复核人", "备注", "场次",
    ), may_be_absent=frozenset({"序号", "备注", "场次"}), also=_ALSO),
    Kind.QUESTIONS: Template((
        "序号", "课程", "题号", "题型", "题目", "选项A", "选项B", "选项C", "选项D", "选项E",
        "选项F", "正确答案", "解析", "是否停用", "备注",
    ), may_be_absent=frozenset({
        "序号", "选项C", "选项D", "选项E", "选项F", "解析", "是否停用", "备注",
    }), also=_OF_QUESTIONS),
    # Only a teacher whom nobody registered yet needs the date of service; the others lack it.
    Kind.TEACHER_HOURS: Template((
        "序号", "学校标识码", "教师姓名", "工号", "入职日期", "周期", "培训项目", "举办单位",
        "起止日期", "方式", "学时", "证明材料编号", "认定人", "备注",
    ), may_be_absent=frozenset({
        "序号", "工号", "入职日期", "周期", "方式", "证明材料编号", "认定人", "备注",
    }), also=_ALSO_TEACHERS),
    Kind.SIGN_IN_SHEET: Template((
        "签到表编号", "序号", "班级", "学生姓名", "家长姓名", "与学生关系", "签到时间", "家长签名",
        "签退时间", "签退签名", "代签说明", "备注",
    ), may_be_absent=frozenset({"家长签名", "签退签名", "代签说明", "备注"}), also=_ALSO_SHEETS),
})
# fmt: on


def template_file(kind: Kind) -> bytes:
    """The template with its example rows, as a file to hand out."""
    return files("api.files").joinpath("templates", f"{kind}.csv").read_bytes()
