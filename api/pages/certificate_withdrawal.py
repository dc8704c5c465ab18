"""A holder gives a certificate up (持证人注销): on their own page, or on paper at the school."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.access.actions import Action
from api.asking import InAsking, InParent
from api.certificates import withdraw
from api.language.catalogue import language_of
from api.pages.certificate_access import certificate_for, own_certificate
from api.pages.certificate_words import certificate_page
from api.problems import status_of, text_of
from api.v1.cases import on_paper
from domain.refusals import Refused
from projections.certificate_register import RegisteredCertificate

router = APIRouter(include_in_schema=False)

OWN: Final = "/me/certificates"
OF_STAFF: Final = "/staff/certificates"


@router.get("/me/certificates/{number}/withdrawal")
def before_withdrawing(request: Request, asking: InParent, number: str) -> Response:
    """What it means, said before anything is done."""
    certificate, _ = own_certificate(asking, number, Action.OWN_WITHDRAW)
    return explain(request, certificate, OWN)


@router.post("/me/certificates/{number}/withdrawal")
def withdraw_own(request: Request, asking: InParent, number: str) -> Response:
    certificate, by = own_certificate(asking, number, Action.OWN_WITHDRAW)
    try:
        withdraw(asking.runtime, certificate, by)
    except Refused as refusal:
        return explain(request, certificate, OWN, refusal)
    return RedirectResponse(f"{OWN}/{certificate.number}?done=withdrawn", status_code=303)


@router.get("/staff/certificates/{number}/withdrawal")
def before_writing_down(request: Request, asking: InAsking, number: str) -> Response:
    certificate, _ = certificate_for(asking, number, Action.CERTIFICATE_WITHDRAW)
    return explain(request, certificate, OF_STAFF)


@router.post("/staff/certificates/{number}/withdrawal")
def write_down(request: Request, asking: InAsking, number: str) -> Response:
    """The holder asked in writing: paper counts the same as the phone."""
    certificate, by = certificate_for(asking, number, Action.CERTIFICATE_WITHDRAW)
    try:
        withdraw(asking.runtime, certificate, on_paper(by))
    except Refused as refusal:
        return explain(request, certificate, OF_STAFF, refusal)
    return RedirectResponse(f"/staff/learners/{certificate.learner_id}", status_code=303)


def explain(
    request: Request,
    certificate: RegisteredCertificate,
    where: str,
    refusal: Refused | None = None,
) -> Response:
    return certificate_page(
        request,
        "withdrawal.html",
        status_of(refusal.code) if refusal else 200,
        certificate=certificate,
        where=f"{where}/{certificate.number}",
        is_own=where == OWN,
        may_withdraw=may_be_withdrawn(certificate),
        refusal=text_of(refusal.code, language_of(request)) if refusal else None,
        home="/me" if where == OWN else "/staff",
        here=f"{where}/{certificate.number}/withdrawal",
    )


def may_be_withdrawn(certificate: RegisteredCertificate) -> bool:
    return certificate.state == "valid" and certificate.proposed_by is None
