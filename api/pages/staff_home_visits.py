"""Home visits of a class: which children, when and how, ticked in one form; and what was wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field

from api.access.actions import Action
from api.access.rules import RULES
from api.asking import Asking, InAsking
from api.language.catalogue import language_of
from api.pages.staff_class_list import called
from api.pages.staff_classes import year_of
from api.pages.staff_words import staff_page
from api.problems import status_of, text_of
from api.reaching import unknown
from domain.calendar import CITY_ZONE, local_day
from domain.envelope import Envelope
from domain.home_visit import (
    HomeVisitBeforeGrant,
    HomeVisitInFuture,
    HomeVisitOfOtherYear,
    UnknownHomeVisit,
    Visit,
    VisitForm,
    VisitWay,
    visited_years,
    visiting_days,
)
from domain.refusals import Refused
from projections.classes import ClassCount
from projections.home_visits import HomeVisitLine

router = APIRouter(include_in_schema=False)

PURPOSE = "home_visits"
Class = tuple[str, str]
SchoolYear = Annotated[int | None, Query(ge=2000, le=2999)]
ABOUT_THE_DAY = (HomeVisitBeforeGrant, HomeVisitInFuture, HomeVisitOfOtherYear)


@dataclass(frozen=True)
class Child:
    """A child of the class, and the visits of the school year. An own one is a colleague's.

    Of `is_here` False it was in the class earlier in the year.
    """

    child_id: UUID
    name: str
    is_own: bool
    is_here: bool
    visits: list[HomeVisitLine]


@dataclass(frozen=True)
class ClassVisits:
    """A class, and how many of its children were visited this school year."""

    counted: ClassCount
    visited: int


class Sent(BaseModel):
    """The form as it was sent; shown again as it was, where it was refused."""

    grade: str
    group: str
    year: int = Field(ge=2000, le=2999)
    on: date
    form: VisitForm = VisitForm.ON_SITE
    way: VisitWay = VisitWay.SINGLE
    child: list[UUID] = Field(default_factory=list[UUID])

    def of_school(self, school_code: str) -> Visit:
        return Visit(school_code, self.on, self.form, self.way, self.year)


@router.get("/staff/home-visits/{school_code}")
def class_page(
    request: Request,
    asking: InAsking,
    school_code: str,
    grade: str = "",
    group: str = "",
    year: SchoolYear = None,
) -> Response:
    """The classes to choose from, or the form of one. Raises HomeVisitOfOtherYear."""
    by = asking.may(Action.HOME_VISIT_RECORD, school_code)
    shown = year_asked(asking, year)
    on = min(today(asking), visiting_days(shown)[1])
    return show(request, asking, school_code, by, Sent(grade=grade, group=group, year=shown, on=on))


@router.post("/staff/home-visits/{school_code}")
def record(
    request: Request, asking: InAsking, school_code: str, sent: Annotated[Sent, Form()]
) -> Response:
    by = asking.may(Action.HOME_VISIT_RECORD, school_code)
    visit = sent.of_school(school_code)
    adults: dict[UUID, list[UUID]] = {child_id: [] for child_id in sent.child}
    roster = asking.runtime.models.roster
    for place in roster.places_in(school_code, visit.school_year, visit.placed_on):
        if place.child_id in adults:
            adults[place.child_id].append(place.learner_id)
    try:
        must_have_had_the_right(asking, visit)
        asking.runtime.settle(asking.runtime.book.home_visits.record(visit, adults, by))
    except Refused as refusal:
        return show(request, asking, school_code, by, sent, refusal)
    return to_class(visit.school_code, visit.school_year, sent.grade, sent.group)


@router.post("/staff/home-visits/of/{visit_id}/withdrawal")
def withdraw(
    asking: InAsking,
    visit_id: UUID,
    grade: Annotated[str, Form()] = "",
    group: Annotated[str, Form()] = "",
) -> Response:
    visit = asking.runtime.models.home_visits.visit(visit_id)
    if visit is None:
        raise unknown(asking, Action.HOME_VISIT_RECORD, UnknownHomeVisit(id=visit_id))
    by = asking.may(Action.HOME_VISIT_RECORD, visit.school_code)
    asking.runtime.settle(asking.runtime.book.home_visits.withdraw(visit_id, by))
    return to_class(visit.school_code, visit.school_year, grade, group)


@router.get("/staff/home-visits/{school_code}/classes")
def classes(
    request: Request, asking: InAsking, school_code: str, year: SchoolYear = None
) -> Response:
    """How many of each class were visited, in the order of classes: no class is held to another.

    Of an earlier school year as well: once in each is what is asked for, and looked into later.
    """
    asking.may(Action.HOME_VISIT_COUNTS, school_code)
    running = year_of(asking)
    shown = running if year is None else year
    return staff_page(
        request,
        "home_visits_of_classes.html",
        school=asking.runtime.models.schools.school(school_code),
        school_year=shown,
        years=(running - 1, running),
        classes=classes_of(asking, school_code, shown),
    )


def today(asking: Asking) -> date:
    return local_day(asking.runtime.now(), CITY_ZONE)


def year_asked(asking: Asking, year: int | None) -> int:
    """The running school year, or one whose visits may be recorded. Raises HomeVisitOfOtherYear."""
    asked = year_of(asking) if year is None else year
    years = visited_years(today(asking))
    if asked not in years:
        raise HomeVisitOfOtherYear(first=visiting_days(years[0])[0], last=today(asking))
    return asked


def must_have_had_the_right(asking: Asking, visit: Visit) -> None:
    """What is entered a school year late is entered by those who might have entered it in time.

    Raises HomeVisitBeforeGrant.
    """
    staff = asking.runtime.book.registry.staff(asking.staff_id)
    if visit.school_year < year_of(asking) and not any(
        staff.had(role, visit.school_code, visit.on) for role in RULES[Action.HOME_VISIT_RECORD]
    ):
        raise HomeVisitBeforeGrant


def to_class(school_code: str, year: int, grade: str, group: str) -> Response:
    where = urlencode({"grade": grade, "group": group, "year": year})
    return RedirectResponse(f"/staff/home-visits/{school_code}?{where}", status_code=303)


def show(
    request: Request,
    asking: Asking,
    school_code: str,
    by: Envelope,
    sent: Sent,
    refusal: Refused | None = None,
) -> Response:
    models = asking.runtime.models
    first, last = visiting_days(sent.year)
    return staff_page(
        request,
        "home_visits.html",
        status_of(refusal.code) if refusal else 200,
        school=models.schools.school(school_code),
        classes=[] if sent.grade else models.roster.classes(school_code, sent.year),
        children=children_of(asking, school_code, sent.year, (sent.grade, sent.group), by),
        years=visited_years(today(asking)),
        sent=sent,
        forms=list(VisitForm),
        ways=list(VisitWay),
        days=(first, min(today(asking), last)),
        wrong=text_of(refusal.code, language_of(request)) if refusal else None,
        wrong_day=isinstance(refusal, ABOUT_THE_DAY),
    )


def children_of(
    asking: Asking, school_code: str, year: int, chosen: Class, by: Envelope
) -> list[Child]:
    """The children of a class, those who are left to visit first; then who was in it earlier."""
    models = asking.runtime.models
    here = {place.child_id for place in models.roster.class_list(school_code, year, *chosen)}
    ids = list(here.union(models.households.ever_in(school_code, year, *chosen)))
    names = asking.runtime.book.vault.show(ids, to=by.actor, purpose=PURPOSE, at=by.at)
    visits: dict[UUID, list[HomeVisitLine]] = {each: [] for each in ids}
    for line in models.home_visits.of_children(school_code, year, ids):
        visits[line.child_id].append(line)
    own = own_children(asking, by)
    found = [
        Child(each, called(names, each), each in own, each in here, visits[each]) for each in ids
    ]
    return sorted(found, key=lambda child: (not child.is_here, bool(child.visits), child.name))


def own_children(asking: Asking, by: Envelope) -> set[UUID]:
    models = asking.runtime.models
    learner_id = models.staff.learner_of(by.actor.id)
    places = models.roster.places_of(learner_id) if learner_id else []
    return {place.child_id for place in places}


def classes_of(asking: Asking, school_code: str, year: int) -> list[ClassVisits]:
    models = asking.runtime.models
    visited = models.home_visits.visited_at(school_code, year)
    return [
        ClassVisits(each, visited.get((each.grade, each.class_group), 0))
        for each in models.roster.classes_with_counts(school_code, year)
    ]
