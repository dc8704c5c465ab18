"""The start page of staff: each of their schools with what is to be done there today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.access.policy import LoginRequired, Organisation, PrincipalKind
from api.access.rules import Action
from api.asking import Asking, InAsking
from api.pages.staff_session_steps import Rights, Step, door_of, next_step, rights_in
from api.pages.staff_words import staff_page
from api.reaching import may_in, may_too
from domain.calendar import CITY_ZONE, local_day, school_year_of
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
class Tiles:
    """The ways to other work, with what waits there; None where the asker has no such right."""

    classes: int | None
    exams: int | None
    certificates: int | None
    stars: int | None
    may_import: bool


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
    return staff_page(request, "home.html", desks=desks, schools=schools_above(asking))


@router.get("/staff/schools/{school_code}")
def school_page(request: Request, asking: InAsking, school_code: str) -> Response:
    asking.may(Action.SESSION_READ, school_code)
    return staff_page(request, "home.html", desks=[desk_of(asking, school_code)], schools=[])


def may_see(asking: Asking, school_code: str) -> bool:
    return may_too(asking, Action.SESSION_READ, school_code)


def schools_above(asking: Asking) -> list[School]:
    """The schools of the districts (or the city) that the asker looks after."""
    now = asking.runtime.now()
    grants = asking.principal.grants if asking.principal else ()
    regions = {g.organisation for g in grants if g.holds(now)}
    districts = sorted(code for code in regions if len(code) == REGION_DIGITS)
    schools = asking.runtime.models.schools
    found = schools.schools() if CITY in regions else []
    found = found or [school for code in districts for school in schools.schools(code)]
    return [each for each in found if may_in(asking, Action.SESSION_READ, organisation_of(each))]


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
        may_import=may(Action.ROSTER_IMPORT),
    )


def rows(asking: Asking, school_code: str, rights: Rights, days: tuple[date, date]) -> list[Row]:
    """The sessions of some days with their buttons, soonest first."""
    found = asking.runtime.models.sessions.sessions_of(school_code, *days, limit=MOST_SESSIONS)
    now = asking.runtime.now()
    return [
        Row(session, next_step(session, rights, door_of(asking, session), now))
        for session in sorted(found, key=lambda each: each.begins_at)
    ]
