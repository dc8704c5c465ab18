"""Copying an earlier term's plan: each session proposed, looked at, and taken by one button."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel

from api.access.actions import Action
from api.asking import Asking, InAsking
from api.compliance import term_called
from api.imports.texts import reason
from api.pages.days import day_of
from api.pages.parent_words import WEEKDAYS
from api.pages.staff_imports import spoken
from api.pages.staff_plans import school_of
from api.pages.staff_words import staff_page
from api.plan_copying import Copied, Copying, copies, fault_of, file, proposals, sources
from domain.envelope import Envelope
from domain.identity import derived

router = APIRouter(include_in_schema=False)


class CopyForm(BaseModel):
    """The rows as they were sent: a key and a day for each, and the keys that are ticked."""

    source: str
    key: list[UUID] = []
    day: list[str] = []
    take: list[UUID] = []
    look: bool = False


@router.get("/staff/plans/{school_code}/{term}/copy")
def propose(
    request: Request, asking: InAsking, school_code: str, term: str, source: str = ""
) -> Response:
    by, target = asking.may(Action.PLAN_IMPORT, school_code), term_called(asking.runtime, term)
    known = sources(asking.runtime, school_code, target)
    chosen = term_called(asking.runtime, source) if source else next(iter(known), None)
    if chosen is None:
        return staff_page(
            request, "plan_copy.html", school=school_of(asking, school_code), term=target,
            copying=None, known=[], rows=[], ticked=set(), weekdays=WEEKDAYS,
        )  # fmt: skip
    copying = Copying(asking.runtime, school_code, chosen, target)
    return show(request, asking, copying, copies(copying, {}), by)


@router.post("/staff/plans/{school_code}/{term}/copy")
def take(
    request: Request,
    asking: InAsking,
    school_code: str,
    term: str,
    form: Annotated[CopyForm, Form()],
) -> Response:
    """Take what is ticked. What cannot be taken is named, and stays ticked."""
    by, target = asking.may(Action.PLAN_IMPORT, school_code), term_called(asking.runtime, term)
    copying = Copying(asking.runtime, school_code, term_called(asking.runtime, form.source), target)
    typed = zip(form.key, form.day, strict=False)
    wanted = copies(copying, {key: day_of(day) for key, day in typed})
    if form.look:
        return show(request, asking, copying, wanted, by, form.take)
    left, position = taken(copying, wanted, form.take, by)
    asking.runtime.settle(position)
    if left:
        return show(request, asking, copying, wanted, by, left)
    address = f"/staff/plans/{school_code}/{target.code}"
    return RedirectResponse(address, status_code=303)


def taken(
    copying: Copying, wanted: list[Copied], ticked: Collection[UUID], by: Envelope
) -> tuple[set[UUID], int]:
    """File what can be of the ticked; the keys of what cannot, and the position to wait for."""
    sound = [each for each in wanted if fault_of(copying, each) is None]
    results = file(copying, sound, by, dry_run=False, only=ticked)
    left = {each.key for each in wanted if each.key in ticked and each not in sound}
    left |= {sound[result.row - 1].key for result in results if result.code}
    return left, copying.runtime.book.ledger.position()


def show(
    request: Request,
    asking: Asking,
    copying: Copying,
    wanted: list[Copied],
    by: Envelope,
    ticked: Collection[UUID] | None = None,
) -> Response:
    looking = by.model_copy(update={"command_id": derived(by.command_id, "look")})
    rows = proposals(copying, wanted, looking)
    return staff_page(
        request,
        "plan_copy.html",
        school=school_of(asking, copying.school_code),
        term=copying.target,
        copying=copying,
        known=sources(asking.runtime, copying.school_code, copying.target),
        rows=rows,
        ticked={row.copied.key for row in rows if row.is_free} if ticked is None else ticked,
        reasons={row.fault: reason(row.fault, spoken(request)) for row in rows if row.fault},
        weekdays=WEEKDAYS,
    )
