"""The number of a document, however it was typed: full or half width, any dash or bracket."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import product
from string import ascii_uppercase, digits
from typing import Final

_DASHES: Final = "-－—–‐−"
_BRACKETS: Final = ("()", "（）", "〔〕", "[]", "［］", "【】")
_WIDE: Final = {ord(sign): ord(sign) + 0xFEE0 for sign in digits + ascii_uppercase}
_ROUND: Final = {
    ord(sign): plain for pair in _BRACKETS for sign, plain in zip(pair, "()", strict=True)
}


def one_spelling(number: str) -> str:
    """By which a document is known."""
    folded = unicodedata.normalize("NFKC", as_typed(number)).upper().translate(_ROUND)
    return re.sub(f"[{re.escape(_DASHES)}]+", "-", folded)


def as_typed(number: str) -> str:
    """By which a document was known before there was one spelling."""
    return "".join(number.split()).upper()


def spellings(number: str) -> Iterator[str]:
    """The one of today first; then those by which the same paper may have been kept earlier."""
    one = one_spelling(number)
    yield one
    yield as_typed(number)
    for letters, pair, dash in product(({}, _WIDE), _BRACKETS, _DASHES):
        yield one.translate({**letters, ord("("): pair[0], ord(")"): pair[1], ord("-"): dash})
