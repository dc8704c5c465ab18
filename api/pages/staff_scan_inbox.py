"""The inbox of a session's scanner: what came too late or was refused, and what is decided."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.access.actions import Action
from api.asking import Asking, InAsking
from api.language.catalogue import language_of
from api.pages.staff_class_list import called
from api.pages.staff_session_steps import rights_in
from api.pages.staff_words import SCAN_REFUSALS, staff_page
from api.problems import status_of, text_of
from api.reaching import session_for
from domain.envelope import Envelope
from domain.refusals import Refused
from domain.waiting_scan import ScanRefusal
from projections.session_board import SessionOnBoard

router = APIRouter(include_in_schema=False)

PURPOSE = "session_scan_inbox"


@router.get("/staff/sessions/{session_id}/inbox")
def inbox(request: Request, asking: InAsking, session_id: UUID) -> Response:
    session, by = session_for(asking, session_id, Action.ATTENDANCE_ENTER)
    return show(request, asking, session, by)


@router.post("/staff/sessions/{session_id}/inbox/{scan_id}/taken")
def take(request: Request, asking: InAsking, session_id: UUID, scan_id: UUID) -> Response:
    session, by = session_for(asking, session_id, Action.ATTENDANCE_ENTER)
    inbox = asking.runtime.book.waiting_scans
    return done(request, asking, session, by, partial(inbox.take, session_id, scan_id, by))


@router.post("/staff/sessions/{session_id}/inbox/{scan_id}/refused")
def turn_down(
    request: Request,
    asking: InAsking,
    session_id: UUID,
    scan_id: UUID,
    reason: Annotated[ScanRefusal, Form()],
) -> Response:
    session, by = session_for(asking, session_id, Action.ATTENDANCE_ENTER)
    act = partial(asking.runtime.book.waiting_scans.turn_down, session_id, scan_id, reason, by)
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
        return show(request, asking, session, by, refusal)
    return RedirectResponse(f"/staff/sessions/{session.session_id}/inbox", status_code=303)


def show(
    request: Request,
    asking: Asking,
    session: SessionOnBoard,
    by: Envelope,
    refusal: Refused | None = None,
) -> Response:
    lines = asking.runtime.models.scan_inbox.of_session(session.session_id)
    ids = {line.learner_id for line in lines if line.learner_id}
    subjects = asking.runtime.book.vault.show(ids, to=by.actor, purpose=PURPOSE, at=by.at)
    language = language_of(request)
    return staff_page(
        request,
        "scan_inbox.html",
        status_of(refusal.code) if refusal else 200,
        session=session,
        rights=rights_in(asking, session.school_code),
        waiting=[line for line in lines if line.is_taken is None],
        decided=[line for line in lines if line.is_taken is not None],
        names={key: called(subjects, key) for key in ids},
        reasons={line.reason_code: text_of(line.reason_code, language) for line in lines},
        refusals=SCAN_REFUSALS,
        refusal=text_of(refusal.code, language) if refusal else None,
    )
