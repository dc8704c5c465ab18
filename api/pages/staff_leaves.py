"""Leave and make-ups of a session, for the class teacher: decide, note down, open a way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.access.actions import Action
from api.asking import Asking, InAsking
from api.language.catalogue import language_of
from api.pages.earning_words import LEAVE_CATEGORIES, MAKE_UP_REASONS
from api.pages.staff_class_list import called, classes_of
from api.pages.staff_words import staff_page
from api.problems import status_of, text_of
from api.reaching import day_of, session_for
from api.v1.case_states import LONGEST
from domain.calendar import CITY_ZONE, local_day
from domain.envelope import Envelope
from domain.leave import LeaveCategory
from domain.make_up import MakeUpReason
from domain.making_up import last_day
from domain.refusals import Refused
from domain.standing import Standing
from projections.leave_book import LeaveLine, MakeUpLine
from projections.read_models import ReadModels
from projections.session_board import SessionOnBoard

router = APIRouter(include_in_schema=False)

PURPOSE = "session_leaves"


@dataclass(frozen=True)
class Row:
    """One learner with what they asked for, and how it is made up."""

    learner_id: UUID
    name: str
    leave: LeaveLine | None
    make_up: MakeUpLine | None
    has_fallen: bool  # what was to make up was cancelled or withdrawn meanwhile
    until: date  # the last day to make up


@dataclass(frozen=True)
class Way:
    """A session or micro-class of the same course that could make up."""

    by_id: UUID
    says: str
    on: date | None = None


@router.get("/staff/leaves/{school_code}")
def waiting(request: Request, asking: InAsking, school_code: str) -> Response:
    asking.may(Action.LEAVE_DECIDE, school_code)
    models = asking.runtime.models
    return staff_page(
        request,
        "leaves_waiting.html",
        school=models.schools.school(school_code),
        sessions=models.leaves.waiting_at(school_code),
    )


@router.get("/staff/sessions/{session_id}/leaves")
def leaves(
    request: Request, asking: InAsking, session_id: UUID, grade: str = "", group: str = ""
) -> Response:
    session, by = session_for(asking, session_id, Action.LEAVE_DECIDE)
    return show(request, asking, session, by, (grade, group))


@router.post("/staff/sessions/{session_id}/leaves")
def note(
    request: Request,
    asking: InAsking,
    session_id: UUID,
    learner_id: Annotated[UUID, Form()],
    category: Annotated[LeaveCategory, Form()],
    handed_in_on: Annotated[date | None, Form()] = None,
) -> Response:
    """What somebody asked for on paper; with the day it was handed in, also afterwards."""
    session, by = session_for(asking, session_id, Action.LEAVE_DECIDE)
    book = asking.runtime.book.leaves
    act = partial(book.note, session_id, learner_id, category, by, handed_in_on)
    return done(request, asking, session, by, act)


@router.post("/staff/sessions/{session_id}/leaves/decisions")
def decide(
    request: Request,
    asking: InAsking,
    session_id: UUID,
    learner_id: Annotated[UUID, Form()],
    granted: Annotated[bool, Form()],
) -> Response:
    session, by = session_for(asking, session_id, Action.LEAVE_DECIDE)
    book = asking.runtime.book.leaves
    act = book.grant if granted else book.turn_down
    return done(request, asking, session, by, partial(act, session_id, learner_id, by))


@router.post("/staff/sessions/{session_id}/make-ups")
def assign(
    request: Request,
    asking: InAsking,
    session_id: UUID,
    learner_id: Annotated[UUID, Form()],
    by_id: Annotated[UUID, Form()],
    reason: Annotated[MakeUpReason, Form()],
) -> Response:
    session, by = session_for(asking, session_id, Action.MAKE_UP_ASSIGN)
    act = partial(asking.runtime.book.make_ups.assign, session_id, learner_id, by_id, reason, by)
    return done(request, asking, session, by, act)


@router.post("/staff/sessions/{session_id}/make-ups/withdrawals")
def take_back(
    request: Request,
    asking: InAsking,
    session_id: UUID,
    learner_id: Annotated[UUID, Form()],
    by_id: Annotated[UUID, Form()],
    words: Annotated[str, Form(max_length=LONGEST)] = "",
) -> Response:
    """What was assigned in error, with why in words."""
    session, by = session_for(asking, session_id, Action.MAKE_UP_ASSIGN)
    book = asking.runtime.book.make_ups
    act = partial(book.take_back, session_id, learner_id, by_id, words, by)
    return done(request, asking, session, by, act)


def done(
    request: Request,
    asking: Asking,
    session: SessionOnBoard,
    by: Envelope,
    change: Callable[[], int],
) -> Response:
    try:
        asking.runtime.settle(change())
    except Refused as refusal:
        return show(request, asking, session, by, ("", ""), refusal)
    return RedirectResponse(f"/staff/sessions/{session.session_id}/leaves", status_code=303)


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
    rows = rows_of(asking, session, (grade, group), by)
    return staff_page(
        request,
        "leaves.html",
        status_of(refusal.code) if refusal else 200,
        session=session,
        classes=classes,
        grade=grade,
        group=group,
        asked=[row for row in rows if row.leave is not None],
        others=[row for row in rows if row.leave is None],
        ways=ways_of(asking, session, max((row.until for row in rows), default=day_of(session))),
        categories=LEAVE_CATEGORIES,
        make_up_reasons=MAKE_UP_REASONS,
        longest=LONGEST,
        may_note=not Standing(session.standing).is_off,
        is_ahead=session.standing == Standing.SCHEDULED and by.at < session.begins_at,
        last_day=min(local_day(by.at, CITY_ZONE), day_of(session)),
        refusal=text_of(refusal.code, language_of(request)) if refusal else None,
    )


def rows_of(
    asking: Asking, session: SessionOnBoard, chosen: tuple[str, str], by: Envelope
) -> list[Row]:
    """Those who asked, of whatever class, and the others of the chosen class."""
    models = asking.runtime.models
    asked = {line.learner_id: line for line in models.leaves.of_session(session.session_id)}
    made = {line.learner_id: line for line in models.leaves.make_ups_of_session(session.session_id)}
    own = models.staff.learner_of(by.actor.id)
    where = session.school_code, session.school_year, *chosen
    places = models.roster.class_list(*where, day_of(session))
    ids = dict.fromkeys([*asked, *made, *(place.learner_id for place in places)])
    names = asking.runtime.book.vault.show(ids, to=by.actor, purpose=PURPOSE, at=by.at)
    fallen = {key for key, line in made.items() if has_fallen(models, line)}
    days = asking.runtime.book.sessions.rules_on(session.begins_at).make_up.within_days
    return [
        Row(
            learner_id=key,
            name=called(names, key),
            leave=asked.get(key),
            make_up=made.get(key),
            has_fallen=key in fallen,
            until=last_day(day_of(session), granted_at(asked.get(key)), days),
        )
        for key in ids
        if key != own
    ]


def granted_at(leave: LeaveLine | None) -> datetime | None:
    return leave.decided_at if leave and leave.is_granted else None


def has_fallen(models: ReadModels, line: MakeUpLine) -> bool:
    """Whether another way may be opened, as `ledger.make_ups.fallen` has it."""
    if (session := models.sessions.session(line.by_id)) is not None:
        return session.standing in {Standing.CANCELLED, Standing.VOIDED}
    recording = models.studies.micro_class(line.by_id)
    return recording is not None and recording.is_withdrawn and line.completed_at is None


def ways_of(asking: Asking, session: SessionOnBoard, until: date) -> list[Way]:
    """Other runs of the course at this school until a day, and its micro-classes."""
    runtime, today = asking.runtime, local_day(asking.runtime.now(), CITY_ZONE)
    found = runtime.models.sessions.sessions_of(session.school_code, today, until)
    runs = [
        Way(each.session_id, f"{day_of(each)} {each.title}", day_of(each))
        for each in found
        if each.course_id == session.course_id
        and each.session_id != session.session_id
        and each.standing == "scheduled"
    ]
    classes = runtime.models.studies.micro_classes_of(session.school_code)
    return runs + [
        Way(each.micro_class_id, each.title)
        for each in classes
        if each.course_id == session.course_id and not each.is_withdrawn
    ]
