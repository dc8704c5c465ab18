"""The doors of teachers."""

from __future__ import annotations

from tests.api.doors.rule import ANY_STAFF, A, Rule, staff

NEW = {"name": "（示例）王老师", "in_service_from": "2015-09-01"}
DAYS = {"begins": "2026-03-07", "ends": "2026-03-07"}
TRAINING = {"title": "示例研修", "organiser": "示例学院", **DAYS}
HOURS = {**TRAINING, "hours": 600}
TYPED = {**TRAINING, "amount": "6"}
# A move to where somebody is already is refused: the next visitor finds the teacher still there.
NOWHERE = {"school_code": "{school_code}", "on": "2026-09-01"}
RESTATED = {"since": "2015-09-01", "begins": "2015-09-01"}
BEFORE = {"on": "1990-01-01"}
TAKEN_BACK = {"award_id": "{award_id}", "reason": "entry_error"}

DOORS: dict[str, Rule] = {
    "GET /api/v1/schools/{school_code}/teachers": staff(A.TEACHER_READ),
    "POST /api/v1/schools/{school_code}/teachers": staff(A.TEACHER_REGISTER, json=NEW),
    "GET /api/v1/districts/{district_code}/teacher-cycle": staff(A.TEACHER_COVERAGE_READ),
    "GET /api/v1/staff/my-hours": ANY_STAFF,
    "GET /api/v1/teachers/{teacher_id}": staff(A.TEACHER_READ),
    "POST /api/v1/teachers/{teacher_id}/hours": staff(A.TEACHER_HOURS_ENTER, json=HOURS),
    "POST /api/v1/teachers/{teacher_id}/hours/{award_id}/reversal": staff(
        A.TEACHER_HOURS_ENTER, json={"reason_code": "entry_error"}
    ),
    "POST /api/v1/teachers/{teacher_id}/moves": staff(A.TEACHER_REGISTER, json=NOWHERE),
    "POST /api/v1/teachers/{teacher_id}/leaving": staff(A.TEACHER_REGISTER, json=BEFORE),
    "POST /api/v1/teachers/{teacher_id}/staff": staff(
        A.TEACHER_REGISTER, json={"user": "{teacher_user}"}
    ),
    "POST /api/v1/teachers/{teacher_id}/service": staff(A.TEACHER_REGISTER, json=RESTATED),
    "POST /api/v1/teachers/{teacher_id}/staff/withdrawal": staff(A.TEACHER_REGISTER),
    "GET /api/v1/schools/{school_code}/teacher-corrections": staff(A.TEACHER_HOURS_CORRECT_SECOND),
    "POST /api/v1/teachers/{teacher_id}/corrections": staff(
        A.TEACHER_HOURS_CORRECT, json={"hours": HOURS}
    ),
    "POST /api/v1/teacher-corrections/{change_id}/confirmation": staff(
        A.TEACHER_HOURS_CORRECT_SECOND
    ),
    "POST /api/v1/teacher-corrections/{change_id}/refusal": staff(A.TEACHER_HOURS_CORRECT_SECOND),
    "GET /staff/teachers/{school_code}": staff(A.TEACHER_READ),
    "POST /staff/teachers/{school_code}": staff(A.TEACHER_REGISTER, form=NEW),
    "GET /staff/teachers/of/{teacher_id}": staff(A.TEACHER_READ),
    "POST /staff/teachers/of/{teacher_id}/hours": staff(A.TEACHER_HOURS_ENTER, form=TYPED),
    "POST /staff/teachers/of/{teacher_id}/late-hours": staff(A.TEACHER_HOURS_CORRECT, form=TYPED),
    "POST /staff/teachers/of/{teacher_id}/reversal": staff(A.TEACHER_HOURS_ENTER, form=TAKEN_BACK),
    "POST /staff/teachers/of/{teacher_id}/moves": staff(A.TEACHER_REGISTER, form=NOWHERE),
    "POST /staff/teachers/of/{teacher_id}/leaving": staff(A.TEACHER_REGISTER, form=BEFORE),
    "POST /staff/teachers/of/{teacher_id}/staff": staff(
        A.TEACHER_REGISTER, form={"user": "{teacher_user}"}
    ),
    "POST /staff/teachers/of/{teacher_id}/service": staff(A.TEACHER_REGISTER, form=RESTATED),
    "POST /staff/teachers/of/{teacher_id}/staff/withdrawal": staff(A.TEACHER_REGISTER),
    "POST /staff/teachers/corrections/{change_id}": staff(
        A.TEACHER_HOURS_CORRECT_SECOND, form={"decision": "decline"}
    ),
    "GET /staff/teachers/regions/{district_code}": staff(A.TEACHER_COVERAGE_READ),
    "GET /staff/my-hours": ANY_STAFF,
}
