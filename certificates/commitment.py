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
# Also the dots that NFKC leaves, or that it makes of a full-width or small full stop.
_DOTS = re.compile(rf"\s*[{MIDDLE_DOTS}.。∙●᛫⸱]\s*")
_HAN = "[\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003fffd]"
_BESIDE_HAN = re.compile(rf"(?<={_HAN})\s+|\s+(?={_HAN})")
_WITHIN_HAN = re.compile(rf"(?<={_HAN})\s*(?={_HAN})")


def commit(name: str, salt: bytes) -> bytes:
    """Give 12 bytes. The salt is at least 16 random bytes and stays secret: names are few."""
    if len(salt) < SALT_LENGTH:
        raise ValueError("a name commitment needs a salt of 16 bytes or more")
    folded = fold(name).encode(errors="replace")  # a shell hands over half characters
    return hmac.digest(salt, _PURPOSE + folded, hashlib.sha256)[:LENGTH]


def same_name(typed: str, salt: bytes, commitment: bytes) -> bool:
    """Say whether somebody typed the name that was committed to, in whatever way of writing it."""
    same = [hmac.compare_digest(commit(name, salt), commitment) for name in readings_of(typed)]
    return any(same)


def readings_of(typed: str) -> set[str]:
    """The ways in which a roster may have written the name: other dots, 张　丰 for 张丰.

    What was committed to stays as it was folded then, so it is the typed name that is varied.
    """
    names = {typed, *(_DOTS.sub(dot, normalize("NFKC", typed)) for dot in "·.")}
    return {spaced for name in names for spaced in (name, *_spacings(name))}


def _spacings(name: str) -> tuple[str, str]:
    return _BESIDE_HAN.sub("", name), _WITHIN_HAN.sub(" ", name)


def fold(name: str) -> str:
    """Make two ways of typing one name alike: width, the middle dots, spaces, case."""
    plain = re.sub(rf"\s*[{MIDDLE_DOTS}]\s*", "·", normalize("NFKC", name))
    return re.sub(r"\s+", " ", plain).strip().casefold()
