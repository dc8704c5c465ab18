"""Time-based one-time codes (RFC 6238) of staff: secrets sealed at rest, each step used once."""

from __future__ import annotations

import hmac
import os
import unicodedata
from datetime import datetime
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pyotp import random_base32
from pyotp.totp import TOTP

STEP_SECONDS = 30
STEPS_EITHER_WAY = 1
DIGITS = 6
_NONCE_BYTES = 12


class SecretUnreadable(Exception):
    """A stored secret does not open: another key, another account's row, or changed bytes."""


def new_secret() -> str:
    """Make a secret of 160 bits in base32, as authenticator apps take it."""
    return random_base32(32)


def seal_secret(secret: str, key: bytes, staff_id: UUID) -> bytes:
    """Encrypt for storing, bound to the account: a row copied to another account does not open."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, secret.encode("ascii"), staff_id.bytes)


def open_secret(sealed: bytes, key: bytes, staff_id: UUID) -> str:
    """Raise SecretUnreadable where key, account or bytes are not those of the sealing."""
    nonce, text = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    try:
        return AESGCM(key).decrypt(nonce, text, staff_id.bytes).decode("ascii")
    except (InvalidTag, ValueError) as error:
        raise SecretUnreadable from error


def code_of(secret: str, at: datetime) -> str:
    """Give the code an authenticator shows at that moment."""
    return _code(secret, step_of(at))


def step_of(at: datetime) -> int:
    return int(at.timestamp()) // STEP_SECONDS


def accepted_step(secret: str, code: str, at: datetime, last_step: int) -> int | None:
    """Give the step whose code this is, within the window and after the last one used, or None.

    The caller stores the step by compare-and-set; only then is a replay impossible.
    """
    typed = unicodedata.normalize("NFKC", code).replace(" ", "")  # digits of a Chinese keyboard
    if len(typed) != DIGITS or not (typed.isascii() and typed.isdigit()):
        return None
    found = None
    middle = step_of(at)
    for step in range(middle - STEPS_EITHER_WAY, middle + STEPS_EITHER_WAY + 1):
        if hmac.compare_digest(_code(secret, step), typed) and step > last_step:
            found = step
    return found


def enrolment_uri(secret: str, user_name: str, issuer: str) -> str:
    """Give the otpauth address that an authenticator app reads from a QR code."""
    return TOTP(secret).provisioning_uri(name=user_name, issuer_name=issuer)


def _code(secret: str, step: int) -> str:
    return TOTP(secret, digits=DIGITS, interval=STEP_SECONDS).generate_otp(step)
