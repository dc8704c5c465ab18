"""The doors of people: merged records, children who move, guardianships that end."""

from __future__ import annotations

from tests.api.doors.rule import PARENT, A, Rule, staff

PAIR = {"learner_ids": ["{learner_id}", "{other_learner_id}"]}
TIE = {"learner": "{learner_id}", "child": "{child_id}"}
CUSTODY = (A.CUSTODY_PROPOSE, A.CUSTODY_CONFIRM)
MOVING = (A.TRANSFER_RELEASE, A.TRANSFER_CLAIM)
RESTORATIONS = "/api/v1/schools/{school_code}/custody-restorations"
CASE = "/api/v1/schools/{school_code}/custody-changes/{learner_id}/{child_id}"
BACK = {"child": "{child_left_id}", "on": "2026-09-19", "reason": "returned"}
BACK_AS_JSON = {"child_id": "{child_left_id}", "on": "2026-09-19", "reason_code": "returned"}
LEFT = {"child_id": "{child_id}", "on": "2027-06-30", "reason_code": "graduated"}
COUNTER = "/staff/schools/{school_code}/people"
ASKED = "/staff/links/{school_code}/{link_id}"
ASKED_AS_JSON = "/api/v1/schools/{school_code}/links/{link_id}"
NOT_KNOWN = {"reason_code": "not_known"}
CLAIM = {"code": "WRONG", "class_name": "三年级2班"}

DOORS: dict[str, Rule] = {
    f"GET {COUNTER}": staff(A.CASE_ENTER, A.CERTIFICATE_AUTHORISE),
    f"POST {COUNTER}": staff(A.CASE_ENTER, A.CERTIFICATE_AUTHORISE, form={"name": "陈"}),
    "GET /staff/links/{school_code}": staff(A.LEARNER_CONFIRM),
    "POST /staff/links/{school_code}": staff(A.LEARNER_CONFIRM),
    f"GET {ASKED}": staff(A.LEARNER_CONFIRM),
    f"POST {ASKED}/refusal": staff(A.LEARNER_CONFIRM),
    f"POST {ASKED}/confirmation": staff(A.LEARNER_CONFIRM, form={"who": "{child_id}"}),
    "GET /api/v1/schools/{school_code}/links": staff(A.LEARNER_CONFIRM),
    f"POST {ASKED_AS_JSON}/refusal": staff(A.LEARNER_CONFIRM, json=NOT_KNOWN),
    f"POST {ASKED_AS_JSON}/confirmation": staff(
        A.LEARNER_CONFIRM, json={"child_id": "{child_id}", "adult_id": "{learner_id}"}
    ),
    "POST /me/transfers/{transfer_id}/code": PARENT,
    "GET /staff/merges/{school_code}": staff(A.MERGE_PROPOSE),
    "GET /staff/merges/{school_code}/pair": staff(
        A.MERGE_PROPOSE, query={"survivor": "{learner_id}", "merged": "{other_learner_id}"}
    ),
    "GET /staff/merges/{school_code}/of/{learner_id}": staff(A.UNMERGE_PROPOSE),
    "POST /staff/merges/{school_code}/apart": staff(
        A.MERGE_PROPOSE, form={"one": "{learner_id}", "other": "{other_learner_id}"}
    ),
    "GET /api/v1/schools/{school_code}/merge-suggestions": staff(A.MERGE_PROPOSE),
    "POST /api/v1/schools/{school_code}/told-apart": staff(A.MERGE_PROPOSE, json=PAIR),
    "GET /staff/custody/{school_code}": staff(*CUSTODY),
    "POST /staff/custody/{school_code}": staff(
        A.CUSTODY_PROPOSE, form={**TIE, "reason": "custody_changed"}
    ),
    "POST /staff/custody/{school_code}/dropping": staff(*CUSTODY, form=TIE),
    "POST /staff/custody/{school_code}/confirmation": staff(A.CUSTODY_CONFIRM, form=TIE),
    "POST /staff/custody/{school_code}/restoration": staff(
        A.CUSTODY_PROPOSE, form={**TIE, "reason": "ended_in_error"}
    ),
    "POST /staff/custody/{school_code}/restoration/confirmation": staff(
        A.CUSTODY_CONFIRM, form=TIE
    ),
    "GET /api/v1/schools/{school_code}/ended-guardianships": staff(*CUSTODY),
    f"POST {RESTORATIONS}": staff(
        A.CUSTODY_PROPOSE,
        json={
            "learner_id": "{learner_id}",
            "child_id": "{child_id}",
            "reason_code": "care_resumed",
            "holds_from": "2026-09-12",
        },
    ),
    f"POST {RESTORATIONS}/{{learner_id}}/{{child_id}}/confirmation": staff(A.CUSTODY_CONFIRM),
    "GET /api/v1/schools/{school_code}/custody-changes": staff(*CUSTODY),
    "POST /api/v1/schools/{school_code}/custody-changes": staff(
        A.CUSTODY_PROPOSE,
        json={
            "learner_id": "{other_learner_id}",
            "child_id": "{child_id}",
            "reason_code": "care_ended",
        },
    ),
    f"POST {CASE}/dropping": staff(*CUSTODY),
    f"POST {CASE}/confirmation": staff(A.CUSTODY_CONFIRM),
    "GET /staff/transfers/{school_code}": staff(*MOVING),
    "POST /staff/transfers/{school_code}": staff(
        A.TRANSFER_RELEASE, form={"child": "{child_id}", "effective_on": "2027-03-01"}
    ),
    "POST /staff/transfers/{school_code}/departures": staff(
        A.TRANSFER_RELEASE,
        form={"child": "{child_id}", "on": "2027-06-30", "reason": "graduated"},
    ),
    "POST /staff/transfers/{school_code}/claims": staff(A.TRANSFER_CLAIM, form=CLAIM),
    "POST /staff/transfers/of/{transfer_id}/confirmation": staff(A.TRANSFER_RELEASE),
    "POST /staff/transfers/of/{transfer_id}/withdrawal": staff(A.TRANSFER_RELEASE),
    "GET /staff/departures/{school_code}": staff(
        A.TRANSFER_RELEASE, query={"child": "{child_left_id}"}
    ),
    "POST /staff/departures/{school_code}": staff(A.TRANSFER_RELEASE, form=BACK),
    "POST /api/v1/schools/{school_code}/returns": staff(A.TRANSFER_RELEASE, json=BACK_AS_JSON),
    "GET /api/v1/schools/{school_code}/transfers": staff(*MOVING),
    "POST /api/v1/schools/{school_code}/transfers": staff(
        A.TRANSFER_RELEASE, json={"child_id": "{child_id}", "effective_on": "2027-03-01"}
    ),
    "POST /api/v1/schools/{school_code}/departures": staff(A.TRANSFER_RELEASE, json=LEFT),
    "POST /api/v1/schools/{school_code}/transfers/claims": staff(A.TRANSFER_CLAIM, json=CLAIM),
    "POST /api/v1/transfers/{transfer_id}/confirmation": staff(A.TRANSFER_RELEASE),
    "POST /api/v1/transfers/{transfer_id}/withdrawal": staff(A.TRANSFER_RELEASE),
}
