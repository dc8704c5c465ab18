"""Data Integrity proofs `eddsa-rdfc-2022` (W3C vc-di-eddsa): one to a document."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from certificates import linked_data
from certificates.cose import Signer
from certificates.encodings import Document, base58, members, unbase58
from certificates.plain_json import NotLinkedData

SUITE = "eddsa-rdfc-2022"
_MOMENT = "%Y-%m-%dT%H:%M:%SZ"
_FIXED = {
    "type": "DataIntegrityProof",
    "cryptosuite": SUITE,
    "proofPurpose": "assertionMethod",
}
_SAID = frozenset({*_FIXED, "created", "verificationMethod", "proofValue"})

Canonical = Callable[[Mapping[str, Any]], bytes]


@dataclass(frozen=True)
class Proof:
    """What a document's proof says. Nothing of it is to be believed before `is_signed_by`."""

    key: str
    created: datetime
    signature: bytes
    _signed: bytes

    def is_signed_by(self, public_key: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(public_key).verify(self.signature, self._signed)
        except InvalidSignature:
            return False
        return True


def sign(document: Document, signer: Signer, key: str, created: datetime) -> Document:
    """Give the document with its proof; `key` is the address of the key in the DID document.

    The same document and time give the same bytes. Raises UndefinedTerm, NotLinkedData.
    """
    said = {**_FIXED, "created": moment(created), "verificationMethod": key}
    signed = _to_be_signed(document, said, linked_data.canonical_by_shape)
    return {**document, "proof": {**said, "proofValue": base58(signer.sign(signed))}}


def proof_of(document: Mapping[str, Any]) -> Proof:
    """Read the one proof of a document strictly. Raises ValueError."""
    said = members(document.get("proof"))
    if said.keys() != _SAID or said | _FIXED != said:
        raise NotLinkedData("not one proof of eddsa-rdfc-2022")
    configuration = {term: value for term, value in said.items() if term != "proofValue"}
    unsigned = {term: value for term, value in document.items() if term != "proof"}
    signed = _to_be_signed(unsigned, configuration, linked_data.canonical)
    try:
        created = datetime.strptime(said["created"], _MOMENT).replace(tzinfo=UTC)
        signature = unbase58(said["proofValue"])
        return Proof(str(said["verificationMethod"]), created, signature, signed)
    except (ValueError, TypeError, AttributeError, OverflowError) as error:
        raise NotLinkedData(f"a proof that cannot be read: {error}") from error


def moment(at: datetime) -> str:
    """Spell a time as credentials do: `2026-07-10T04:00:00Z`."""
    return at.astimezone(UTC).strftime(_MOMENT)


def _to_be_signed(
    document: Mapping[str, Any], configuration: Mapping[str, Any], canonical: Canonical
) -> bytes:
    configured = canonical({"@context": document.get("@context"), **configuration})
    return hashlib.sha256(configured).digest() + hashlib.sha256(canonical(document)).digest()
