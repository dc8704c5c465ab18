"""A school with staff, and files as schools bring them: sound rows, cells replaced by name."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import date
from uuid import UUID, uuid4

import psycopg
from openpyxl import Workbook

from api.bootstrap import Runtime
from api.files.template import TEMPLATES, Kind
from domain.calendar import Term
from domain.envelope import Role
from ledger.registry import NewSchool
from ledger.rulebooks import default_rulebook
from tests.acting import DISTRICT, SCHOOL, envelope

COORDINATOR, TEACHER, STRANGER = "coordinator", "teacher", "stranger"

SOUND: Mapping[Kind, dict[str, str]] = {
    Kind.ROSTER: {
        "序号": "1", "学校标识码": SCHOOL, "年级": "三年级", "班级": "2班",
        "学生姓名": "（示例）陈小明", "校内学号": "20230217", "家长姓名": "（示例）陈建国",
        "与学生关系": "父亲", "手机号码": "10000000001", "是否监护人": "是", "备注": "",
    },
    Kind.PLAN: {
        "序号": "1", "学年": "2026", "学期": "1", "周次": "3", "计划日期": "2026-09-18",
        "开始时间": "19:00", "结束时间": "20:30", "活动主题": "（示例）亲子沟通",
        "课程类别": "心理健康指导课程", "面向年级": "三年级", "载体": "校内家长学校",
        "方式": "现场教学", "课时": "2", "主讲人": "（示例）王老师", "主讲人身份": "心理教师",
        "地点": "（示例）礼堂", "责任人": "（示例）刘主任",
    },
    Kind.EXAM: {
        "序号": "1", "考核名称": "（示例）家庭教育知识考核", "考核日期": "2026-09-08",
        "班级": "三年级2班", "学生姓名": "（示例）陈小明", "家长姓名": "（示例）陈建国",
        "与学生关系": "父亲", "成绩": "86", "是否合格": "是", "阅卷人": "（示例）王老师",
        "复核人": "（示例）刘主任", "备注": "", "场次": "",
    },
    Kind.QUESTIONS: {
        "序号": "1", "课程": "（示例）亲子沟通", "题号": "1", "题型": "单选题",
        "题目": "（示例）孩子哭闹时，家长先做什么？", "选项A": "先听他说", "选项B": "马上批评",
        "选项C": "不理会", "选项D": "", "选项E": "", "选项F": "", "选项G": "",
        "选项H": "", "正确答案": "A",
        "解析": "（示例）先接住情绪。", "是否停用": "", "备注": "",
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

GRANDMOTHER = {
    "家长姓名": "（示例）李秀英", "与学生关系": "外祖母", "手机号码": "", "是否监护人": "否",
}  # fmt: skip


def sheet(kind: Kind, *changes: Mapping[str, str], without: tuple[str, ...] = ()) -> bytes:
    """A file of sound rows, one for each set of changed cells; one row without any."""
    columns = [name for name in TEMPLATES[kind].columns if name not in without]
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, columns, extrasaction="ignore")
    writer.writeheader()
    for change in changes or ({},):
        writer.writerow({**SOUND[kind], **change})
    return file.getvalue().encode()


def workbook(
    kind: Kind, *changes: Mapping[str, object], sheets: tuple[str, ...] = ("花名册",)
) -> bytes:
    """The same as a workbook."""
    book = Workbook(write_only=True)
    for name in sheets:
        page = book.create_sheet(name)
        page.append(list(TEMPLATES[kind].columns))
        for change in changes:
            page.append(list({**SOUND[kind], **change}.values()))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def families(count: int) -> list[dict[str, str]]:
    """So many rows: a father for each of so many children."""
    return [
        {
            "学生姓名": f"（示例）陈小{hanzi(number)}", "校内学号": f"2023{number:05d}",
            "家长姓名": f"（示例）陈建{hanzi(number)}", "手机号码": f"100{number:08d}",
        }
        for number in range(count)
    ]  # fmt: skip


def hanzi(number: int) -> str:
    """A number as two characters of a name."""
    return chr(0x4E00 + number // 100) + chr(0x5000 + number % 100)


def establish(runtime: Runtime, stages: tuple[str, ...] = ("primary",)) -> dict[str, UUID]:
    """The school, its classes and term, and three members of staff, one of another school."""
    registry = runtime.book.registry
    runtime.book.rulebooks.publish_at_set_up(default_rulebook(), envelope())
    registry.register_school(NewSchool(SCHOOL, "示例小学", stages, DISTRICT), envelope())
    other = "4401040002"
    registry.register_school(
        NewSchool(other, "示例幼儿园", ("kindergarten",), DISTRICT), envelope()
    )
    registry.open_classes(SCHOOL, 2026, [("三年级", "2班"), ("四年级", "1班")], envelope())
    term = Term(school_year=2026, term_no=1, begins=date(2026, 9, 1), ends=date(2027, 2, 21))
    registry.open_term(term, envelope())
    return {
        COORDINATOR: employ(runtime, COORDINATOR, Role.COORDINATOR, SCHOOL),
        TEACHER: employ(runtime, TEACHER, Role.CLASS_TEACHER, SCHOOL),
        STRANGER: employ(runtime, STRANGER, Role.COORDINATOR, other),
    }


def employ(runtime: Runtime, user: str, role: Role, school: str) -> UUID:
    staff_id = uuid4()
    runtime.book.registry.register_staff(staff_id, envelope())
    runtime.book.registry.authorise(
        staff_id, role, school, date(2026, 8, 1), date(2027, 7, 31), envelope()
    )
    runtime.accounts.open_account(staff_id, user, "correct-horse-battery", runtime.now())
    return staff_id


def recorded(runtime: Runtime) -> tuple[int, int]:
    """Where the feed stands, and how much the vault holds."""
    return runtime.book.ledger.position(), vault_rows(runtime)


def vault_rows(runtime: Runtime) -> int:
    """How many persons and look-up keys the vault holds."""
    with psycopg.connect(runtime.connections.owner) as connection:
        row = connection.execute(
            "SELECT (SELECT count(*) FROM ledger_vault.subject)"
            " + (SELECT count(*) FROM ledger_vault.blind_index)"
        ).fetchone()
    assert row is not None
    return int(row[0])
