"""A cell without what nobody sees."""

from __future__ import annotations

import unicodedata
from typing import Final

_INVISIBLE: Final = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))


def tidy(cell: str) -> str:
    """Without zero-width letters, and white space around and doubled."""
    return unicodedata.normalize("NFC", " ".join(cell.translate(_INVISIBLE).split()))
