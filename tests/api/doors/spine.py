"""The doors of the spine: enrolment, sessions, check-in, certificates, verification."""

from __future__ import annotations

from dataclasses import replace

from tests.api.doors.rule import (
    ANY_DEVICE,
    ANY_STAFF,
    BY_TOKEN,
    PARENT,
    PUBLIC,
    UPLOADER,
    A,
    Door,
    Rule,
    staff,
)

IMPORTS = (
    A.ROSTER_IMPORT, A.PLAN_IMPORT, A.EXAM_ENTER, A.EXAM_CHECK, A.QUESTION_BANK_EDIT,
    A.SHEET_ENTER, A.SHEET_CHECK,
)  # fmt: skip
SCORES = {"grade": "三年级", "group": "2班", "learner": "{learner_id}", "score": "80"}
PASSWORDS = {"old": "示例密码-2026-a", "new": "示例密码-2026-b", "repeated": "示例密码-2026-b"}
TAP = {"learner_id": "{learner_id}", "scan_id": "{new_id}"}
RESULTS = {"results": [{"learner_id": "{learner_id}", "score": 80}]}
PLANNED = {
    "school_code": "{school_code}", "title": "示例活动", "family": "mental_health",
    "begins_at": "2026-10-09T19:00:00+08:00", "ends_at": "2026-10-09T20:20:00+08:00",
    "class_hours": 200, "place": "报告厅", "carrier": "in_school", "mode": "on_site",
    "grades": ["三年级"], "school_year": 2026, "term_no": 1, "stage": "primary",
}  # fmt: skip

# A statement of hours is issued by the school's own coordinator or head.
ISSUERS = staff(A.CERTIFICATE_AUTHORISE, A.ROSTER_IMPORT)

DOORS: dict[str, Rule] = {
    "GET /": PUBLIC,
    "GET /livez": PUBLIC,
    "GET /api/v1/openapi.json": PUBLIC,
    "GET /readyz": PUBLIC,
    "GET /metrics": BY_TOKEN,
    "POST /language": PUBLIC,
    "POST /size": PUBLIC,
    "GET /static/{digest}/{name}": PUBLIC,
    "GET /demo": PUBLIC,
    "GET /demo/codes/{session_id}": PUBLIC,
    "GET /demo/plan.csv": PUBLIC,
    "GET /kept": PUBLIC,  # a cookie says which form, the login whose
    "GET /enrol": PUBLIC,
    "GET /enrol/{code}": PUBLIC,
    "POST /enrol": PUBLIC,
    "POST /enrol/class": PUBLIC,
    "GET /enrolled": ANY_DEVICE,
    "GET /staff/login": PUBLIC,
    "POST /staff/login": PUBLIC,
    "POST /logout": PUBLIC,
    "GET /staff/password": ANY_STAFF,
    "POST /staff/password": replace(ANY_STAFF, form=PASSWORDS),
    "GET /me/sign-out": ANY_DEVICE,
    "POST /me/sign-out": PUBLIC,  # it ends the login that the phone brings
    "POST /in/person": PUBLIC,  # the phone's own logins say who
    "GET /staff/sign-on": PUBLIC,
    "GET /staff/sign-on/return": PUBLIC,
    "POST /staff/sign-on/logout": PUBLIC,  # by the provider's signature
    "GET /IN/{session}/{token}": PUBLIC,
    "GET /in/{session}/{token}": PUBLIC,
    "GET /verify": PUBLIC,
    "GET /verify/batch": PUBLIC,
    "GET /verify/batch/{name}": PUBLIC,
    "POST /verify/name": PUBLIC,
    "GET /c": PUBLIC,
    "GET /c/keys.json": PUBLIC,
    "GET /c/{name}": PUBLIC,
    "GET /status/{number}": PUBLIC,
    "GET /status/{number}/bitstring": PUBLIC,
    "GET /.well-known/did.json": PUBLIC,
    "GET /log": PUBLIC,
    "POST /log": PUBLIC,
    "GET /log/checkpoint": PUBLIC,
    "GET /log/checkpoint/witnessed": PUBLIC,
    "GET /log/keys": PUBLIC,
    "GET /log/tile/{path}": PUBLIC,
    "GET /log/proof/inclusion": PUBLIC,
    "GET /log/proof/consistency": PUBLIC,
    "GET /api/v1/certificates/{number}": PUBLIC,
    "POST /api/v1/sessions/{session_id}/arrivals": PUBLIC,
    "GET /in": ANY_DEVICE,
    "POST /in/code": ANY_DEVICE,
    "POST /in": PUBLIC,  # the sealed ticket says who
    "GET /in/{session}": ANY_DEVICE,
    "POST /out": ANY_DEVICE,
    "POST /api/v1/sessions/{session_id}/check-ins": PUBLIC,  # the sealed ticket says who
    "GET /me": PARENT,
    "GET /me/changes": PARENT,
    "GET /me/statement": PARENT,
    "GET /me/certificates": PARENT,
    "GET /me/certificates/{number}": PARENT,
    "POST /me/certificates/{number}/share-links": PARENT,
    "POST /me/certificates/{number}/share-links/{link_id}/close": PARENT,
    "GET /me/data": PARENT,
    "GET /me/data.json": PARENT,
    "POST /me/devices/{login_id}/end": PARENT,
    "GET /staff": ANY_STAFF,
    "GET /staff/imports": ANY_STAFF,
    "GET /staff/certificates": Rule(Door.SOMEWHERE, (A.CERTIFICATE_READ,)),
    "GET /staff/revocations": Rule(Door.SOMEWHERE, (A.CERTIFICATE_REVOKE_CONFIRM,)),
    "GET /staff/schools/{school_code}": staff(A.SESSION_READ),
    "GET /staff/sessions/{session_id}": staff(A.SESSION_READ),
    "GET /staff/sessions/{session_id}/counts": staff(A.SESSION_READ),
    "GET /staff/sessions/{session_id}/present": staff(A.SESSION_PRESENT),
    "GET /staff/sessions/{session_id}/live": staff(A.SESSION_PRESENT),
    "GET /staff/sessions/{session_id}/list": staff(A.ATTENDANCE_ENTER, A.LEARNER_CONFIRM),
    "GET /staff/sessions/{session_id}/list/state": staff(A.ATTENDANCE_ENTER, A.LEARNER_CONFIRM),
    "POST /staff/sessions/{session_id}/find": staff(
        A.ATTENDANCE_ENTER, A.LEARNER_CONFIRM, form={"name": "陈"}
    ),
    "POST /staff/sessions/{session_id}/check-in": staff(A.ATTENDANCE_ENTER, form=TAP),
    "POST /staff/sessions/{session_id}/check-out": staff(A.ATTENDANCE_ENTER, form=TAP),
    "GET /staff/sessions/{session_id}/register": staff(A.ATTENDANCE_READ),
    "POST /staff/sessions/{session_id}/stays": staff(A.ATTENDANCE_ENTER, form=TAP),
    "POST /staff/sessions/{session_id}/open": staff(A.SESSION_OPEN),
    "POST /staff/sessions/{session_id}/close": staff(A.SESSION_CLOSE),
    "POST /staff/sessions/{session_id}/head-count": staff(
        A.SESSION_HEAD_COUNT, form={"present": 1}
    ),
    "POST /staff/sessions/{session_id}/attest-as-host": staff(A.SESSION_ATTEST_AS_HOST),
    "POST /staff/sessions/{session_id}/attest-as-coordinator": staff(
        A.SESSION_ATTEST_AS_COORDINATOR
    ),
    "GET /staff/classes/{school_code}": staff(A.LEARNER_READ),
    "GET /staff/classes/{school_code}/families": staff(
        A.LEARNER_READ, query={"grade": "三年级", "group": "2班"}
    ),
    "GET /staff/classes/{school_code}/changes": staff(
        A.CHANGES_PRINT, query={"grade": "三年级", "group": "2班"}
    ),
    "POST /staff/classes/{school_code}/slips": staff(
        A.ENROLMENT_CODE_ISSUE, form={"grade": "三年级", "group": "2班"}
    ),
    "GET /staff/exams/{school_code}": staff(A.EXAM_ENTER, A.EXAM_CHECK),
    "POST /staff/exams/{school_code}": staff(
        A.EXAM_PUBLISH, form={"title": "示例考核", "held_on": "2026-09-10"}
    ),
    "GET /staff/exams/of/{exam_id}": staff(A.EXAM_ENTER, A.EXAM_CHECK),
    "POST /staff/exams/of/{exam_id}/results": staff(A.EXAM_ENTER, form=SCORES),
    "POST /staff/exams/of/{exam_id}/checks": staff(A.EXAM_CHECK, form=SCORES),
    "GET /staff/learners/{learner_id}": staff(A.HISTORY_READ, A.LEARNER_READ),
    "POST /staff/learners/{learner_id}/name": staff(A.LEARNER_READ, form={"reason": "identity"}),
    "GET /staff/imports/{school_code}": staff(*IMPORTS),
    "GET /staff/imports/{school_code}/{kind}.csv": staff(*IMPORTS),
    "GET /staff/imports/{school_code}/{kind}.xlsx": staff(*IMPORTS),
    "POST /staff/imports/{school_code}/{kind}": staff(A.ROSTER_IMPORT),
    "GET /staff/uploads/{upload_id}": UPLOADER,
    "POST /staff/uploads/{upload_id}": UPLOADER,
    "GET /staff/uploads/{upload_id}/failed": UPLOADER,
    "GET /staff/uploads/{upload_id}/progress": UPLOADER,
    "POST /staff/uploads/{upload_id}/sheet": UPLOADER,
    "POST /staff/uploads/{upload_id}/dropped": UPLOADER,
    "GET /staff/schools/{school_code}/certificates": staff(A.CERTIFICATE_READ),
    "POST /staff/schools/{school_code}/certificates": staff(A.CERTIFICATE_AUTHORISE),
    "GET /staff/schools/{school_code}/certificates/find": staff(
        A.CERTIFICATE_READ, query={"number": "{number}"}
    ),
    "GET /staff/schools/{school_code}/certificates/sheets.zip": replace(
        ISSUERS, query={"issued_on": "2026-09-19"}
    ),
    "GET /staff/schools/{school_code}/statements": ISSUERS,
    "POST /staff/schools/{school_code}/statements": replace(
        ISSUERS, form={"learner_id": "{learner_id}", "request_id": "{new_id}"}
    ),
    "GET /staff/certificates/{number}": staff(A.CERTIFICATE_READ),
    "POST /staff/certificates/{number}/reissue": staff(
        A.CERTIFICATE_REISSUE, form={"reason": "lost"}
    ),
    "POST /staff/certificates/{number}/revocation": staff(
        A.CERTIFICATE_REVOKE_PROPOSE, form={"reason": "wrong_person"}
    ),
    "POST /staff/certificates/{number}/revocation/confirm": staff(
        A.CERTIFICATE_REVOKE_CONFIRM, form={"reason": "wrong_person"}
    ),
    "GET /certificates/{number}.pdf": replace(ISSUERS, holder_too=True),
    "GET /certificates/{number}.png": replace(ISSUERS, holder_too=True),
    "GET /certificates/{number}.webp": replace(ISSUERS, holder_too=True),
    "GET /certificates/{number}.svg": replace(ISSUERS, holder_too=True),
    "GET /certificates/{number}.json": replace(ISSUERS, holder_too=True),
    "GET /certificates/{number}.jwt": replace(ISSUERS, holder_too=True),
    "GET /certificates/{number}/log-proof.json": replace(ISSUERS, holder_too=True),
    "GET /api/v1/sessions/{session_id}/codes": staff(A.SESSION_PRESENT),
    "GET /api/v1/sessions/{session_id}/live": staff(A.SESSION_PRESENT),
    "GET /api/v1/sessions/{session_id}/register": staff(A.ATTENDANCE_READ),
    "POST /api/v1/sessions/{session_id}/attendances": staff(A.ATTENDANCE_ENTER, json=TAP),
    "POST /api/v1/sessions/{session_id}/attendances/{learner_id}/check-out": staff(
        A.ATTENDANCE_ENTER, json={"scan_id": "{new_id}"}
    ),
    "GET /api/v1/schools/{school_code}/exams": staff(A.EXAM_ENTER, A.EXAM_CHECK),
    "POST /api/v1/schools/{school_code}/exams": staff(
        A.EXAM_PUBLISH, json={"title": "示例考核", "held_on": "2026-09-10"}
    ),
    "POST /api/v1/exams/{exam_id}/results": staff(A.EXAM_ENTER, json=RESULTS),
    "POST /api/v1/exams/{exam_id}/checks": staff(A.EXAM_CHECK, json=RESULTS),
    "GET /api/v1/exams/{exam_id}/attempts": staff(A.EXAM_ENTER, A.EXAM_CHECK),
    "POST /api/v1/schools/{school_code}/imports/{kind}": staff(A.ROSTER_IMPORT),
    "GET /api/v1/learners/{learner_id}/statement": staff(A.HISTORY_READ),
    "GET /api/v1/learners/{learner_id}/history": staff(A.HISTORY_READ),
    "GET /api/v1/learners/{learner_id}/changes": staff(A.HISTORY_READ),
    "GET /api/v1/me/changes": PARENT,
    "GET /api/v1/schools/{school_code}/sessions": staff(A.SESSION_READ),
    "POST /api/v1/sessions": staff(A.SESSION_SCHEDULE, json=PLANNED),
    "GET /api/v1/sessions/{session_id}": staff(A.SESSION_READ),
    "POST /api/v1/sessions/{session_id}/open": staff(A.SESSION_OPEN),
    "POST /api/v1/sessions/{session_id}/close": staff(A.SESSION_CLOSE),
    "POST /api/v1/sessions/{session_id}/head-counts": staff(
        A.SESSION_HEAD_COUNT, json={"persons_present": 1}
    ),
    "POST /api/v1/sessions/{session_id}/attestations": staff(
        A.SESSION_ATTEST_AS_HOST, json={"attested_as": "host"}
    ),
}
