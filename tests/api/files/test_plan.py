"""The term plan: which activities are taken, and why the others are not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time

import pytest

from api.files.plan import PlanFile, read_plan
from api.files.template import Kind
from domain.carriers import Carrier, CourseFamily, LecturerKind, Mode

MINUTES = {"primary": 40, "junior": 45}
Build = Callable[..., bytes]


def read(build: Build, *changes: dict[str, str]) -> PlanFile:
    return read_plan(build(Kind.PLAN, *changes), minutes_per_class_hour=MINUTES)


def test_a_sound_row_becomes_codes_dates_and_times(build: Build) -> None:
    (row,) = read(build, {}).rows
    assert (row.row, row.school_year, row.term_no, row.week) == (2, 2026, 1, 3)
    assert (row.on, row.starts, row.ends) == (date(2026, 9, 18), time(19, 0), time(20, 30))
    assert (row.family, row.carrier, row.mode) == (
        CourseFamily.MENTAL_HEALTH,
        Carrier.IN_SCHOOL,
        Mode.ON_SITE,
    )
    assert (row.grades, row.class_hours) == (("三年级",), 200)
    assert (row.lecturer_note, row.lecturer_kind) == (
        "（示例）王老师",
        LecturerKind.MENTAL_HEALTH_TEACHER,
    )
    assert (row.topic, row.place, row.responsible) == (
        "（示例）亲子沟通",
        "（示例）礼堂",
        "（示例）刘主任",
    )


@pytest.mark.parametrize(
    ("words", "grades"),
    [
        ("全校", ()),
        ("三年级、四年级", ("三年级", "四年级")),
        ("四年级，三年级", ("三年级", "四年级")),
        ("一、二年级", ("一年级", "二年级")),
        ("一至三年级", ("一年级", "二年级", "三年级")),
        ("六年级-初二", ("六年级", "七年级", "八年级")),
        ("七年级", ("七年级",)),
    ],
)
def test_an_audience_is_the_whole_school_or_grades(
    build: Build, words: str, grades: tuple[str, ...]
) -> None:
    (row,) = read(build, {"面向年级": words}).rows
    assert row.grades == grades


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("学年", "26", "school_year_unreadable"),
        ("学年", "2026-2028", "school_year_unreadable"),
        ("学期", "三", "term_unknown"),
        ("周次", "31", "week_out_of_range"),
        ("周次", "开学", "not_a_whole_number"),
        ("计划日期", "2026-02-30", "date_unreadable"),
        ("计划日期", "下周五", "date_unreadable"),
        ("计划日期", "2027-09-01", "date_outside_school_year"),
        ("计划日期", "2026-08-31", "date_outside_school_year"),
        ("开始时间", "25:00", "time_unreadable"),
        ("开始时间", "晚上七点", "time_unreadable"),
        ("开始时间", "", "time_missing"),
        ("结束时间", "", "time_missing"),
        ("结束时间", "19:00", "ends_before_start"),
        ("结束时间", "20:19", "class_hours_exceed_time"),
        ("活动主题", "", "value_missing"),
        ("活动主题", "长" * 81, "value_too_long"),
        ("课程类别", "烹饪", "family_unknown"),
        ("面向年级", "、", "grade_unknown"),
        ("面向年级", "四年级-三年级", "grade_unknown"),
        ("面向年级", "三班长", "grade_unknown"),
        ("面向年级", "高一", "grade_not_of_this_school"),
        ("面向年级", "小班", "grade_not_of_this_school"),
        ("载体", "电视", "carrier_unknown"),
        ("方式", "跳舞", "mode_unknown"),
        ("方式", "家访", "mode_not_planned"),
        ("课时", "0", "class_hours_out_of_range"),
        ("课时", "9", "class_hours_out_of_range"),
        ("课时", "1.555", "class_hours_out_of_range"),
        ("课时", "2.5", "class_hours_exceed_time"),
        ("课时", "-2", "class_hours_out_of_range"),
        ("主讲人", "@王", "formula_in_cell"),
    ],
)
def test_a_wrong_cell_is_named_and_the_other_rows_go_on(
    build: Build, column: str, value: str, code: str
) -> None:
    file = read(build, {column: value}, {"活动主题": "（示例）另一场"})
    assert [row.row for row in file.rows] == [3]
    (rejection,) = file.rejections
    shown = "课时" if code == "class_hours_exceed_time" else column
    assert (rejection.row, rejection.column, rejection.code) == (2, shown, code)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("学年", "2026学年"),
        ("学年", "2026-2027学年度"),
        ("学期", "第一学期"),
        ("学期", "上学期"),
        ("周次", "第3周"),
        ("周次", ""),
        ("计划日期", "2026/9/18"),
        ("计划日期", "2026年9月18日"),
        ("计划日期", "2026/9/18 0:00"),
        ("开始时间", "19:00:00"),
        ("开始时间", "１９：００"),
        ("课时", "2.0"),
        ("课时", "2课时"),
        ("主讲人身份", ""),
    ],
)
def test_usual_spellings_mean_the_same(build: Build, column: str, value: str) -> None:
    file = read(build, {column: value})
    (row,) = file.rows
    assert (row.school_year, row.term_no, row.on) == (2026, 1, date(2026, 9, 18))
    assert (row.starts, row.class_hours) == (time(19, 0), 200)


def test_the_second_term_ends_with_august(build: Build) -> None:
    (row,) = read(build, {"学期": "2", "计划日期": "2027-08-31"}).rows
    assert row.term_no == 2


def test_a_plan_made_before_its_times_are_known_leaves_them_out() -> None:
    content = (
        "序号,学年,学期,周次,计划日期,活动主题,课程类别,面向年级,载体,方式,课时,主讲人,主讲人身份,"
        "地点,责任人\n1,2026,1,3,2026-09-18,（示例）亲子沟通,心理健康,全校,校内,现场教学,8,,,,\n"
    )
    (row,) = read_plan(content.encode(), minutes_per_class_hour=MINUTES).rows
    assert (row.starts, row.ends, row.class_hours) == (None, None, 800)


def test_class_hours_must_fit_for_the_stage_with_the_longest(build: Build) -> None:
    hours = {"开始时间": "19:00", "结束时间": "20:20"}
    assert read(build, {**hours, "面向年级": "三年级"}).rows
    for audience in ("七年级", "六年级、七年级", "全校"):
        (rejection,) = read(build, {**hours, "面向年级": audience}).rejections
        assert rejection.code == "class_hours_exceed_time"


@pytest.mark.parametrize(("cell", "hours"), [("1.5", 150), ("０.25", 25), ("2.0课时", 200)])
def test_class_hours_have_two_decimals_at_most(build: Build, cell: str, hours: int) -> None:
    (row,) = read(build, {"课时": cell}).rows
    assert row.class_hours == hours


def test_a_push_has_no_class_hours_that_must_fit(build: Build) -> None:
    change = {"方式": "信息推送", "课时": "0", "开始时间": "19:00", "结束时间": "19:01"}
    (row,) = read(build, change).rows
    assert row.class_hours == 0


def test_the_same_activity_twice_is_a_duplicate(build: Build) -> None:
    file = read(build, {}, {"序号": "2"}, {"面向年级": "四年级"})
    assert [row.row for row in file.rows] == [2, 4]
    assert [(r.row, r.column, r.code) for r in file.rejections] == [
        (3, "活动主题", "duplicate_row")
    ]
