"""The pilot's teaching plan: the file each school brings, and what the sessions are called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from api.demo.calendar import CITY, Calendar, evening
from api.demo.families import table

PLAN_HEADER = (
    "序号", "学年", "学期", "周次", "计划日期", "开始时间", "结束时间", "活动主题", "课程类别",
    "面向年级", "载体", "方式", "课时", "主讲人", "主讲人身份", "地点", "责任人",
)  # fmt: skip

MENTAL, READING, TOGETHER = "心理健康指导课程", "亲子共读课程", "校本特色的协同育人活动课程"
LIFE, CRISIS = "生命教育课程", "危机应急处置课程"


@dataclass(frozen=True)
class Evening:
    """One row of a plan. `length` is in minutes; class hours are whole ones."""

    topic: str
    family: str
    begins_at: datetime
    length: int = 80
    class_hours: int = 2
    grades: str = "全校"
    place: str = "报告厅"

    @property
    def ends_at(self) -> datetime:
        return self.begins_at + timedelta(minutes=self.length)


def last_year(calendar: Calendar) -> list[Evening]:
    """Six evenings of last school year, three a term."""
    on = calendar.last_year
    return [
        Evening("读懂孩子的情绪", MENTAL, evening(on(9, 19))),
        Evening("陪孩子读一本书", READING, evening(on(10, 24))),
        Evening("家庭里的规则与边界", TOGETHER, evening(on(11, 21))),
        Evening("考试前后的心理支持", MENTAL, evening(on(3, 13))),
        Evening("生命教育：从春天谈起", LIFE, evening(on(4, 17))),
        Evening("假期安全与应急", CRISIS, evening(on(6, 5))),
    ]


def this_year(calendar: Calendar) -> list[Evening]:
    """What was held this school year before today."""
    return [
        Evening("三年级，换个方式陪伴", MENTAL, evening(calendar.past(35))),
        Evening("亲子共读半日营", READING, evening(calendar.past(21), 9)),
        Evening("数字时代的家庭约定", TOGETHER, evening(calendar.past(9))),
    ]


def ended_today(calendar: Calendar) -> Evening:
    """Ended earlier today: its head count and attestation are still to do."""
    begins = minute(calendar.now) - timedelta(hours=3)
    return Evening("亲子沟通的五个习惯", MENTAL, begins)


def open_now(calendar: Calendar) -> Evening:
    """Its door is open while a newcomer looks around."""
    begins = minute(calendar.now) + timedelta(minutes=25)
    return Evening("青春期来临前，家长先懂什么", LIFE, begins)


def coming(calendar: Calendar) -> list[Evening]:
    day = calendar.today
    return [
        Evening("周末家庭阅读分享", READING, evening(day + timedelta(days=7))),
        Evening("遇到危机时怎么办", CRISIS, evening(day + timedelta(days=16))),
    ]


def called_off(calendar: Calendar) -> Evening:
    """Planned and called off: brought again, its row is a doubt."""
    return Evening(
        "亲子运动会", TOGETHER, evening(calendar.today + timedelta(days=12)), place="操场"
    )


def elsewhere(calendar: Calendar, name: str) -> list[Evening]:
    """The other schools: two evenings this school year and one to come. Class hours differ."""
    length = {"示例幼儿园": 60}.get(name, 90)
    return [
        Evening("和孩子一起长大", MENTAL, evening(calendar.past(28)), length),
        Evening("家校同心", TOGETHER, evening(calendar.past(14)), length),
        Evening("读书月家庭活动", READING, evening(calendar.today + timedelta(days=10)), length),
    ]


def minute(at: datetime) -> datetime:
    return at.astimezone(CITY).replace(second=0, microsecond=0)


def plan_file(evenings: list[Evening], calendar: Calendar) -> bytes:
    """The evenings of one term as the file a school would bring."""
    rows = (
        (
            ordinal,
            calendar.term_of(each.begins_at.date()).school_year,
            calendar.term_of(each.begins_at.date()).term_no,
            "",
            each.begins_at.date().isoformat(),
            f"{each.begins_at:%H:%M}",
            f"{each.ends_at:%H:%M}",
            each.topic,
            each.family,
            each.grades,
            "校内家长学校",
            "现场教学",
            each.class_hours,
            "",
            "",
            each.place,
            "",
        )
        for ordinal, each in enumerate(evenings, start=1)
    )
    return table(PLAN_HEADER, rows)
