"""The check code printed beside a number: short enough to type, not to be guessed."""

from __future__ import annotations

import hashlib
import hmac
import re
from unicodedata import normalize

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base32: no I, L, O, U
_LOOKALIKES = str.maketrans("OIL", "011")
_LENGTH = 8
_PURPOSE = b"certificate check code 1:"


def make(secret: bytes, number: str) -> str:
    """Give `ABCD-EFGH` for a canonical number."""
    code = _code(secret, number)
    return f"{code[:4]}-{code[4:]}"


def matches(secret: bytes, number: str, typed: str) -> bool:
    """Compare in constant time; O is 0, I and L are 1, dashes, spaces and case do not matter."""
    folded = _folded(typed).encode(errors="replace")  # a shell hands over half characters
    return hmac.compare_digest(_code(secret, number).encode(), folded)


def _code(secret: bytes, number: str) -> str:
    digest = hmac.digest(secret, _PURPOSE + number.encode(), hashlib.sha256)
    value = int.from_bytes(digest[:5], "big")
    return "".join(_ALPHABET[value >> shift & 31] for shift in range(5 * (_LENGTH - 1), -1, -5))


def _folded(typed: str) -> str:
    plain = re.sub(r"[\s\-‐‑–—−_]+", "", normalize("NFKC", typed)).upper()
    return plain.translate(_LOOKALIKES)
