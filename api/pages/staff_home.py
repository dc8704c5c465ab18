"""The start page of staff: each of their schools with what is to be done there today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.access.policy import LoginRequired, PrincipalKind
from api.access.rules import Action
from api.asking import Asking, InAsking
from api.pages.staff_session_steps import Step, door_of, next_step, rights_in
from api.pages.staff_words import staff_page
from api.reaching import may_too
from domain.calendar import CITY_ZONE, local_day, school_year_of
from projections.schools import School
from projections.session_board import SessionOnBoard

router = APIRouter(include_in_schema=False)

UNFINISHED_SINCE = timedelta(days=60)
COMING_UNTIL = timedelta(days=60)
CITY, REGION_DIGITS = "440100", 6


@dataclass(frozen=True)
class Row:
    """A session and its one button."""

    session: SessionOnBoard
    step: Step


@dataclass(frozen=True)
class Desk:
    """What a school's section of the page shows; None where the asker has no such right."""

    school: School
    today: list[Row]
    unfinished: list[Row]
    coming: list[Row]
    classes: int | None
    exams: int | None
    certificates: int | None
    may_import: bool


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
    return [school for school in found if may_see(asking, school.school_code)]


def desk_of(asking: Asking, school_code: str) -> Desk:
    models = asking.runtime.models
    today = local_day(asking.runtime.now(), CITY_ZONE)
    school = models.schools.school(school_code)
    assert school is not None
    counted = school_year_of(today)
    return Desk(
        school=school,
        today=rows(asking, school_code, today, today),
        unfinished=[
            row
            for row in rows(asking, school_code, today - UNFINISHED_SINCE, yesterday(today))
            if row.session.standing in {"opened", "closed"}
        ],
        coming=rows(asking, school_code, today + timedelta(days=1), today + COMING_UNTIL),
        classes=len(models.schools.classes(school_code, counted))
        if may_too(asking, Action.LEARNER_READ, school_code)
        else None,
        exams=len(models.exams.exams_of(school_code))
        if may_too(asking, Action.EXAM_ENTER, school_code)
        or may_too(asking, Action.EXAM_CHECK, school_code)
        else None,
        certificates=len(models.certificates.due_of(school_code))
        if may_too(asking, Action.CERTIFICATE_READ, school_code)
        else None,
        may_import=may_too(asking, Action.ROSTER_IMPORT, school_code),
    )


def rows(asking: Asking, school_code: str, first: date, last: date) -> list[Row]:
    """The sessions of some days with their buttons, soonest first."""
    found = asking.runtime.models.sessions.sessions_of(school_code, first, last, limit=200)
    rights = rights_in(asking, school_code)
    now = asking.runtime.now()
    return [
        Row(session, next_step(session, rights, door_of(asking, session), now))
        for session in sorted(found, key=lambda each: each.begins_at)
    ]


def yesterday(today: date) -> date:
    return today - timedelta(days=1)
