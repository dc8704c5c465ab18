"""The doors of the scanner: personal codes, scans, and the inbox of a session."""

from __future__ import annotations

from tests.api.doors.rule import PARENT, PUBLIC, A, Rule, staff

CLASS = {"grade": "三年级", "group": "2班"}
SCANS = {
    "scans": [
        {"scan_id": "{new_id}", "way": "in", "at": "2026-09-18T19:00:00+08:00", "code": "PC1.X"}
    ]
}
INBOX = "/staff/sessions/{session_id}/inbox"

DOORS: dict[str, Rule] = {
    "GET /me/code": PARENT,
    "GET /staff/scanner-worker.js": PUBLIC,  # a script, the same for everybody
    "GET /staff/sessions/{session_id}/scan": staff(A.ATTENDANCE_ENTER),
    "POST /staff/sessions/{session_id}/scan": staff(
        A.ATTENDANCE_ENTER, form={"scan_id": "{new_id}", "code": "PC1.X"}
    ),
    "GET /staff/sessions/{session_id}/scan/list": staff(A.ATTENDANCE_ENTER),
    f"GET {INBOX}": staff(A.ATTENDANCE_ENTER),
    f"POST {INBOX}/{{scan_id}}/taken": staff(A.ATTENDANCE_ENTER),
    f"POST {INBOX}/{{scan_id}}/refused": staff(A.ATTENDANCE_ENTER, form={"reason": "not_present"}),
    "GET /api/v1/sessions/{session_id}/inbox": staff(A.ATTENDANCE_ENTER),
    "POST /api/v1/sessions/{session_id}/inbox/{scan_id}/decision": staff(
        A.ATTENDANCE_ENTER, json={"refused_because": "not_present"}
    ),
    "POST /api/v1/sessions/{session_id}/scans": staff(A.SCAN_SEND, json=SCANS),
    "GET /staff/classes/{school_code}/personal-codes": staff(A.PERSONAL_CODE_PRINT, query=CLASS),
    "POST /staff/classes/{school_code}/personal-codes/renewals": staff(
        A.PERSONAL_CODE_PRINT, form={**CLASS, "learner": "{learner_id}"}
    ),
}
