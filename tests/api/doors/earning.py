"""The doors of earning: services, leave, make-ups, studies, courses, hours from elsewhere."""

from __future__ import annotations

from typing import Any

from tests.api.doors.rule import PARENT, A, Rule, staff

SERVED = {"learner_id": "{learner_id}", "kind": "parent_lecturer"}
PAPER = {"learner_id": "{learner_id}", "category": "work"}
DECIDED = {"learner_id": "{learner_id}", "granted": "true"}
UNDONE = {"learner_id": "{learner_id}", "by_id": "{session_id}", "words": "（示例）"}
MADE_UP = {"learner_id": "{learner_id}", "by_id": "{session_id}", "reason": "leave"}
QUESTION = {"text": "?", "choices": ["甲", "乙"], "right": 0}
LESSON: dict[str, Any] = {
    "school_year": 2026, "title": "示例微课", "family": "mental_health", "stage": "primary",
    "class_hours": 25, "quiz": [QUESTION],
    "segments": [{"title": "一", "seconds": 900, "url": "https://a.example", "sha256": "0" * 64}],
}  # fmt: skip
READING = {
    "title": "示例推送", "link": "https://a.example", "family": "mental_health",
    "stage": "primary", "question": QUESTION,
}  # fmt: skip
TYPED = {"title": "示例", "family": "mental_health", "class_hours": "0.25"}
HOURS = {
    "learner_id": "{learner_id}", "issuer": "community_station", "document_number": "1",
    "reason": "（示例）", "hours": 200, "family": "mental_health", "school_year": 2026,
    "term_no": 1,
}  # fmt: skip
WHY_NOT = {"reason": "not_verifiable"}
SESSION, V1 = "/staff/sessions/{session_id}", "/api/v1/sessions/{session_id}"
OWN, CLASS = "/api/v1/me/micro-classes/{micro_class_id}", "/me/micro-classes/{micro_class_id}"

DOORS: dict[str, Rule] = {
    f"GET {V1}/services": staff(A.ATTENDANCE_READ),
    f"POST {V1}/services": staff(A.SERVICE_NAME, json={**SERVED, "class_hours": 100}),
    f"POST {V1}/services/withdrawals": staff(A.SERVICE_NAME, json=SERVED),
    f"GET {V1}/leaves": staff(A.LEAVE_DECIDE),
    f"POST {V1}/leaves": staff(A.LEAVE_DECIDE, json=PAPER),
    f"POST {V1}/leaves/decisions": staff(A.LEAVE_DECIDE, json={**DECIDED, "granted": True}),
    f"POST {V1}/make-ups": staff(A.MAKE_UP_ASSIGN, json=MADE_UP),
    f"POST {V1}/make-ups/withdrawals": staff(A.MAKE_UP_ASSIGN, json=UNDONE),
    "POST /api/v1/me/leaves": Rule(
        PARENT.door, json={"session_id": "{session_id}", "category": "work"}
    ),
    "GET /api/v1/schools/{school_code}/courses": staff(A.SESSION_READ),
    "POST /api/v1/courses/{course_id}/revisions": staff(
        A.COURSE_CHANGE, json={"family": "mental_health"}
    ),
    "POST /api/v1/courses/{course_id}/retirement": staff(A.COURSE_CHANGE),
    "GET /api/v1/schools/{school_code}/micro-classes": staff(A.SESSION_READ),
    "POST /api/v1/schools/{school_code}/micro-classes": staff(A.STUDY_PUBLISH, json=LESSON),
    "GET /api/v1/schools/{school_code}/pushes": staff(A.SESSION_READ),
    "POST /api/v1/schools/{school_code}/pushes": staff(A.STUDY_PUBLISH, json=READING),
    "GET /api/v1/me/studies": PARENT,
    f"GET {OWN}": PARENT,
    "POST /api/v1/me/micro-classes/{micro_class_id}/segments/{segment}/open": PARENT,
    "POST /api/v1/me/micro-classes/{micro_class_id}/segments/{segment}/finish": PARENT,
    "POST /api/v1/me/micro-classes/{micro_class_id}/checks/{segment}": Rule(
        PARENT.door, json={"choice": 0}
    ),
    f"POST {OWN}/quiz": Rule(PARENT.door, json={"answers": []}),
    "POST /api/v1/me/pushes/{item_id}/answers": Rule(PARENT.door, json={"choice": 0}),
    "GET /api/v1/schools/{school_code}/external-hours": staff(A.EXTERNAL_READ),
    "POST /api/v1/schools/{school_code}/external-hours": staff(A.EXTERNAL_ENTER, json=HOURS),
    "POST /api/v1/external-hours/{external_id}/decisions": staff(
        A.EXTERNAL_CONFIRM, json={"confirmed": True}
    ),
    "POST /api/v1/external-hours/{external_id}/withdrawal": staff(A.EXTERNAL_ENTER),
    f"GET {SESSION}/services": staff(A.ATTENDANCE_READ),
    f"POST {SESSION}/services": staff(A.SERVICE_NAME, form=SERVED),
    f"POST {SESSION}/services/withdrawals": staff(A.SERVICE_NAME, form=SERVED),
    "GET /staff/leaves/{school_code}": staff(A.LEAVE_DECIDE),
    f"GET {SESSION}/leaves": staff(A.LEAVE_DECIDE),
    f"POST {SESSION}/leaves": staff(A.LEAVE_DECIDE, form=PAPER),
    f"POST {SESSION}/leaves/decisions": staff(A.LEAVE_DECIDE, form=DECIDED),
    f"POST {SESSION}/make-ups": staff(A.MAKE_UP_ASSIGN, form=MADE_UP),
    f"POST {SESSION}/make-ups/withdrawals": staff(A.MAKE_UP_ASSIGN, form=UNDONE),
    "POST /me/sessions/{session_id}/leave": Rule(PARENT.door, form={"category": "work"}),
    "GET /me/studies": PARENT,
    f"GET {CLASS}": PARENT,
    "POST /me/micro-classes/{micro_class_id}/segments/{segment}/open": PARENT,
    "POST /me/micro-classes/{micro_class_id}/segments/{segment}/finish": PARENT,
    "POST /me/micro-classes/{micro_class_id}/checks/{segment}": PARENT,
    f"POST {CLASS}/quiz": PARENT,
    "GET /me/pushes/{item_id}": PARENT,
    "POST /me/pushes/{item_id}/answers": Rule(PARENT.door, form={"choice": "1"}),
    "GET /staff/studies/{school_code}": staff(A.SESSION_READ),
    "POST /staff/studies/{school_code}/micro-classes": staff(
        A.STUDY_PUBLISH, form={**TYPED, "segments": "?", "quiz": "?"}
    ),
    "POST /staff/studies/{school_code}/pushes": staff(
        A.STUDY_PUBLISH, form={**TYPED, "link": "?", "question": "?"}
    ),
    "POST /staff/courses/{course_id}/revisions": staff(
        A.COURSE_CHANGE, form={"family": "mental_health"}
    ),
    "POST /staff/courses/{course_id}/retirement": staff(A.COURSE_CHANGE),
    "GET /staff/external/{school_code}": staff(A.EXTERNAL_READ),
    "POST /staff/external/{school_code}": staff(A.EXTERNAL_ENTER, form={**HOURS, "hours": "2"}),
    "POST /staff/external/of/{external_id}/withdrawal": staff(A.EXTERNAL_ENTER),
    "GET /staff/external/of/{external_id}/correction": staff(A.EXTERNAL_ENTER),
    "POST /staff/external/of/{external_id}/confirmation": staff(A.EXTERNAL_CONFIRM),
    "POST /staff/external/of/{external_id}/refusal": staff(A.EXTERNAL_CONFIRM, form=WHY_NOT),
    # Last: what is withdrawn is not there any more for the doors above.
    "POST /api/v1/micro-classes/{micro_class_id}/withdrawal": staff(A.STUDY_PUBLISH),
    "POST /staff/micro-classes/{micro_class_id}/withdrawal": staff(A.STUDY_PUBLISH),
    "POST /api/v1/micro-classes/{micro_class_id}/offer": staff(A.STUDY_PUBLISH),
    "POST /staff/micro-classes/{micro_class_id}/offer": staff(A.STUDY_PUBLISH),
    "POST /api/v1/pushes/{item_id}/withdrawal": staff(
        A.STUDY_PUBLISH, json={"reason_code": "wrong_key"}
    ),
    "POST /staff/pushes/{item_id}/withdrawal": staff(
        A.STUDY_PUBLISH, form={"reason_code": "wrong_key"}
    ),
    "POST /api/v1/pushes/{item_id}/offer": staff(A.STUDY_PUBLISH),
    "POST /staff/pushes/{item_id}/offer": staff(A.STUDY_PUBLISH),
}
