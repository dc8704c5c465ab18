"""Revocations that the heads of a district's schools have proposed; the district decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.access.actions import Action
from api.access.policy import Forbidden, LoginRequired, Organisation
from api.asking import Asking, InAsking
from api.bootstrap import Runtime
from api.language.catalogue import language_of
from api.pages.certificate_access import certificate_for
from api.pages.certificate_words import certificate_page
from api.problems import status_of, text_of
from api.proposed import is_accused
from api.reaching import may_in
from api.revocations import confirm_revocation, decline_revocation
from domain.envelope import Envelope
from domain.refusals import Refused
from domain.revocation import RevocationReason
from projections.certificate_register import RegisteredCertificate

router = APIRouter(include_in_schema=False)

LIST = "/staff/revocations"
DECIDE = Action.CERTIFICATE_REVOKE_CONFIRM
Read = Annotated[RevocationReason, Form()]
Decision = Callable[[Runtime, RegisteredCertificate, RevocationReason, Envelope], int]


@dataclass(frozen=True)
class Proposal:
    """A revocation that waits for the district. Nobody decides on their own proposal."""

    certificate: RegisteredCertificate
    school: str
    is_own: bool

    @property
    def waits_for_hearing(self) -> bool:
        return is_accused(self.certificate)


@router.get("/staff/revocations")
def revocations(request: Request, asking: InAsking, done: str = "") -> Response:
    """What the heads of a district's schools have proposed."""
    return show_proposals(request, asking, done=done)


@router.post("/staff/certificates/{number}/revocation/confirm")
def confirm(request: Request, asking: InAsking, number: str, reason: Read) -> Response:
    return decided(request, asking, number, reason, confirm_revocation, "revoked")


@router.post("/staff/certificates/{number}/revocation/decline")
def decline(request: Request, asking: InAsking, number: str, reason: Read) -> Response:
    return decided(request, asking, number, reason, decline_revocation, "declined")


def decided(
    request: Request,
    asking: Asking,
    number: str,
    reason: RevocationReason,
    decide: Decision,
    done: str,
) -> Response:
    certificate, by = certificate_for(asking, number, DECIDE)
    try:
        decide(asking.runtime, certificate, reason, by)
    except Refused as refusal:
        return show_proposals(request, asking, refusal)
    return RedirectResponse(f"{LIST}?done={done}", status_code=303)


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
        here=LIST,
    )


def proposals_for(asking: Asking) -> list[Proposal]:
    """Raises LoginRequired, and Forbidden for whoever decides nowhere."""
    if asking.principal is None:
        raise LoginRequired
    districts = deciding_districts(asking)
    if not districts:
        raise Forbidden(action=DECIDE.value)
    return [proposal_of(asking, each) for code in districts for each in proposed_in(asking, code)]


def proposal_of(asking: Asking, certificate: RegisteredCertificate) -> Proposal:
    school = asking.runtime.models.schools.school(certificate.school_code)
    return Proposal(certificate, school.name if school else "", is_own(asking, certificate))


def is_own(asking: Asking, certificate: RegisteredCertificate) -> bool:
    return asking.principal is not None and certificate.proposed_by == asking.principal.person_id


def proposed_in(asking: Asking, district_code: str) -> list[RegisteredCertificate]:
    return asking.runtime.models.certificates.proposed_in(district_code)


def waiting_for(asking: Asking) -> int:
    """How many proposals the asker may decide on."""
    found = (each for code in deciding_districts(asking) for each in proposed_in(asking, code))
    return sum(not is_own(asking, each) for each in found)


def deciding_districts(asking: Asking) -> list[str]:
    """The districts whose proposals the asker decides on; none for most."""
    return [code for code in asking.regions if may_in(asking, DECIDE, Organisation(district=code))]
