"""Who is at a phone: one of those who share it is chosen, and one signs out."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from api import arrivals
from api.access.actions import Action
from api.access.cookies import CookieKind
from api.asking import InParent, InRuntime
from api.pages.preferences import back
from api.phone_persons import called_on_phone, logins_beside, logins_on, others_on, seat
from api.rendering import page

router = APIRouter(include_in_schema=False)


@router.post("/in/person")
def choose(
    request: Request,
    runtime: InRuntime,
    login: Annotated[UUID | None, Form()] = None,
    next: Annotated[str, Form()] = "/in",  # noqa: A002 - the field's name
) -> Response:
    """Let somebody of those on this phone be at it, the ticket in hand; nobody else comes in."""
    response = back(next)
    logins = logins_on(request, runtime)
    for chosen in (each for each in logins if each.login_id == login):
        others = (each.token for each in logins if each is not chosen)
        seat(response, runtime.cookies, [chosen.token, *others])
        arrivals.hand_ticket(request, response, runtime, chosen.learner_id)
    return response


@router.get("/me/sign-out")
def sign_out_page(request: Request, asking: InParent) -> Response:
    """What it means to sign this phone out, and the one question."""
    learner_id, _ = asking.own(Action.OWN_LINK)
    runtime = asking.runtime
    return page(
        request, "parent/sign_out.html", home="/me",
        called=called_on_phone(runtime, learner_id), others=others_on(request, runtime),
    )  # fmt: skip


@router.post("/me/sign-out")
def sign_out(request: Request, runtime: InRuntime) -> Response:
    """End the login of whoever is at the phone; who else is enrolled on it stays."""
    runtime.logins.end(runtime.cookies.read(request.cookies, CookieKind.DEVICE))
    response = RedirectResponse("/", status_code=303)
    seat(response, runtime.cookies, [each.token for each in logins_beside(request, runtime)])
    return response
