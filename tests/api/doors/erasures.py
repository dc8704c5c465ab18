"""The doors of erasure: the parent's own, the school's paper, and the officer who answers."""

from __future__ import annotations

from dataclasses import replace

from domain.envelope import Role
from domain.erasure import CertificateWish, Erasure
from tests.acting import ENDS, SCHOOL, Pilot, envelope
from tests.api.doors.details import details_things
from tests.api.doors.rule import PARENT, A, Door, Rule, staff

OWN, ONE = "/me/data/erasure", "/staff/erasures/{erasure_request_id}"
API, OWN_API = "/api/v1/erasure-requests", "/api/v1/me/erasure-requests"
ON_PAPER = "/api/v1/schools/{school_code}/erasure-requests"
KEEP = {"certificates": "keep"}
OFFICER = staff(A.ERASURE_DECIDE)
ANY_OFFICER = replace(OFFICER, door=Door.SOMEWHERE)

# Nobody is erased here: the box that says who asks is not ticked.
DOORS: dict[str, Rule] = {
    f"GET {OWN}": PARENT,
    f"POST {OWN}": replace(PARENT, form=KEEP),
    f"POST {OWN}/{{erasure_request_id}}/withdrawal": PARENT,
    f"GET {OWN_API}": PARENT,
    f"POST {OWN_API}": replace(PARENT, json=KEEP),
    f"POST {OWN_API}/{{erasure_request_id}}/withdrawal": PARENT,
    "GET /staff/learners/{learner_id}/erasure": staff(A.CASE_ENTER),
    "POST /staff/learners/{learner_id}/erasure": staff(A.CASE_ENTER, form=KEEP),
    f"POST {ON_PAPER}": staff(A.CASE_ENTER, json={**KEEP, "learner_id": "{learner_id}"}),
    "GET /staff/erasures": ANY_OFFICER,
    f"GET {ONE}": OFFICER,
    f"POST {ONE}/carrying-out": OFFICER,
    f"POST {ONE}/refusal": replace(OFFICER, form={"ground": "not_identified"}),
    f"GET {API}": ANY_OFFICER,
    f"POST {API}/{{erasure_request_id}}/carrying-out": replace(OFFICER, json={}),
    f"POST {API}/{{erasure_request_id}}/refusal": replace(
        OFFICER, json={"ground_code": "not_identified"}
    ),
}


def own_data_things(pilot: Pilot) -> dict[str, str]:
    """Requests of the parent who knocks: to put details right, and to be erased."""
    own = pilot.learners[0]
    by = envelope(ENDS, Role.PARENT, own)
    pilot.book.erasures.request(own, SCHOOL, CertificateWish.KEEP, by)
    erasure = pilot.book.ledger.find(Erasure, Erasure.create_id(own))
    assert erasure is not None
    return {**details_things(pilot), "erasure_request_id": str(erasure.waiting)}
