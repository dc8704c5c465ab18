"""Putting something right: the form, the preview of all it changes, and the signature under it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from api.access.actions import Action
from api.asking import Asking, InAsking
from api.correcting import previewed, proposer
from api.language.catalogue import language_of
from api.pages.effect_words import ChangeRow, change_rows
from api.pages.staff_class_list import called
from api.pages.staff_words import staff_page
from api.problems import status_of, text_of
from api.reaching import day_of, enrolled_in, session_for
from domain.attendance import Stay, StayMalformed
from domain.calendar import CITY_ZONE
from domain.correction import (
    AttendanceOrder,
    Order,
    SessionTimesOrder,
    SessionVoidOrder,
)
from domain.hours import from_text
from domain.plan import HeldTimes
from domain.refusals import Refused
from domain.rules import ReversalReason
from ledger.corrections import Preview
from projections.attendance_register import RegisterLine
from projections.correction_board import ORDER
from projections.session_board import SessionOnBoard

router = APIRouter(include_in_schema=False)

CITY = ZoneInfo(CITY_ZONE)
PURPOSE = "attendance_correction"
MISTAKES = ("entry_error", "not_present", "wrong_person", "rule_misapplied")
OF_A_PERSON = (*MISTAKES, "fraud_confirmed")


@dataclass(frozen=True)
class Drafted:
    """An order as far as the form fills it: what it would change, or why not."""

    order: Order | None
    preview: Preview | None
    rows: list[ChangeRow]
    refusal: Refused | None

    @property
    def as_json(self) -> str:
        return ORDER.dump_json(self.order).decode() if self.order else ""


Reason = Annotated[str, Query(max_length=40)]
Clock = Annotated[str, Query(max_length=5)]


@router.get("/staff/sessions/{session_id}/attendances/{learner_id}/correction")
def attendance(
    request: Request,
    asking: InAsking,
    session_id: UUID,
    learner_id: UUID,
    presence: str = "",
    begins: Clock = "",
    ends: Clock = "",
    reason: Reason = "",
) -> Response:
    """Ask when this person was really there; with an answer, say what that would change."""
    session, by = session_for(asking, session_id, Action.ATTENDANCE_CORRECT)
    line = line_of(asking, session, learner_id)
    names = asking.runtime.book.vault.show([learner_id], to=by.actor, purpose=PURPOSE, at=by.at)

    def order() -> Order:
        stay = stay_of(session, begins, ends) if presence != "absent" else None
        return attendance_order(session_id, learner_id, stay, reason)

    return page_of(
        request, asking, session, "correct_attendance.html",
        drafted(request, asking, session.school_code, order if presence else None),
        name=called(names, learner_id), line=line, presence=presence, reason=reason,
        mistakes=OF_A_PERSON,
        begins=begins or clock(line.checked_in_at if line else session.opened_at),
        ends=ends or clock(line.checked_out_at if line else session.closed_at),
    )  # fmt: skip


def attendance_order(session_id: UUID, learner_id: UUID, stay: Stay | None, reason: str) -> Order:
    why = ReversalReason(reason)
    return AttendanceOrder(session_id=session_id, learner_id=learner_id, stay=stay, reason_code=why)


def line_of(asking: Asking, session: SessionOnBoard, learner_id: UUID) -> RegisterLine | None:
    """Somebody's attendance, or none of somebody whom the school had. Raises UnknownLearner."""
    found = asking.runtime.models.attendances.people_of(session.session_id).get(learner_id)
    if found is None:
        enrolled_in(asking, learner_id, session.school_code, session.school_year, day_of(session))
    return found


@router.get("/staff/sessions/{session_id}/correction")
def session_times(
    request: Request,
    asking: InAsking,
    session_id: UUID,
    opened: Clock = "",
    closed: Clock = "",
    class_hours: Annotated[str, Query(max_length=6)] = "",
    reason: Reason = "",
) -> Response:
    """Ask when it was really held and for how many class hours; say what that would change."""
    session, _ = session_for(asking, session_id, Action.ATTENDANCE_CORRECT)

    def order() -> Order:
        times = HeldTimes(
            opened_at=moment(session, opened),
            closed_at=moment(session, closed),
            class_hours=from_text(class_hours),
        )
        return SessionTimesOrder(
            session_id=session_id, times=times, reason_code=ReversalReason(reason)
        )

    return page_of(
        request, asking, session, "correct_session.html",
        drafted(request, asking, session.school_code, order if opened else None),
        opened=opened or clock(session.opened_at), closed=closed or clock(session.closed_at),
        class_hours=class_hours, reason=reason, mistakes=MISTAKES,
    )  # fmt: skip


@router.get("/staff/sessions/{session_id}/voiding")
def voiding(request: Request, asking: InAsking, session_id: UUID) -> Response:
    """What would change if the session did not count; the district confirms it."""
    session, _ = session_for(asking, session_id, Action.SESSION_VOID_PROPOSE)

    def order() -> Order:
        return SessionVoidOrder(session_id=session_id, reason_code=ReversalReason.SESSION_VOIDED)

    found = drafted(request, asking, session.school_code, order)
    return page_of(request, asking, session, "void_session.html", found)


@router.post("/staff/corrections")
def propose(
    asking: InAsking,
    order: Annotated[str, Form(max_length=4000)],
    sha256: Annotated[str, Form(pattern=r"^[0-9a-f]{64}$")],
) -> Response:
    """Sign the preview; the page of the correction says what comes next."""
    try:
        asked = ORDER.validate_json(order)
    except ValidationError as error:
        raise StayMalformed from error
    by = proposer(asking, asked)
    book = asking.runtime.book
    correction = book.corrections.propose(asked, sha256, by)
    asking.runtime.settle(book.ledger.position())
    return RedirectResponse(f"/staff/corrections/of/{correction.id}", status_code=303)


def drafted(
    request: Request,
    asking: Asking,
    school_code: str,
    order: Callable[[], Order] | None,
) -> Drafted:
    """The preview of what the form says; what is not said right is told on the form."""
    if order is None:
        return Drafted(None, None, [], None)
    try:
        asked = order()
        preview = previewed(asking, asked)
    except Refused as refusal:
        return Drafted(None, None, [], refusal)
    except ValueError:
        return Drafted(None, None, [], StayMalformed())
    by = proposer(asking, asked)
    rows = change_rows(request, asking, preview.effects, school_code, by)
    return Drafted(asked, preview, rows, None)


def page_of(
    request: Request,
    asking: Asking,
    session: SessionOnBoard,
    template: str,
    found: Drafted,
    **values: object,
) -> Response:
    refusal = found.refusal
    return staff_page(
        request,
        template,
        status_of(refusal.code) if refusal else 200,
        session=session,
        school=asking.runtime.models.schools.school(session.school_code),
        found=found,
        refusal=text_of(refusal.code, language_of(request)) if refusal else None,
        **values,
    )


def stay_of(session: SessionOnBoard, begins: str, ends: str) -> Stay:
    return Stay(begins=moment(session, begins), ends=moment(session, ends))


def moment(session: SessionOnBoard, text: str) -> datetime:
    """A time of the session's own day. Raises ValueError."""
    time = datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 - the zone is the city's, below
    return datetime.combine(session.begins_at.astimezone(CITY).date(), time, tzinfo=CITY)


def clock(at: datetime | None) -> str:
    return at.astimezone(CITY).strftime("%H:%M") if at else ""
