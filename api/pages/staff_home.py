"""The start page of staff: each of their schools with what is to be done there today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.access.actions import Action
from api.access.policy import LoginRequired, Organisation, PrincipalKind
from api.access_log import may_read_looks, organisations_of
from api.asking import Asking, InAsking
from api.audit_samples import place_of
from api.closing import ReadModelsBehind
from api.correcting import READ as READ_CORRECTIONS
from api.language.catalogue import language_of
from api.pages.parent_words import say
from api.pages.staff_revocations import LIST as REVOCATIONS
from api.pages.staff_revocations import deciding_districts, waiting_for
from api.pages.staff_session_steps import Rights, Step, door_of, next_step, rights_in
from api.pages.staff_todo import Todo, todos_of
from api.pages.staff_words import staff_page
from api.reaching import may_in, may_too
from domain.calendar import CITY_ZONE, local_day
from projections.schools import School
from projections.session_board import SessionOnBoard

router = APIRouter(include_in_schema=False)

DAY = timedelta(days=1)
MOST_SESSIONS = 200
UNFINISHED_SINCE = timedelta(days=60)
COMING_UNTIL = timedelta(days=60)
CITY, REGION_DIGITS = "440100", 6


@dataclass(frozen=True)
class Row:
    """A session and its one button."""

    session: SessionOnBoard
    step: Step


@dataclass(frozen=True)
class Way:
    """A way to other work, for whoever may do one of these things."""

    picture: str
    words: str
    path: str
    actions: tuple[Action, ...]

    def address(self, school_code: str) -> str:
        return self.path.format(code=school_code)


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
    ways: list[Way]


@router.get("/staff")
def home(request: Request, asking: InAsking) -> Response:
    if asking.principal is None or asking.principal.kind is not PrincipalKind.STAFF:
        raise LoginRequired
    desks = [desk_of(asking, code) for code in asking.schools if may_see(asking, code)]
    return staff_page(
        request,
        "home.html",
        todos=todos_above(asking),
        desks=desks,
        say=partial(say, language_of(request)),
        schools=schools_above(asking),
        regions=regions(asking),
        districts=districts_of(asking),
        teacher_regions=teacher_regions_of(asking),
        audited=audited_by(asking),
        is_teacher=asking.runtime.models.teachers.of_staff(asking.principal.person_id) is not None,
        decides_revocations=bool(deciding_districts(asking)),
        may_read_looks=may_read_looks(asking),
        may_erase=bool(organisations_of(asking, Action.ERASURE_DECIDE)),
        may_manage_keys=may_in(asking, Action.API_KEY_MANAGE, Organisation()),
    )


@router.get("/staff/schools/{school_code}")
def school_page(request: Request, asking: InAsking, school_code: str) -> Response:
    asking.may(Action.SESSION_READ, school_code)
    return staff_page(
        request,
        "home.html",
        todos=[],
        desks=[desk_of(asking, school_code)],
        say=partial(say, language_of(request)),
        schools=[],
        regions=[],
        districts=[],
        teacher_regions=[],
        audited=[],
        is_teacher=False,
        decides_revocations=False,
        may_read_looks=False,
        may_erase=False,
        may_manage_keys=False,
    )


def todos_above(asking: Asking) -> list[Todo]:
    """What waits for a district's officer, whichever school it is about."""
    waiting = waiting_for(asking)
    return [Todo("revocations", waiting, REVOCATIONS)] if waiting else []


def may_see(asking: Asking, school_code: str) -> bool:
    return may_too(asking, Action.SESSION_READ, school_code)


def teacher_regions_of(asking: Asking) -> list[str]:
    """The districts, or the city, whose teachers' cycle the asker may read in numbers."""
    districts = {code: None if code == CITY else code for code in regions(asking)}
    action = Action.TEACHER_COVERAGE_READ
    return [c for c, d in districts.items() if may_in(asking, action, Organisation(district=d))]


def audited_by(asking: Asking) -> list[str]:
    """The districts, or the city, whose samples the asker reads."""
    action = Action.AUDIT_SAMPLE_READ
    return [code for code in regions(asking) if may_in(asking, action, place_of(code))]


def districts_of(asking: Asking) -> list[str]:
    """The districts whose appeals the asker may look at."""
    return [
        code
        for code in regions(asking)
        if code != CITY and may_in(asking, Action.CASE_OVERVIEW_READ, Organisation(district=code))
    ]


def schools_above(asking: Asking) -> list[School]:
    """The schools of the districts (or the city) that the asker looks after."""
    districts = regions(asking)
    schools = asking.runtime.models.schools
    found = schools.schools() if CITY in districts else []
    found = found or [school for code in districts for school in schools.schools(code)]
    return [each for each in found if may_in(asking, Action.SESSION_READ, organisation_of(each))]


def regions(asking: Asking) -> list[str]:
    """The districts, or the city, of the grants that hold now."""
    now = asking.runtime.now()
    grants = asking.principal.grants if asking.principal else ()
    codes = {g.organisation for g in grants if g.holds(now)}
    return sorted(code for code in codes if len(code) == REGION_DIGITS)


def organisation_of(school: School) -> Organisation:
    return Organisation(school=school.school_code, district=school.district_code)


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
        ways=ways_of(asking, organisation_of(school)),
    )


def ways_of(asking: Asking, organisation: Organisation) -> list[Way]:
    return [way for way in WAYS if any(may_in(asking, each, organisation) for each in way.actions)]


def rows(asking: Asking, school_code: str, rights: Rights, days: tuple[date, date]) -> list[Row]:
    """The sessions of some days with their buttons, soonest first."""
    found = asking.runtime.models.sessions.sessions_of(school_code, *days, limit=MOST_SESSIONS)
    now = asking.runtime.now()
    return [
        Row(session, next_step(session, rights, door_of(asking, session), now))
        for session in sorted(found, key=lambda each: each.begins_at)
    ]
