"""Details that parents say are wrong: the school grants or refuses, and writes down paper."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.access.actions import Action
from api.asking import Asking, InAsking
from api.details import LONGEST, PURPOSE, Typed, may_decide, read, waiting_at
from api.language.catalogue import language_of
from api.pages.staff_case_papers import writer
from api.pages.staff_class_list import called
from api.pages.staff_words import staff_page
from api.problems import status_of, text_of
from api.reaching import may_too
from api.v1.cases import on_paper
from domain.details import DetailsRefusal
from domain.envelope import Envelope
from domain.masking import mask_phone
from domain.refusals import Refused

router = APIRouter(include_in_schema=False)

LIST = "/staff/details/{school_code}"


@router.get(LIST)
def waiting(request: Request, asking: InAsking, school_code: str) -> Response:
    by = asking.may(Action.LEARNER_CONFIRM, school_code)
    return show(request, asking, school_code, by)


@router.post(LIST + "/{request_id}/grant")
def grant(request: Request, asking: InAsking, school_code: str, request_id: UUID) -> Response:
    line, by = may_decide(asking, school_code, request_id)
    runtime = asking.runtime
    try:
        runtime.settle(runtime.book.details.grant(line.learner_id, request_id, by))
    except Refused as refusal:
        return show(request, asking, school_code, by, refusal)
    return RedirectResponse(f"/staff/details/{school_code}", status_code=303)


@router.post(LIST + "/{request_id}/refusal")
def refuse(
    request: Request,
    asking: InAsking,
    school_code: str,
    request_id: UUID,
    reason: Annotated[DetailsRefusal, Form()],
) -> Response:
    line, by = may_decide(asking, school_code, request_id)
    runtime = asking.runtime
    try:
        runtime.settle(runtime.book.details.refuse(line.learner_id, request_id, reason, by))
    except Refused as refusal:
        return show(request, asking, school_code, by, refusal)
    return RedirectResponse(f"/staff/details/{school_code}", status_code=303)


@router.get("/staff/learners/{learner_id}/details")
def paper(request: Request, asking: InAsking, learner_id: UUID) -> Response:
    return show_paper(request, asking, learner_id, writer(asking, learner_id))


@router.post("/staff/learners/{learner_id}/details")
def write_down(
    request: Request, asking: InAsking, learner_id: UUID, typed: Annotated[Typed, Form()]
) -> Response:
    """A parent asks in person: paper counts the same as the phone."""
    by, runtime = writer(asking, learner_id), asking.runtime
    wish = read(typed)
    if isinstance(wish, dict):
        return show_paper(request, asking, learner_id, by, typed, wish)
    try:
        runtime.settle(runtime.book.details.ask(learner_id, wish, on_paper(by)))
    except Refused as refusal:
        return show_paper(request, asking, learner_id, by, typed, {"": refusal})
    return RedirectResponse(f"/staff/details/{by.actor.organisation}", status_code=303)


def show(
    request: Request,
    asking: Asking,
    school_code: str,
    by: Envelope,
    refusal: Refused | None = None,
) -> Response:
    return staff_page(
        request,
        "details.html",
        status_of(refusal.code) if refusal else 200,
        school=asking.runtime.models.schools.school(school_code),
        waiting=waiting_at(asking, school_code, by),
        reasons=list(DetailsRefusal),
        may_move=may_too(asking, Action.TRANSFER_RELEASE, school_code),
        mask_phone=mask_phone,
        refusal=text_of(refusal.code, language_of(request)) if refusal else None,
    )


def show_paper(
    request: Request,
    asking: Asking,
    learner_id: UUID,
    by: Envelope,
    typed: Typed | None = None,
    faults: dict[str, Refused] | None = None,
) -> Response:
    found = asking.runtime.book.vault.show([learner_id], to=by.actor, purpose=PURPOSE, at=by.at)
    subject = found.get(learner_id)
    phone = subject.fields.get("phone", "") if subject else ""
    refused = {name: each.code for name, each in (faults or {}).items()}
    language = language_of(request)
    return staff_page(
        request, "details_on_paper.html",
        max((status_of(code) for code in refused.values()), default=200),
        learner_id=learner_id, longest=LONGEST,
        typed=typed or Typed(), name=called(found, learner_id),
        phone=mask_phone(phone) if phone else "",
        faults={name: text_of(code, language) for name, code in refused.items()},
    )  # fmt: skip
