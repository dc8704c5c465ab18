"""Who speaks and who helps in a session: named by a colleague before it is attested."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field

from api.access.actions import Action
from api.asking import Asking, InAsking
from api.language.catalogue import language_of
from api.pages.earning_words import SERVICES
from api.pages.staff_class_list import (
    called,
    children_called,
    classes_of,
    ids_of,
    one_each,
)
from api.pages.staff_words import staff_page
from api.problems import status_of, text_of
from api.reaching import day_of, may_too, session_for
from domain.envelope import Envelope
from domain.refusals import Refused
from domain.service import ServiceKind
from projections.session_board import SessionOnBoard

router = APIRouter(include_in_schema=False)

PURPOSE = "session_services"


@dataclass(frozen=True)
class Person:
    """Somebody of a class, or somebody who is named."""

    learner_id: UUID
    name: str
    child_name: str = ""
    kind: str = ""
    class_hours: int = 0


class Named(BaseModel):
    learner_id: UUID
    kind: ServiceKind
    class_hours: float = Field(default=1, ge=0.25, le=8)
    grade: str = ""
    group: str = ""


@router.get("/staff/sessions/{session_id}/services")
def services(
    request: Request, asking: InAsking, session_id: UUID, grade: str = "", group: str = ""
) -> Response:
    session, by = session_for(asking, session_id, Action.ATTENDANCE_READ)
    return show(request, asking, session, by, (grade, group))


@router.post("/staff/sessions/{session_id}/services")
def name(
    request: Request, asking: InAsking, session_id: UUID, named: Annotated[Named, Form()]
) -> Response:
    session, by = session_for(asking, session_id, Action.SERVICE_NAME)
    hours = round(named.class_hours * 100)
    act = asking.runtime.book.services.name
    change = partial(act, session_id, named.learner_id, named.kind, hours, by)
    return done(request, asking, session, by, named, change)


@router.post("/staff/sessions/{session_id}/services/withdrawals")
def withdraw(
    request: Request, asking: InAsking, session_id: UUID, named: Annotated[Named, Form()]
) -> Response:
    session, by = session_for(asking, session_id, Action.SERVICE_NAME)
    act = asking.runtime.book.services.withdraw
    change = partial(act, session_id, named.learner_id, named.kind, by)
    return done(request, asking, session, by, named, change)


def done(
    request: Request,
    asking: Asking,
    session: SessionOnBoard,
    by: Envelope,
    named: Named,
    change: Callable[[], int],
) -> Response:
    """Do it and go back to the page; a refusal is told on the page itself."""
    try:
        asking.runtime.settle(change())
    except Refused as refusal:
        return show(request, asking, session, by, (named.grade, named.group), refusal)
    address = f"/staff/sessions/{session.session_id}/services"
    return RedirectResponse(f"{address}?grade={named.grade}&group={named.group}", status_code=303)


def show(
    request: Request,
    asking: Asking,
    session: SessionOnBoard,
    by: Envelope,
    chosen: tuple[str, str],
    refusal: Refused | None = None,
) -> Response:
    classes = classes_of(asking, session)
    grade, group = chosen if chosen in classes else (classes[0] if classes else ("", ""))
    return staff_page(
        request,
        "services.html",
        status_of(refusal.code) if refusal else 200,
        session=session,
        classes=classes,
        grade=grade,
        group=group,
        people=people_of(asking, session, (grade, group), by),
        named_here=named_of(asking, session, by),
        kinds=SERVICES,
        may_name=may_too(asking, Action.SERVICE_NAME, session.school_code)
        and session.standing in {"scheduled", "opened", "closed"},
        refusal=text_of(refusal.code, language_of(request)) if refusal else None,
    )


def people_of(
    asking: Asking, session: SessionOnBoard, chosen: tuple[str, str], by: Envelope
) -> list[Person]:
    """The adults of a class; nobody is offered to name themselves."""
    models = asking.runtime.models
    own = models.staff.learner_of(by.actor.id)
    where = session.school_code, session.school_year, *chosen
    places = models.roster.class_list(*where, day_of(session))
    places = [place for place in places if place.learner_id != own]
    names = asking.runtime.book.vault.show(ids_of(places), to=by.actor, purpose=PURPOSE, at=by.at)
    people = [
        Person(each[0].learner_id, called(names, each[0].learner_id), children_called(names, each))
        for each in one_each(places)
    ]
    return sorted(people, key=lambda person: (person.child_name, person.name))


def named_of(asking: Asking, session: SessionOnBoard, by: Envelope) -> list[Person]:
    book = asking.runtime.book
    found = book.services.of_session(session.session_id)
    ids = {each.learner_id for each in found}
    names = book.vault.show(ids, to=by.actor, purpose=PURPOSE, at=by.at)
    return [
        Person(
            each.learner_id,
            called(names, each.learner_id),
            kind=each.kind,
            class_hours=each.class_hours,
        )
        for each in found
    ]
