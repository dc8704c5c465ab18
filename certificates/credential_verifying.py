"""Verifying a credential, as JSON or as VC-JWT: a verdict, never an exception."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from certificates import bitstring, data_integrity, vc_jwt
from certificates.cose import EDDSA, ES256
from certificates.did import key_address
from certificates.encodings import Document, json_object, members
from certificates.public_keys import PublicKey
from certificates.verifying import ProvesOlder, Reason, State, nothing_older

_SLOW = timedelta(minutes=5)  # so much a verifier's clock may be behind
LONGEST = 1 << 17
LONGEST_LIST = 1 << 20
_LIST_TYPES = ["VerifiableCredential", "BitstringStatusListCredential"]
_LISTED = ("BitstringStatusList", bitstring.PURPOSE)
_TYPES = ["VerifiableCredential", "OpenBadgeCredential"]

# Whether the bit at this place of this list is set; None where it cannot be known.
TakenBack = Callable[[str, int], bool | None]


@dataclass(frozen=True)
class CredentialVerdict:
    """What was found at `checked_at`. The credential is there only when its signature is good."""

    state: State
    checked_at: datetime
    credential: Document | None = None
    key_id: str | None = None
    reason: Reason | None = None
    key_given_up_at: datetime | None = None  # the log proves the credential older


@dataclass(frozen=True)
class Issuer:
    """Whom the verifier trusts: an address and its keys."""

    did: str
    keys: tuple[PublicKey, ...]

    @classmethod
    def of(cls, did: str, keys: Iterable[PublicKey]) -> Issuer:
        return cls(did, tuple(keys))

    def key(self, address: str, algorithm: int) -> PublicKey | None:
        found = (key for key in self.keys if key_address(self.did, key.key_id) == address)
        return next((key for key in found if key.algorithm == algorithm), None)


@dataclass(frozen=True)
class SavedBits:
    """An opened list of bits."""

    address: str
    expires_at: datetime
    _encoded: str

    def is_taken_back(self, index: int, now: datetime) -> bool | None:
        """A stale list still takes back, but cannot tell that nothing happened since."""
        try:
            found = bitstring.is_set(self._encoded, index)
        except bitstring.UntrustedBitstring:
            return None
        return None if not found and now >= self.expires_at else found


class _Distrusted(Exception):
    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def verify_credential(
    presented: bytes,
    issuer: Issuer,
    taken_back: TakenBack,
    now: datetime,
    proves_older: ProvesOlder = nothing_older,
) -> CredentialVerdict:
    """Judge the bytes of a credential file; `taken_back` gives None where it cannot know."""
    try:
        credential, key = _signed(presented, issuer, proves_older)
        state = _state(credential, taken_back, now)
    except _Distrusted as distrusted:
        return CredentialVerdict(State.FORGED, now, reason=distrusted.reason)
    except ValueError:
        return CredentialVerdict(State.FORGED, now, reason=Reason.MALFORMED)
    given_up_at = key.changed_at if key.is_compromised else None
    return CredentialVerdict(state, now, credential, key.key_id, key_given_up_at=given_up_at)


def open_bitstring(presented: bytes, issuer: Issuer) -> SavedBits:
    """Read a signed list of bits strictly. Raises ValueError."""
    if len(presented) > LONGEST_LIST:
        raise ValueError("too long")
    document = json_object(presented)
    subject = members(document.get("credentialSubject"))
    if (document.get("type"), document.get("issuer")) != (_LIST_TYPES, issuer.did):
        raise ValueError("not a status list of this issuer")
    if (subject.get("type"), subject.get("statusPurpose")) != _LISTED:
        raise ValueError("another kind of list")
    proof = data_integrity.proof_of(document)
    try:
        key = _believed(issuer, proof.key, EDDSA, proof.created, lambda _: False)
    except _Distrusted as distrusted:
        raise ValueError(distrusted.reason) from distrusted
    if not proof.is_signed_by(key.public_bytes):
        raise ValueError("not signed by this issuer")
    encoded = str(subject.get("encodedList"))
    bitstring.is_set(encoded, 0)
    return SavedBits(str(document.get("id")), _time(document.get("validUntil")), encoded)


def _signed(
    presented: bytes, issuer: Issuer, proves_older: ProvesOlder
) -> tuple[Document, PublicKey]:
    """The credential, its signature found good. Raises _Distrusted, ValueError."""
    if len(presented) > LONGEST:
        raise ValueError("too long")

    def is_older(key: PublicKey) -> bool:
        return proves_older(key, presented)

    text = presented.decode().strip()
    if text.startswith("{"):
        document = json_object(text)
        _require_ours(document, issuer)
        proof = data_integrity.proof_of(document)
        key = _believed(issuer, proof.key, EDDSA, proof.created, is_older)
        good = proof.is_signed_by(key.public_bytes)
        credential = {term: value for term, value in document.items() if term != "proof"}
    else:
        token = vc_jwt.take_apart(text)
        credential = token.credential
        _require_ours(credential, issuer)
        key = _believed(issuer, token.key, ES256, token.issued_at, is_older)
        good = token.is_signed_by(key.public_bytes)
    if not good:
        raise _Distrusted(Reason.BAD_SIGNATURE)
    return credential, key


def _require_ours(document: Mapping[str, Any], issuer: Issuer) -> None:
    if document.get("type") != _TYPES:
        raise ValueError("not an Open Badges credential")
    if members(document.get("issuer")).get("id") != issuer.did:
        raise _Distrusted(Reason.FOREIGN_ISSUER)


def _believed(
    issuer: Issuer,
    address: str,
    algorithm: int,
    at: datetime,
    is_older: Callable[[PublicKey], bool],
) -> PublicKey:
    key = issuer.key(address, algorithm)
    if key is None:
        raise _Distrusted(Reason.UNKNOWN_KEY)
    # Whoever stole a key writes any time: the one in the proof says nothing.
    if key.is_compromised and not is_older(key):
        raise _Distrusted(Reason.COMPROMISED_KEY)
    if not key.may_have_signed_at(at):
        raise _Distrusted(Reason.OUTSIDE_KEY_WINDOW)
    return key


def _state(credential: Mapping[str, Any], taken_back: TakenBack, now: datetime) -> State:
    """Taken back before expired before unknown. Raises ValueError."""
    is_taken_back = taken_back(*bitstring.index_of(credential))
    begins, ends = _time(credential.get("validFrom")), credential.get("validUntil")
    if is_taken_back:
        return State.REVOKED
    if ends is not None and now > _time(ends):
        return State.EXPIRED
    if now + _SLOW < begins:
        raise _Distrusted(Reason.NOT_YET_VALID)
    return State.STATUS_UNKNOWN if is_taken_back is None else State.VALID


def _time(spelled: Any) -> datetime:
    at = datetime.fromisoformat(spelled) if isinstance(spelled, str) else None
    if at is None or at.tzinfo is None:
        raise ValueError("not a time with its zone")
    return at
