"""The doors of stars."""

from __future__ import annotations

from tests.api.doors.rule import PARENT, A, Door, Rule, staff

OBJECTION = {"reason_code": "other"}

DOORS: dict[str, Rule] = {
    "GET /staff/stars/{school_code}": staff(A.STAR_READ),
    "POST /staff/stars/{school_code}": staff(
        A.STAR_PROPOSE, form={"learner_id": "{learner_id}", "stage": "primary"}
    ),
    "GET /staff/stars/of/{proposal_id}": staff(A.STAR_READ),
    "POST /staff/stars/of/{proposal_id}/objections": staff(A.STAR_OBJECT, form=OBJECTION),
    "POST /staff/stars/of/{proposal_id}/objections/{objection_id}": staff(
        A.STAR_DECIDE, form={"upheld": "false"}
    ),
    "POST /staff/stars/of/{proposal_id}/decision": staff(
        A.STAR_DECIDE, form={"decision": "granted"}
    ),
    "GET /me/stars": PARENT,
    "POST /me/stars/{proposal_id}/objections": Rule(Door.PARENT, form=OBJECTION),
    "GET /api/v1/schools/{school_code}/star-proposals": staff(A.STAR_READ),
    "POST /api/v1/schools/{school_code}/star-proposals": staff(
        A.STAR_PROPOSE, json={"learner_id": "{learner_id}", "stage": "primary"}
    ),
    "POST /api/v1/star-proposals/{proposal_id}/objections": staff(A.STAR_OBJECT, json=OBJECTION),
    "POST /api/v1/star-proposals/{proposal_id}/objections/{objection_id}": staff(
        A.STAR_DECIDE, json={"upheld": False}
    ),
    "POST /api/v1/star-proposals/{proposal_id}/decision": staff(A.STAR_DECIDE, json={}),
    "GET /api/v1/me/star-proposals": PARENT,
    "POST /api/v1/me/star-proposals/{proposal_id}/objections": Rule(Door.PARENT, json=OBJECTION),
}
