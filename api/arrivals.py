"""Arrivals: a code that was scanned or typed becomes a ticket, a ticket becomes a check-in."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import Response

from api.access import codes
from api.access.check_in_codes import CodeWrong, ShownCode
from api.access.codes import CodeExpired
from api.access.cookies import CookieKind, Cookies
from api.access.rate_limit import (
    CHECK_IN_CODE_BY_DEVICE,
    CHECK_IN_CODE_BY_SESSION,
    LINK_CODE_BY_SESSION,
)
from api.access.tickets import TICKET_LIFE, ArrivalTicket, TicketInvalid, device_hash, new_device_id
from api.bootstrap import Runtime
from domain.envelope import Actor, Channel, Role
from domain.identity import derived
from domain.links import LinkState
from domain.refusals import Refused
from domain.session import Session
from domain.session_refusals import UnknownSession
from domain.standing import Standing
from ledger.check_in import CheckIn

SESSION_CHARACTERS = 26  # 128 bits in base32
PHONE_LIFE = timedelta(days=400)  # the longest that browsers keep a cookie
OUT_OPENS_BEFORE_END = timedelta(minutes=10)
OUT_CLOSES_AFTER_END = timedelta(minutes=20)


class CheckOutClosed(Refused):
    """Outside the minutes around a session's end; `opens_at` and `closes_at` say which."""

    code = "check_out_closed"


class NoSessionOpen(Refused):
    """None of the parent's schools takes attendance now: there is nothing a code could be for."""

    code = "no_session_open"


def session_text(session_id: UUID) -> str:
    """A session's id in the alphabet of QR codes: 26 characters of Crockford's base32."""
    return "".join(
        codes.ALPHABET[session_id.int >> codes.BITS * place & 31]
        for place in reversed(range(SESSION_CHARACTERS))
    )


def session_id_of(text: str) -> UUID:
    """Read `session_text` in any case. Raises UnknownSession."""
    read = codes.typed(text)
    if read is None or len(read) != SESSION_CHARACTERS or read[0] > "7":
        raise UnknownSession(id=text[:SESSION_CHARACTERS])
    number = 0
    for character in read:
        number = number << codes.BITS | codes.ALPHABET.index(character)
    return UUID(int=number)


def link(public_url: str, session_id: UUID, token: str) -> str:
    """What the QR code says: capitals and digits alone, which need the fewest modules."""
    return f"{public_url.upper()}/IN/{session_text(session_id)}/{token}"


def room_of(session: Session) -> str:
    """What else than the session a code is bound to."""
    return session.plan.place


def codes_ahead(runtime: Runtime, session: Session) -> list[ShownCode]:
    """The scanned codes that are shown from now on."""
    made = runtime.check_in_codes(session.id)
    return made.codes_ahead(session.id, room_of(session), runtime.now())


def typed_ahead(runtime: Runtime, session: Session) -> list[ShownCode]:
    """The typed codes that are shown from now on."""
    made = runtime.check_in_codes(session.id)
    return made.typed_ahead(session.id, room_of(session), runtime.now())


def phone_of(request: Request, cookies: Cookies) -> str:
    """What this phone is known by; a new phone gets a number, to be kept by `keep_phone`."""
    return cookies.read(request.cookies, CookieKind.PHONE) or new_device_id()


def keep_phone(response: Response, cookies: Cookies, phone: str) -> None:
    cookies.put(response, CookieKind.PHONE, phone, PHONE_LIFE)


def ticket_name(cookies: Cookies) -> str:
    return "__Host-pc_arrival" if cookies.secure else "pc_arrival"


def keep_ticket(response: Response, cookies: Cookies, text: str) -> None:
    response.set_cookie(
        ticket_name(cookies),
        text,
        max_age=int(TICKET_LIFE.total_seconds()),
        path="/",
        secure=cookies.secure,
        httponly=True,
        samesite="lax",
    )


def ticket_in(request: Request, runtime: Runtime) -> ArrivalTicket | None:
    """The ticket this phone brings, or None. Raises what `open_ticket` refuses."""
    text = request.cookies.get(ticket_name(runtime.cookies))
    return open_ticket(request, runtime, text) if text else None


def open_ticket(request: Request, runtime: Runtime, text: str) -> ArrivalTicket:
    """Raises TicketInvalid, TicketOfOtherDevice, TicketExpired."""
    phone = runtime.cookies.read(request.cookies, CookieKind.PHONE) or ""
    return runtime.tickets.open_ticket(text, device_hash(phone), runtime.now())


def scanned(
    runtime: Runtime, session_id: UUID, token: str, phone: str, learner_id: UUID | None
) -> str:
    """Exchange a scanned code for a ticket. Raises UnknownSession, CodeExpired, CodeWrong."""
    session = runtime.book.sessions.get(session_id)
    at = runtime.now()
    made = runtime.check_in_codes(session_id)
    step = made.redeem_token(session_id, room_of(session), token, at)
    ticket = ArrivalTicket(
        session_id, device_hash(phone), at, step, Channel.ROTATING_QR, learner_id
    )
    return runtime.tickets.seal(ticket)


def open_for(runtime: Runtime, learner_id: UUID, at: datetime) -> list[UUID]:
    """The sessions that take a learner's attendance now, to come or to go."""
    invited = invited_to(runtime, learner_id, at)
    return list(dict.fromkeys([*invited, *open_through_links(runtime, learner_id)]))


def invited_to(runtime: Runtime, learner_id: UUID, at: datetime) -> list[UUID]:
    """Those of them to which a place at the school invites the learner."""
    since = at - OUT_CLOSES_AFTER_END
    return [
        session.session_id
        for session in runtime.models.sessions.upcoming_for(learner_id, since)
        if session.standing in {Standing.OPENED, Standing.CLOSED}
    ]


def open_through_links(runtime: Runtime, learner_id: UUID) -> list[UUID]:
    """The open sessions of the classes to which the learner has asked to be linked."""
    models = runtime.models
    return [
        session.session_id
        for link in models.links.of_learner(learner_id)
        if link.state == LinkState.WAITING
        for session in models.sessions.open_now(link.school_code)
        if not session.grades or link.grade in session.grades
    ]


def typed(
    runtime: Runtime, session_ids: Iterable[UUID], code: str, phone: str, learner_id: UUID
) -> str:
    """Exchange a typed code for a ticket to the one of these sessions that shows it.

    Raises NoSessionOpen, CodeExpired, CodeWrong, TooManyTries.
    """
    at = runtime.now()
    open_ids = list(session_ids)
    if not open_ids:
        raise NoSessionOpen
    invited = invited_to(runtime, learner_id, at)
    per_session = [
        (CHECK_IN_CODE_BY_SESSION if each in invited else LINK_CODE_BY_SESSION, str(each))
        for each in open_ids
    ]
    tries = ((CHECK_IN_CODE_BY_DEVICE, str(learner_id)), *per_session)
    with runtime.limits.counting_failures(*tries, at=at):
        session_id, step = showing(runtime, open_ids, code, at)
    ticket = ArrivalTicket(session_id, device_hash(phone), at, step, Channel.TYPED_CODE, learner_id)
    return runtime.tickets.seal(ticket)


def showing(
    runtime: Runtime, session_ids: Iterable[UUID], code: str, at: datetime
) -> tuple[UUID, int]:
    """The session that shows a typed code, and its step. Raises CodeExpired, CodeWrong."""
    refusal: Refused = CodeWrong()
    for session_id in session_ids:
        session = runtime.book.sessions.get(session_id)
        made = runtime.check_in_codes(session_id)
        try:
            return session_id, made.redeem_typed(session_id, room_of(session), code, at)
        except CodeWrong:
            continue
        except CodeExpired as expired:
            refusal = expired
    raise refusal


def refuse_other_session(ticket: ArrivalTicket, session_id: UUID) -> None:
    """Raises TicketInvalid for a ticket to another session."""
    if ticket.session_id != session_id:
        raise TicketInvalid


def belonging_to(ticket: ArrivalTicket, learner_id: UUID) -> ArrivalTicket:
    """The ticket of whoever is signed in now: a phone may be enrolled, or change hands, between."""
    return replace(ticket, learner_id=learner_id)


def hand_ticket(request: Request, response: Response, runtime: Runtime, learner_id: UUID) -> None:
    """Make the ticket of this phone, where it has one, somebody's: they came to the phone."""
    with suppress(Refused):
        if ticket := ticket_in(request, runtime):
            own = belonging_to(ticket, learner_id)
            keep_ticket(response, runtime.cookies, runtime.tickets.seal(own))


def scan_id_of(ticket: ArrivalTicket, learner_id: UUID, purpose: str) -> UUID:
    """The scan id of a ticket: a form that was sent twice, or loaded again, means one scan."""
    return derived(
        purpose, ticket.session_id, learner_id, ticket.device_hash.hex(),
        ticket.scanned_at.isoformat(),
    )  # fmt: skip


def wish_of(ticket: ArrivalTicket, learner_id: UUID, scan_id: UUID, now: datetime) -> CheckIn:
    """The check-in that a ticket stands for; it happened when the code was scanned."""
    return CheckIn(
        session_id=ticket.session_id,
        learner_id=learner_id,
        scan_id=scan_id,
        channel=ticket.channel,
        actor=Actor(id=learner_id, role=Role.PARENT),
        at=ticket.scanned_at,
        now=now,
        code_step=ticket.step,
        device_hash=ticket.device_hash.hex(),
    )


def check_out_hours(session: Session) -> tuple[datetime, datetime]:
    """From when until when learners check themselves out."""
    ends_at = session.plan.ends_at
    return ends_at - OUT_OPENS_BEFORE_END, ends_at + OUT_CLOSES_AFTER_END


def refuse_outside_check_out(session: Session, at: datetime) -> None:
    """Raises CheckOutClosed."""
    opens_at, closes_at = check_out_hours(session)
    if not opens_at <= at < closes_at:
        raise CheckOutClosed(opens_at=opens_at, closes_at=closes_at)
