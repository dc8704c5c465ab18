"""Statements of hours (学时证明): a class is chosen, a learner, and the statement is issued."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.access.actions import Action
from api.access.policy import Forbidden
from api.asking import Asking, InAsking
from api.certificate_particulars import hours_standing
from api.certificates import SCHOOL_STAFF, issue_statement
from api.language.catalogue import language_of
from api.pages.certificate_words import certificate_page
from api.pages.staff_class_list import called, children_called, ids_of, one_each
from api.problems import status_of, text_of
from api.reaching import may_too
from domain.calendar import CITY_ZONE, local_day, school_year_of
from domain.envelope import Envelope
from domain.learner import UnknownLearner
from domain.refusals import Refused

router = APIRouter(include_in_schema=False)

PURPOSE = "statement_of_hours"


@dataclass(frozen=True)
class Candidate:
    """A learner of the class. The request id makes a double press one statement."""

    learner_id: UUID
    request_id: UUID
    name: str
    child_name: str
    hours: int


@router.get("/staff/schools/{school_code}/statements")
def statements(
    request: Request, asking: InAsking, school_code: str, grade: str = "", group: str = ""
) -> Response:
    by = issuing(asking, school_code)
    return show(request, asking, school_code, by, (grade, group))


@router.post("/staff/schools/{school_code}/statements")
def issue(
    request: Request,
    asking: InAsking,
    school_code: str,
    learner_id: Annotated[UUID, Form()],
    request_id: Annotated[UUID, Form()],
    grade: Annotated[str, Form()] = "",
    group: Annotated[str, Form()] = "",
) -> Response:
    by = issuing(asking, school_code)
    try:
        of_school = belonging_to(asking, school_code, learner_id)
        outcome = issue_statement(asking.runtime, school_code, of_school, request_id, by)
    except Refused as refusal:
        return show(request, asking, school_code, by, (grade, group), refusal)
    return RedirectResponse(f"/staff/certificates/{outcome.number}?done=issued", status_code=303)


def issuing(asking: Asking, school_code: str) -> Envelope:
    """The coordinator or the head of the school itself. Raises Forbidden, LoginRequired."""
    by = asking.may(Action.CERTIFICATE_READ, school_code)
    if by.actor.role not in SCHOOL_STAFF:
        raise Forbidden(action=Action.CERTIFICATE_AUTHORISE.value)
    return by


def belonging_to(asking: Asking, school_code: str, learner_id: UUID) -> UUID:
    """The record that speaks for somebody who belongs to this school, or to one it was merged with.

    Raises UnknownLearner for somebody of another school, or who has moved on to one.
    """
    schools, roster = asking.runtime.models.schools, asking.runtime.models.roster
    speaker = asking.runtime.book.learners.survivor_of(learner_id)
    now = schools.answering(school_code)
    for place in roster.last_places_of(speaker):
        is_one = schools.answering(place.school_code) == now
        if is_one and may_too(asking, Action.CERTIFICATE_READ, place.school_code):
            return speaker
    raise UnknownLearner


def show(
    request: Request,
    asking: Asking,
    school_code: str,
    by: Envelope,
    chosen: tuple[str, str],
    refusal: Refused | None = None,
) -> Response:
    models = asking.runtime.models
    year = school_year_of(local_day(by.at, CITY_ZONE))
    opened = models.roster.classes(school_code, year)
    classes = [(each.grade, each.class_group) for each in opened]
    grade, group = chosen if chosen in classes else (classes[0] if classes else ("", ""))
    return certificate_page(
        request,
        "statements.html",
        status_of(refusal.code) if refusal else 200,
        school=models.schools.school(school_code),
        classes=classes,
        grade=grade,
        group=group,
        candidates=candidates(asking, school_code, (year, grade, group), by),
        refusal=text_of(refusal.code, language_of(request)) if refusal else None,
        home="/staff",
        here=f"/staff/schools/{school_code}/statements",
    )


def candidates(
    asking: Asking, school_code: str, chosen: tuple[int, str, str], by: Envelope
) -> list[Candidate]:
    models = asking.runtime.models
    places = models.roster.class_list(school_code, *chosen)
    names = asking.runtime.book.vault.show(ids_of(places), to=by.actor, purpose=PURPOSE, at=by.at)
    lines = models.accounts.statements(each.learner_id for each in places)
    found = [
        Candidate(
            learner_id=own[0].learner_id,
            request_id=uuid4(),
            name=called(names, own[0].learner_id),
            child_name=children_called(names, own),
            hours=hours_standing(lines[own[0].learner_id], school_code),
        )
        for own in one_each(places)
    ]
    return sorted(found, key=lambda each: (each.child_name, each.name))
