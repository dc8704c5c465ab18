"""The pages of a device at a school's door: enrol it, choose a session that is open, scan codes.

It shows masked names, while a session is open; it taps no name and opens nothing else.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from api.access.actions import Action
from api.access.cookies import CookieKind
from api.access.door_devices import Tablet
from api.asking import Asking, InRuntime
from api.bootstrap import Runtime
from api.door import InDoor, enrol, redeemed
from api.language.catalogue import language_of
from api.pages.staff_scanner import LIST_LIFE, POLICY, people_of, told_of
from api.problems import retry_header, status_of, text_of
from api.reaching import session_for
from api.rendering import page
from api.scanning import Answer, Answered, Scan, shift_of, take
from api.v1.scans import ScanAnswers, ScansMade, answers_of, tapped
from domain.masking import mask_name
from domain.refusals import Refused
from domain.standing import Standing
from domain.waiting_scan import Way
from projections.session_board import SessionOnBoard

router = APIRouter(include_in_schema=False)

MOST_CODE = 64
TABLET_LIFE = timedelta(days=1)  # a code is used within an hour


@router.get("/door")
def door(request: Request, asking: InDoor) -> Response:
    """The sessions of the school that are open now; of a device that nobody knows, its code."""
    if asking.principal is None:
        tablet = Tablet.of(asking.runtime.cookies.read(request.cookies, CookieKind.TABLET))
        return form(request, asking.runtime, tablet)
    school_code = asking.principal.grants[0].organisation
    sessions = asking.runtime.models.sessions.open_now(school_code)
    return page(request, "door/sessions.html", home="/door", sessions=sessions)


@router.post("/door")
def enrol_device(request: Request, runtime: InRuntime, code: Annotated[str, Form()]) -> Response:
    """Use up the school's code: from now on this browser is the device, until the day it ends.

    Where the answer gets lost the form is sent again: who holds the same number is known by it.
    """
    address = request.client.host if request.client else ""
    tablet = Tablet.of(runtime.cookies.read(request.cookies, CookieKind.TABLET))
    try:
        device = redeemed(runtime, code, tablet, address)
        key = enrol(runtime, device, tablet)
    except Refused as refusal:
        return form(request, runtime, tablet, code, refusal)
    response = RedirectResponse("/door", status_code=303)
    life = device.key_ends_at - runtime.now()
    runtime.cookies.put(response, CookieKind.DOOR, key.text, life)
    return response


def form(
    request: Request,
    runtime: Runtime,
    tablet: Tablet,
    code: str = "",
    refusal: Refused | None = None,
) -> Response:
    """The page that asks for the code; it gives the device its number."""
    response = page(
        request,
        "door/enrol.html",
        status_of(refusal.code) if refusal else 200,
        home="/door",
        code=code,
        refusal=text_of(refusal.code, language_of(request)) if refusal else None,
    )
    if refusal:
        response.headers.update(retry_header(refusal))
    runtime.cookies.put(response, CookieKind.TABLET, tablet.number, TABLET_LIFE)
    return response


@router.get("/door/sessions/{session_id}")
def scanner(
    request: Request,
    asking: InDoor,
    session_id: UUID,
    way: Way = Way.IN,
    told: UUID | None = None,
) -> Response:
    session, _ = session_for(asking, session_id, Action.SCAN_SEND)
    return show(request, asking, session, way, told=told)


@router.post("/door/sessions/{session_id}")
def scan(
    request: Request,
    asking: InDoor,
    session_id: UUID,
    scan_id: Annotated[UUID, Form()],
    code: Annotated[str, Form(max_length=MOST_CODE)] = "",
    way: Annotated[Way, Form()] = Way.IN,
) -> Response:
    """One code that was typed, or that a scanner on a wire typed with its Enter."""
    session, by = session_for(asking, session_id, Action.SCAN_SEND)
    answered = take(asking.runtime, session_id, Scan(scan_id, way, by.at, code=code), by)
    if answered.position is not None:
        asking.runtime.settle(answered.position)
    if answered.answer in {Answer.TAKEN, Answer.ALREADY}:
        here = f"/door/sessions/{session_id}?way={way}&told={answered.learner_id}"
        return RedirectResponse(here, status_code=303)
    return show(request, asking, session, way, answered=answered)


@router.post("/door/sessions/{session_id}/scans")
def upload(request: Request, session_id: UUID, body: ScansMade, asking: InDoor) -> ScanAnswers:
    """As on the interface for programs, for the device in this browser."""
    action = Action.ATTENDANCE_ENTER if tapped(body.scans) else Action.SCAN_SEND
    session, by = session_for(asking, session_id, action)
    return answers_of(request, asking.runtime, session, body, by)


@router.get("/door/sessions/{session_id}/list")
def scan_list(asking: InDoor, session_id: UUID) -> Response:
    """What the device keeps for this session: masked names, classes, digests of codes."""
    session, by = session_for(asking, session_id, Action.SCAN_SEND)
    is_open = session.standing == Standing.OPENED  # names are for whoever stands there now
    kept = {
        "now": by.at.isoformat(),
        "keep_seconds": LIST_LIFE.total_seconds(),
        "standing": session.standing,
        "shift": str(shift_of(session_id, by.actor.id)),
        "people": masked_people(asking, session) if is_open else [],
    }
    return JSONResponse(kept, headers={"Cache-Control": "no-store"})


def masked_people(asking: Asking, session: SessionOnBoard) -> list[dict[str, str | bool | None]]:
    """Everybody the session is for: enough for a person to know themselves by, no child's name."""
    by = asking.may(Action.SCAN_SEND, session.school_code)
    return [
        {**each, "name": mask_name(str(each["name"])), "child": ""}
        for each in people_of(asking, session, by)
    ]


def show(
    request: Request,
    asking: Asking,
    session: SessionOnBoard,
    way: Way,
    *,
    told: UUID | None = None,
    answered: Answered | None = None,
) -> Response:
    by = asking.may(Action.SCAN_SEND, session.school_code)
    refusal = answered.refusal if answered else None
    found = told_of(asking, session, told, by)
    response = page(
        request,
        "door/scan.html",
        status_of(refusal.code) if refusal else 200,
        home="/door",
        session=session,
        way=way,
        told=replace(found, name=mask_name(found.name)) if found else None,
        scan_id=uuid4(),
        refusal=text_of(refusal.code, language_of(request)) if refusal else None,
    )
    response.headers["Content-Security-Policy"] = POLICY
    return response
