"""Check-in on a parent's phone: scan or type, see who and what, tap once, see the tick."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from api import arrivals
from api.access.actions import Action
from api.access.policy import LoginRequired
from api.access.tickets import ArrivalTicket, TicketExpired
from api.asking import Asking, InParent, runtime_of
from api.bootstrap import Runtime
from api.pages.check_in_refusals import refused_page
from api.phone_persons import keep_persons, logins_beside, persons_on, shared_by
from api.receipts import receipts_of
from api.rendering import page
from domain.attendance import AlreadyCheckedIn, AlreadyCheckedOut, Attendance, NotCheckedIn
from domain.envelope import Envelope
from domain.refusals import Refused
from domain.session import Session
from ledger.intake import Intake

router = APIRouter(include_in_schema=False)


@router.get("/in/{session}/{token}")
@router.get("/IN/{session}/{token}")
def scan(request: Request, asking: InParent, session: str, token: str) -> Response:
    """The link in the QR code: the moment counts from here, however slow the rest is."""
    runtime = asking.runtime
    phone = arrivals.phone_of(request, runtime.cookies)
    is_shared = bool(logins_beside(request, runtime))  # then the person is asked for
    learner_id = asking.parent.learner_id if asking.parent and not is_shared else None
    try:
        session_id = arrivals.session_id_of(session)
        text = arrivals.scanned(runtime, session_id, token, phone, learner_id)
    except Refused as refusal:
        return refused_page(request, refusal)
    return arrived(request, runtime, phone, text)


@router.get("/in")
def confirm_page(request: Request, asking: InParent) -> Response:
    """With a ticket: who, what, one button. Without: the form for the code that is typed."""
    learner_id, _ = asking.own(Action.OWN_CHECK_IN)
    runtime = asking.runtime
    try:
        ticket = arrivals.ticket_in(request, runtime)
    except Refused as refusal:
        response = refused_page(request, refusal, "parent/typed_code.html")
        response.delete_cookie(arrivals.ticket_name(runtime.cookies), path="/")
        return response
    shared = shared_by(request, runtime, learner_id)
    if ticket is None:
        return page(request, "parent/typed_code.html", home="/me", **shared)
    if ticket.learner_id is None and shared["others"]:
        return page(request, "parent/who.html", home="/me", persons=persons_on(request, runtime))
    if attendance_of(runtime, ticket.session_id, learner_id):
        return tick_page(ticket)
    return confirm(request, asking, arrivals.belonging_to(ticket, learner_id), shared)


@router.post("/in/code")
def type_code(request: Request, asking: InParent, code: Annotated[str, Form()] = "") -> Response:
    """Six digits from the screen, for phones that cannot scan."""
    learner_id, by = asking.own(Action.OWN_CHECK_IN)
    runtime = asking.runtime
    phone = arrivals.phone_of(request, runtime.cookies)
    try:
        open_ids = arrivals.open_for(runtime, learner_id, by.at)
        text = arrivals.typed(runtime, open_ids, code, phone, learner_id)
    except Refused as refusal:
        return refused_page(request, refusal, "parent/typed_code.html")
    return arrived(request, runtime, phone, text)


@router.post("/in")
async def check_in(request: Request, scan_id: Annotated[UUID | None, Form()] = None) -> Response:
    """The tap. The ticket says who and when; the same scan id again gives the first answer."""
    runtime = runtime_of(request)
    intake: Intake = request.app.state.intake
    try:
        ticket, learner_id = own_ticket(request, runtime)
        scan = scan_id or arrivals.scan_id_of(ticket, learner_id, "check_in")
        with suppress(AlreadyCheckedIn):  # a second tap is no error: the page says since when
            await intake.check_in(arrivals.wish_of(ticket, learner_id, scan, runtime.now()))
    except LoginRequired:
        raise
    except Refused as refusal:
        return refused_page(request, refusal)
    return tick_page(ticket)


@router.get("/in/{session}")
def ticked(request: Request, asking: InParent, session: str) -> Response:
    """The tick: since when, what follows, and the way out near the end."""
    learner_id, by = asking.own(Action.OWN_CHECK_IN)
    runtime = asking.runtime
    session_id = arrivals.session_id_of(session)
    attendance = attendance_of(runtime, session_id, learner_id)
    if attendance is None:
        raise NotCheckedIn
    planned = runtime.book.sessions.get(session_id)
    opens_at, closes_at = arrivals.check_out_hours(planned)
    return page(
        request, "parent/ticked.html", home="/me", plan=planned.plan, attendance=attendance,
        receipt=receipts_of(runtime, [attendance.id]).get(attendance.id),
        school=school_name(runtime, planned), out_opens_at=opens_at, out_closes_at=closes_at,
        needs_check_out=needs_check_out(runtime, planned), is_confirmed=is_confirmed(asking),
        may_check_out=attendance.checked_out_at is None and opens_at <= by.at < closes_at
        and has_ticket_for(request, runtime, session_id),
        **shared_by(request, runtime, learner_id),
    )  # fmt: skip


@router.post("/out")
def check_out(request: Request, asking: InParent) -> Response:
    """Leave: the screen was scanned again, in the minutes around the end."""
    learner_id, by = asking.own(Action.OWN_CHECK_OUT)
    try:
        ticket = arrivals.ticket_in(request, asking.runtime)
        if ticket is None:
            raise TicketExpired
        with suppress(AlreadyCheckedOut):  # the page says since when
            leave(asking.runtime, ticket, learner_id, by)
    except Refused as refusal:
        return refused_page(request, refusal)
    return tick_page(ticket)


def leave(runtime: Runtime, ticket: ArrivalTicket, learner_id: UUID, by: Envelope) -> None:
    """Check out at the moment of the scan. Raises CheckOutClosed, and what the ledger refuses."""
    session = runtime.book.sessions.get(ticket.session_id)
    arrivals.refuse_outside_check_out(session, ticket.scanned_at)
    left = by.model_copy(update={"occurred_at": ticket.scanned_at, "channel": ticket.channel})
    scan = arrivals.scan_id_of(ticket, learner_id, "check_out")
    runtime.book.attendances.check_out(session.id, learner_id, scan, left, by_staff=False)


def tick_page(ticket: ArrivalTicket) -> Response:
    return RedirectResponse(f"/in/{arrivals.session_text(ticket.session_id)}", status_code=303)


def arrived(request: Request, runtime: Runtime, phone: str, ticket: str) -> Response:
    """On to the page with the button, the ticket in hand: reloading it asks for no new code."""
    response = RedirectResponse("/in", status_code=303)
    arrivals.keep_phone(response, runtime.cookies, phone)
    keep_persons(request, response, runtime.cookies)
    arrivals.keep_ticket(response, runtime.cookies, ticket)
    return response


def confirm(
    request: Request, asking: Asking, ticket: ArrivalTicket, shared: dict[str, Any]
) -> Response:
    runtime, learner_id = asking.runtime, asking.learner_id
    planned = runtime.book.sessions.get(ticket.session_id)
    own = runtime.book.vault.open([learner_id]).get(learner_id) if is_confirmed(asking) else None
    response = page(
        request, "parent/confirm.html", home="/me", plan=planned.plan,
        school=school_name(runtime, planned), name=own.name if own else shared["called"],
        scan_id=arrivals.scan_id_of(ticket, learner_id, "check_in"),
        scanned_at=ticket.scanned_at, others=shared["others"],
    )  # fmt: skip
    arrivals.keep_ticket(response, runtime.cookies, runtime.tickets.seal(ticket))
    return response


def own_ticket(request: Request, runtime: Runtime) -> tuple[ArrivalTicket, UUID]:
    """The ticket of this phone and whose it is. Raises LoginRequired, and what tickets refuse."""
    ticket = arrivals.ticket_in(request, runtime)
    if ticket is None:
        raise TicketExpired
    if ticket.learner_id is None:
        raise LoginRequired
    return ticket, ticket.learner_id


def attendance_of(runtime: Runtime, session_id: UUID, learner_id: UUID) -> Attendance | None:
    """A person's attendance, under whichever of their records they came in."""
    return runtime.book.attendances.of_person(session_id, learner_id)


def is_confirmed(asking: Asking) -> bool:
    """A phone that enrolled itself is shown no name before the school has confirmed it."""
    return asking.parent is not None and asking.parent.confirmed


def has_ticket_for(request: Request, runtime: Runtime, session_id: UUID) -> bool:
    try:
        ticket = arrivals.ticket_in(request, runtime)
    except Refused:
        return False
    return ticket is not None and ticket.session_id == session_id


def needs_check_out(runtime: Runtime, session: Session) -> bool:
    rules = runtime.book.sessions.rulebook_of(session).attendance
    return session.plan.class_hours >= rules.check_out_required_from_class_hours


def school_name(runtime: Runtime, session: Session) -> str:
    school = runtime.models.schools.school(session.plan.school_code)
    return school.name if school else session.plan.school_code
