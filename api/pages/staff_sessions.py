"""The page of one session for those who run it: facts, counts, and every step to its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from api.access.actions import Action
from api.asking import Asking, InAsking
from api.language.catalogue import language_of
from api.pages.staff_attesting import colleagues, counted, took_part
from api.pages.staff_session_steps import Rights, door_of, next_step, rights_in
from api.pages.staff_words import EXPLANATIONS, staff_page
from api.problems import status_of, text_of
from api.reaching import may_too, session_for
from domain.envelope import Envelope, Role
from domain.head_count import DifferenceUnexplained
from domain.refusals import Refused
from projections.history import HistoryLine
from projections.session_board import SessionOnBoard

router = APIRouter(include_in_schema=False)

MOST_PERSONS = 9999


@dataclass(frozen=True)
class Unexplained:
    """A head count that was not recorded: the difference to the records has to be explained."""

    present: int
    recorded: int

    @property
    def difference(self) -> int:
        return abs(self.present - self.recorded)

    @property
    def is_more(self) -> bool:
        return self.present > self.recorded


@router.get("/staff/sessions/{session_id}")
def session_page(request: Request, asking: InAsking, session_id: UUID) -> Response:
    session, _ = session_for(asking, session_id, Action.SESSION_READ)
    return show(request, asking, session)


@router.get("/staff/sessions/{session_id}/counts")
def live_counts(asking: InAsking, session_id: UUID) -> Response:
    """The numbers of the page, asked for by its script while the session is open."""
    session, _ = session_for(asking, session_id, Action.SESSION_READ)
    counts = {"checked_in": session.checked_in, "checked_out": session.checked_out}
    return JSONResponse(
        {**counts, "standing": session.standing}, headers={"Cache-Control": "no-store"}
    )


@router.post("/staff/sessions/{session_id}/open")
def open_session(request: Request, asking: InAsking, session_id: UUID) -> Response:
    session, by = session_for(asking, session_id, Action.SESSION_OPEN)
    return step(request, asking, session, lambda: asking.runtime.book.sessions.open(session_id, by))


@router.post("/staff/sessions/{session_id}/close")
def close_session(request: Request, asking: InAsking, session_id: UUID) -> Response:
    session, by = session_for(asking, session_id, Action.SESSION_CLOSE)
    return step(
        request, asking, session, lambda: asking.runtime.book.sessions.close(session_id, by)
    )


@router.post("/staff/sessions/{session_id}/head-count")
def count_heads(
    request: Request,
    asking: InAsking,
    session_id: UUID,
    present: Annotated[int, Form(ge=0, le=MOST_PERSONS)],
    explanation: Annotated[str, Form()] = "",
) -> Response:
    session, by = session_for(asking, session_id, Action.SESSION_HEAD_COUNT)
    code = explanation if explanation in EXPLANATIONS else None
    sessions = asking.runtime.book.sessions
    return step(
        request, asking, session, lambda: sessions.count_heads(session_id, present, code, by)
    )


@router.post("/staff/sessions/{session_id}/attest-as-host")
def attest_as_host(request: Request, asking: InAsking, session_id: UUID) -> Response:
    session, by = session_for(asking, session_id, Action.SESSION_ATTEST_AS_HOST)
    return attest(request, asking, session, Role.HOST, by)


@router.post("/staff/sessions/{session_id}/attest-as-coordinator")
def attest_as_coordinator(request: Request, asking: InAsking, session_id: UUID) -> Response:
    session, by = session_for(asking, session_id, Action.SESSION_ATTEST_AS_COORDINATOR)
    return attest(request, asking, session, Role.COORDINATOR, by)


def attest(
    request: Request, asking: Asking, session: SessionOnBoard, attested_as: Role, by: Envelope
) -> Response:
    sessions = asking.runtime.book.sessions
    return step(
        request, asking, session, lambda: sessions.attest(session.session_id, attested_as, by)
    )


def step(
    request: Request, asking: Asking, session: SessionOnBoard, change: Callable[[], int]
) -> Response:
    """Do a step and go back to the page; a refusal is told on the page itself."""
    try:
        asking.runtime.settle(change())
    except Refused as refusal:
        return show(request, asking, session, refusal)
    return RedirectResponse(f"/staff/sessions/{session.session_id}", status_code=303)


def show(
    request: Request, asking: Asking, session: SessionOnBoard, refusal: Refused | None = None
) -> Response:
    rights = rights_in(asking, session.school_code)
    door, now = door_of(asking, session), asking.runtime.now()
    opens_at, closes_at = door.hours(session.begins_at)
    school = asking.runtime.models.schools.school(session.school_code)
    is_own = took_part(asking, session)
    return staff_page(
        request,
        "session.html",
        status_of(refusal.code) if refusal else 200,
        session=session,
        school=school,
        rights=rights,
        step=next_step(session, rights, door, now),
        opens_at=opens_at,
        closes_at=closes_at,
        waiting_scans=asking.runtime.models.scan_inbox.waiting_in(session.session_id),
        timeline=timeline_of(asking, session),
        may_see_facts=may_too(asking, Action.HISTORY_READ, session.school_code),
        explanations=EXPLANATIONS,
        unexplained=unexplained(refusal),
        counted=counted(session),
        attestable=attestable(session, rights) and not is_own,
        others=colleagues(asking, session) if is_own and attestable(session, rights) else None,
        refusal=text_of(refusal.code, language_of(request)) if refusal else None,
    )


def unexplained(refusal: Refused | None) -> Unexplained | None:
    if not isinstance(refusal, DifferenceUnexplained):
        return None
    return Unexplained(int(str(refusal.facts["present"])), int(str(refusal.facts["recorded"])))


def attestable(session: SessionOnBoard, rights: Rights) -> bool:
    """Whether the page offers the asker a confirmation: closed, counted, and theirs to give."""
    if session.standing != "closed" or session.head_count is None:
        return False
    as_host = rights.may_attest_as_host and session.host_id is None
    return as_host or (rights.may_attest_as_coordinator and session.coordinator_id is None)


def timeline_of(asking: Asking, session: SessionOnBoard) -> list[HistoryLine]:
    """The session's own facts, newest first; those of its attendances are in the register."""
    lines = asking.runtime.models.history.history(session.session_id)
    return [line for line in reversed(lines) if line.topic.startswith("session.")]
