"""Builders of files: a sound row of each kind, cells replaced by name."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping

import pytest

from api.files.template import TEMPLATES, Kind

SOUND: Mapping[Kind, dict[str, str]] = {
    Kind.ROSTER: {
        "序号": "1",
        "学校标识码": "4401040001",
        "年级": "三年级",
        "班级": "2班",
        "学生姓名": "（示例）陈小明",
        "校内学号": "20230217",
        "家长姓名": "（示例）陈建国",
        "与学生关系": "父亲",
        "手机号码": "10000000000",
        "是否监护人": "是",
        "备注": "",
    },
    Kind.PLAN: {
        "序号": "1",
        "学年": "2026",
        "学期": "1",
        "周次": "3",
        "计划日期": "2026-09-18",
        "开始时间": "19:00",
        "结束时间": "20:30",
        "活动主题": "（示例）亲子沟通",
        "课程类别": "心理健康指导课程",
        "面向年级": "三年级",
        "载体": "校内家长学校",
        "方式": "现场教学",
        "课时": "2",
        "主讲人": "（示例）王老师",
        "主讲人身份": "心理教师",
        "地点": "（示例）礼堂",
        "责任人": "（示例）刘主任",
    },
    Kind.EXAM: {
        "序号": "1",
        "考核名称": "（示例）家庭教育知识考核",
        "考核日期": "2026-12-18",
        "班级": "三年级2班",
        "学生姓名": "（示例）陈小明",
        "家长姓名": "（示例）陈建国",
        "与学生关系": "父亲",
        "成绩": "86",
        "是否合格": "是",
        "阅卷人": "（示例）王老师",
        "复核人": "（示例）刘主任",
        "备注": "",
        "场次": "",
    },
    Kind.QUESTIONS: {
        "序号": "1",
        "课程": "（示例）亲子沟通",
        "题号": "1",
        "题型": "单选题",
        "题目": "（示例）孩子哭闹时，家长先做什么？",
        "选项A": "先听他说",
        "选项B": "马上批评",
        "选项C": "不理会",
        "选项D": "",
        "选项E": "",
        "选项F": "",
        "选项G": "",
        "选项H": "",
        "正确答案": "A",
        "解析": "（示例）先接住情绪。",
        "是否停用": "",
        "备注": "",
    },
    Kind.TEACHER_HOURS: {
        "序号": "1", "学校标识码": "4401040001", "教师姓名": "（示例）李老师", "工号": "T-001",
        "入职日期": "2015-09-01", "周期": "2024-2026", "培训项目": "（示例）家庭教育指导师研修",
        "举办单位": "（示例）教师发展中心", "起止日期": "2026-03-07至2026-03-08", "方式": "面授",
        "学时": "12", "证明材料编号": "示例-2026-0012", "认定人": "（示例）刘主任", "备注": "",
    },
    Kind.SIGN_IN_SHEET: {
        "签到表编号": "AAAAAAAA", "序号": "1", "班级": "三年级2班", "学生姓名": "（示例）陈小明",
        "家长姓名": "（示例）陈建国", "与学生关系": "父亲", "签到时间": "19:00", "家长签名": "是",
        "签退时间": "20:20", "签退签名": "是", "代签说明": "", "备注": "",
    },
}  # fmt: skip

Build = Callable[..., bytes]


def build(kind: Kind, *changes: Mapping[str, str]) -> bytes:
    """A file of sound rows, one for each set of changed cells; one row without any."""
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, TEMPLATES[kind].columns)
    writer.writeheader()
    for change in changes or ({},):
        writer.writerow({**SOUND[kind], **change})
    return file.getvalue().encode()


@pytest.fixture(name="build")
def _build() -> Build:
    return build
