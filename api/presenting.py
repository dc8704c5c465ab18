"""Presenting a session: who may, and what the screen shows now and in the minutes to come."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import Depends
from pydantic import BaseModel

from api import arrivals
from api.access.actions import Action
from api.access.check_in_codes import ShownCode
from api.access.policy import Forbidden, LoginRequired
from api.asking import InAsking
from api.bootstrap import Runtime
from api.qr_path import qr_path
from domain.session import Session
from domain.session_refusals import SessionNotOpen, UnknownSession
from domain.standing import Standing


class Live(BaseModel):
    """How many are in, of how many invited. No names: everybody in the room reads the screen."""

    standing: Standing
    checked_in: int
    invited: int


class ScannedCode(BaseModel):
    """A code for phones to scan: what it says, and its picture as one path in a square."""

    begins_at: datetime
    ends_at: datetime
    text: str
    side: int
    path: str


class TypedCode(BaseModel):
    begins_at: datetime
    ends_at: datetime
    code: str

    @classmethod
    def of(cls, shown: ShownCode) -> Self:
        return cls(begins_at=shown.begins_at, ends_at=shown.ends_at, code=shown.code)


class Codes(BaseModel):
    """The codes from now on: enough for a screen whose network fails for minutes."""

    now: datetime
    scanned: list[ScannedCode]
    typed: list[TypedCode]
    live: Live


def presented(session_id: UUID, asking: InAsking) -> Session:
    """The session that may be presented by who asks. Raises LoginRequired, Forbidden.

    One that is not there is answered like one that is another school's.
    """
    if asking.principal is None:
        raise LoginRequired
    try:
        session = asking.runtime.book.sessions.get(session_id)
    except UnknownSession:
        raise Forbidden(action=Action.SESSION_PRESENT.value) from None
    asking.may(Action.SESSION_PRESENT, session.plan.school_code)
    return session


InPresented = Annotated[Session, Depends(presented)]


def takes_codes(session: Session, at: datetime) -> bool:
    """Whether a code is worth showing: open, or just over with people still leaving."""
    over_for = at - session.plan.ends_at
    return session.standing is Standing.OPENED or (
        session.standing is Standing.CLOSED and over_for < arrivals.OUT_CLOSES_AFTER_END
    )


def codes_of(runtime: Runtime, session: Session) -> Codes:
    """Raises SessionNotOpen."""
    now = runtime.now()
    if not takes_codes(session, now):
        raise SessionNotOpen(stands=session.standing.value)
    public_url = runtime.settings.public_url
    return Codes(
        now=now,
        scanned=[drawn(public_url, session.id, c) for c in arrivals.codes_ahead(runtime, session)],
        typed=[TypedCode.of(shown) for shown in arrivals.typed_ahead(runtime, session)],
        live=live_of(runtime, session),
    )


def drawn(public_url: str, session_id: UUID, shown: ShownCode) -> ScannedCode:
    text = arrivals.link(public_url, session_id, shown.code)
    picture = qr_path(text)
    return ScannedCode(
        begins_at=shown.begins_at,
        ends_at=shown.ends_at,
        text=text,
        side=picture.side,
        path=picture.path,
    )


def live_of(runtime: Runtime, session: Session) -> Live:
    counted = runtime.models.sessions.live_count(session.id)
    if counted is None:  # scheduled this moment: the board has not heard of it yet
        return Live(standing=session.standing, checked_in=0, invited=0)
    return Live(
        standing=Standing(counted.standing),
        checked_in=counted.checked_in,
        invited=counted.invited,
    )
