"""Codes as people type them, in Crockford's base32 (no I, L, O, U), and what is wrong with one."""

from __future__ import annotations

import unicodedata
from typing import Final

from domain.refusals import Refused

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BITS: Final = 5
MOST_TYPED: Final = 64
_VALUES: Final = {character: value for value, character in enumerate(ALPHABET)}
_GROUPING: Final = str.maketrans("", "", " -‐‑‒–—−\t")
_LOOK_ALIKES: Final = str.maketrans("OIL", "011")
_FIELD_POLYNOMIAL: Final = 0b100101  # x^5 + x^2 + 1, primitive: 31 different weights


class CodeMalformed(Refused):
    """A slip of the finger: not a code at all, or its check character does not fit."""

    code = "code_malformed"


class CodeExpired(Refused):
    """It was right once."""

    code = "code_expired"


def encode(raw: bytes, length: int) -> str:
    """Write the first `length` characters' worth of bits."""
    number = int.from_bytes(raw, "big") >> (len(raw) * 8 - length * BITS)
    return "".join(
        ALPHABET[number >> place * BITS & (1 << BITS) - 1] for place in reversed(range(length))
    )


def typed(text: str) -> str | None:
    """Read what somebody typed, in any case, width and grouping; None where it is no code."""
    if len(text) > MOST_TYPED:
        return None
    plain = unicodedata.normalize("NFKC", text).translate(_GROUPING)
    if not plain.isascii():  # before upper(), which makes SS of a sharp s
        return None
    code = plain.upper().translate(_LOOK_ALIKES)
    return code if code and all(character in _VALUES for character in code) else None


def check_character(code: str) -> str:
    """Give the character that shows every single wrong one and every swap of two, anywhere."""
    total = 0
    for character in code:
        total = _doubled(total ^ _VALUES[character])
    return ALPHABET[total]


def _doubled(value: int) -> int:
    value <<= 1
    return value ^ _FIELD_POLYNOMIAL if value >> BITS else value
