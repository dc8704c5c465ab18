"""Enrolment: a code from the school binds a parent's phone, once the notice was agreed to."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from api.access.cookies import CookieKind
from api.access.logins import NewLogin
from api.access.policy import Principal, PrincipalKind
from api.access.rate_limit import ENROLMENT_BY_ADDRESS, address_subject
from api.access.rules import Action
from api.access.tickets import device_hash
from api.arrivals import keep_phone, phone_of
from api.asking import Asking, InRuntime
from api.bootstrap import Runtime
from api.language.catalogue import language_of
from api.pages.preferences import back
from api.problems import status_of, text_of
from api.rendering import page
from domain.refusals import Refused

router = APIRouter(include_in_schema=False)

NOTICE_VERSION = "privacy/1"
PURPOSE = "learning_record"
LABEL_CHARACTERS = 60


class ConsentMissing(Refused):
    """Nobody's record is opened to a phone before they agreed to the notice."""

    code = "consent_missing"


@router.get("/enrol")
def enrolment_page(
    request: Request,
    runtime: InRuntime,
    code: str = "",
    next: str = "/me",  # noqa: A002 - the field's name
) -> Response:
    """The form for the code. It uses nothing up: chat apps open links by themselves."""
    return form(request, runtime, code, next)


@router.get("/enrol/{code}")
def enrolment_link(
    request: Request,
    runtime: InRuntime,
    code: str,
    next: str = "/me",  # noqa: A002 - the field's name
) -> Response:
    """The link on a slip: the same form, filled in."""
    return form(request, runtime, code, next)


@router.post("/enrol")
def enrol(
    request: Request,
    runtime: InRuntime,
    code: Annotated[str, Form()],
    consent: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/me",  # noqa: A002 - the field's name
) -> Response:
    phone = phone_of(request, runtime.cookies)
    try:
        if consent != NOTICE_VERSION:
            raise ConsentMissing
        login = enrolled(request, runtime, code, phone)
    except Refused as refusal:
        return form(request, runtime, code, next, refusal, phone)
    response = back(next)
    runtime.cookies.put(response, CookieKind.DEVICE, login.token, login.life)
    keep_phone(response, runtime.cookies, phone)
    return response


def enrolled(request: Request, runtime: Runtime, code: str, phone: str) -> NewLogin:
    """Use up a code and begin the login of this phone, with consent. Raises what codes refuse.

    Whatever fails on the way, this phone may send the form again: each step is once for a code.
    """
    at = runtime.now()
    address = request.client.host if request.client else ""
    limit = (ENROLMENT_BY_ADDRESS, address_subject(address))
    with runtime.limits.counting_failures(limit, at=at):
        redeemed = runtime.enrolment_codes.redeem(code, at, device_hash(phone))
    learner_id = runtime.book.learners.survivor_of(redeemed)
    agree(runtime, learner_id)
    return bound(request, runtime, learner_id, code, at)


def agree(runtime: Runtime, learner_id: UUID) -> None:
    """Record consent by the parent whose code was redeemed; the same again is no news."""
    parent = Principal(PrincipalKind.DEVICE, learner_id, learner_id=learner_id, confirmed=True)
    own_id, by = Asking(runtime, parent, uuid4()).own(Action.OWN_CONSENT)
    runtime.settle(runtime.book.learners.consent(own_id, PURPOSE, NOTICE_VERSION, by))


def bound(
    request: Request, runtime: Runtime, learner_id: UUID, code: str, at: datetime
) -> NewLogin:
    """A confirmed login, for the school handed out the code; it replaces this phone's old one."""
    return runtime.logins.begin_device(
        learner_id,
        at,
        confirmed=True,
        label=request.headers.get("user-agent", "")[:LABEL_CHARACTERS],
        replacing=runtime.cookies.read(request.cookies, CookieKind.DEVICE),
        login_id=runtime.enrolment_codes.redemption_id(code),
    )


def form(
    request: Request,
    runtime: Runtime,
    code: str,
    after: str,
    refusal: Refused | None = None,
    phone: str | None = None,
) -> Response:
    """The form; it gives the phone its number, by which a form sent twice is known."""
    text = text_of(refusal.code, language_of(request)) if refusal else None
    status = status_of(refusal.code) if refusal else 200
    response = page(
        request, "parent/enrol.html", status, code=code, next=after, refusal=text,
        notice_version=NOTICE_VERSION,
    )  # fmt: skip
    keep_phone(response, runtime.cookies, phone or phone_of(request, runtime.cookies))
    return response
