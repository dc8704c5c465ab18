"""Arrivals and check-ins as JSON: what the pages do, for programs of the schools' own."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request, status
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from api import arrivals
from api.access.actions import Action
from api.asking import InParent, asking_as_parent, runtime_of
from api.bare import BareRoute
from api.bootstrap import Runtime
from api.phone_persons import (
    PhonePerson,
    SharerNotChosen,
    chosen_on,
    logins_beside,
    persons_on,
)
from api.receipts import receipt_of_person
from ledger.intake import Intake

router = APIRouter(prefix="/api/v1", tags=["check-in"])


class Arrival(BaseModel):
    """The code that was scanned, or the one that was typed."""

    model_config = ConfigDict(extra="forbid")

    token: str | None = Field(default=None, max_length=64)
    typed_code: str | None = Field(default=None, max_length=64)

    @model_validator(mode="after")
    def _one_code(self) -> Arrival:
        if (self.token is None) is (self.typed_code is None):
            message = "token or typed_code, one of them"
            raise ValueError(message)
        return self


class Person(BaseModel):
    """Somebody who is enrolled on the device; the name is masked."""

    login: UUID
    called: str

    @classmethod
    def of(cls, person: PhonePerson) -> Person:
        return cls(login=person.login_id, called=person.called)


class Ticket(BaseModel):
    """Good for one check-in from this device, for ten minutes.

    `persons` share the device: one of them is named by whoever checks in with this ticket.
    """

    ticket: str
    persons: list[Person] = []


class Tap(BaseModel):
    """A ticket, and an id that the device made for this check-in: it may be sent again.

    `login` says which of the persons it is who share the device.
    """

    model_config = ConfigDict(extra="forbid")

    ticket: str = Field(max_length=400)
    scan_id: UUID
    login: UUID | None = None


class CheckedInAt(BaseModel):
    """Since when; the position in the feed where this request recorded it.

    The receipt is a signed note: it can be held against the log, see docs/audit.md.
    """

    checked_in_at: datetime
    position: int | None
    receipt: str | None


@router.post("/sessions/{session_id}/arrivals", status_code=status.HTTP_201_CREATED)
def arrive(
    session_id: UUID, body: Arrival, request: Request, response: Response, asking: InParent
) -> Ticket:
    """Exchange a code for a ticket; the device is known by a cookie that is set here.

    A scanned code needs no login yet, a typed one does. Where several persons share the device, a
    scanned code is nobody's until one of them is named.
    """
    runtime = asking.runtime
    phone = arrivals.phone_of(request, runtime.cookies)
    persons: list[Person] = []
    if body.token is not None:
        if logins_beside(request, runtime):
            persons = [Person.of(each) for each in persons_on(request, runtime)]
        learner_id = asking.parent.learner_id if asking.parent and not persons else None
        text = arrivals.scanned(runtime, session_id, body.token, phone, learner_id)
    else:
        learner_id, by = asking.own(Action.OWN_CHECK_IN)
        mine = {session_id}.intersection(arrivals.open_for(runtime, learner_id, by.at))
        text = arrivals.typed(runtime, mine, body.typed_code or "", phone, learner_id)
    arrivals.keep_phone(response, runtime.cookies, phone)
    return Ticket(ticket=text, persons=persons)


async def check_in(request: Request, session_id: UUID, body: Tap) -> Response:
    """Check in: 201 when this request recorded it, 200 for the same scan again."""
    runtime = runtime_of(request)
    intake: Intake = request.app.state.intake
    ticket = arrivals.open_ticket(request, runtime, body.ticket)
    arrivals.refuse_other_session(ticket, session_id)
    learner_id = ticket.learner_id
    if learner_id is None:
        learner_id = await run_in_threadpool(signed_in, request, runtime, body.login)
    wish = arrivals.wish_of(ticket, learner_id, body.scan_id, runtime.now())
    answer = await intake.check_in(wish)
    is_new, receipt = answer.position is not None, answer.receipt
    if not is_new:
        receipt = await run_in_threadpool(receipt_of_person, runtime, session_id, learner_id)
    told = CheckedInAt(
        checked_in_at=answer.checked_in_at, position=answer.position, receipt=receipt
    )
    answered = status.HTTP_201_CREATED if is_new else status.HTTP_200_OK
    return Response(told.model_dump_json(), answered, media_type="application/json")


router.add_api_route(
    "/sessions/{session_id}/check-ins",
    check_in,
    methods=["POST"],
    status_code=status.HTTP_201_CREATED,
    response_model=CheckedInAt,
    route_class_override=BareRoute,
)


def signed_in(request: Request, runtime: Runtime, login_id: UUID | None) -> UUID:
    """Who checks in with a ticket that is nobody's: who enrolled on the device after the scan.

    Raises LoginRequired, and SharerNotChosen where several did and none of them is named.
    """
    learner_id, _ = asking_as_parent(request, runtime).own(Action.OWN_CHECK_IN)
    if not logins_beside(request, runtime):
        return learner_id
    if (chosen := chosen_on(request, runtime, login_id)) is None:
        raise SharerNotChosen
    return chosen
