"""Who signs, by its address: `did:web`, and the document of its keys at `/.well-known/did.json`."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote, urlsplit

from certificates.cose import ES256
from certificates.encodings import ED25519, Document, base58, base64url
from certificates.public_keys import PublicKey

_CONTEXTS = [
    "https://www.w3.org/ns/did/v1",
    "https://w3id.org/security/multikey/v1",
    "https://w3id.org/security/jwk/v1",
]


def did_of(base_url: str) -> str:
    """Give `did:web:credits.example`; a port is escaped."""
    return f"did:web:{quote(urlsplit(base_url).netloc, safe='')}"


def key_address(did: str, key_id: str) -> str:
    # A name, never the key itself: what spells itself a key is believed without the document.
    return f"{did}#{key_id}"


def document(keys: Iterable[PublicKey], base_url: str) -> Document:
    """List every key that is believed, those that sign no more included; stolen ones are gone."""
    did = did_of(base_url)
    believed = [key for key in keys if not key.is_compromised]
    return {
        "@context": _CONTEXTS,
        "id": did,
        "verificationMethod": [_method(did, key) for key in believed],
        "assertionMethod": [key_address(did, key.key_id) for key in believed],
    }


def _method(did: str, key: PublicKey) -> Document:
    said = {"id": key_address(did, key.key_id), "controller": did}
    if key.algorithm == ES256:
        x, y = key.public_bytes[1:33], key.public_bytes[33:]
        jwk = {"kty": "EC", "crv": "P-256", "x": base64url(x), "y": base64url(y)}
        return {**said, "type": "JsonWebKey", "publicKeyJwk": {**jwk, "alg": "ES256"}}
    spelled = base58(ED25519 + key.public_bytes)
    return {**said, "type": "Multikey", "publicKeyMultibase": spelled}
