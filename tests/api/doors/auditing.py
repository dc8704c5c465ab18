"""The doors of those who audit: finding, facts, and who looked at whom."""

from __future__ import annotations

from tests.api.doors.rule import ANY_STAFF, PARENT, A, Door, Rule, staff

DOORS: dict[str, Rule] = {
    "GET /staff/find": ANY_STAFF,
    "GET /staff/facts/{stream_id}": staff(A.HISTORY_READ),
    "GET /staff/schools/{school_code}/terms/{term}/lines": staff(A.TERM_LISTING_READ),
    "GET /staff/districts/{district_code}/reversals": staff(A.AUDIT_READ),
    "GET /staff/access-log": Rule(Door.SOMEWHERE, (A.ACCESS_LOG_READ,)),
    "GET /staff/status": Rule(Door.SOMEWHERE, (A.STATUS_READ,)),
    "GET /me/looks": PARENT,
    "GET /me/passbook.json": PARENT,
    "GET /staff/learners/{learner_id}/passbook.json": staff(A.HISTORY_READ),
}
