"""Children who left a school this year and are at no other one: the school may take them back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.access.actions import Action
from api.asking import Asking, InAsking
from api.families import left_this_year, taken_back
from api.language.catalogue import language_of
from api.pages.staff_class_list import called
from api.pages.staff_words import staff_page
from api.problems import status_of, text_of
from domain.enrolment import Returning
from domain.envelope import Envelope
from domain.refusals import Refused
from domain.transfer import ChildNotHere
from projections.roster import Place

router = APIRouter(include_in_schema=False)

PURPOSE = "transfers"


@router.get("/staff/departures/{school_code}")
def departures(
    request: Request, asking: InAsking, school_code: str, child: UUID | None = None
) -> Response:
    """Who left this year; with a child, the form to take it back."""
    by = asking.may(Action.TRANSFER_RELEASE, school_code)
    return show(request, asking, school_code, by, child)


@router.post("/staff/departures/{school_code}")
def take_back(
    request: Request,
    asking: InAsking,
    school_code: str,
    child: Annotated[UUID, Form()],
    on: Annotated[date, Form()],
    reason: Annotated[Returning, Form()],
) -> Response:
    by = asking.may(Action.TRANSFER_RELEASE, school_code)
    try:
        taken_back(asking, school_code, child, on, reason, by)
    except Refused as refusal:
        return show(request, asking, school_code, by, child, refusal)
    return RedirectResponse(f"/staff/departures/{school_code}", status_code=303)


def show(
    request: Request,
    asking: Asking,
    school_code: str,
    by: Envelope,
    child: UUID | None,
    refusal: Refused | None = None,
) -> Response:
    left = left_this_year(asking, school_code)
    chosen = left.get(child) if child is not None else None
    if child is not None and chosen is None and refusal is None:
        raise ChildNotHere
    return staff_page(
        request,
        "departures.html",
        status_of(refusal.code) if refusal else 200,
        school=asking.runtime.models.schools.school(school_code),
        left=left.values(),
        names=names_of(asking, left.values(), by),
        chosen=chosen,
        reasons=list(Returning),
        refusal=text_of(refusal.code, language_of(request)) if refusal else None,
    )


def names_of(asking: Asking, left: Iterable[Place], by: Envelope) -> dict[UUID, str]:
    """What the children are called; the looking is recorded."""
    ids = {place.child_id for place in left}
    known = asking.runtime.book.vault.show(ids, to=by.actor, purpose=PURPOSE, at=by.at)
    return {each: called(known, each) for each in ids}
