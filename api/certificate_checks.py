"""Checking a certificate by its number and check code, or by what its QR code says."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from api.access.rate_limit import CERTIFICATE_BY_ADDRESS, NAME_BY_CERTIFICATE, address_subject
from api.bootstrap import Runtime
from api.certificate_documents import signed_of, snapshot_of
from api.certificate_particulars import salt_of
from api.given_up import proves_older
from api.signing import key_store
from certificates import check_code, commitment, verifying
from certificates import number as numbers
from certificates.claims import Claims
from certificates.public_keys import PublicKey, by_kid
from certificates.snapshot import Snapshot
from certificates.status import Status
from certificates.verifying import Reason, State, Verdict
from domain.certificate_refusals import UnknownCertificate
from domain.refusals import Refused
from projections.certificate_register import RegisteredCertificate
from projections.sight import everything_in_sight

STATUSES = {
    "valid": Status.VALID,
    "revoked": Status.REVOKED,
    "replaced": Status.REPLACED,
    "suspended": Status.SUSPENDED,
    "withdrawn": Status.WITHDRAWN,
}


class AnotherName(Refused):
    """Not the name on the certificate."""

    code = "name_differs"


@dataclass(frozen=True)
class Checked:
    """The answer to a number and its check code. Without a certificate nothing else is told."""

    state: State
    checked_at: datetime
    number: str
    certificate: RegisteredCertificate | None = None
    snapshot: Snapshot | None = None
    claims: Claims | None = None
    reason: Reason | None = None
    key_given_up_at: datetime | None = None
    school_now: str | None = None  # where it has another name, or another school answers for it


def check(runtime: Runtime, typed_number: str, typed_code: str, address: str) -> Checked:
    """Judge what somebody typed. Refuses InvalidNumber before any look-up, TooManyTries."""
    number = numbers.read(typed_number)
    limit = (CERTIFICATE_BY_ADDRESS, address_subject(address))
    try:
        with runtime.limits.counting_failures(limit, at=runtime.now()):
            return found(runtime, number, typed_code)
    except UnknownCertificate:
        return Checked(State.NOT_FOUND, runtime.now(), number)


@everything_in_sight()
def found(runtime: Runtime, number: str, typed_code: str) -> Checked:
    """Refuses UnknownCertificate, for a wrong code as for a number that was never given out."""
    if not check_code.matches(runtime.secrets.check_code, number, typed_code):
        raise UnknownCertificate
    certificate = runtime.models.certificates.by_number(number)
    if certificate is None:
        raise UnknownCertificate
    return judged(runtime, certificate)


def judged(runtime: Runtime, certificate: RegisteredCertificate) -> Checked:
    """The state of a registered certificate: its signed bytes are verified like anybody's."""
    now = runtime.now()
    signed = signed_of(runtime, certificate)
    if signed is None:
        return Checked(state_without_documents(certificate), now, certificate.number, certificate)
    verdict = verify(runtime, signed)
    state = verdict.state
    if verdict.reason is Reason.COMPROMISED_KEY and certificate.state != "valid":
        state = state_of(runtime, certificate)  # it was ours, and there is a new one to ask for
    if state is State.WITHDRAWN:
        return Checked(State.WITHDRAWN, now, certificate.number, certificate)
    said = snapshot_of(runtime, certificate)
    school = runtime.models.schools.answering(certificate.school_code)
    return Checked(
        state=state,
        checked_at=now,
        number=certificate.number,
        certificate=certificate,
        snapshot=said,
        claims=verdict.claims,
        reason=verdict.reason,
        key_given_up_at=verdict.key_given_up_at,
        school_now=school.name if school and said and school.name != said.school_name else None,
    )


def state_without_documents(certificate: RegisteredCertificate) -> State:
    """As the status list says it; one in force without its documents is given up with them."""
    status = STATUSES[certificate.state]
    return State.WITHDRAWN if status is Status.VALID else State[status.name]


def state_of(runtime: Runtime, certificate: RegisteredCertificate) -> State:
    """The state by the register alone, for lists: nothing is unsealed."""
    status = STATUSES[certificate.state]
    if status is not Status.VALID:
        return State[status.name]
    ends = certificate.valid_until
    return State.EXPIRED if ends is not None and runtime.now() >= ends else State.VALID


def verify(runtime: Runtime, presented: str | bytes) -> Verdict:
    """Judge a scanned text or signed bytes by our own keys and register."""
    keys = by_kid(key_store(runtime).public_keys())

    def status_of(claims: Claims) -> Status | None:
        known = runtime.models.certificates.by_id(claims.certificate_id)
        return None if known is None else STATUSES[known.state]

    def is_older(key: PublicKey, signed: bytes) -> bool:
        return proves_older(runtime, key, hashlib.sha256(signed).hexdigest())

    return verifying.verify(presented, keys, status_of, runtime.now(), is_older)


def same_name(runtime: Runtime, checked: Checked, typed: str) -> bool:
    """Whether somebody typed the name on the certificate: five tries. Refuses TooManyTries."""
    limit = (NAME_BY_CERTIFICATE, checked.number)
    try:
        with runtime.limits.counting_failures(limit, at=runtime.now()):
            require_name(runtime, checked, typed)
    except AnotherName:
        return False
    return True


def require_name(runtime: Runtime, checked: Checked, typed: str) -> None:
    """Against the commitment in the event: a swapped name in the vault would show."""
    certificate = checked.certificate
    if certificate is None:
        raise AnotherName
    salt = salt_of(runtime, certificate)
    committed = bytes.fromhex(certificate.name_commitment)
    if salt is None or not commitment.same_name(typed, salt, committed):
        raise AnotherName
