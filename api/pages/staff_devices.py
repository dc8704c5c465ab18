"""The devices at a school's door: invite one, see when each was last used, end it at once."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.access.actions import Action
from api.asking import Asking, InAsking
from api.door import LONGEST_DAYS, end_device, invite
from api.pages.staff_words import staff_page
from api.qr_path import qr_path

router = APIRouter(include_in_schema=False)

MOST_LABEL = 40


@router.get("/staff/schools/{school_code}/devices")
def devices(request: Request, asking: InAsking, school_code: str) -> Response:
    asking.may(Action.DOOR_DEVICE_MANAGE, school_code)
    return show(request, asking, school_code)


@router.post("/staff/schools/{school_code}/devices")
def invite_device(
    request: Request,
    asking: InAsking,
    school_code: str,
    label: Annotated[str, Form(min_length=1, max_length=MOST_LABEL)],
    days: Annotated[int, Form(ge=1, le=LONGEST_DAYS)] = LONGEST_DAYS,
) -> Response:
    """The code is on this answer and nowhere else."""
    by = asking.may(Action.DOOR_DEVICE_MANAGE, school_code)
    _, code = invite(asking.runtime, school_code, label, days, by)
    return show(request, asking, school_code, code)


@router.post("/staff/schools/{school_code}/devices/{device_id}/ending")
def end(asking: InAsking, school_code: str, device_id: UUID) -> Response:
    by = asking.may(Action.DOOR_DEVICE_MANAGE, school_code)
    end_device(asking.runtime, school_code, device_id, by)
    return RedirectResponse(f"/staff/schools/{school_code}/devices", status_code=303)


def show(request: Request, asking: Asking, school_code: str, code: str | None = None) -> Response:
    runtime, at = asking.runtime, asking.runtime.now()
    address = f"{runtime.settings.public_url}/door"
    return staff_page(
        request,
        "devices.html",
        school=runtime.models.schools.school(school_code),
        devices=[x for x in runtime.door_devices.of_school(school_code) if at < x.key_ends_at],
        code=code,
        address=address,
        qr=qr_path(f"{address}#code={code}") if code else None,
        longest=LONGEST_DAYS,
    )
