"""The doors of appeals: the calendar, disputes, appeals and the district's review."""

from __future__ import annotations

from dataclasses import replace

from tests.api.doors.rule import ANY_STAFF, PARENT, PUBLIC, A, Door, Rule, staff

CALENDAR = {"days_off": ["2027-01-01"], "extra_working_days": []}
ABOUT = {"subject_kind": "attendance", "subject_id": "{attendance_id}"}
DISPUTE = {**ABOUT, "reason": "wrong_hours"}
RULING = {"outcome": "refused", "reason": "record_right", "words": "示例理由"}
ANSWER = {"upheld": False, "reason": "record_right", "words": "示例理由"}
CASE, PAGE = "/api/v1/cases", "/staff/cases/of"
WRITTEN = {"outcome": "refused", "reason": "record_right", "words": "示例理由"}


def parents(**given: object) -> Rule:
    return replace(PARENT, **given)  # type: ignore[arg-type]  # fields of many types


DOORS: dict[str, Rule] = {
    "GET /api/v1/calendar/{year}": PUBLIC,
    "POST /api/v1/calendar/{year}": Rule(Door.SOMEWHERE, (A.CALENDAR_PUBLISH,), json=CALENDAR),
    "GET /api/v1/me/disputes": PARENT,
    "POST /api/v1/me/disputes": parents(json=DISPUTE),
    "GET /api/v1/me/appeals": PARENT,
    "POST /api/v1/me/appeals": parents(json=ABOUT),
    "GET /api/v1/me/cases/{case_id}": PARENT,
    "POST /api/v1/me/appeals/{case_id}/escalation": parents(json={"words": ""}),
    "POST /api/v1/me/appeals/{case_id}/withdrawal": PARENT,
    "GET /api/v1/schools/{school_code}/cases": staff(A.CASE_READ),
    "POST /api/v1/schools/{school_code}/disputes": staff(
        A.CASE_ENTER, json={**DISPUTE, "learner_id": "{learner_id}"}
    ),
    "POST /api/v1/schools/{school_code}/appeals": staff(
        A.CASE_ENTER, json={**ABOUT, "learner_id": "{learner_id}"}
    ),
    "GET /api/v1/districts/{district_code}/cases": staff(A.CASE_OVERVIEW_READ),
    f"GET {CASE}/{{case_id}}": staff(A.CASE_READ),
    f"POST {CASE}/{{dispute_id}}/answer": staff(A.DISPUTE_ANSWER, json=ANSWER),
    f"POST {CASE}/{{appeal_id}}/acknowledgement": staff(A.APPEAL_DECIDE),
    f"POST {CASE}/{{appeal_id}}/decision": staff(A.APPEAL_DECIDE, json=RULING),
    f"POST {CASE}/{{appeal_id}}/review": staff(A.APPEAL_REVIEW, json=RULING),
    f"POST {CASE}/{{case_id}}/escalation": staff(A.CASE_ENTER, json={"words": ""}),
    f"POST {CASE}/{{case_id}}/corrections": staff(
        A.DISPUTE_ANSWER, json={"correction_id": "{case_correction_id}"}
    ),
    f"POST {CASE}/{{case_id}}/holds": staff(A.CREDIT_HOLD, json={"entry_ids": ["{entry_id}"]}),
    f"POST {CASE}/{{case_id}}/releases": staff(A.CREDIT_HOLD, json={"entry_ids": ["{entry_id}"]}),
    "GET /me/statement/{line}": PARENT,
    "GET /me/sessions/{session_id}": PARENT,
    "GET /me/disputes/new": parents(query={"kind": "attendance", "id": "{attendance_id}"}),
    "GET /me/missing": PARENT,
    "POST /me/disputes": parents(
        form={"kind": "attendance", "id": "{attendance_id}", "reason": "other"}
    ),
    "POST /me/appeals": parents(form={"kind": "attendance", "id": "{attendance_id}"}),
    "GET /me/cases": PARENT,
    "GET /me/cases/{case_id}": PARENT,
    "POST /me/cases/{case_id}/escalation": PARENT,
    "POST /me/cases/{case_id}/withdrawal": PARENT,
    "GET /staff/calendar": ANY_STAFF,
    "POST /staff/calendar/import": Rule(Door.SOMEWHERE, (A.CALENDAR_PUBLISH,)),
    "GET /staff/cases/{school_code}": staff(A.CASE_READ),
    "GET /staff/districts/{district_code}/cases": staff(A.CASE_OVERVIEW_READ),
    f"GET {PAGE}/{{case_id}}": staff(A.CASE_READ),
    f"POST {PAGE}/{{dispute_id}}/answer": staff(A.DISPUTE_ANSWER, form=WRITTEN),
    f"POST {PAGE}/{{appeal_id}}/acknowledgement": staff(A.APPEAL_DECIDE),
    f"POST {PAGE}/{{appeal_id}}/decision": staff(A.APPEAL_DECIDE, form=WRITTEN),
    f"POST {PAGE}/{{appeal_id}}/review": staff(A.APPEAL_REVIEW, form=WRITTEN),
    f"POST {PAGE}/{{case_id}}/escalation": staff(A.CASE_ENTER),
    f"POST {PAGE}/{{case_id}}/corrections": staff(
        A.DISPUTE_ANSWER, form={"correction": "{case_correction_id}"}
    ),
    f"POST {PAGE}/{{case_id}}/holds": staff(A.CREDIT_HOLD, form={"entry": "{entry_id}"}),
    f"POST {PAGE}/{{case_id}}/releases": staff(A.CREDIT_HOLD, form={"entry": "{entry_id}"}),
    "GET /staff/learners/{learner_id}/cases": staff(A.CASE_ENTER),
    "POST /staff/learners/{learner_id}/cases": staff(
        A.CASE_ENTER, form={"subject": "attendance:{attendance_id}", "reason": "other"}
    ),
}
