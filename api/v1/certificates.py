"""The state of a certificate for programs: number and check code in, a verdict out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from api.access.actions import Action
from api.asking import InAsking, InRuntime
from api.certificate_checks import Checked, check
from api.certificates import let_stand
from api.pages.certificate_access import certificate_for
from api.v1.recorded import Recorded
from certificates.snapshot import Snapshot
from certificates.states import WORDS
from certificates.verifying import State
from certificates.wording import NOTICE, issuer_of
from domain.certificate_refusals import UnknownCertificate
from domain.masking import mask_name
from projections.certificate_register import RegisteredCertificate

router = APIRouter(prefix="/api/v1/certificates", tags=["certificates"])


class CertificateCheck(BaseModel):
    """What a certificate is worth now. Hours are hundredths (1250 = 12.50 学时)."""

    number: str
    state: State
    words: dict[str, str] = Field(description="The state in words, by language.")
    checked_at: datetime
    kind: str | None = None
    holder: str | None = Field(default=None, description="The holder's name, masked.")
    issuer: str | None = None
    issuer_now: str | None = Field(
        default=None, description="The school that answers for it now, where that is another name."
    )
    key_given_up_at: datetime | None = Field(
        default=None, description="Its key was given up then; the log proves it older."
    )
    stage: str | None = None
    level: int | None = None
    period: str | None = None
    hours: int | None = None
    face_to_face_hours: int | None = None
    exam_result: str | None = None
    awarded_on: date | None = None
    issued_at: datetime | None = None
    valid_until: date | None = Field(default=None, description="The last valid day.")
    rulebook_version: str | None = None
    key_id: str | None = None
    successor_number: str | None = None
    revoked_at: datetime | None = None
    notice: str = NOTICE


@router.get("/{number}")
def check_certificate(
    number: str, code: str, request: Request, response: Response, runtime: InRuntime
) -> CertificateCheck:
    """A mistyped number is told before any look-up; a wrong code looks like an unknown number."""
    address = request.client.host if request.client else ""
    checked = check(runtime, number, code, address)
    if checked.certificate is None:
        raise UnknownCertificate
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "no-store"
    return told(checked)


@router.post("/{number}/review/closing")
def close_review(number: str, asking: InAsking) -> Recorded:
    """Let it stand, as the head: what it certifies was taken back, and a person has decided."""
    certificate, by = certificate_for(asking, number, Action.CERTIFICATE_REVOKE_PROPOSE)
    return Recorded(position=let_stand(asking.runtime, certificate, by))


def told(checked: Checked) -> CertificateCheck:
    certificate, said = checked.certificate, checked.snapshot
    assert certificate is not None
    words = WORDS[checked.state]
    return CertificateCheck(
        number=checked.number,
        state=checked.state,
        words={"zh-CN": words.heading, "en": words.heading_in_english},
        checked_at=checked.checked_at,
        key_given_up_at=checked.key_given_up_at,
        issuer_now=checked.school_now,
        successor_number=certificate.successor_number,
        revoked_at=certificate.revoked_at,
        **(printed(said, certificate) if said else {}),
    )


def printed(said: Snapshot, certificate: RegisteredCertificate) -> dict[str, Any]:
    """What the sheet says; nothing of it is told once it is withdrawn or its holder erased."""
    return {
        "kind": certificate.kind,
        "key_id": certificate.key_id,
        "holder": mask_name(said.holder_name),
        "issuer": issuer_of(said),
        "stage": said.stage,
        "level": said.level,
        "period": said.period or None,
        "hours": said.hours,
        "face_to_face_hours": said.face_to_face_hours,
        "exam_result": said.exam_result,
        "awarded_on": said.awarded_on,
        "issued_at": said.issued_at,
        "valid_until": said.valid_until,
        "rulebook_version": said.rulebook_version,
    }
