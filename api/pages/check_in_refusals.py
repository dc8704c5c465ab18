"""What a parent sees when a check-in was not taken: why, until when, and what to do now."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import Response

from api.language.catalogue import language_of
from api.problems import status_of, text_of
from api.rendering import page
from domain.refusals import Refused

WAIT = 503


def refused_page(
    request: Request, refusal: Refused, template: str = "parent/not_checked_in.html"
) -> Response:
    """Raises the refusal itself where waiting is the answer: that page tries again."""
    if status_of(refusal.code) == WAIT:
        raise refusal
    return page(
        request, template, status_of(refusal.code), home="/me", code=refusal.code,
        refusal=text_of(refusal.code, language_of(request)),
        opens_at=refusal.facts.get("opens_at"), closes_at=refusal.facts.get("closes_at"),
        retry_after=refusal.facts.get("retry_after"),
    )  # fmt: skip
