"""The end of a guardianship as JSON: one person proposes it, another one confirms it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, status
from pydantic import BaseModel, ConfigDict

from api.access.actions import Action
from api.asking import Asking, InAsking
from api.families import child_at
from api.reaching import either
from api.v1.recorded import Recorded
from domain.custody import CustodyReason
from domain.envelope import Envelope

router = APIRouter(prefix="/api/v1", tags=["custody"])

CASE = "/schools/{school_code}/custody-changes/{learner_id}/{child_id}"


class Proposal(BaseModel):
    """Who and which child, and a code for the reason; no story and no papers."""

    model_config = ConfigDict(extra="forbid")

    learner_id: UUID
    child_id: UUID
    reason_code: CustodyReason


class Waiting(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    learner_id: UUID
    child_id: UUID
    reason_code: CustodyReason
    proposed_by: UUID
    proposed_at: datetime


class WaitingList(BaseModel):
    proposals: list[Waiting]


@router.get("/schools/{school_code}/custody-changes")
def waiting(school_code: str, asking: InAsking) -> WaitingList:
    """What waits for its second person."""
    either(asking, (Action.CUSTODY_CONFIRM, Action.CUSTODY_PROPOSE), school_code)
    found = asking.runtime.models.custody.waiting_at(school_code)
    return WaitingList(proposals=[Waiting.model_validate(each) for each in found])


@router.post("/schools/{school_code}/custody-changes", status_code=status.HTTP_201_CREATED)
def propose(school_code: str, body: Proposal, asking: InAsking) -> Recorded:
    by = asking.may(Action.CUSTODY_PROPOSE, school_code)
    return Recorded(position=proposed(asking, school_code, body, by))


@router.post(CASE + "/confirmation", status_code=status.HTTP_201_CREATED)
def confirm(school_code: str, learner_id: UUID, child_id: UUID, asking: InAsking) -> Recorded:
    """End the guardianship as the second person; every hour stays with the learner."""
    by = asking.may(Action.CUSTODY_CONFIRM, school_code)
    child_at(asking, school_code, child_id)
    position = asking.runtime.book.custody.confirm(learner_id, child_id, by)
    return Recorded(position=asking.runtime.settle(position))


@router.post(CASE + "/dropping", status_code=status.HTTP_201_CREATED)
def drop(school_code: str, learner_id: UUID, child_id: UUID, asking: InAsking) -> Recorded:
    """Take the proposal off the table: whoever may propose or confirm it may."""
    by = either(asking, (Action.CUSTODY_CONFIRM, Action.CUSTODY_PROPOSE), school_code)
    child_at(asking, school_code, child_id)
    position = asking.runtime.book.custody.drop(learner_id, child_id, by)
    return Recorded(position=asking.runtime.settle(position))


def proposed(asking: Asking, school_code: str, what: Proposal, by: Envelope) -> int:
    """Propose the end of a guardianship of one of the school's own children."""
    child_at(asking, school_code, what.child_id)
    custody = asking.runtime.book.custody
    return asking.runtime.settle(
        custody.propose(what.learner_id, what.child_id, what.reason_code, by)
    )
