"""The stars that a parent's school publishes, with masked names, and how to object."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.access.actions import Action
from api.asking import Asking, InParent
from api.language.catalogue import language_of
from api.pages.parent_words import parent_page
from api.pages.star_words import OBJECTION_REASONS
from api.problems import status_of, text_of
from api.star_proposals import masked, objectionable, published_to
from api.v1.star_proposals import MOST_WORDS
from domain.grades import Stage
from domain.refusals import Refused
from domain.star_proposal import ObjectionReason

router = APIRouter(include_in_schema=False)


@router.get("/me/stars")
def published(request: Request, asking: InParent, done: bool = False) -> Response:
    return show(request, asking, done=done)


@router.post("/me/stars/{proposal_id}/objections")
def object_to(
    request: Request,
    asking: InParent,
    proposal_id: UUID,
    reason_code: Annotated[ObjectionReason, Form()],
    words: Annotated[str, Form(max_length=MOST_WORDS)] = "",
) -> Response:
    by = objectionable(asking, proposal_id)
    book = asking.runtime.book
    try:
        book.star_proposals.object_to(proposal_id, reason_code, words, by)
    except Refused as refusal:
        return show(request, asking, refusal)
    asking.runtime.settle(book.ledger.position())
    return RedirectResponse("/me/stars?done=true", status_code=303)


def show(
    request: Request, asking: Asking, refusal: Refused | None = None, *, done: bool = False
) -> Response:
    learner_id, _ = asking.own(Action.OWN_READ)
    runtime = asking.runtime
    found = published_to(asking, learner_id)
    names = masked(asking.runtime.book.vault.open(each.learner_id for each in found))
    schools = {each.school_code: runtime.models.schools.school(each.school_code) for each in found}
    return parent_page(
        request, "parent/stars.html", "home",
        status=status_of(refusal.code) if refusal else 200,
        proposals=[(each, Stage(each.stage), names.get(each.learner_id, "")) for each in found],
        schools=schools, own=learner_id, done=done, objection_reasons=OBJECTION_REASONS,
        refusal=text_of(refusal.code, language_of(request)) if refusal else None,
        most_words=MOST_WORDS,
    )  # fmt: skip
