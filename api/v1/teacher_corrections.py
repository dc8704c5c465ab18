"""Corrections of closed teacher cycles as JSON: proposed by one person, decided by another."""

from __future__ import annotations

from datetime import date, datetime
from typing import Self
from uuid import UUID

from fastapi import APIRouter, status
from pydantic import BaseModel, ConfigDict, model_validator

from api.access.actions import Action
from api.asking import InAsking
from api.teacher_reaching import correction_for, teacher_for
from api.v1.recorded import Recorded
from api.v1.teachers import Body, HoursBody, ReversalBody, settled, typed

router = APIRouter(prefix="/api/v1", tags=["teachers"])


class Proposed(BaseModel):
    correction_id: UUID


class ReversalWanted(ReversalBody):
    award_id: UUID


class Proposal(Body):
    """Either hours that are missing, or an award to be taken back."""

    hours: HoursBody | None = None
    reversal: ReversalWanted | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.hours is None) == (self.reversal is None):
            raise ValueError("propose hours or a reversal")
        return self


class CorrectionState(BaseModel):
    """Hours to be added (`programme_id`, days, `hours`), or an award to be taken back."""

    model_config = ConfigDict(from_attributes=True)

    correction_id: UUID
    teacher_id: UUID
    cycle: str
    award_id: UUID | None
    programme_id: UUID | None
    begins: date | None
    ends: date | None
    hours: int | None
    reason_code: str | None
    proposed_by: UUID
    proposed_at: datetime


class Waiting(BaseModel):
    corrections: list[CorrectionState]


@router.get("/schools/{school_code}/teacher-corrections")
def waiting(school_code: str, asking: InAsking) -> Waiting:
    """What waits for a second person."""
    asking.may(Action.TEACHER_HOURS_CORRECT_SECOND, school_code)
    found = asking.runtime.models.teacher_corrections.open_of(school_code)
    return Waiting(corrections=[CorrectionState.model_validate(each) for each in found])


@router.post("/teachers/{teacher_id}/corrections", status_code=status.HTTP_201_CREATED)
def propose(teacher_id: UUID, body: Proposal, asking: InAsking) -> Proposed:
    """Propose a change to a cycle that is closed; it counts once another person agrees."""
    _, by = teacher_for(asking, teacher_id, Action.TEACHER_HOURS_CORRECT)
    commands = asking.runtime.book.teacher_corrections
    if body.hours is not None:
        correction_id = commands.propose_hours(teacher_id, typed(asking, body.hours), by)
    else:
        assert body.reversal is not None
        award_id, reason = body.reversal.award_id, body.reversal.reason_code
        correction_id = commands.propose_reversal(teacher_id, award_id, reason, by)
    settled(asking)
    return Proposed(correction_id=correction_id)


@router.post("/teacher-corrections/{change_id}/confirmation")
def confirm(change_id: UUID, asking: InAsking) -> Recorded:
    """Agree, as a second person: the hours change and the cycle adds up anew."""
    _, by = correction_for(asking, change_id)
    asking.runtime.book.teacher_corrections.confirm(change_id, by)
    return settled(asking)


@router.post("/teacher-corrections/{change_id}/refusal")
def decline(change_id: UUID, asking: InAsking) -> Recorded:
    """Disagree, as a second person: nothing changes."""
    _, by = correction_for(asking, change_id)
    asking.runtime.book.teacher_corrections.decline(change_id, by)
    return settled(asking)
