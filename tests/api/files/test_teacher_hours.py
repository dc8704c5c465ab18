"""Sheets of training hours: every usual way to write a period, and what is no number of hours."""

from __future__ import annotations

from datetime import date

import pytest

from api.files.teacher_hours import TeacherHoursFile, read_teacher_hours
from api.files.template import Kind, template_file
from tests.api.files.conftest import build

SCHOOL = "4401040001"
MARCH = date(2026, 3, 7), date(2026, 3, 8)


def read(**cells: str) -> TeacherHoursFile:
    return read_teacher_hours(build(Kind.TEACHER_HOURS, cells), SCHOOL)


def codes(**cells: str) -> list[tuple[str, str]]:
    return [(each.column, each.code) for each in read(**cells).rejections]


def test_the_template_is_read_whole() -> None:
    file = read_teacher_hours(template_file(Kind.TEACHER_HOURS), SCHOOL)
    assert (len(file.rows), file.rejections) == (2, ())
    assert file.rows[0].details == {
        "mode": "面授", "document": "示例-2026-0012", "recognised_by": "（示例）刘主任",
    }  # fmt: skip


@pytest.mark.parametrize(
    "written",
    [
        "2026-03-07至2026-03-08", "2026.3.7—2026.3.8", "2026/3/7~2026/3/8",
        "2026年3月7日 到 2026年3月8日", "2026-03-07 - 2026-03-08", "2026-03-07～2026-03-08",
    ],
)  # fmt: skip
def test_days_may_be_written_in_any_usual_way(written: str) -> None:
    [row] = read(起止日期=written).rows
    assert (row.begins, row.ends) == MARCH


def test_one_day_begins_and_ends() -> None:
    [row] = read(起止日期="2026-03-07").rows
    assert row.begins == row.ends


@pytest.mark.parametrize(
    ("written", "hours"), [("12", 1200), ("1.5", 150), ("0.25", 25), ("８学时", 800)]
)
def test_hours_have_two_decimals_at_most(written: str, hours: int) -> None:
    [row] = read(学时=written).rows
    assert row.hours == hours


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("学时", "0", "training_hours_unreadable"),
        ("学时", "-2", "training_hours_unreadable"),
        ("学时", "1.234", "training_hours_unreadable"),
        ("学时", "", "value_missing"),
        ("起止日期", "三月", "period_unreadable"),
        ("起止日期", "2026-03-08至2026-03-07", "period_backwards"),
        ("起止日期", "2026-02-30", "date_unreadable"),
        ("周期", "三年", "cycle_unreadable"),
        ("工号", "一号", "staff_no_unreadable"),
        ("入职日期", "去年", "date_unreadable"),
        ("教师姓名", "李", "name_length"),
        ("培训项目", "", "value_missing"),
        ("学校标识码", "4401040002", "school_code_foreign"),
    ],
)
def test_what_cannot_be_read_is_named_by_its_cell(column: str, cell: str, code: str) -> None:
    assert (column, code) in codes(**{column: cell})


@pytest.mark.parametrize("written", ["2024-2026", "2024—2026年", "2024至2026周期", "2024年-2026年"])
def test_a_cycle_has_one_spelling(written: str) -> None:
    [row] = read(周期=written).rows
    assert row.cycle == "2024-2026"


def test_what_the_platform_leaves_out_may_be_left_out() -> None:
    [row] = read(工号="", 入职日期="", 周期="", 方式="", 证明材料编号="", 认定人="").rows
    assert (row.staff_no, row.in_service_from, row.cycle, row.details) == (None, None, "", {})


def test_the_same_row_twice_is_said_once() -> None:
    file = read_teacher_hours(build(Kind.TEACHER_HOURS, {}, {"序号": "2", "学时": "3"}), SCHOOL)
    assert [each.code for each in file.rejections] == ["duplicate_row"]
