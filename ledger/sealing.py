"""Sealing bytes with a key, bound to the row they belong to: AES-256-GCM."""

from __future__ import annotations

import hmac
import secrets
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12


def new_key() -> bytes:
    return AESGCM.generate_key(256)


def key_id_of(key: bytes) -> str:
    """What may be told of a key: sixteen hexadecimal digits that lead back to nothing."""
    return hmac.digest(key, b"parent-credits key id", "sha256").hex()[:16]


def seal(key: bytes, bound_to: UUID, content: bytes, kind: str = "") -> bytes:
    """AES-256-GCM; a sealed value moved to another row does not open."""
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, content, bound_to.bytes + kind.encode())


def unseal(key: bytes, bound_to: UUID, sealed: bytes, kind: str = "") -> bytes:
    """Raises InvalidTag: another key, another row, or changed bytes."""
    row = bound_to.bytes + kind.encode()
    return AESGCM(key).decrypt(bytes(sealed[:NONCE]), bytes(sealed[NONCE:]), row)
