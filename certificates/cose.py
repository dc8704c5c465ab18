"""COSE_Sign1 (RFC 9052) with EdDSA: one protected header, the algorithm bound to the key id."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from certificates import cbor

EDDSA = -8
ES256 = -7  # of the key list alone: no QR code is signed with it
_TAG = 18
_ALGORITHM, _KID = 1, 4
_KID_LENGTH = 8
_SIGNATURE_LENGTH = 64
OVERHEAD = 85  # bytes around a payload of 24 to 255 bytes


class Signer(Protocol):
    """Something that signs: a key in a file today, a hardware module tomorrow."""

    @property
    def key_id(self) -> str: ...

    @property
    def kid(self) -> bytes: ...

    @property
    def algorithm(self) -> int: ...

    def sign(self, data: bytes) -> bytes: ...


class MalformedCose(ValueError):
    """These bytes are no COSE_Sign1 of ours."""


@dataclass(frozen=True)
class Signed:
    """A taken-apart COSE_Sign1. Nothing in it is to be believed before `is_signed_by`."""

    kid: bytes
    algorithm: int
    payload: bytes
    protected: bytes
    signature: bytes

    def is_signed_by(self, public_key: bytes, algorithm: int) -> bool:
        """Check the signature. The algorithm is the key's; a header that names another is false."""
        if self.algorithm != algorithm or algorithm != EDDSA:
            return False
        message = _to_be_signed(self.protected, self.payload)
        try:
            Ed25519PublicKey.from_public_bytes(public_key).verify(self.signature, message)
        except InvalidSignature:
            return False
        return True


def sign(payload: bytes, signer: Signer) -> bytes:
    protected = cbor.encode({_ALGORITHM: signer.algorithm, _KID: signer.kid})
    signature = signer.sign(_to_be_signed(protected, payload))
    return cbor.encode(cbor2.CBORTag(_TAG, [protected, {}, payload, signature]))


def take_apart(data: bytes) -> Signed:
    """Read strictly, without judging the signature. Raises MalformedCose."""
    try:
        match cbor.decode(data):
            case cbor2.CBORTag(
                tag=18,
                value=[
                    bytes() as protected,
                    {} as open_header,
                    bytes() as payload,
                    bytes() as signature,
                ],
            ) if not open_header and len(signature) == _SIGNATURE_LENGTH:
                algorithm, kid = _headers(cbor.decode(protected))
                return Signed(kid, algorithm, payload, protected, signature)
            case _:
                raise MalformedCose("not a COSE_Sign1")
    except cbor.MalformedCbor as error:
        raise MalformedCose(str(error)) from error


def _headers(headers: Any) -> tuple[int, bytes]:
    match headers:
        case {1: int() as algorithm, 4: bytes() as kid, **others} if not others:
            if len(kid) != _KID_LENGTH:
                raise MalformedCose("a key id has 8 bytes")
            return algorithm, kid
        case _:
            raise MalformedCose("other headers than algorithm and key id")


def _to_be_signed(protected: bytes, payload: bytes) -> bytes:
    return cbor.encode(["Signature1", protected, b"", payload])
