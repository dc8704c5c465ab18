"""The doors of as-of and of explanations."""

from __future__ import annotations

from tests.api.doors.rule import PARENT, A, Door, Rule, staff

DAY = {"day": "2026-09-18"}

DOORS: dict[str, Rule] = {
    "GET /api/v1/learners/{learner_id}/as-of": staff(A.HISTORY_READ, query=DAY),
    **{
        f"GET {prefix}{what}{explanation}": staff(A.HISTORY_READ)
        for prefix, explanation in (
            ("/staff/learners/{learner_id}", ""),
            ("/api/v1/learners/{learner_id}", "/explanation"),
        )
        for what in ("/lines/{entry_id}", "/completions/{stage}/{period}", "/stars/{stage}/{level}")
    },
    "GET /staff/certificates/{number}/explanation": staff(A.HISTORY_READ),
    "GET /api/v1/certificates/{number}/explanation": staff(A.HISTORY_READ),
    **{
        f"GET {address}": PARENT
        for address in (
            "/me/statement/{entry_id}/why",
            "/me/completions/{stage}/{period}",
            "/me/stars/{stage}/{level}",
            "/me/certificates/{number}/explanation",
            "/api/v1/me/lines/{entry_id}/explanation",
            "/api/v1/me/completions/{stage}/{period}/explanation",
            "/api/v1/me/stars/{stage}/{level}/explanation",
            "/api/v1/me/certificates/{number}/explanation",
        )
    },
    "GET /api/v1/me/as-of": Rule(Door.PARENT, query=DAY),
}
