"""Authorising a batch, fifty certificates at a time: how far it is stands on the page.

Nothing of it is kept anywhere: what was issued is not due any more, and a step that is sent twice,
or a press after a cut connection, goes on with what is left.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.access.actions import Action
from api.asking import Asking, InAsking
from api.certificates import BATCH, authorise
from api.pages.certificate_words import certificate_page
from api.pages.staff_certificates import page_of, show
from domain.envelope import Envelope
from domain.refusals import Refused

router = APIRouter(include_in_schema=False)

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
Ids = Annotated[str, Form(max_length=40_000, pattern=r"^[0-9a-f, -]*$")]


@dataclass(frozen=True)
class Batch:
    """What was ticked and is due still: `left` was not tried yet, `stopped` was refused."""

    in_all: int
    left: list[UUID]
    stopped: list[UUID]

    @property
    def done(self) -> int:
        return self.in_all - len(self.left) - len(self.stopped)


@router.post("/staff/schools/{school_code}/certificates")
def authorise_batch(
    request: Request,
    asking: InAsking,
    school_code: str,
    certificate_id: Annotated[list[UUID] | None, Form()] = None,
) -> Response:
    """One press for everything that is ticked; what could not be issued is named at the end."""
    by = asking.may(Action.CERTIFICATE_AUTHORISE, school_code)
    ticked = due_among(asking, school_code, certificate_id or ())
    return go_on(request, asking, school_code, by, Batch(len(ticked), ticked, []))


@router.post("/staff/schools/{school_code}/certificates/batch")
def next_step(
    request: Request,
    asking: InAsking,
    school_code: str,
    in_all: Annotated[int, Form(ge=0, le=100_000)],
    left: Ids = "",
    stopped: Ids = "",
) -> Response:
    by = asking.may(Action.CERTIFICATE_AUTHORISE, school_code)
    batch = Batch(
        in_all,
        due_among(asking, school_code, ids_in(left)),
        due_among(asking, school_code, ids_in(stopped)),
    )
    return go_on(request, asking, school_code, by, batch)


def go_on(
    request: Request, asking: Asking, school_code: str, by: Envelope, batch: Batch
) -> Response:
    """Issue the next fifty; the last step tries again what was refused, and names it."""
    step, later = batch.left[:BATCH], batch.left[BATCH:]
    try:
        outcomes = authorise(asking.runtime, school_code, step, by) if step else []
        stopped = batch.stopped + [o.certificate_id for o in outcomes if o.refusal is not None]
        after = Batch(batch.in_all, later, stopped)
        if later:
            return progress(request, asking, school_code, after)
        again = authorise(asking.runtime, school_code, stopped, by) if batch.stopped else outcomes
    except Refused as refusal:
        return show(request, asking, school_code, by, refusal=refusal)
    refused = [each for each in again if each.refusal is not None]
    issued = after.in_all - len(refused)
    if refused:
        return show(request, asking, school_code, by, issued=issued, outcomes=refused)
    return RedirectResponse(f"{page_of(school_code)}?issued={issued}", status_code=303)


def progress(request: Request, asking: Asking, school_code: str, batch: Batch) -> Response:
    return certificate_page(
        request,
        "issuing.html",
        school=asking.runtime.models.schools.school(school_code),
        batch=batch,
        left=",".join(map(str, batch.left)),
        stopped=",".join(map(str, batch.stopped)),
        home="/staff",
        here=page_of(school_code),
    )


def due_among(asking: Asking, school_code: str, chosen: Collection[UUID]) -> list[UUID]:
    wanted = set(chosen)
    due = asking.runtime.models.certificates.due_of(school_code)
    return [each.certificate_id for each in due if each.certificate_id in wanted]


def ids_in(text: str) -> list[UUID]:
    """The ids of a form field; what is none is left out, and nothing is issued for it."""
    return [UUID(each) for each in text.split(",") if _ID.fullmatch(each)]
