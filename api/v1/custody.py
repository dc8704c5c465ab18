"""A guardianship that ends, or comes back, as JSON: one proposes it, another one confirms it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from fastapi import APIRouter, status
from pydantic import BaseModel, ConfigDict

from api.access.actions import Action
from api.asking import Asking, InAsking
from api.families import case_at, child_at, parted_at
from api.reaching import either
from api.v1.recorded import Recorded
from domain.custody import CustodyReason, Restoration
from domain.envelope import Envelope

router = APIRouter(prefix="/api/v1", tags=["custody"])

EITHER = (Action.CUSTODY_CONFIRM, Action.CUSTODY_PROPOSE)
RESTORATIONS = "/schools/{school_code}/custody-restorations"
CASE = "/schools/{school_code}/custody-changes/{learner_id}/{child_id}"


class Proposal(BaseModel):
    """Who and which child, and a code for the reason; no story and no papers."""

    model_config = ConfigDict(extra="forbid")

    learner_id: UUID
    child_id: UUID
    reason_code: CustodyReason


class RestorationProposal(BaseModel):
    """Who and which child, why it comes back and from when on: else from the day it ended on."""

    model_config = ConfigDict(extra="forbid")

    learner_id: UUID
    child_id: UUID
    reason_code: Restoration
    holds_from: date | None = None


class Waiting(BaseModel):
    """`holds_from`: it ended, and is to come back from that day on."""

    model_config = ConfigDict(from_attributes=True)

    learner_id: UUID
    child_id: UUID
    reason_code: CustodyReason | Restoration
    holds_from: date | None
    proposed_by: UUID
    proposed_at: datetime


class WaitingList(BaseModel):
    proposals: list[Waiting]


class Ended(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    learner_id: UUID
    child_id: UUID
    reason_code: CustodyReason
    ended_on: date


class EndedList(BaseModel):
    guardianships: list[Ended]


@router.get("/schools/{school_code}/custody-changes")
def waiting(school_code: str, asking: InAsking) -> WaitingList:
    """What waits for its second person."""
    either(asking, EITHER, school_code)
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
    by = either(asking, EITHER, school_code)
    case_at(asking, school_code, learner_id, child_id)
    position = asking.runtime.book.custody.drop(learner_id, child_id, by)
    return Recorded(position=asking.runtime.settle(position))


@router.get("/schools/{school_code}/ended-guardianships")
def ended(school_code: str, asking: InAsking) -> EndedList:
    """What two persons ended about children of the school: it may be restored."""
    either(asking, EITHER, school_code)
    found = asking.runtime.models.custody.ended_at(school_code)
    return EndedList(guardianships=[Ended.model_validate(each) for each in found])


@router.post(RESTORATIONS, status_code=status.HTTP_201_CREATED)
def propose_restoration(school_code: str, body: RestorationProposal, asking: InAsking) -> Recorded:
    """Propose that a guardianship that two persons ended comes back."""
    by = asking.may(Action.CUSTODY_PROPOSE, school_code)
    learner_id, child_id = body.learner_id, body.child_id
    parted_at(asking, school_code, learner_id, child_id)
    position = asking.runtime.book.custody.propose_restoration(
        learner_id, child_id, body.reason_code, body.holds_from, by
    )
    return Recorded(position=asking.runtime.settle(position))


@router.post(
    RESTORATIONS + "/{learner_id}/{child_id}/confirmation", status_code=status.HTTP_201_CREATED
)
def confirm_restoration(
    school_code: str, learner_id: UUID, child_id: UUID, asking: InAsking
) -> Recorded:
    """Bring it back as the second person, with the places that the child has by now."""
    by = asking.may(Action.CUSTODY_CONFIRM, school_code)
    others = parted_at(asking, school_code, learner_id, child_id)
    position = asking.runtime.book.custody.confirm_restoration(learner_id, child_id, others, by)
    return Recorded(position=asking.runtime.settle(position))


def proposed(asking: Asking, school_code: str, what: Proposal, by: Envelope) -> int:
    """Propose the end of a guardianship of one of the school's own children."""
    child_at(asking, school_code, what.child_id)
    custody = asking.runtime.book.custody
    return asking.runtime.settle(
        custody.propose(what.learner_id, what.child_id, what.reason_code, by)
    )
