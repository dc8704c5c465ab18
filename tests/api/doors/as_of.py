"""The doors of as-of."""

from __future__ import annotations

from tests.api.doors.rule import A, Door, Rule, staff

DAY = {"day": "2026-09-18"}

DOORS: dict[str, Rule] = {
    "GET /api/v1/learners/{learner_id}/as-of": staff(A.HISTORY_READ, query=DAY),
    "GET /api/v1/me/as-of": Rule(Door.PARENT, query=DAY),
}
