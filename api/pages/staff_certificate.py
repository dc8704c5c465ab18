"""One certificate as its school sees it: printed, reissued, its revocation proposed, confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.access.actions import Action
from api.access.policy import Forbidden, LoginRequired, Organisation, allowed
from api.asking import Asking, InAsking
from api.bootstrap import Runtime
from api.certificate_checks import Checked, judged
from api.certificate_documents import check_code_of
from api.certificates import (
    SCHOOL_STAFF,
    ReissueReason,
    RevocationReason,
    confirm_revocation,
    let_stand,
    propose_revocation,
    reissue,
)
from api.language.catalogue import language_of
from api.pages.certificate_access import PURPOSE, certificate_for
from api.pages.certificate_words import certificate_page
from api.problems import status_of, text_of
from api.reaching import may_too
from domain.envelope import Envelope
from domain.masking import mask_name
from domain.refusals import Refused
from projections.certificate_register import RegisteredCertificate

router = APIRouter(include_in_schema=False)

REGION_DIGITS = 6


@dataclass(frozen=True)
class Proposal:
    """A revocation that waits for the district. Nobody confirms their own proposal."""

    certificate: RegisteredCertificate
    school: str
    is_own: bool


@router.get("/staff/certificates/{number}")
def certificate_page_of(
    request: Request, asking: InAsking, number: str, done: str = ""
) -> Response:
    certificate, by = certificate_for(asking, number, Action.CERTIFICATE_READ)
    return show(request, asking, certificate, by, done=done)


@router.post("/staff/certificates/{number}/reissue")
def reissue_certificate(
    request: Request, asking: InAsking, number: str, reason: Annotated[ReissueReason, Form()]
) -> Response:
    certificate, by = certificate_for(asking, number, Action.CERTIFICATE_REISSUE)
    try:
        issued = reissue(asking.runtime, certificate, reason, by)
    except Refused as refusal:
        return show(request, asking, certificate, by, refusal)
    return RedirectResponse(f"/staff/certificates/{issued.number}?done=reissued", status_code=303)


@router.post("/staff/certificates/{number}/revocation")
def propose(
    request: Request, asking: InAsking, number: str, reason: Annotated[RevocationReason, Form()]
) -> Response:
    certificate, by = certificate_for(asking, number, Action.CERTIFICATE_REVOKE_PROPOSE)
    try:
        propose_revocation(asking.runtime, certificate, reason, by)
    except Refused as refusal:
        return show(request, asking, certificate, by, refusal)
    return RedirectResponse(f"/staff/certificates/{certificate.number}?done=proposed", 303)


@router.get("/staff/revocations")
def revocations(request: Request, asking: InAsking, done: str = "") -> Response:
    """What the heads of a district's schools have proposed."""
    return show_proposals(request, asking, done=done)


@router.post("/staff/certificates/{number}/revocation/confirm")
def confirm(request: Request, asking: InAsking, number: str) -> Response:
    certificate, by = certificate_for(asking, number, Action.CERTIFICATE_REVOKE_CONFIRM)
    try:
        confirm_revocation(asking.runtime, certificate, by)
    except Refused as refusal:
        return show_proposals(request, asking, refusal)
    return RedirectResponse("/staff/revocations?done=revoked", status_code=303)


@router.post("/staff/certificates/{number}/review/closing")
def close_review(asking: InAsking, number: str) -> Response:
    """Let it stand, as the head: what it certifies was taken back, and a person has decided."""
    certificate, by = certificate_for(asking, number, Action.CERTIFICATE_REVOKE_PROPOSE)
    let_stand(asking.runtime, certificate, by)
    return RedirectResponse(f"/staff/certificates/{certificate.number}", status_code=303)


def show(
    request: Request,
    asking: Asking,
    certificate: RegisteredCertificate,
    by: Envelope,
    refusal: Refused | None = None,
    done: str = "",
) -> Response:
    runtime = asking.runtime
    checked = judged(runtime, certificate)
    return certificate_page(
        request,
        "staff_certificate.html",
        status_of(refusal.code) if refusal else 200,
        certificate=certificate,
        checked=checked,
        holder=holder_of(asking, checked, by),
        school=runtime.models.schools.school(certificate.school_code),
        check_code=check_code_of(runtime, certificate.number),
        replaces=number_of(runtime, certificate.replaces),
        may_print=checked.snapshot is not None and by.actor.role in SCHOOL_STAFF,
        **steps_of(asking, checked),
        reissue_reasons=[reason.value for reason in ReissueReason],
        revocation_reasons=[reason.value for reason in RevocationReason],
        done=done,
        refusal=text_of(refusal.code, language_of(request)) if refusal else None,
        home="/staff",
        here=f"/staff/certificates/{certificate.number}",
    )


def number_of(runtime: Runtime, certificate_id: UUID | None) -> str | None:
    found = runtime.models.certificates.by_id(certificate_id) if certificate_id else None
    return found.number if found else None


def steps_of(asking: Asking, checked: Checked) -> dict[str, bool]:
    """What the page may offer for a certificate that is in force."""
    certificate = checked.certificate
    stands = certificate is not None and certificate.state == "valid" and checked.snapshot

    def may(action: Action) -> bool:
        if certificate is None or not stands:
            return False
        return may_too(asking, action, certificate.school_code)

    is_proposed = certificate is not None and certificate.proposed_by is not None
    is_reviewed = certificate is not None and certificate.review_reason is not None
    may_propose = may(Action.CERTIFICATE_REVOKE_PROPOSE)
    return {
        "may_reissue": not is_proposed and may(Action.CERTIFICATE_REISSUE),
        "may_withdraw": not is_proposed and may(Action.CERTIFICATE_WITHDRAW),
        "may_propose": not is_proposed and may_propose,
        "may_keep": is_reviewed and may_propose,
    }


def holder_of(asking: Asking, checked: Checked, by: Envelope) -> str:
    """The name in full for the school's own staff, masked above it; either look is logged."""
    said, certificate = checked.snapshot, checked.certificate
    if said is None or certificate is None:
        return "—"
    log = asking.runtime.book.vault.access_log
    log.note([certificate.learner_id], by.actor, PURPOSE, by.at)
    return said.holder_name if by.actor.role in SCHOOL_STAFF else mask_name(said.holder_name)


def show_proposals(
    request: Request, asking: Asking, refusal: Refused | None = None, done: str = ""
) -> Response:
    return certificate_page(
        request,
        "revocations.html",
        status_of(refusal.code) if refusal else 200,
        proposals=proposals_for(asking),
        done=done,
        refusal=text_of(refusal.code, language_of(request)) if refusal else None,
        home="/staff",
        here="/staff/revocations",
    )


def proposals_for(asking: Asking) -> list[Proposal]:
    """Raises LoginRequired, and Forbidden for whoever confirms nowhere."""
    models = asking.runtime.models
    districts = confirming_districts(asking)
    found = [each for code in districts for each in models.certificates.proposed_in(code)]
    principal = asking.principal
    assert principal is not None
    return [
        Proposal(
            certificate=each,
            school=school.name if (school := models.schools.school(each.school_code)) else "",
            is_own=each.proposed_by == principal.person_id,
        )
        for each in found
    ]


def confirming_districts(asking: Asking) -> list[str]:
    if asking.principal is None:
        raise LoginRequired
    action, now = Action.CERTIFICATE_REVOKE_CONFIRM, asking.runtime.now()
    codes = {grant.organisation for grant in asking.principal.grants if grant.holds(now)}
    regions = [code for code in sorted(codes) if len(code) == REGION_DIGITS]
    districts = [
        code
        for code in regions
        if allowed(asking.principal, action, Organisation(district=code), now) is not None
    ]
    if not districts:
        raise Forbidden(action=action.value)
    return districts
