"""One certificate as its school sees it: printed, reissued, its revocation proposed, taken back."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.access.actions import Action
from api.asking import Asking, InAsking
from api.bootstrap import Runtime
from api.certificate_checks import Checked, judged
from api.certificate_documents import check_code_of
from api.certificates import SCHOOL_STAFF, let_stand
from api.language.catalogue import language_of
from api.pages.certificate_access import PURPOSE, certificate_for
from api.pages.certificate_words import certificate_page
from api.problems import status_of, text_of
from api.proposed import is_accused
from api.reaching import may_too
from api.reissuing import ReissueReason, reissue
from api.revocations import propose_revocation, withdraw_revocation
from domain.envelope import Envelope
from domain.masking import mask_name
from domain.refusals import Refused
from domain.revocation import RevocationReason
from projections.certificate_register import RegisteredCertificate

router = APIRouter(include_in_schema=False)


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


@router.post("/staff/certificates/{number}/revocation/withdrawal")
def withdraw(request: Request, asking: InAsking, number: str) -> Response:
    certificate, by = certificate_for(asking, number, Action.CERTIFICATE_REVOKE_PROPOSE)
    try:
        withdraw_revocation(asking.runtime, certificate, by)
    except Refused as refusal:
        return show(request, asking, certificate, by, refusal)
    return RedirectResponse(f"/staff/certificates/{certificate.number}?done=dropped", 303)


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
        **others_of(runtime, certificate),
        may_print=checked.snapshot is not None and by.actor.role in SCHOOL_STAFF,
        **steps_of(asking, checked),
        reissue_reasons=[reason.value for reason in ReissueReason],
        revocation_reasons=[reason.value for reason in RevocationReason],
        done=done,
        refusal=text_of(refusal.code, language_of(request)) if refusal else None,
        home="/staff",
        here=f"/staff/certificates/{certificate.number}",
    )


def others_of(runtime: Runtime, certificate: RegisteredCertificate) -> dict[str, str | None]:
    """The numbers of those before it, and of the one that was issued after it was revoked."""
    followed_by = runtime.models.certificates.issued_after(certificate.certificate_id)
    return {
        "replaces": number_of(runtime, certificate.replaces),
        "follows": number_of(runtime, certificate.follows),
        "followed_by": followed_by.number if followed_by else None,
    }


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
        "may_take_back": is_proposed and may_propose,
        "may_decide": is_proposed and may(Action.CERTIFICATE_REVOKE_CONFIRM),
        "may_keep": is_reviewed and may_propose,
        "waits_for_hearing": certificate is not None and is_accused(certificate),
    }


def holder_of(asking: Asking, checked: Checked, by: Envelope) -> str:
    """The name in full for the school's own staff, masked above it; either look is logged."""
    said, certificate = checked.snapshot, checked.certificate
    if said is None or certificate is None:
        return "—"
    log = asking.runtime.book.vault.access_log
    log.note([certificate.learner_id], by.actor, PURPOSE, by.at)
    return said.holder_name if by.actor.role in SCHOOL_STAFF else mask_name(said.holder_name)
