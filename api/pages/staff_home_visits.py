"""Home visits of a class: which children, when and how, ticked in one form; and what was wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field

from api.access.actions import Action
from api.asking import Asking, InAsking
from api.language.catalogue import language_of
from api.pages.staff_class_list import called
from api.pages.staff_classes import places_in, year_of
from api.pages.staff_words import staff_page
from api.problems import status_of, text_of
from api.reaching import unknown
from domain.calendar import CITY_ZONE, first_day_of, local_day
from domain.envelope import Envelope
from domain.home_visit import (
    HomeVisitInFuture,
    HomeVisitOfOtherYear,
    UnknownHomeVisit,
    Visit,
    VisitForm,
    VisitWay,
)
from domain.refusals import Refused
from projections.classes import ClassCount
from projections.home_visits import HomeVisitLine

router = APIRouter(include_in_schema=False)

PURPOSE = "home_visits"
Class = tuple[str, str]
ABOUT_THE_DAY = (HomeVisitInFuture, HomeVisitOfOtherYear)


@dataclass(frozen=True)
class Child:
    """A child of the class, and the visits of this school year. An own one is a colleague's."""

    child_id: UUID
    name: str
    is_own: bool
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
    on: date
    form: VisitForm = VisitForm.ON_SITE
    way: VisitWay = VisitWay.SINGLE
    child: list[UUID] = Field(default_factory=list[UUID])


@router.get("/staff/home-visits/{school_code}")
def class_page(
    request: Request, asking: InAsking, school_code: str, grade: str = "", group: str = ""
) -> Response:
    """The classes to choose from, or the form of one."""
    by = asking.may(Action.HOME_VISIT_RECORD, school_code)
    return show(request, asking, school_code, by, Sent(grade=grade, group=group, on=today(asking)))


@router.post("/staff/home-visits/{school_code}")
def record(
    request: Request, asking: InAsking, school_code: str, sent: Annotated[Sent, Form()]
) -> Response:
    by = asking.may(Action.HOME_VISIT_RECORD, school_code)
    visit = Visit(school_code, sent.on, sent.form, sent.way)
    adults: dict[UUID, list[UUID]] = {child_id: [] for child_id in sent.child}
    of_class = school_code, year_of(asking), sent.grade, sent.group
    for place in asking.runtime.models.roster.class_list(*of_class, sent.on):
        if place.child_id in adults:
            adults[place.child_id].append(place.learner_id)
    try:
        asking.runtime.settle(asking.runtime.book.home_visits.record(visit, adults, by))
    except Refused as refusal:
        return show(request, asking, school_code, by, sent, refusal)
    return to_class(school_code, sent.grade, sent.group)


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
    return to_class(visit.school_code, grade, group)


@router.get("/staff/home-visits/{school_code}/classes")
def classes(
    request: Request, asking: InAsking, school_code: str, year: int | None = None
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


def to_class(school_code: str, grade: str, group: str) -> Response:
    where = urlencode({"grade": grade, "group": group})
    return RedirectResponse(f"/staff/home-visits/{school_code}?{where}", status_code=303)


def show(
    request: Request,
    asking: Asking,
    school_code: str,
    by: Envelope,
    sent: Sent,
    refusal: Refused | None = None,
) -> Response:
    models, year = asking.runtime.models, year_of(asking)
    return staff_page(
        request,
        "home_visits.html",
        status_of(refusal.code) if refusal else 200,
        school=models.schools.school(school_code),
        classes=[] if sent.grade else models.roster.classes(school_code, year),
        children=children_of(asking, school_code, (sent.grade, sent.group), by),
        sent=sent,
        forms=list(VisitForm),
        ways=list(VisitWay),
        days=(first_day_of(year), today(asking)),
        wrong=text_of(refusal.code, language_of(request)) if refusal else None,
        wrong_day=isinstance(refusal, ABOUT_THE_DAY),
    )


def children_of(asking: Asking, school_code: str, chosen: Class, by: Envelope) -> list[Child]:
    """The children of a class: those who are left first, each by name."""
    models = asking.runtime.models
    ids = list({place.child_id for place in places_in(asking, school_code, *chosen)})
    names = asking.runtime.book.vault.show(ids, to=by.actor, purpose=PURPOSE, at=by.at)
    visits: dict[UUID, list[HomeVisitLine]] = {each: [] for each in ids}
    for line in models.home_visits.of_children(school_code, year_of(asking), ids):
        visits[line.child_id].append(line)
    own = own_children(asking, by)
    found = [Child(each, called(names, each), each in own, visits[each]) for each in ids]
    return sorted(found, key=lambda child: (bool(child.visits), child.name))


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
