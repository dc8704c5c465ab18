"""A certificate issued after a revocation: one at a time, by a head who saw what was revoked."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.access.actions import Action
from api.asking import InAsking
from api.certificates import issue_after
from api.pages.staff_certificates import show
from domain.refusals import Refused

router = APIRouter(include_in_schema=False)


@router.post("/staff/schools/{school_code}/certificates/after-revocation")
def issue_after_revocation(
    request: Request,
    asking: InAsking,
    school_code: str,
    revoked_id: Annotated[UUID, Form()],
    revocation_seen: Annotated[bool, Form()] = False,
) -> Response:
    by = asking.may(Action.CERTIFICATE_AUTHORISE, school_code)
    try:
        number = issue_after(
            asking.runtime, school_code, revoked_id, by, revocation_seen=revocation_seen
        )
    except Refused as refusal:
        return show(request, asking, school_code, by, refusal=refusal)
    return RedirectResponse(f"/staff/certificates/{number}?done=after", status_code=303)
