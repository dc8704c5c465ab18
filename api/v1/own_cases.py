"""A parent's disputes and appeals as JSON, from a device that the school vouches for."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, status

from api.access.actions import Action
from api.asking import InParent
from api.case_reaching import cases_of, own_case
from api.v1.case_states import (
    CaseHistory,
    CaseList,
    CaseState,
    NewAppeal,
    NewDispute,
    Opened,
    Spoken,
)
from api.v1.cases import history_of
from api.v1.recorded import Recorded

router = APIRouter(prefix="/api/v1/me", tags=["own cases"])


@router.get("/disputes")
def disputes(asking: InParent) -> CaseList:
    return own(asking, "dispute")


@router.post("/disputes", status_code=status.HTTP_201_CREATED)
def dispute(body: NewDispute, asking: InParent) -> Opened:
    """Say that something is not right; the same again is the same dispute."""
    learner_id, by = asking.own(Action.OWN_CASES)
    book = asking.runtime.book
    case_id = book.cases.dispute(learner_id, body.subject, body.reason, body.words, by)
    asking.runtime.settle(book.ledger.position())
    return Opened(case_id=case_id)


@router.get("/appeals")
def appeals(asking: InParent) -> CaseList:
    return own(asking, "appeal")


@router.post("/appeals", status_code=status.HTTP_201_CREATED)
def appeal(body: NewAppeal, asking: InParent) -> Opened:
    """Appeal, at no cost, to somebody who took no part."""
    learner_id, by = asking.own(Action.OWN_CASES)
    book = asking.runtime.book
    case_id = book.appeals.lodge(learner_id, body.subject, body.words, by)
    asking.runtime.settle(book.ledger.position())
    return Opened(case_id=case_id)


@router.get("/cases/{case_id}")
def case(case_id: UUID, asking: InParent) -> CaseHistory:
    found, _ = own_case(asking, case_id)
    return history_of(asking, found, asking.runtime.book.cases.words)


@router.post("/appeals/{case_id}/escalation")
def escalate(case_id: UUID, body: Spoken, asking: InParent) -> Recorded:
    """Ask the district, once: it is the last level."""
    _, by = own_case(asking, case_id)
    position = asking.runtime.book.appeals.escalate(case_id, body.words, by)
    return Recorded(position=asking.runtime.settle(position))


@router.post("/appeals/{case_id}/withdrawal")
def withdraw(case_id: UUID, asking: InParent) -> Recorded:
    _, by = own_case(asking, case_id)
    position = asking.runtime.book.appeals.withdraw(case_id, by)
    return Recorded(position=asking.runtime.settle(position))


def own(asking: InParent, kind: str) -> CaseList:
    learner_id, _ = asking.own(Action.OWN_CASES)
    found = cases_of(asking.runtime, learner_id)
    return CaseList(cases=[CaseState.model_validate(each) for each in found if each.kind == kind])
