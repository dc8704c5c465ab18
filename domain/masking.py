"""Masks for names and phones: enough for their owner to recognise, too little for anybody else."""

from __future__ import annotations

import re
from unicodedata import category, normalize

MIDDLE_DOTS = "·•・‧⋅"
_DOT = re.compile(rf"\s*[{MIDDLE_DOTS}]\s*")
_LATIN_PART = re.compile(r"[\s\-.,]+")
_HAN_BLOCKS = (
    range(0x3005, 0x3008),  # 々〆〇
    range(0x3400, 0xA000),
    range(0xF900, 0xFB00),
    range(0x20000, 0x3FFFE),
)
_MOST_STARS = 3
_MOBILE = re.compile(r"1[0-9]{10}")


def mask_name(name: str) -> str:
    """`张丰` is `张*`, `张三丰` `张*丰`, `阿依古丽·买买提` `阿***·买**`, `Maria Lopez` `M. L.`.

    More than three stars in a row tell nothing more and are three.
    """
    visible = _visible(name)
    parts = [part for part in _DOT.split(visible) if part]
    if not any(_is_han(character) for character in visible):
        return _initials(parts)
    if len(parts) > 1:
        return "·".join(_first_only(part) for part in parts)
    return _first_and_last("".join(parts))


def mask_phone(phone: str) -> str:
    """`13812341234` is `138****1234`; whatever is no mobile number is `***`."""
    return f"{phone[:3]}****{phone[-4:]}" if _MOBILE.fullmatch(phone) else "***"


def _visible(name: str) -> str:
    # Combining marks and variation selectors have no width: a star for them would miscount.
    composed = normalize("NFC", name).strip()
    return "".join(character for character in composed if category(character) not in {"Mn", "Cf"})


def _is_han(character: str) -> bool:
    return any(ord(character) in block for block in _HAN_BLOCKS)


def _initials(parts: list[str]) -> str:
    words = [word for part in parts for word in _LATIN_PART.split(part) if word]
    return " ".join(f"{word[0].upper()}." for word in words) or "*"


def _first_only(part: str) -> str:
    return part[0] + _stars(len(part) - 1) if len(part) > 1 else "*"


def _first_and_last(name: str) -> str:
    if len(name) < 3:  # noqa: PLR2004 - two characters have no middle to hide
        return _first_only(name)
    return f"{name[0]}{_stars(len(name) - 2)}{name[-1]}"


def _stars(hidden: int) -> str:
    return "*" * min(hidden, _MOST_STARS)
