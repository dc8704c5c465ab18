"""The credential as a VC-JWT with ES256, as Open Badges 3.0 secures by an external proof."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from certificates.cose import Signer
from certificates.encodings import (
    Document,
    base64url,
    json_bytes,
    json_object,
    members,
    unbase64url,
)

_OURS = frozenset({"iss", "jti", "sub", "nbf", "exp", "iat"})
_HALF = 32
_LONGEST = 1 << 18
_LATEST = 1 << 37


class NotJwt(ValueError):
    """No compact JWS with ES256 and the headers that Open Badges 3.0 allows."""


@dataclass(frozen=True)
class Token:
    """A taken-apart VC-JWT. Nothing in it is to be believed before `is_signed_by`."""

    key: str
    payload: Document
    signature: bytes
    _signed: bytes

    @property
    def issued_at(self) -> datetime:
        return datetime.fromtimestamp(self.payload["iat"], UTC)

    @property
    def credential(self) -> Document:
        return {term: value for term, value in self.payload.items() if term not in _OURS}

    def is_signed_by(self, public_key: bytes) -> bool:
        """Check by a P-256 key, 65 bytes uncompressed; the algorithm is the key's."""
        r, s = (int.from_bytes(half, "big") for half in _halves(self.signature))
        key = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), public_key)
        try:
            key.verify(encode_dss_signature(r, s), self._signed, ECDSA(SHA256()))
        except InvalidSignature:
            return False
        return True


def sign(credential: Document, signer: Signer, key: str, at: datetime) -> str:
    """Give the compact token of an unsigned credential, the registered claims beside its terms."""
    claims = {
        **credential,
        "iss": credential["issuer"]["id"],
        "jti": credential["id"],
        "sub": credential["credentialSubject"]["id"],
        "nbf": _seconds(credential["validFrom"]),
        "iat": int(at.timestamp()),
    }
    if "validUntil" in credential:
        claims["exp"] = _seconds(credential["validUntil"])
    header = {"alg": "ES256", "kid": key, "typ": "JWT"}
    signed = f"{base64url(json_bytes(header))}.{base64url(json_bytes(claims))}"
    return f"{signed}.{base64url(signer.sign(signed.encode()))}"


def take_apart(token: str) -> Token:
    """Read strictly, without judging the signature. Raises NotJwt."""
    try:
        header_part, payload_part, signature_part = token.split(".")
        if len(token) > _LONGEST:
            raise NotJwt("too long")
        header, payload = (json_object(unbase64url(part)) for part in (header_part, payload_part))
        signature = unbase64url(signature_part)
    except ValueError as error:
        raise NotJwt(str(error)) from error
    if header != {"alg": "ES256", "kid": header.get("kid"), "typ": "JWT"}:
        raise NotJwt("other headers than alg ES256, kid and typ JWT")
    if len(signature) != 2 * _HALF or not _agrees(payload):
        raise NotJwt("claims that contradict the credential")
    return Token(str(header["kid"]), payload, signature, f"{header_part}.{payload_part}".encode())


def _agrees(payload: Document) -> bool:
    """The claims that repeat the credential say the same."""
    try:
        issuer, subject = members(payload["issuer"]), members(payload["credentialSubject"])
        ends = _seconds(payload["validUntil"]) if "validUntil" in payload else None
        at = payload["iat"]
        return (
            (payload["iss"], payload["jti"]) == (issuer["id"], payload["id"])
            and (payload["sub"], payload.get("exp")) == (subject["id"], ends)
            and payload["nbf"] == _seconds(payload["validFrom"])
            and type(at) is int
            and 0 <= at < _LATEST
        )
    except (KeyError, TypeError, ValueError):
        return False


def _seconds(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp())


def _halves(signature: bytes) -> tuple[bytes, bytes]:
    return signature[:_HALF], signature[_HALF:]
