"""The demo's own page: logins with current codes, enrolment links, the open session's code.

Only a ledger that is marked demo has it; elsewhere these addresses are not there.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from api.arrivals import codes_ahead, link, typed_ahead
from api.asking import InRuntime
from api.bootstrap import Runtime
from api.demo.keeping import current_codes, kept
from api.demo.pilot import is_marked
from api.pages.staff_imports import attached
from api.rendering import page
from domain.refusals import Refused

router = APIRouter(include_in_schema=False)


class NotADemo(Refused):
    """The ledger is not a demo: the page is not there."""

    code = "not_a_demo"


def content_of(runtime: Runtime) -> dict[str, Any]:
    content = kept(runtime)
    if not content or not is_marked(runtime):
        raise NotADemo
    return content


@router.get("/demo")
def demo_page(request: Request, runtime: InRuntime) -> Response:
    content = content_of(runtime)
    check_in = check_in_codes(runtime, UUID(content["open_session"]["id"]))
    found = current_codes(runtime)
    return page(request, "demo.html", content=content, codes=found, check_in=check_in)


@router.get("/demo/codes/{session_id}")
def codes(session_id: UUID, runtime: InRuntime) -> JSONResponse:
    """The check-in link and typed code that a presenter would show now."""
    content_of(runtime)
    found = check_in_codes(runtime, session_id)
    return JSONResponse(found, headers={"Cache-Control": "no-store"})


@router.get("/demo/plan.csv")
def plan_again(runtime: InRuntime) -> Response:
    """The plan of this term to bring again: one of its sessions was called off since."""
    content = content_of(runtime).get("plan_again")
    if content is None:  # loaded by an older release
        raise NotADemo
    return attached(content.encode(), "plan.csv")


def check_in_codes(runtime: Runtime, session_id: UUID) -> dict[str, str]:
    session = runtime.book.sessions.get(session_id)
    shown, typed = codes_ahead(runtime, session)[0], typed_ahead(runtime, session)[0]
    return {
        "url": link(runtime.settings.public_url, session_id, shown.code),
        "typed_code": typed.code,
        "ends_at": shown.ends_at.isoformat(),
    }
