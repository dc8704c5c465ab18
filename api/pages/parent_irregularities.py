"""What is being looked into that concerns a parent: a calm question, and their answer to it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.asking import InParent
from api.irregularity_reaching import own_irregularity
from api.pages.irregularity_words import OUTCOMES, QUESTIONS, SAYS
from api.pages.parent_words import parent_page
from api.v1.case_states import LONGEST
from domain.irregularity_finding import HeardBy, Says
from ledger.irregularities import Answer

router = APIRouter(include_in_schema=False)


@router.get("/me/irregularities/{irregularity_id}")
def one(request: Request, asking: InParent, irregularity_id: UUID) -> Response:
    own, _ = own_irregularity(asking, irregularity_id)
    said = asking.runtime.book.irregularities.words
    return parent_page(
        request, "parent/irregularity.html", "statement", row=own.found, questions=QUESTIONS,
        outcomes=OUTCOMES, says=SAYS, longest=LONGEST,
        answers=[(each, said(each.words_id) if each.words_id else "") for each in own.steps],
    )  # fmt: skip


@router.post("/me/irregularities/{irregularity_id}/answer")
def answer(
    asking: InParent,
    irregularity_id: UUID,
    says: Annotated[Says, Form()],
    words: Annotated[str, Form(max_length=LONGEST)] = "",
) -> Response:
    own, by = own_irregularity(asking, irregularity_id)
    given = Answer(says, HeardBy.SCREEN, words)
    book = asking.runtime.book
    asking.runtime.settle(book.irregularities.hear(irregularity_id, own.record_ids[0], given, by))
    return RedirectResponse(f"/me/irregularities/{irregularity_id}", status_code=303)
