"""The start page of staff: each of their schools with what is to be done there today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.access.policy import LoginRequired, Organisation, PrincipalKind
from api.access.rules import Action
from api.access_log import may_read_looks
from api.asking import Asking, InAsking
from api.pages.staff_session_steps import Rights, Step, door_of, next_step, rights_in
from api.pages.staff_words import staff_page
from api.reaching import may_in, may_too
from domain.calendar import CITY_ZONE, local_day, school_year_of
from projections.schools import School
from projections.session_board import SessionOnBoard
from projections.teachers import Whom

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
class Tiles:
    """The ways to other work, with what waits there; None where the asker has no such right."""

    classes: int | None
    exams: int | None
    certificates: int | None
    stars: int | None
    teachers: int | None
    may_import: bool
    may_read_compliance: bool
    cases: int | None
    leaves: int | None
    studies: bool
    external: bool
    links: int | None


@dataclass(frozen=True)
class Desk:
    """What a school's section of the page shows."""

    school: School
    today: list[Row]
    unfinished: list[Row]
    coming: list[Row]
    tiles: Tiles


@router.get("/staff")
def home(request: Request, asking: InAsking) -> Response:
    if asking.principal is None or asking.principal.kind is not PrincipalKind.STAFF:
        raise LoginRequired
    desks = [desk_of(asking, code) for code in asking.schools if may_see(asking, code)]
    return staff_page(
        request,
        "home.html",
        desks=desks,
        schools=schools_above(asking),
        regions=regions(asking),
        districts=districts_of(asking),
        teacher_regions=teacher_regions_of(asking),
        is_teacher=asking.runtime.models.teachers.of_staff(asking.principal.person_id) is not None,
        may_read_looks=may_read_looks(asking),
    )


@router.get("/staff/schools/{school_code}")
def school_page(request: Request, asking: InAsking, school_code: str) -> Response:
    asking.may(Action.SESSION_READ, school_code)
    return staff_page(
        request,
        "home.html",
        desks=[desk_of(asking, school_code)],
        schools=[],
        regions=[],
        districts=[],
        teacher_regions=[],
        is_teacher=False,
        may_read_looks=False,
    )


def may_see(asking: Asking, school_code: str) -> bool:
    return may_too(asking, Action.SESSION_READ, school_code)


def teacher_regions_of(asking: Asking) -> list[str]:
    """The districts, or the city, whose teachers' cycle the asker may read in numbers."""
    districts = {code: None if code == CITY else code for code in regions(asking)}
    action = Action.TEACHER_COVERAGE_READ
    return [c for c, d in districts.items() if may_in(asking, action, Organisation(district=d))]


def serving(asking: Asking, school_code: str) -> int:
    """How many teachers serve at a school today."""
    today = local_day(asking.runtime.now(), CITY_ZONE)
    services = asking.runtime.models.teachers.services(Whom(today, school_code))
    return len({each.teacher_id for each in services})


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
    assert school is not None
    rights = rights_in(asking, school_code)
    earlier = rows(asking, school_code, rights, (today - UNFINISHED_SINCE, today - DAY))
    return Desk(
        school=school,
        today=rows(asking, school_code, rights, (today, today)),
        unfinished=[row for row in earlier if row.session.standing in {"opened", "closed"}],
        coming=rows(asking, school_code, rights, (today + DAY, today + COMING_UNTIL)),
        tiles=tiles_of(asking, school, school_year_of(today)),
    )


def tiles_of(asking: Asking, school: School, school_year: int) -> Tiles:
    models, organisation = asking.runtime.models, organisation_of(school)

    def may(*actions: Action) -> bool:
        return any(may_in(asking, action, organisation) for action in actions)

    code = school.school_code
    reads_exams = may(Action.EXAM_ENTER, Action.EXAM_CHECK)
    return Tiles(
        classes=len(models.schools.classes(code, school_year))
        if may(Action.LEARNER_READ)
        else None,
        exams=len(models.exams.exams_of(code)) if reads_exams else None,
        certificates=len(models.certificates.due_of(code))
        if may(Action.CERTIFICATE_READ)
        else None,
        stars=len(models.star_proposals.candidates_of(code)) if may(Action.STAR_READ) else None,
        teachers=serving(asking, code) if may(Action.TEACHER_READ) else None,
        may_import=may(Action.ROSTER_IMPORT),
        may_read_compliance=may(Action.COMPLIANCE_READ),
        cases=len(models.cases.open_of(code)) if may(Action.CASE_READ) else None,
        leaves=sum(each.waiting for each in models.leaves.waiting_at(code))
        if may(Action.LEAVE_DECIDE)
        else None,
        studies=may(Action.SESSION_READ),
        external=may(Action.EXTERNAL_READ),
        links=models.links.waiting_at(code) if may(Action.LEARNER_CONFIRM) else None,
    )


def rows(asking: Asking, school_code: str, rights: Rights, days: tuple[date, date]) -> list[Row]:
    """The sessions of some days with their buttons, soonest first."""
    found = asking.runtime.models.sessions.sessions_of(school_code, *days, limit=MOST_SESSIONS)
    now = asking.runtime.now()
    return [
        Row(session, next_step(session, rights, door_of(asking, session), now))
        for session in sorted(found, key=lambda each: each.begins_at)
    ]
