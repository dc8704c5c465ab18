"""不对？改正: a parent says which of their own details are wrong, and to what."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.access.actions import Action
from api.asking import Asking, InParent
from api.details import LONGEST, Typed, read, withdrawn
from api.language.catalogue import language_of
from api.pages.parent_data import fields_of
from api.pages.parent_words import parent_page
from api.problems import status_of, text_of
from domain.masking import mask_phone
from domain.refusals import Refused

router = APIRouter(include_in_schema=False)


@router.get("/me/data/correction")
def correction(request: Request, asking: InParent) -> Response:
    learner_id, _ = asking.own(Action.OWN_CASES)
    return show(request, asking, learner_id)


@router.post("/me/data/correction")
def ask(request: Request, asking: InParent, typed: Annotated[Typed, Form()]) -> Response:
    learner_id, by = asking.own(Action.OWN_CASES)
    wish = read(typed)
    if isinstance(wish, dict):
        return show(request, asking, learner_id, typed, wish)
    try:
        asking.runtime.settle(asking.runtime.book.details.ask(learner_id, wish, by))
    except Refused as refusal:
        return show(request, asking, learner_id, typed, {"": refusal})
    return RedirectResponse("/me/data", status_code=303)


@router.post("/me/data/correction/{request_id}/withdrawal")
def withdraw(asking: InParent, request_id: UUID) -> Response:
    withdrawn(asking, request_id)
    return RedirectResponse("/me/data", status_code=303)


def show(
    request: Request,
    asking: Asking,
    learner_id: UUID,
    typed: Typed | None = None,
    faults: dict[str, Refused] | None = None,
) -> Response:
    runtime = asking.runtime
    fields = fields_of(runtime, learner_id)
    phone = fields.get("phone", "")
    refused = {name: each.code for name, each in (faults or {}).items()}
    language = language_of(request)
    return parent_page(
        request, "parent/details.html", "data",
        max((status_of(code) for code in refused.values()), default=200),
        typed=typed or Typed(), longest=LONGEST, name=fields.get("name", ""),
        phone=mask_phone(phone) if phone else "",
        certificates=len(runtime.models.certificates.certificates_of_learner(learner_id)),
        faults={name: text_of(code, language) for name, code in refused.items()},
    )  # fmt: skip
