"""A day that somebody typed into a form: what is no day is no limit."""

from __future__ import annotations

from datetime import date


def day_of(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
