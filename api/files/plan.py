"""The term plan (家长学校教学计划): which activities a school means to hold, and when."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial

from api.files import cells
from api.files.audience import grades_of
from api.files.fields import Fields, sift
from api.files.rejection import Rejection
from api.files.table import DEFAULT_LIMITS, Limits, Source, Table, TableRow, read_table
from api.files.template import Kind
from domain.carriers import Carrier, CourseFamily, LecturerKind, Mode
from domain.grades import grade_named

_CLASS_HOURS = range(25, 801)  # in hundredths, as the API takes them
_LAST_WEEK = 30


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One planned activity. No grades mean the whole school; no times mean: not fixed yet.

    `lecturer_note` and `responsible` name people: they belong in the vault, never in an event.
    """

    row: int
    school_year: int
    term_no: int
    week: int | None
    on: date
    starts: time | None
    ends: time | None
    topic: str
    family: CourseFamily
    grades: tuple[str, ...]
    carrier: Carrier
    mode: Mode
    class_hours: int  # hundredths
    lecturer_note: str
    lecturer_kind: LecturerKind
    place: str
    responsible: str


@dataclass(frozen=True, slots=True)
class PlanFile:
    """What a plan holds: each data row is a row or is rejected."""

    rows: tuple[PlanRow, ...]
    rejections: tuple[Rejection, ...]
    sha256: str
    total: int
    table: Table


def read_plan(
    source: Source,
    *,
    minutes_per_class_hour: Mapping[str, int],
    limits: Limits = DEFAULT_LIMITS,
) -> PlanFile:
    """The plan of one school. Raises UnreadableFile where the file as a whole cannot be read.

    `minutes_per_class_hour` has the school's own stages and no others: a grade of another stage is
    rejected, and the longest class hour of those who are invited must fit between the times.
    """
    table = read_table(source, Kind.PLAN, limits)
    rows, rejections = sift(
        table, partial(_row, minutes=minutes_per_class_hour), _identity, "活动主题"
    )
    return PlanFile(rows, rejections, table.sha256, table.total, table)


def read_one(
    cells: Mapping[str, str], minutes_per_class_hour: Mapping[str, int]
) -> tuple[PlanRow, list[Rejection]]:
    """One activity as it is typed into a form: by the template's columns, read like a row of it."""
    fields = Fields(TableRow(1, cells))
    row = _row(fields, minutes_per_class_hour)
    return row, fields.rejections


def _identity(row: PlanRow) -> Hashable:
    return row.on, row.starts, row.topic, row.grades


def _row(fields: Fields, minutes: Mapping[str, int]) -> PlanRow:
    row = _cells(fields, minutes)
    if not fields.rejections:
        _check_dates(fields, row)
        _check_class_hours(fields, row, minutes)
    return row


def _cells(fields: Fields, minutes: Mapping[str, int]) -> PlanRow:
    mode = fields.read("方式", _planned_mode, Mode.ON_SITE)
    return PlanRow(
        row=fields.row,
        school_year=fields.read("学年", cells.school_year, 0),
        term_no=fields.read("学期", cells.term_no, 0),
        week=fields.read("周次", _week, None),
        on=fields.read("计划日期", cells.day, date.min),
        starts=fields.read("开始时间", cells.clock, None),
        ends=fields.read("结束时间", cells.clock, None),
        topic=fields.read("活动主题", cells.text, ""),
        family=fields.read("课程类别", _family, CourseFamily.SCHOOL_COLLABORATION),
        grades=fields.read("面向年级", partial(grades_of, stages=frozenset(minutes)), ()),
        carrier=fields.read("载体", _carrier, Carrier.IN_SCHOOL),
        mode=mode,
        class_hours=fields.read("课时", partial(_class_hours, mode=mode), 0),
        lecturer_note=fields.read("主讲人", cells.note, ""),
        lecturer_kind=fields.read("主讲人身份", LecturerKind.of, LecturerKind.OTHER),
        place=fields.read("地点", cells.note, ""),
        responsible=fields.read("责任人", cells.note, ""),
    )


def _planned_mode(cell: str) -> Mode:
    mode = cells.member(cell, Mode, "mode_unknown")
    if not mode.is_a_session:
        raise cells.WrongCell("mode_not_planned")
    return mode


def _family(cell: str) -> CourseFamily:
    return cells.member(cell, CourseFamily, "family_unknown")


def _carrier(cell: str) -> Carrier:
    return cells.member(cell, Carrier, "carrier_unknown")


def _week(cell: str) -> int | None:
    if not cell:
        return None
    return cells.whole_number(cell, 1, _LAST_WEEK, outside="week_out_of_range")


def _class_hours(cell: str, mode: Mode) -> int:
    """2, 1.5, 2课时; a push has no class hours that could be measured and may say 0."""
    found = cells.hundredths(cell, "课时", wrong="class_hours_out_of_range")
    if found in _CLASS_HOURS or (mode is Mode.INFO_PUSH and not found):
        return found
    raise cells.WrongCell("class_hours_out_of_range")


def _check_dates(fields: Fields, row: PlanRow) -> None:
    year = row.on.year - (row.on.month < 9)  # noqa: PLR2004 - a school year begins on 1 September
    if year != row.school_year:
        fields.reject("计划日期", "date_outside_school_year")
    if (row.starts is None) != (row.ends is None):
        fields.reject("结束时间" if row.ends is None else "开始时间", "time_missing")
    elif row.starts and row.ends and row.ends <= row.starts:
        fields.reject("结束时间", "ends_before_start")


def _check_class_hours(fields: Fields, row: PlanRow, minutes: Mapping[str, int]) -> None:
    """Class hours are fixed in advance and must fit; a push needs no time of anybody's evening."""
    if fields.rejections or row.starts is None or row.ends is None or row.mode is Mode.INFO_PUSH:
        return
    stages = {grade_named(name).stage.value for name in row.grades} or set(minutes)
    longest = max((minutes[stage] for stage in stages), default=0)
    lasts = datetime.combine(row.on, row.ends) - datetime.combine(row.on, row.starts)
    if timedelta(minutes=longest) * row.class_hours > lasts * 100:
        fields.reject("课时", "class_hours_exceed_time")
