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
# Whether the log proves these signed bytes older than the theft of the key.
ProvesOlder = Callable[[PublicKey, bytes], bool]


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
    key_given_up_at: datetime | None = None  # the log proves the certificate older


_WORDS = {
    Status.REVOKED: State.REVOKED,
    Status.SUSPENDED: State.SUSPENDED,
    Status.REPLACED: State.REPLACED,
    Status.WITHDRAWN: State.WITHDRAWN,
}


def nothing_older(_: PublicKey, __: bytes) -> bool:
    return False


def verify(
    presented: str | bytes,
    keys: Mapping[bytes, PublicKey],
    status_of: StatusOf,
    now: datetime,
    proves_older: ProvesOlder = nothing_older,
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
    if key is None:
        return Verdict(State.FORGED, now, reason=Reason.UNKNOWN_KEY)
    # Whoever stole a key writes any issue time: the one in the claims proves nothing.
    if key.is_compromised and not proves_older(key, data):
        return Verdict(State.FORGED, now, reason=Reason.COMPROMISED_KEY)
    reason = _distrust(signed, claims, key)
    if reason is not None:
        return Verdict(State.FORGED, now, reason=reason)
    given_up_at = key.changed_at if key.is_compromised else None
    state = _state(claims, status_of(claims), now)
    return Verdict(state, now, claims, key.key_id, key_given_up_at=given_up_at)


def _distrust(signed: cose.Signed, claims: Claims, key: PublicKey) -> Reason | None:
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
