"""What schools call the columns of their files; the earlier a name stands, the better it fits."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

Synonyms = Mapping[str, tuple[str, ...]]

_ASIDE: Final = re.compile(r"\*|[:：]$|\((?:必填|选填|可选|必填项|示例)\)|\s")


def plain(words: str) -> str:
    """A header cell without widths, white space, stars and 必填."""
    return _ASIDE.sub("", unicodedata.normalize("NFKC", words))


# fmt: off
_NUMBER: Final = {"序号": ("编号", "No", "NO", "No.", "NO.")}
_CHILD: Final = {
    "班级": ("班", "班别", "所在班级", "班级名称", "行政班"),
    "学生姓名": ("姓名(学生)", "学生", "孩子姓名", "子女姓名", "幼儿姓名", "学生名字"),
    "家长姓名": ("监护人姓名", "监护人", "姓名(家长)", "家长", "家长(监护人)", "家长(监护人)姓名"),
    "与学生关系": ("与孩子关系", "与子女关系", "亲属关系", "家庭关系", "称谓", "关系"),
    "备注": ("备注说明", "说明"),
}
OF_PEOPLE: Final[Synonyms] = {
    **_NUMBER, **_CHILD,
    "学校标识码": ("学校代码", "标识码"),
    "年级": ("所在年级", "年级名称"),
    "校内学号": ("学号", "学籍号", "全国学籍号", "学生学号"),
    "手机号码": ("手机号", "手机", "联系电话", "家长电话", "监护人电话", "电话号码", "电话",
              "联系方式"),
    "是否监护人": ("是否为监护人", "是否法定监护人", "监护人(是/否)"),
}
OF_PLAN: Final[Synonyms] = {
    **_NUMBER,
    "学年": ("学年度",),
    "周次": ("周", "教学周"),
    "计划日期": ("活动日期", "日期"),
    "开始时间": ("开始", "起始时间"),
    "结束时间": ("结束", "终止时间"),
    "活动主题": ("主题", "活动名称", "课程名称", "内容"),
    "课程类别": ("类别", "课程类型"),
    "面向年级": ("年级", "对象", "参加年级"),
    "载体": ("活动载体",),
    "方式": ("教学方式", "活动方式", "形式"),
    "课时": ("课时数",),
    "主讲人": ("主讲", "讲师", "授课人", "主讲教师"),
    "主讲人身份": ("讲师身份", "身份"),
    "地点": ("活动地点", "场地"),
    "责任人": ("负责人",),
}
OF_EXAM: Final[Synonyms] = {
    **_NUMBER, **_CHILD,
    "考核名称": ("考试名称", "名称"),
    "考核日期": ("考试日期", "日期"),
    "成绩": ("分数", "得分", "考核成绩"),
    "是否合格": ("合格", "结果"),
    "阅卷人": ("评卷人", "阅卷", "阅卷教师"),
    "复核人": ("复核", "核对人"),
    "场次": ("第几场",),
}
OF_QUESTIONS: Final[Synonyms] = {  # the English ones are those of an export
    "课程": ("课程名称", "Course"),
    "题号": ("编号", "Number"),
    "题型": ("类型", "Kind"),
    "题目": ("题干", "Questions"),
    **{f"选项{letter}": (letter, f"Choice{letter}") for letter in "ABCDEFGH"},
    "正确答案": ("答案", "参考答案", "Right"),
    "解析": ("答案解析", "Explanation"),
    "是否停用": ("停用", "Retired"),
    "备注": ("说明", "Remarks"),
}
OF_TEACHER_HOURS: Final[Synonyms] = {
    **_NUMBER,
    "学校标识码": ("学校代码", "标识码"),
    "教师姓名": ("姓名", "教师"),
    "工号": ("职工号", "教工号"),
    "入职日期": ("任职日期", "参加工作时间"),
    "培训项目": ("项目名称", "培训名称"),
    "举办单位": ("培训机构", "主办单位"),
    "起止日期": ("起止时间", "培训时间"),
    "方式": ("培训方式",),
    "学时": ("培训学时", "学时数"),
    "证明材料编号": ("证书编号", "证明编号"),
    "认定人": ("审核人",),
    "备注": ("说明",),
}
OF_SIGN_IN_SHEET: Final[Synonyms] = {
    **_CHILD,
    "签到表编号": ("表号", "编号"),
    "序号": ("行号", "No", "NO", "No.", "NO."),
    "签到时间": ("签到",),
    "签退时间": ("签退",),
}
# fmt: on
