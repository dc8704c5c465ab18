"""Staff sign in with a password and a one-time code, and out again."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.access.cookies import CookieKind
from api.access.rate_limit import address_subject, login_tries
from api.access.staff_accounts import normal_user_name
from api.asking import InRuntime
from api.bootstrap import Runtime
from api.language.catalogue import language_of
from api.pages.preferences import back
from api.problems import status_of, text_of
from api.rendering import page
from domain.refusals import Refused

router = APIRouter(include_in_schema=False)


@router.get("/staff/login")
def login_page(request: Request, runtime: InRuntime, next: str = "/staff") -> Response:  # noqa: A002 - the field's name
    has_sign_on = runtime.sign_on is not None
    return page(request, "staff/login.html", next=next, user="", has_sign_on=has_sign_on)


@router.post("/staff/login")
def log_in(
    request: Request,
    runtime: InRuntime,
    user: Annotated[str, Form()],
    password: Annotated[str, Form()],
    code: Annotated[str, Form()],
    next: Annotated[str, Form()] = "/staff",  # noqa: A002 - the field's name
) -> Response:
    at = runtime.now()
    address = address_subject(request.client.host if request.client else "")
    tries = login_tries(address, normal_user_name(user))
    try:
        with runtime.limits.counting_failures(*tries, at=at):
            staff_id = runtime.accounts.sign_in(user, password, code, at)
    except Refused as refusal:
        return refused(request, runtime, refusal, next, user)
    old = runtime.cookies.read(request.cookies, CookieKind.STAFF)
    login = runtime.logins.begin_staff(staff_id, at, replacing=old)
    response = back(next)
    runtime.cookies.put(response, CookieKind.STAFF, login.token, login.life)
    return response


def refused(
    request: Request, runtime: Runtime, refusal: Refused, after: str, user: str
) -> Response:
    return page(
        request,
        "staff/login.html",
        status_of(refusal.code),
        next=after,
        user=user,
        refusal=text_of(refusal.code, language_of(request)),
        has_sign_on=runtime.sign_on is not None,
    )


@router.post("/logout")
def log_out(request: Request, runtime: InRuntime) -> Response:
    """End the login of staff in this browser; a parent's phone that it is too stays enrolled."""
    runtime.logins.end(runtime.cookies.read(request.cookies, CookieKind.STAFF))
    response = RedirectResponse("/", status_code=303)
    runtime.cookies.clear(response, CookieKind.STAFF)
    return response
