"""删除我的信息: a parent reads what goes and what stays, and asks; the officer answers."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.access.actions import Action
from api.asking import Asking, InParent
from api.erasing import ANSWER_WITHIN, latest_of, withdraw_own
from api.erasing import request as ask_for
from api.erasure_effects import effects_of
from api.language.catalogue import language_of
from api.pages.erasure_words import WISHES
from api.pages.parent_words import parent_page
from api.problems import status_of, text_of
from domain.erasure import CertificateWish
from domain.refusals import Refused

router = APIRouter(include_in_schema=False)


@router.get("/me/data/erasure")
def before_asking(request: Request, asking: InParent) -> Response:
    """What it means, said before anything is done."""
    learner_id, _ = asking.own(Action.OWN_ERASURE)
    return explain(request, asking, learner_id)


@router.post("/me/data/erasure")
def ask(
    request: Request,
    asking: InParent,
    certificates: Annotated[CertificateWish, Form()] = CertificateWish.WITHDRAW,
) -> Response:
    learner_id, by = asking.own(Action.OWN_ERASURE)
    try:
        ask_for(asking.runtime, learner_id, certificates, by)
    except Refused as refusal:
        return explain(request, asking, learner_id, refusal)
    return RedirectResponse("/me/data", status_code=303)


@router.post("/me/data/erasure/{erasure_request_id}/withdrawal")
def take_back(asking: InParent, erasure_request_id: UUID) -> Response:
    withdraw_own(asking, erasure_request_id)
    return RedirectResponse("/me/data", status_code=303)


def explain(
    request: Request, asking: Asking, learner_id: UUID, refusal: Refused | None = None
) -> Response:
    runtime = asking.runtime
    return parent_page(
        request, "parent/erasure.html", "data", status_of(refusal.code) if refusal else 200,
        effects=effects_of(runtime, learner_id), wish=latest_of(runtime, learner_id),
        wishes=WISHES, days=ANSWER_WITHIN, backup_days=runtime.settings.backup_days,
        refusal=text_of(refusal.code, language_of(request)) if refusal else None,
    )  # fmt: skip
