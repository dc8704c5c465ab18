"""A form that met an ended login: kept on the way to the door, offered again behind it."""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response

from api.access.cookies import CookieKind
from api.access.kept_forms import KEPT_FOR, KeptForm
from api.asking import InRuntime, runtime_of
from api.bootstrap import Runtime
from api.rendering import page
from api.sent_forms import sent_address, sent_fields

router = APIRouter(include_in_schema=False)

KEPT = "/kept"
DOOR = "/door"  # a device is enrolled there


async def to_the_door(request: Request) -> Response:
    """To the login; what was typed comes along where the login that ended says whose it is."""
    if request.url.path.startswith(DOOR):
        return RedirectResponse(DOOR, status_code=303)
    for_staff = request.url.path.startswith("/staff")
    door = "/staff/login" if for_staff else "/enrol"
    kind = CookieKind.STAFF if for_staff else CookieKind.DEVICE
    form_id = await kept(request, kind) if request.method == "POST" else None
    if form_id is None:
        home = "/staff" if for_staff else "/me"
        after = sent_address(request) if request.method == "GET" else home
        return RedirectResponse(f"{door}?next={quote(after)}", status_code=303)
    response = RedirectResponse(f"{door}?next={KEPT}", status_code=303)
    runtime_of(request).cookies.put(response, CookieKind.KEPT_FORM, str(form_id), KEPT_FOR)
    return response


async def kept(request: Request, kind: CookieKind) -> UUID | None:
    runtime, fields = runtime_of(request), await sent_fields(request)
    token = runtime.cookies.read(request.cookies, kind)
    if fields is None or token is None:
        return None
    path = request.url.path
    return await run_in_threadpool(keep, runtime, token, path, fields)


def keep(runtime: Runtime, token: str, path: str, fields: list[tuple[str, str]]) -> UUID | None:
    person_id = runtime.logins.whose(token)
    return runtime.kept_forms.keep(person_id, path, fields, runtime.now()) if person_id else None


@router.get(KEPT)
def offered(request: Request, runtime: InRuntime) -> Response:
    """What was typed before the login ended, to be sent now; somebody else finds nothing here."""
    found = own_form(request, runtime)
    if found is None:
        staff = runtime.cookies.read(request.cookies, CookieKind.STAFF)
        return RedirectResponse("/staff" if staff else "/me", status_code=303)
    home = "/staff" if found.path.startswith("/staff") else "/me"
    return page(request, "kept.html", home=home, form=found)


def own_form(request: Request, runtime: Runtime) -> KeptForm | None:
    at, form_id = runtime.now(), None
    with suppress(ValueError):
        form_id = UUID(runtime.cookies.read(request.cookies, CookieKind.KEPT_FORM) or "")
    if form_id is None:
        return None
    for kind in (CookieKind.STAFF, CookieKind.DEVICE):
        principal = runtime.logins.who(runtime.cookies.read(request.cookies, kind), at)
        found = runtime.kept_forms.give(form_id, principal.person_id, at) if principal else None
        if found is not None:
            return found
    return None
