"""Verifying a scanned certificate: the answer is always a verdict, never an exception."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from certificates import claims as signed_claims
from certificates import cose, qr
from certificates.claims import Claims
from certificates.public_keys import PublicKey
from certificates.status import Status

StatusOf = Callable[[Claims], Status | None]


class State(StrEnum):
    """The one word a verifier sees."""

    VALID = "valid"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    FORGED = "forged"
    NOT_FOUND = "not_found"
    STATUS_UNKNOWN = "status_unknown"


class Reason(StrEnum):
    """Why a certificate is forged or not found."""

    NO_PAYLOAD = "no_payload"
    MALFORMED = "malformed"
    UNKNOWN_KEY = "unknown_key"
    COMPROMISED_KEY = "compromised_key"
    BAD_SIGNATURE = "bad_signature"
    OUTSIDE_KEY_WINDOW = "outside_key_window"
    FOREIGN_ISSUER = "foreign_issuer"
    NOT_YET_VALID = "not_yet_valid"


@dataclass(frozen=True)
class Verdict:
    """What was found at `checked_at`. Claims are there only when the signature is good."""

    state: State
    checked_at: datetime
    claims: Claims | None = None
    key_id: str | None = None
    reason: Reason | None = None


_WORDS = {
    Status.REVOKED: State.REVOKED,
    Status.SUSPENDED: State.SUSPENDED,
    Status.REPLACED: State.REPLACED,
    Status.WITHDRAWN: State.WITHDRAWN,
}


def verify(
    presented: str | bytes, keys: Mapping[bytes, PublicKey], status_of: StatusOf, now: datetime
) -> Verdict:
    """Judge a scanned text or the signed bytes. `status_of` gives None where it cannot know."""
    data = qr.data_of(presented) if isinstance(presented, str) else presented
    if not data:
        return Verdict(State.NOT_FOUND, now, reason=Reason.NO_PAYLOAD)
    try:
        signed = cose.take_apart(data)
        claims = signed_claims.decode(signed.payload)
    except ValueError:
        return Verdict(State.FORGED, now, reason=Reason.MALFORMED)
    key = keys.get(signed.kid)
    reason = _distrust(signed, claims, key)
    if key is None or reason is not None:
        return Verdict(State.FORGED, now, reason=reason or Reason.UNKNOWN_KEY)
    return Verdict(_state(claims, status_of(claims), now), now, claims, key.key_id)


def _distrust(signed: cose.Signed, claims: Claims, key: PublicKey | None) -> Reason | None:
    if key is None:
        return Reason.UNKNOWN_KEY
    if key.is_compromised:
        # Whoever stole the key writes any issue time: the one in the claims proves nothing.
        return Reason.COMPROMISED_KEY
    if not signed.is_signed_by(key.public_bytes, key.algorithm):
        return Reason.BAD_SIGNATURE
    if not key.may_have_signed_at(claims.issued_at):
        return Reason.OUTSIDE_KEY_WINDOW
    return None


def _state(claims: Claims, status: Status | None, now: datetime) -> State:
    if status is not None and status is not Status.VALID:
        return _WORDS[status]
    if claims.expires_at is not None and now >= claims.expires_at:
        return State.EXPIRED
    return State.STATUS_UNKNOWN if status is None else State.VALID
