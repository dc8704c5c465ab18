"""Enrolment: a code from the school binds a parent's phone, once the notice was agreed to."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from api.access.cookies import CookieKind
from api.access.logins import NewLogin
from api.access.rate_limit import ENROLMENT_BY_ADDRESS, address_subject
from api.access.rules import Action
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
def enrolment_page(request: Request, code: str = "", next: str = "/me") -> Response:  # noqa: A002 - the field's name
    """The form for the code. It uses nothing up: chat apps open links by themselves."""
    return form(request, code=code, after=next)


@router.get("/enrol/{code}")
def enrolment_link(request: Request, code: str, next: str = "/me") -> Response:  # noqa: A002 - the field's name
    """The link on a slip: the same form, filled in."""
    return form(request, code=code, after=next)


@router.post("/enrol")
def enrol(
    request: Request,
    runtime: InRuntime,
    code: Annotated[str, Form()],
    consent: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/me",  # noqa: A002 - the field's name
) -> Response:
    try:
        if consent != NOTICE_VERSION:
            raise ConsentMissing
        login = enrolled(request, runtime, code)
    except Refused as refusal:
        return form(request, code, next, refusal)
    response = back(next)
    runtime.cookies.put(response, CookieKind.DEVICE, login.token, login.life)
    return response


def enrolled(request: Request, runtime: Runtime, code: str) -> NewLogin:
    """Use up a code and begin the login of this phone, with consent. Raises what codes refuse."""
    at = runtime.now()
    address = request.client.host if request.client else ""
    limit = (ENROLMENT_BY_ADDRESS, address_subject(address))
    with runtime.limits.counting_failures(limit, at=at):
        learner_id = runtime.enrolment_codes.redeem(code, at)
    login = bound(request, runtime, learner_id, at)
    asking = Asking(runtime, runtime.logins.who(login.token, at), uuid4())
    own_id, by = asking.own(Action.OWN_CONSENT)
    runtime.settle(runtime.book.learners.consent(own_id, PURPOSE, NOTICE_VERSION, by))
    return login


def bound(request: Request, runtime: Runtime, learner_id: UUID, at: datetime) -> NewLogin:
    """A confirmed login, for the school handed out the code; it replaces this phone's old one."""
    old = runtime.cookies.read(request.cookies, CookieKind.DEVICE)
    label = request.headers.get("user-agent", "")[:LABEL_CHARACTERS]
    return runtime.logins.begin_device(learner_id, at, confirmed=True, label=label, replacing=old)


def form(request: Request, code: str, after: str, refusal: Refused | None = None) -> Response:
    text = text_of(refusal.code, language_of(request)) if refusal else None
    status = status_of(refusal.code) if refusal else 200
    return page(
        request, "parent/enrol.html", status, code=code, next=after, refusal=text,
        notice_version=NOTICE_VERSION,
    )  # fmt: skip
