"""Erasures: staff write down what a parent asks; the data protection officer answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from api import erasing
from api.asking import Asking, InAsking
from api.erasure_effects import effects_of
from api.language.catalogue import language_of
from api.pages.staff_case_papers import writer
from api.pages.staff_class_list import called
from api.pages.staff_words import staff_page
from api.problems import status_of, text_of
from api.v1.cases import on_paper
from domain.envelope import Envelope
from domain.erasure import CertificateWish, ErasureGround
from domain.refusals import Refused
from projections.erasure_board import ErasureLine

router = APIRouter(include_in_schema=False)

LIST = "/staff/erasures"
ONE = LIST + "/{erasure_request_id}"
PAPER = "/staff/learners/{learner_id}/erasure"


@router.get(LIST)
def board(request: Request, asking: InAsking, before: UUID | None = None) -> Response:
    listed = erasing.listed(asking, before)
    return staff_page(request, "erasures.html", listed=listed, is_first=before is None)


@router.get(ONE)
def one(request: Request, asking: InAsking, erasure_request_id: UUID) -> Response:
    line, by = erasing.decidable(asking, erasure_request_id)
    return show(request, asking, line, by)


@router.post(ONE + "/carrying-out")
def carry_out(
    request: Request,
    asking: InAsking,
    erasure_request_id: UUID,
    identity_checked: Annotated[bool, Form()] = False,
) -> Response:
    line, by = erasing.decidable(asking, erasure_request_id)
    try:
        erasing.carry_out(asking.runtime, line, by, identity_checked=identity_checked)
    except Refused as refusal:
        return show(request, asking, line, by, refusal)
    return RedirectResponse(f"{LIST}/{erasure_request_id}", status_code=303)


@router.post(ONE + "/refusal")
def refuse(
    request: Request,
    asking: InAsking,
    erasure_request_id: UUID,
    ground: Annotated[ErasureGround, Form()],
) -> Response:
    line, by = erasing.decidable(asking, erasure_request_id)
    try:
        erasing.refuse(asking.runtime, line, ground, by)
    except Refused as refusal:
        return show(request, asking, line, by, refusal)
    return RedirectResponse(f"{LIST}/{erasure_request_id}", status_code=303)


@router.get(PAPER)
def paper(request: Request, asking: InAsking, learner_id: UUID) -> Response:
    return show_paper(request, asking, learner_id, writer(asking, learner_id))


@router.post(PAPER)
def write_down(
    request: Request,
    asking: InAsking,
    learner_id: UUID,
    certificates: Annotated[CertificateWish, Form()] = CertificateWish.WITHDRAW,
) -> Response:
    """A parent asks in writing: paper counts the same as the phone."""
    by = writer(asking, learner_id)
    try:
        erasing.request(asking.runtime, learner_id, certificates, on_paper(by))
    except Refused as refusal:
        return show_paper(request, asking, learner_id, by, refusal)
    return RedirectResponse(f"/staff/learners/{learner_id}", status_code=303)


def show(
    request: Request,
    asking: Asking,
    line: ErasureLine,
    by: Envelope,
    refusal: Refused | None = None,
) -> Response:
    runtime = asking.runtime
    line = runtime.models.erasures.line(line.request_id) or line
    ids = [line.learner_id] if line.state == "waiting" else []
    found = runtime.book.vault.show(ids, to=by.actor, purpose=erasing.PURPOSE, at=by.at)
    kept_until = line.answered_at and line.answered_at + timedelta(runtime.settings.backup_days)
    return staff_page(
        request, "erasure.html", status_of(refusal.code) if refusal else 200,
        line=line, name=called(found, line.learner_id), grounds=list(ErasureGround),
        effects=effects_of(runtime, line.learner_id) if ids else None, kept_until=kept_until,
        refusal=text_of(refusal.code, language_of(request)) if refusal else None,
    )  # fmt: skip


def show_paper(
    request: Request,
    asking: Asking,
    learner_id: UUID,
    by: Envelope,
    refusal: Refused | None = None,
) -> Response:
    runtime = asking.runtime
    found = runtime.book.vault.show([learner_id], to=by.actor, purpose=erasing.PURPOSE, at=by.at)
    return staff_page(
        request, "erasure_on_paper.html", status_of(refusal.code) if refusal else 200,
        learner_id=learner_id, name=called(found, learner_id), days=erasing.ANSWER_WITHIN,
        backup_days=runtime.settings.backup_days, effects=effects_of(runtime, learner_id),
        refusal=text_of(refusal.code, language_of(request)) if refusal else None,
    )  # fmt: skip
