"""The doors of exams."""

from __future__ import annotations

from tests.api.doors.rule import PARENT, A, Rule, staff

PLACE = {"grade": "三年级", "group": "2班"}
JUDGED = {"learner_id": "{learner_id}", "passed": True}
JUDGED_FORM = {**PLACE, "learner": "{learner_id}", "passed": "true"}
TIMES = {"opens_at": "2026-09-20T08:00:00+08:00", "closes_at": "2026-10-20T20:00:00+08:00"}
ASKED = {"number": "1", "kind": "single", "text": "示例", "choices": ["甲", "乙"], "right": [0]}
ASKED_FORM = {"number": "1", "kind": "single", "text": "示例", "choices": "甲\n乙", "right": "1"}
ATTEMPT, EXAM, BANK = (
    "exams/{exam_id}/attempts/{attempt_id}",
    "exams/of/{exam_id}",
    "question-banks/of/{bank_id}",
)

DOORS: dict[str, Rule] = {
    "GET /me/exams": PARENT,
    "GET /me/exams/{exam_id}": PARENT,
    "POST /me/exams/{exam_id}/start": PARENT,
    f"GET /me/{ATTEMPT}": PARENT,
    f"POST /me/{ATTEMPT}/saved": PARENT,
    f"POST /me/{ATTEMPT}/submitted": PARENT,
    f"POST /me/{ATTEMPT}/ended": PARENT,
    "GET /api/v1/me/exams": PARENT,
    "GET /api/v1/me/exams/{exam_id}": PARENT,
    "POST /api/v1/me/exams/{exam_id}/attempts": PARENT,
    "GET /api/v1/me/attempts/{attempt_id}": PARENT,
    "PUT /api/v1/me/attempts/{attempt_id}/answers": Rule(PARENT.door, json={"answers": {}}),
    "POST /api/v1/me/attempts/{attempt_id}/submission": Rule(PARENT.door, json={"answers": {}}),
    "POST /staff/exams/{school_code}/online": staff(
        A.EXAM_PUBLISH, form={"title": "示例考核", "bank": "{bank_id}", **TIMES}
    ),
    f"POST /staff/{EXAM}/oral-results": staff(
        A.EXAM_EXAMINE, form={**JUDGED_FORM, "reason": "elderly"}
    ),
    f"POST /staff/{EXAM}/study-notes": staff(A.EXAM_MARK_NOTE, form=JUDGED_FORM),
    f"POST /staff/{EXAM}/attempts/{{oral_id}}/witness": staff(A.EXAM_WITNESS, form=PLACE),
    f"POST /staff/{EXAM}/attempts/{{attempt_id}}/withdrawal": staff(A.EXAM_WITHDRAW, form=PLACE),
    f"GET /staff/{EXAM}/attempts/{{attempt_id}}/correction": staff(A.EXAM_CORRECT),
    f"POST /staff/{EXAM}/attempts/{{attempt_id}}/correction": staff(
        A.EXAM_CORRECT, form={"verdict": "void", "reason": "entry_error"}
    ),
    "GET /staff/question-banks/{owner}": staff(A.QUESTION_BANK_READ),
    "POST /staff/question-banks/{owner}": staff(A.QUESTION_BANK_EDIT, form={"course": "示例"}),
    f"GET /staff/{BANK}": staff(A.QUESTION_BANK_READ),
    f"POST /staff/{BANK}/questions": staff(A.QUESTION_BANK_EDIT, form=ASKED_FORM),
    f"POST /staff/{BANK}/questions/{{question_id}}/retirement": staff(A.QUESTION_BANK_EDIT),
    "POST /api/v1/schools/{school_code}/online-exams": staff(
        A.EXAM_PUBLISH, json={"title": "示例考核", "bank_ids": ["{bank_id}"], **TIMES}
    ),
    "POST /api/v1/exams/{exam_id}/oral-results": staff(
        A.EXAM_EXAMINE, json={**JUDGED, "reason": "elderly"}
    ),
    "POST /api/v1/exams/{exam_id}/study-notes": staff(A.EXAM_MARK_NOTE, json=JUDGED),
    "POST /api/v1/exams/{exam_id}/attempts/{oral_id}/witness": staff(A.EXAM_WITNESS),
    f"POST /api/v1/{ATTEMPT}/withdrawal": staff(A.EXAM_WITHDRAW),
    f"GET /api/v1/{ATTEMPT}/draw": staff(A.EXAM_DRAW_READ),
    "GET /api/v1/organisations/{owner}/question-banks": staff(A.QUESTION_BANK_READ),
    "POST /api/v1/organisations/{owner}/question-banks": staff(
        A.QUESTION_BANK_EDIT, json={"course": "示例"}
    ),
    "GET /api/v1/question-banks/{bank_id}": staff(A.QUESTION_BANK_READ),
    "POST /api/v1/question-banks/{bank_id}/questions": staff(
        A.QUESTION_BANK_EDIT, json={"questions": [ASKED]}
    ),
    "POST /api/v1/question-banks/{bank_id}/questions/{question_id}/retirement": staff(
        A.QUESTION_BANK_EDIT
    ),
}
