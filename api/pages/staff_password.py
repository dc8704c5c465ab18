"""A member of staff changes their own password; a lost one is the operator's to renew."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.access.cookies import CookieKind
from api.access.passwords import LEAST_CHARACTERS
from api.access.rate_limit import address_subject
from api.asking import Asking, InAsking
from api.language.catalogue import language_of
from api.pages.staff_words import staff_page
from api.problems import status_of, text_of
from api.staffing import NewPassword, change_password, user_name_of
from domain.refusals import Refused

router = APIRouter(include_in_schema=False)

PAGE = "/staff/password"


@router.get("/staff/password")
def password_page(request: Request, asking: InAsking, done: str = "") -> Response:
    return show(request, asking, is_changed=bool(done))


@router.post("/staff/password")
def change(
    request: Request,
    asking: InAsking,
    old: Annotated[str, Form()],
    new: Annotated[str, Form()],
    repeated: Annotated[str, Form()],
) -> Response:
    typed = NewPassword(old, new, repeated)
    runtime, address = asking.runtime, request.client.host if request.client else ""
    here = runtime.logins.login_of(runtime.cookies.read(request.cookies, CookieKind.STAFF))
    try:
        change_password(runtime, asking.staff_id, typed, address_subject(address), here)
    except Refused as refusal:
        return show(request, asking, refusal)
    return RedirectResponse(f"{PAGE}?done=1", status_code=303)


def show(
    request: Request, asking: Asking, refusal: Refused | None = None, *, is_changed: bool = False
) -> Response:
    return staff_page(
        request,
        "password.html",
        status_of(refusal.code) if refusal else 200,
        user=user_name_of(asking.runtime, asking.staff_id),
        least=LEAST_CHARACTERS,
        is_changed=is_changed,
        refusal=text_of(refusal.code, language_of(request)) if refusal else None,
    )
