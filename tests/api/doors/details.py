"""The doors of details that are put right: the parent's own, and the school's that answers."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from domain.details import DetailsRequests
from domain.envelope import Role
from ledger.details import Asked
from tests.acting import ENDS, Pilot, envelope
from tests.api.doors.rule import PARENT, A, Rule, staff

LIST, ONE = "/staff/details/{school_code}", "/staff/details/{school_code}/{request_id}"
API = "/api/v1/schools/{school_code}/details-requests"
OWN, NOT_SO = "/api/v1/me/details-requests", {"reason_code": "not_so"}
TYPED = {"name": "", "phone": "10000000088", "relation": ""}

DOORS: dict[str, Rule] = {
    "GET /me/data/correction": PARENT,
    "POST /me/data/correction": replace(PARENT, form=TYPED),
    "POST /me/data/correction/{request_id}/withdrawal": PARENT,
    f"GET {OWN}": PARENT,
    f"POST {OWN}": replace(PARENT, json=TYPED),
    f"POST {OWN}/{{request_id}}/withdrawal": PARENT,
    f"GET {LIST}": staff(A.LEARNER_CONFIRM),
    f"POST {ONE}/grant": staff(A.LEARNER_CONFIRM),
    f"POST {ONE}/refusal": staff(A.LEARNER_CONFIRM, form={"reason": "not_so"}),
    "GET /staff/learners/{learner_id}/details": staff(A.CASE_ENTER),
    "POST /staff/learners/{learner_id}/details": staff(A.CASE_ENTER, form=TYPED),
    f"GET {API}": staff(A.LEARNER_CONFIRM),
    f"POST {API}": staff(A.CASE_ENTER, json={**TYPED, "learner_id": "{learner_id}"}),
    f"POST {API}/{{request_id}}/grant": staff(A.LEARNER_CONFIRM),
    f"POST {API}/{{request_id}}/refusal": staff(A.LEARNER_CONFIRM, json=NOT_SO),
}


def details_things(pilot: Pilot) -> dict[str, str]:
    """A request of the parent who knocks."""
    book, own = pilot.book, pilot.learners[0]
    book.details.ask(own, Asked(phone="10000000099"), envelope(ENDS, Role.PARENT, own))
    requests = book.ledger.find(DetailsRequests, DetailsRequests.create_id(own))
    assert requests is not None
    assert isinstance(requests.waiting, UUID)
    return {"request_id": str(requests.waiting)}
