"""The doors of a term's plan: its table, each session of it, copying it, checking it."""

from __future__ import annotations

from tests.api.doors.rule import A, Rule, staff

PLAN = "/staff/plans/{school_code}/{term}"
SESSION = "/staff/sessions/{session_id}"

DOORS: dict[str, Rule] = {
    "GET /api/v1/schools/{school_code}/terms/{term}/plan-check": staff(A.COMPLIANCE_READ),
    "GET /staff/plans/{school_code}": staff(A.SESSION_READ),
    f"GET {PLAN}": staff(A.SESSION_READ),
    f"GET {PLAN}/plan.csv": staff(A.PLAN_IMPORT),
    f"GET {PLAN}/check": staff(A.COMPLIANCE_READ),
    f"GET {PLAN}/copy": staff(A.PLAN_IMPORT),
    f"POST {PLAN}/copy": staff(A.PLAN_IMPORT, form={"source": "2026-1"}),
    f"GET {PLAN}/sessions/new": staff(A.SESSION_SCHEDULE),
    f"POST {PLAN}/sessions": staff(A.SESSION_SCHEDULE, form={"topic": "示例"}),
    f"GET {SESSION}/plan": staff(A.SESSION_SCHEDULE),
    f"POST {SESSION}/plan": staff(A.SESSION_SCHEDULE, form={"day": "2026-09-30"}),
    f"POST {SESSION}/cancellation": staff(A.SESSION_CANCEL, form={"reason": "school_affairs"}),
}
