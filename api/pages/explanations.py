"""Pages that explain: a line, a completion, a star, a certificate, opened down to the scans."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.access.actions import Action
from api.asking import InAsking, InParent
from api.explaining import (
    Explanation,
    certificate_explained,
    certificate_numbered,
    completion_explained,
    line_explained,
    own_certificate_numbered,
    star_explained,
)
from api.facts import with_history
from api.language.catalogue import language_of
from api.pages.parent_words import parent_page, say
from api.pages.staff_words import role_called, staff_page

router = APIRouter(include_in_schema=False)


@router.get("/me/statement/{entry_id}/why")
def own_line(request: Request, asking: InParent, entry_id: UUID) -> Response:
    learner_id, _ = asking.own(Action.OWN_READ)
    found = line_explained(asking.runtime, learner_id, entry_id)
    return for_parent(request, found, wrong=f"/me/statement/{entry_id}")


@router.get("/me/completions/{stage}/{period}")
def own_completion(request: Request, asking: InParent, stage: str, period: str) -> Response:
    learner_id, _ = asking.own(Action.OWN_READ)
    return for_parent(request, completion_explained(asking.runtime, learner_id, stage, period))


@router.get("/me/stars/{stage}/{level}")
def own_star(request: Request, asking: InParent, stage: str, level: int) -> Response:
    learner_id, _ = asking.own(Action.OWN_READ)
    return for_parent(request, star_explained(asking.runtime, learner_id, stage, level))


@router.get("/me/certificates/{number}/explanation")
def own_certificate(request: Request, asking: InParent, number: str) -> Response:
    learner_id, _ = asking.own(Action.OWN_READ)
    found = own_certificate_numbered(asking.runtime, learner_id, number)
    return for_parent(request, certificate_explained(asking.runtime, found), "certificates")


@router.get("/staff/learners/{learner_id}/lines/{entry_id}")
def line(request: Request, asking: InAsking, learner_id: UUID, entry_id: UUID) -> Response:
    with_history(asking, learner_id)
    found = line_explained(asking.runtime, learner_id, entry_id)
    return for_staff(request, learner_id, found)


@router.get("/staff/learners/{learner_id}/completions/{stage}/{period}")
def completion(
    request: Request, asking: InAsking, learner_id: UUID, stage: str, period: str
) -> Response:
    with_history(asking, learner_id)
    found = completion_explained(asking.runtime, learner_id, stage, period)
    return for_staff(request, learner_id, found)


@router.get("/staff/learners/{learner_id}/stars/{stage}/{level}")
def star(request: Request, asking: InAsking, learner_id: UUID, stage: str, level: int) -> Response:
    with_history(asking, learner_id)
    return for_staff(request, learner_id, star_explained(asking.runtime, learner_id, stage, level))


@router.get("/staff/certificates/{number}/explanation")
def certificate(request: Request, asking: InAsking, number: str) -> Response:
    found = certificate_numbered(asking.runtime, number)
    with_history(asking, found.learner_id)
    return for_staff(request, found.learner_id, certificate_explained(asking.runtime, found))


def for_parent(
    request: Request, explanation: Explanation, tab: str = "statement", wrong: str | None = None
) -> Response:
    """`wrong` is where the parent says that it is not right."""
    return parent_page(
        request, "parent/explanation.html", tab, explanation=explanation, wrong=wrong
    )


def for_staff(request: Request, learner_id: UUID, explanation: Explanation) -> Response:
    language = language_of(request)
    return staff_page(
        request,
        "explanation.html",
        learner_id=learner_id,
        explanation=explanation,
        say=partial(say, language),
        role_name=partial(role_called, language),
    )
