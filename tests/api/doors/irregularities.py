"""The doors of irregularities: the queues, a review by two, and a parent's answer."""

from __future__ import annotations

from dataclasses import replace

from tests.api.doors.rule import PARENT, A, Rule, staff

IRREGULARITY, PAGE = "/api/v1/irregularities/{irregularity_id}", "/staff/irregularities/of"
SAYS = {"says": "was_there"}
HEARD = {"heard_by": "in_person", **SAYS}
FINDING = {"reason": "was_there"}
OWN = "/me/irregularities/{irregularity_id}"


def review(**given: object) -> Rule:
    return staff(A.IRREGULARITY_REVIEW, **given)


DOORS: dict[str, Rule] = {
    "GET /staff/irregularities/{school_code}": staff(A.IRREGULARITY_READ),
    "GET /staff/districts/{district_code}/irregularities": staff(A.IRREGULARITY_OVERVIEW_READ),
    f"GET {PAGE}/{{irregularity_id}}": staff(A.IRREGULARITY_READ),
    f"POST {PAGE}/{{irregularity_id}}/hearings": review(form={"person": "{learner_id}", **HEARD}),
    f"POST {PAGE}/{{irregularity_id}}/tellings": review(
        form={"person": "{learner_id}", "how": "in_person"}
    ),
    f"GET {PAGE}/{{irregularity_id}}/questions/{{learner_id}}": staff(A.CASE_ENTER),
    f"POST {PAGE}/{{irregularity_id}}/finding": review(form=FINDING),
    f"POST {PAGE}/{{irregularity_id}}/agreement": review(),
    f"POST {PAGE}/{{irregularity_id}}/setting-aside": review(),
    f"POST {PAGE}/{{irregularity_id}}/corrections": review(
        form={"correction": "{case_correction_id}"}
    ),
    "GET /api/v1/schools/{school_code}/irregularities": staff(A.IRREGULARITY_READ),
    "GET /api/v1/districts/{district_code}/irregularities": staff(A.IRREGULARITY_OVERVIEW_READ),
    f"GET {IRREGULARITY}": staff(A.IRREGULARITY_READ),
    f"POST {IRREGULARITY}/hearings": review(json={"person_id": "{learner_id}", **HEARD}),
    f"POST {IRREGULARITY}/finding": review(json={"finding": "cleared", **FINDING}),
    f"POST {IRREGULARITY}/agreement": review(),
    f"POST {IRREGULARITY}/setting-aside": review(),
    f"POST {IRREGULARITY}/corrections": review(json={"correction_id": "{case_correction_id}"}),
    "GET /api/v1/me/irregularities": PARENT,
    f"POST /api/v1{OWN}/answer": replace(PARENT, json=SAYS),
    f"GET {OWN}": PARENT,
    f"POST {OWN}/answer": replace(PARENT, form=SAYS),
}
