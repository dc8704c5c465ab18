"""Staff sign in at a provider of their own; without its settings there is no such page."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from api.access.cookies import CookieKind
from api.access.rate_limit import (
    SIGN_ON_BY_ADDRESS,
    Limit,
    address_subject,
)
from api.access.sign_on_provider import SignOnFailed
from api.access.single_sign_on import LIFE, SingleSignOn
from api.asking import InRuntime
from api.bootstrap import Runtime
from api.language.catalogue import language_of
from api.pages.preferences import back
from api.problems import problem, retry_header, status_of, text_of
from api.rendering import page
from domain.refusals import Refused

router = APIRouter(include_in_schema=False)

MOST_TOKEN = 16 * 1024


@router.get("/staff/sign-on")
def begin(
    request: Request,
    runtime: InRuntime,
    next: str = "/staff",  # noqa: A002 - the field's name
) -> Response:
    sign_on, at = sign_on_of(runtime), runtime.now()
    try:
        runtime.limits.spend(*by_address(SIGN_ON_BY_ADDRESS, request), at)
        begun = sign_on.begin(next, at)
    except Refused as refusal:
        return login_page(request, runtime, refusal)
    response = RedirectResponse(begun.address, status_code=303)
    runtime.cookies.put(response, CookieKind.SIGN_ON, begun.browser, LIFE)
    return response


@router.get("/staff/sign-on/return")
def come_back(
    request: Request, runtime: InRuntime, state: str = "", code: str = "", error: str = ""
) -> Response:
    """The provider sent the browser back; each beginning comes back once, to where it began."""
    sign_on, at = sign_on_of(runtime), runtime.now()
    browser = runtime.cookies.read(request.cookies, CookieKind.SIGN_ON) or ""
    try:
        if error or not (state and code and browser):
            raise SignOnFailed  # any page can send a browser here: it costs nobody a login
        runtime.limits.spend(*by_address(SIGN_ON_BY_ADDRESS, request), at)
        came = sign_on.come_back(state, code, browser, at)
    except Refused as refusal:
        return login_page(request, runtime, refusal)
    old = runtime.cookies.read(request.cookies, CookieKind.STAFF)
    login = runtime.logins.begin_staff(came.staff_id, at, replacing=old)
    sign_on.back_channel.note(login.login_id, came.signed_on)
    response = back(came.after)
    runtime.cookies.put(response, CookieKind.STAFF, login.token, login.life)
    runtime.cookies.clear(response, CookieKind.SIGN_ON)
    return response


@router.post("/staff/sign-on/logout")
def log_out(  # nosec B107 - no password: none was sent
    request: Request,
    runtime: InRuntime,
    logout_token: Annotated[str, Form(max_length=MOST_TOKEN)] = "",
) -> Response:
    """The provider itself asks, no browser: the logins that came from its session end at once."""
    sign_on, at = sign_on_of(runtime), runtime.now()
    response: Response = Response(status_code=200)
    try:
        with runtime.limits.counting_failures(by_address(SIGN_ON_BY_ADDRESS, request), at=at):
            sign_on.back_channel.end(logout_token, at)
    except Refused as refusal:
        response = problem(refusal, language_of(request))
    response.headers["Cache-Control"] = "no-store"
    return response


def sign_on_of(runtime: Runtime) -> SingleSignOn:
    if runtime.sign_on is None:
        raise HTTPException(404)
    return runtime.sign_on


def by_address(limit: Limit, request: Request) -> tuple[Limit, str]:
    return limit, address_subject(request.client.host if request.client else "")


def login_page(request: Request, runtime: Runtime, refusal: Refused) -> Response:
    """The page to sign in on, with the reason; to who is not linked, what is to be linked."""
    response = page(
        request,
        "staff/login.html",
        status_of(refusal.code),
        next="/staff",
        user="",
        has_sign_on=runtime.sign_on is not None,
        subject=refusal.facts.get("subject"),
        refusal=text_of(refusal.code, language_of(request)),
    )
    response.headers.update(retry_header(refusal))
    return response
