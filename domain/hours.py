"""Arithmetic of hours and class hours: integer hundredths (100 = 1.00), never floats."""

from __future__ import annotations

import re

_WRITTEN = re.compile(r"(\d{1,6})(?:\.(\d{1,2}))?", re.ASCII)


def rounded_down(hours: int, step: int) -> int:
    return hours - hours % step


def rounded_up(hours: int, step: int) -> int:
    return hours + -hours % step


def as_text(hours: int) -> str:
    """Two decimals, always: 150 is "1.50", a reversal of it "-1.50"."""
    whole, hundredths = divmod(abs(hours), 100)
    return f"{'-' if hours < 0 else ''}{whole}.{hundredths:02}"


def as_short_text(hours: int) -> str:
    """Without zeros at the end, as class hours are spoken: 200 is "2", 150 is "1.5"."""
    return as_text(hours).rstrip("0").rstrip(".")


def from_text(text: str) -> int:
    """Read "2", "1.5" or "1.50". Raises ValueError for anything else, a sign included."""
    written = _WRITTEN.fullmatch(text)
    if written is None:
        raise ValueError(f"not hours: {text!r}")
    return int(written[1]) * 100 + int((written[2] or "").ljust(2, "0"))
