"""One session of a plan: announce it, change it before it begins, or say that it is not held."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.access.actions import Action
from api.asking import Asking, InAsking
from api.compliance import term_called
from api.language.catalogue import language_of
from api.pages.plan_forms import CHOICES, USUAL, SessionForm, form_of, refused_field, wrong_fields
from api.pages.staff_imports import spoken
from api.pages.staff_plans import people_of, school_of
from api.pages.staff_words import staff_page
from api.planning import Typed, announce, read_typed, reschedule
from api.problems import status_of, text_of
from api.reaching import may_too, session_for
from domain.envelope import Envelope
from domain.grades import GRADES
from domain.planning import CancelReason, SessionClashes
from domain.refusals import Refused
from domain.standing import Standing
from ledger.plans import Filing
from projections.session_board import SessionRow

router = APIRouter(include_in_schema=False)

UNPROCESSABLE = 422

Filled = Annotated[SessionForm, Form()]


@router.get("/staff/plans/{school_code}/{term}/sessions/new")
def blank(request: Request, asking: InAsking, school_code: str, term: str) -> Response:
    asking.may(Action.SESSION_SCHEDULE, school_code)
    return show(request, asking, filing_of(asking, school_code, term), USUAL)


@router.post("/staff/plans/{school_code}/{term}/sessions")
def add(request: Request, asking: InAsking, school_code: str, term: str, form: Filled) -> Response:
    by = asking.may(Action.SESSION_SCHEDULE, school_code)
    return take(request, asking, filing_of(asking, school_code, term), form, by)


@router.get("/staff/sessions/{session_id}/plan")
def filled(request: Request, asking: InAsking, session_id: UUID) -> Response:
    session, by = session_for(asking, session_id, Action.SESSION_SCHEDULE)
    people = people_of(asking, [session_id], by).get(session_id, {})
    return show(request, asking, filing_in(session), form_of(session, people), session)


@router.post("/staff/sessions/{session_id}/plan")
def change(request: Request, asking: InAsking, session_id: UUID, form: Filled) -> Response:
    """A session keeps its course: another one is another session."""
    session, by = session_for(asking, session_id, Action.SESSION_SCHEDULE)
    kept = form.model_copy(update={"topic": session.title})
    return take(request, asking, filing_in(session), kept, by, session)


@router.post("/staff/sessions/{session_id}/cancellation")
def cancel(
    request: Request, asking: InAsking, session_id: UUID, reason: Annotated[CancelReason, Form()]
) -> Response:
    session, by = session_for(asking, session_id, Action.SESSION_CANCEL)
    try:
        position = asking.runtime.book.sessions.cancel(session_id, reason.value, by)
    except Refused as refusal:
        form = form_of(session, people_of(asking, [session_id], by).get(session_id, {}))
        return show(request, asking, filing_in(session), form, session, refusal=refusal)
    return back(asking, filing_in(session), position)


def filing_of(asking: Asking, school_code: str, term: str) -> Filing:
    """Raises TermMalformed, UnknownTerm."""
    called = term_called(asking.runtime, term)
    return Filing(school_code, called.school_year, called.term_no)


def filing_in(session: SessionRow) -> Filing:
    return Filing(session.school_code, session.school_year, session.term_no)


def take(
    request: Request,
    asking: Asking,
    filing: Filing,
    form: SessionForm,
    by: Envelope,
    session: SessionRow | None = None,
) -> Response:
    typed: Typed = read_typed(asking.runtime, filing, form.cells)
    if typed.rejections:
        wrong = wrong_fields(typed.rejections, spoken(request))
        return show(request, asking, filing, form, session, wrong=wrong)
    runtime, confirmed = asking.runtime, form.confirmed
    try:
        if session is None:
            position = announce(runtime, typed, by, confirmed=confirmed)
        else:
            position = reschedule(runtime, typed, session.session_id, by, confirmed=confirmed)
    except Refused as refusal:
        return show(request, asking, filing, form, session, refusal=refusal)
    return back(asking, filing, position)


def back(asking: Asking, filing: Filing, position: int) -> Response:
    asking.runtime.settle(position)
    term = f"{filing.school_year}-{filing.term_no}"
    return RedirectResponse(f"/staff/plans/{filing.school_code}/{term}", status_code=303)


def show(
    request: Request,
    asking: Asking,
    filing: Filing,
    form: SessionForm,
    session: SessionRow | None = None,
    *,
    wrong: dict[str, str] | None = None,
    refusal: Refused | None = None,
) -> Response:
    language, school = language_of(request), school_of(asking, filing.school_code)
    wrong = wrong or (refused_field(refusal, language) if refusal else {})
    status = status_of(refusal.code) if refusal else UNPROCESSABLE if wrong else 200
    return staff_page(
        request,
        "plan_session.html",
        status,
        school=school,
        term=f"{filing.school_year}-{filing.term_no}",
        session=session,
        form=form,
        wrong=wrong,
        choices=CHOICES,
        grades=[grade.name for grade in GRADES if grade.stage in school.stages],
        clash=clash_of(asking, refusal),
        may_cancel=session is not None and may_cancel(asking, session),
        cancel_reasons=[reason.value for reason in CancelReason],
        refusal=text_of(refusal.code, language) if refusal else None,
    )


def may_cancel(asking: Asking, session: SessionRow) -> bool:
    right = may_too(asking, Action.SESSION_CANCEL, session.school_code)
    return right and session.standing == Standing.SCHEDULED


def clash_of(asking: Asking, refusal: Refused | None) -> SessionRow | None:
    """The session that is in the way."""
    if not isinstance(refusal, SessionClashes):
        return None
    return asking.runtime.models.sessions.session(UUID(str(refusal.facts["session_id"])))
