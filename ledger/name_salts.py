"""The salts of one certificate: made of the person's, and no way back to it."""

from __future__ import annotations

import hashlib
import hmac
from typing import Final
from uuid import UUID

LENGTH: Final = 16
CERTIFICATE_SALT: Final = "certificate_salt"  # the field of a certificate that outlives its holder

_PURPOSE, _PRINTED = b"certificate name salt 1:", b"certificate snapshot salt 1:"


def certificate_salt(secret: bytes, certificate_id: UUID) -> bytes:
    """16 bytes. Two commitments do not show that they are one person's."""
    return hmac.digest(secret, _PURPOSE + certificate_id.bytes, hashlib.sha256)[:LENGTH]


def snapshot_salt(secret: bytes, certificate_id: UUID) -> bytes:
    """16 bytes beside the printed words: by their hash nobody tries out names."""
    return hmac.digest(secret, _PRINTED + certificate_id.bytes, hashlib.sha256)[:LENGTH]
