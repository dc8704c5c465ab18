"""The plan check as a page: what a family of each grade can reach, and what the plan lacks."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.access.actions import Action
from api.asking import InAsking
from api.language.catalogue import language_of
from api.pages.parent_words import STARS
from api.pages.plan_words import lacking_text
from api.pages.staff_words import staff_page
from api.plan_checking import checked_plan

router = APIRouter(include_in_schema=False)


@router.get("/staff/plans/{school_code}/{term}/check")
def check(request: Request, asking: InAsking, school_code: str, term: str) -> Response:
    asking.may(Action.COMPLIANCE_READ, school_code)
    checked = checked_plan(asking.runtime, school_code, term)
    return staff_page(
        request,
        "plan_check.html",
        checked=checked,
        lacking=partial(lacking_text, language_of(request)),
        star_names=STARS,
    )
