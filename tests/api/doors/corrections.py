"""The doors of corrections."""

from __future__ import annotations

from tests.api.doors.rule import PARENT, A, Door, Rule, staff

READERS = staff(
    A.ATTENDANCE_CORRECT, A.ATTENDANCE_CORRECT_SECOND, A.SESSION_VOID_CONFIRM, A.AUDIT_READ
)
ABSENT = {
    "kind": "attendance", "session_id": "{session_id}", "learner_id": "{learner_id}",
    "reason_code": "not_present",
}  # fmt: skip
SHA256 = "0" * 64
SAID = {"heard_by": "in_person", "words": "（示例）"}

DOORS: dict[str, Rule] = {
    "POST /api/v1/certificates/{number}/review/closing": staff(A.CERTIFICATE_REVOKE_PROPOSE),
    "POST /staff/certificates/{number}/review/closing": staff(A.CERTIFICATE_REVOKE_PROPOSE),
    "POST /api/v1/corrections/preview": staff(A.ATTENDANCE_CORRECT, json={"order": ABSENT}),
    "POST /api/v1/corrections": staff(
        A.ATTENDANCE_CORRECT, json={"order": ABSENT, "sha256": SHA256}
    ),
    "GET /api/v1/schools/{school_code}/corrections": READERS,
    "GET /api/v1/corrections": Rule(Door.ANY_STAFF),
    "GET /api/v1/corrections/{correction_id}": READERS,
    "POST /api/v1/corrections/{correction_id}/approval": staff(
        A.SESSION_VOID_CONFIRM, json={"sha256": SHA256}
    ),
    "POST /api/v1/corrections/{correction_id}/refusal": staff(
        A.SESSION_VOID_CONFIRM, json={"reason_code": "not_founded"}
    ),
    "POST /api/v1/corrections/{correction_id}/withdrawal": staff(A.SESSION_VOID_PROPOSE),
    "GET /staff/sessions/{session_id}/attendances/{learner_id}/correction": staff(
        A.ATTENDANCE_CORRECT
    ),
    "GET /staff/sessions/{session_id}/correction": staff(A.ATTENDANCE_CORRECT),
    "GET /staff/sessions/{session_id}/voiding": staff(A.SESSION_VOID_PROPOSE),
    "POST /staff/corrections": staff(
        A.ATTENDANCE_CORRECT, form={"order": "{attendance_order}", "sha256": SHA256}
    ),
    "GET /staff/corrections": Rule(Door.ANY_STAFF),
    "GET /staff/corrections/{school_code}": READERS,
    "GET /staff/corrections/of/{correction_id}": READERS,
    "POST /staff/corrections/of/{correction_id}/approval": staff(
        A.SESSION_VOID_CONFIRM, form={"sha256": SHA256}
    ),
    "POST /staff/corrections/of/{correction_id}/refusal": staff(
        A.SESSION_VOID_CONFIRM, form={"reason": "not_founded"}
    ),
    "GET /staff/hearings/{matter_id}": staff(A.ATTENDANCE_CORRECT, A.ATTENDANCE_CORRECT_SECOND),
    "GET /staff/hearings/{matter_id}/question": staff(A.ATTENDANCE_CORRECT),
    "POST /staff/hearings/{matter_id}/telling": staff(
        A.ATTENDANCE_CORRECT, form={"how": "in_person"}
    ),
    "POST /staff/hearings/{matter_id}/statements": staff(A.ATTENDANCE_CORRECT, form=SAID),
    "GET /api/v1/hearings/{matter_id}": staff(A.ATTENDANCE_CORRECT, A.ATTENDANCE_CORRECT_SECOND),
    "POST /api/v1/hearings/{matter_id}/telling": staff(
        A.ATTENDANCE_CORRECT, json={"how": "in_person"}
    ),
    "POST /api/v1/hearings/{matter_id}/statements": staff(A.ATTENDANCE_CORRECT, json=SAID),
    "GET /me/proposals/{matter_id}": PARENT,
    "POST /staff/corrections/of/{correction_id}/withdrawal": staff(A.SESSION_VOID_PROPOSE),
}
