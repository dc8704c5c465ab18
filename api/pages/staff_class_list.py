"""The class list of a session: one tap checks a learner in, a second one out again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel

from api.access.rules import Action
from api.asking import Asking, InAsking
from api.bootstrap import Runtime
from api.entering import Tap, enter, leave
from api.language.catalogue import language_of
from api.pages.staff_session_steps import rights_in
from api.pages.staff_words import staff_page
from api.problems import status_of, text_of
from api.reaching import either, session_for
from domain.envelope import Envelope
from domain.refusals import Refused
from ledger.vault import Subject
from projections.attendance_register import RegisterLine
from projections.roster import Place
from projections.session_board import SessionOnBoard

router = APIRouter(include_in_schema=False)

PURPOSE = "session_class_list"

Step = Callable[[Runtime, Tap, Envelope], object]


@dataclass(frozen=True)
class ListRow:
    """One learner of a class, with the child they come for. The scan id makes a double tap one."""

    learner_id: UUID
    scan_id: UUID
    name: str
    child_name: str
    relation_code: str
    is_own: bool
    checked_in_at: datetime | None
    checked_out_at: datetime | None
    is_excused: bool = False


@router.get("/staff/sessions/{session_id}/list")
def class_list(
    request: Request, asking: InAsking, session_id: UUID, grade: str = "", group: str = ""
) -> Response:
    session, by = list_for(asking, session_id)
    return show(request, asking, session, by, (grade, group))


class Press(BaseModel):
    """A press of a button on the list, and the class that the list shows."""

    learner_id: UUID
    scan_id: UUID
    grade: str = ""
    group: str = ""


@router.post("/staff/sessions/{session_id}/check-in")
def check_in(
    request: Request, asking: InAsking, session_id: UUID, press: Annotated[Press, Form()]
) -> Response:
    return pressed(request, asking, session_id, press, enter)


@router.post("/staff/sessions/{session_id}/check-out")
def check_out(
    request: Request, asking: InAsking, session_id: UUID, press: Annotated[Press, Form()]
) -> Response:
    return pressed(request, asking, session_id, press, leave)


def pressed(
    request: Request, asking: Asking, session_id: UUID, press: Press, step: Step
) -> Response:
    session, by = session_for(asking, session_id, Action.ATTENDANCE_ENTER)
    try:
        step(asking.runtime, Tap(session_id, press.learner_id, press.scan_id), by)
    except Refused as refusal:
        return show(request, asking, session, by, (press.grade, press.group), refusal)
    return back(session_id, press.grade, press.group, press.learner_id)


def list_for(asking: Asking, session_id: UUID) -> tuple[SessionOnBoard, Envelope]:
    """Those on duty, and the class teachers: nobody else sees who is not there."""
    session, _ = session_for(asking, session_id, Action.SESSION_READ)
    either_right = (Action.ATTENDANCE_ENTER, Action.LEARNER_CONFIRM)
    return session, either(asking, either_right, session.school_code)


def back(session_id: UUID, grade: str, group: str, learner_id: UUID) -> Response:
    address = f"/staff/sessions/{session_id}/list?grade={grade}&group={group}#l-{learner_id}"
    return RedirectResponse(address, status_code=303)


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
        "class_list.html",
        status_of(refusal.code) if refusal else 200,
        session=session,
        classes=classes,
        grade=grade,
        group=group,
        rows=rows_of(asking, session, (grade, group), by),
        rights=rights_in(asking, session.school_code),
        refusal=text_of(refusal.code, language_of(request)) if refusal else None,
    )


def classes_of(asking: Asking, session: SessionOnBoard) -> list[tuple[str, str]]:
    """The classes a session is for, in their order."""
    counted = asking.runtime.models.roster.classes_with_counts(
        session.school_code, session.school_year
    )
    return [
        (each.grade, each.class_group)
        for each in counted
        if not session.grades or each.grade in session.grades
    ]


def rows_of(
    asking: Asking, session: SessionOnBoard, chosen: tuple[str, str], by: Envelope
) -> list[ListRow]:
    models = asking.runtime.models
    places = models.roster.class_list(session.school_code, session.school_year, *chosen)
    ids = {each for place in places for each in (place.learner_id, place.child_id)}
    names = asking.runtime.book.vault.show(ids, to=by.actor, purpose=PURPOSE, at=by.at)
    lines = {line.learner_id: line for line in models.attendances.register_of(session.session_id)}
    own = models.staff.learner_of(by.actor.id)
    leaves = models.leaves.of_session(session.session_id)
    excused = {leave.learner_id for leave in leaves if leave.is_granted}
    rows = [
        replace(
            row_of(place, names, lines.get(place.learner_id), own),
            is_excused=place.learner_id in excused,
        )
        for place in one_each(places)
    ]
    return sorted(rows, key=lambda row: (row.child_name, row.name))


def one_each(places: Iterable[Place]) -> list[Place]:
    """A learner with twins in a class is listed once."""
    return list({place.learner_id: place for place in places}.values())


def row_of(
    place: Place, names: dict[UUID, Subject], line: RegisterLine | None, own: UUID | None
) -> ListRow:
    return ListRow(
        learner_id=place.learner_id,
        scan_id=uuid4(),
        name=called(names, place.learner_id),
        child_name=called(names, place.child_id),
        relation_code=place.relation_code,
        is_own=place.learner_id == own,
        checked_in_at=line.checked_in_at if line else None,
        checked_out_at=line.checked_out_at if line else None,
    )


def called(names: dict[UUID, Subject], person: UUID) -> str:
    """A name, or a dash for somebody whose data were erased."""
    found = names.get(person)
    return found.name if found else "—"
