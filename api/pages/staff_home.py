"""The start page of staff: each of their schools with what is to be done there today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.access.actions import Action
from api.asking import Asking, InAsking
from api.closing import ReadModelsBehind
from api.correcting import READ as READ_CORRECTIONS
from api.language.catalogue import language_of
from api.pages.parent_words import say
from api.pages.staff_above import (
    Tile,
    Way,
    decides,
    tiles_of,
    todos_above,
)
from api.pages.staff_session_steps import Rights, Step, door_of, next_step, rights_in
from api.pages.staff_todo import Todo, todos_of
from api.pages.staff_words import staff_page
from api.reaching import may_in, may_too
from api.schools_above import organisation_of, schools_above
from domain.calendar import CITY_ZONE, local_day
from projections.schools import School
from projections.session_board import SessionOnBoard

router = APIRouter(include_in_schema=False)

DAY = timedelta(days=1)
UNFINISHED_SINCE = timedelta(days=60)
COMING_UNTIL = timedelta(days=60)


@dataclass(frozen=True)
class Row:
    """A session and its one button."""

    session: SessionOnBoard
    step: Step


A = Action
WAYS = (
    Way("user", "班级与家庭", "/staff/classes/{code}", (A.LEARNER_READ,)),
    Way("user", "待确认家长", "/staff/links/{code}", (A.LEARNER_CONFIRM,)),
    Way("user", "信息改正", "/staff/details/{code}", (A.LEARNER_CONFIRM,)),
    Way("home", "家访登记", "/staff/home-visits/{code}", (A.HOME_VISIT_RECORD,)),
    Way("list", "教学计划", "/staff/plans/{code}", (A.SESSION_READ,)),
    Way("list", "考核", "/staff/exams/{code}", (A.EXAM_ENTER, A.EXAM_CHECK)),
    Way("cert", "证书", "/staff/certificates", (A.CERTIFICATE_READ,)),
    Way("shield", "星级推荐", "/staff/stars/{code}", (A.STAR_READ,)),
    Way("home", "家访情况", "/staff/home-visits/{code}/classes", (A.HOME_VISIT_COUNTS,)),
    Way("check", "学期达标与结账", "/staff/schools/{code}/compliance", (A.COMPLIANCE_READ,)),
    Way("list", "归档包", "/staff/schools/{code}/archive", (A.ARCHIVE_READ,)),
    Way("help", "异议与申诉", "/staff/cases/{code}", (A.CASE_READ,)),
    Way("shield", "异常提示", "/staff/irregularities/{code}", (A.IRREGULARITY_READ,)),
    Way("undo", "更正", "/staff/corrections/{code}", READ_CORRECTIONS),
    Way("clock", "请假与补课", "/staff/leaves/{code}", (A.LEAVE_DECIDE,)),
    Way("book", "微课、推送与课程", "/staff/studies/{code}", (A.SESSION_READ,)),
    Way("plus", "校外学时", "/staff/external/{code}", (A.EXTERNAL_READ,)),
    Way("user", "教师学时", "/staff/teachers/{code}", (A.TEACHER_READ,)),
    Way("key", "签到台设备", "/staff/schools/{code}/devices", (A.DOOR_DEVICE_MANAGE,)),
    Way("down", "导入名册与计划", "/staff/imports", (A.ROSTER_IMPORT,)),
)


@dataclass(frozen=True)
class Desk:
    """What a school's section of the page shows."""

    school: School
    today: list[Row]
    unfinished: list[Row]
    coming: list[Row]
    todos: list[Todo]
    tiles: list[Tile]


@router.get("/staff")
def home(request: Request, asking: InAsking) -> Response:
    """What waits, what is to be done at each school, and the ways to the rest of the work.

    Raises LoginRequired.
    """
    schools = schools_above(asking)
    desks = [desk_of(asking, code) for code in asking.schools if may_see(asking, code)]
    return staff_page(
        request,
        "home.html",
        todos=todos_above(asking, schools),
        decides=decides(asking),
        desks=desks,
        say=partial(say, language_of(request)),
        tiles=tiles_of(asking),
        schools=schools,
        has_grant=bool(asking.schools or asking.regions),
    )


@router.get("/staff/schools/{school_code}")
def school_page(request: Request, asking: InAsking, school_code: str) -> Response:
    asking.may(Action.SESSION_READ, school_code)
    return staff_page(
        request,
        "home.html",
        todos=[],
        decides=False,
        desks=[desk_of(asking, school_code)],
        say=partial(say, language_of(request)),
        tiles=[],
        schools=[],
        has_grant=True,
    )


def may_see(asking: Asking, school_code: str) -> bool:
    return may_too(asking, Action.SESSION_READ, school_code)


def desk_of(asking: Asking, school_code: str) -> Desk:
    today = local_day(asking.runtime.now(), CITY_ZONE)
    school = asking.runtime.models.schools.school(school_code)
    if school is None:  # the ledger knows a right there before the pages know the school
        raise ReadModelsBehind
    rights = rights_in(asking, school_code)
    earlier = rows(asking, school_code, rights, (today - UNFINISHED_SINCE, today - DAY))
    return Desk(
        school=school,
        today=rows(asking, school_code, rights, (today, today)),
        unfinished=[row for row in earlier if row.session.standing in {"opened", "closed"}],
        coming=rows(asking, school_code, rights, (today + DAY, today + COMING_UNTIL)),
        todos=todos_of(asking, school),
        tiles=[way.tile(school_code) for way in WAYS if may_at(asking, way, school)],
    )


def may_at(asking: Asking, way: Way, school: School) -> bool:
    place = organisation_of(school)
    return any(may_in(asking, each, place) for each in way.actions)


def rows(asking: Asking, school_code: str, rights: Rights, days: tuple[date, date]) -> list[Row]:
    """The sessions of some days with their buttons, soonest first."""
    found = asking.runtime.models.sessions.sessions_of(school_code, *days)
    now = asking.runtime.now()
    return [
        Row(session, next_step(session, rights, door_of(asking, session), now))
        for session in sorted(found, key=lambda each: each.begins_at)
    ]
