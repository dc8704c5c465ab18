"""A salted commitment to a printed name: nobody can swap the name unnoticed, nobody can read it."""

from __future__ import annotations

import hashlib
import hmac
import re
from unicodedata import normalize

from domain.masking import MIDDLE_DOTS

LENGTH = 12
SALT_LENGTH = 16
_PURPOSE = b"holder name 1:"


def commit(name: str, salt: bytes) -> bytes:
    """Give 12 bytes. The salt is at least 16 random bytes and stays secret: names are few."""
    if len(salt) < SALT_LENGTH:
        raise ValueError("a name commitment needs a salt of 16 bytes or more")
    return hmac.digest(salt, _PURPOSE + fold(name).encode(), hashlib.sha256)[:LENGTH]


def same_name(typed: str, salt: bytes, commitment: bytes) -> bool:
    """Say whether somebody typed the name that was committed to."""
    return hmac.compare_digest(commit(typed, salt), commitment)


def fold(name: str) -> str:
    """Make two ways of typing one name alike: width, the middle dots, spaces, case."""
    plain = re.sub(rf"\s*[{MIDDLE_DOTS}]\s*", "·", normalize("NFKC", name))
    return re.sub(r"\s+", " ", plain).strip().casefold()
