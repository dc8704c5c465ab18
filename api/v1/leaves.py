"""Leave and make-ups as JSON: asked for by a parent, decided by the class teacher."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from fastapi import APIRouter, status
from pydantic import BaseModel, ConfigDict, Field

from api.access.actions import Action
from api.asking import InAsking, InParent
from api.reaching import session_for
from api.v1.case_states import LONGEST
from api.v1.recorded import Recorded
from domain.leave import LeaveCategory
from domain.make_up import MakeUpReason

router = APIRouter(prefix="/api/v1", tags=["leave"])


class OwnLeave(BaseModel):
    model_config = ConfigDict(extra="forbid")

    session_id: UUID
    category: LeaveCategory


class PaperLeave(BaseModel):
    """What a parent asked for on paper: it is granted with it.

    With the day it was handed in, it may be noted after the session too.
    """

    model_config = ConfigDict(extra="forbid")

    learner_id: UUID
    category: LeaveCategory
    handed_in_on: date | None = None


class Decision(BaseModel):
    model_config = ConfigDict(extra="forbid")

    learner_id: UUID
    granted: bool


class NewMakeUp(BaseModel):
    """By which session or micro-class a learner makes up for this session."""

    model_config = ConfigDict(extra="forbid")

    learner_id: UUID
    by_id: UUID
    reason: MakeUpReason


class MakeUpWithdrawal(BaseModel):
    """Which make-up was assigned in error, and why: the words are kept in the vault."""

    model_config = ConfigDict(extra="forbid")

    learner_id: UUID
    by_id: UUID
    words: str = Field(max_length=LONGEST)


class LeaveState(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    learner_id: UUID
    category: LeaveCategory
    requested_at: datetime
    handed_in_on: date | None
    is_granted: bool | None
    decided_at: datetime | None


class MakeUpState(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    learner_id: UUID
    missed_session_id: UUID
    by_id: UUID
    reason: MakeUpReason
    until: date
    completed_at: datetime | None


class LeaveList(BaseModel):
    leaves: list[LeaveState]
    make_ups: list[MakeUpState]


@router.post("/me/leaves", status_code=status.HTTP_201_CREATED)
def request(body: OwnLeave, asking: InParent) -> Recorded:
    """Ask for leave until the session begins. Missing it costs nothing either way."""
    learner_id, by = asking.own(Action.OWN_LEAVE)
    leaves = asking.runtime.book.leaves
    position = leaves.request(body.session_id, learner_id, body.category, by)
    return Recorded(position=asking.runtime.settle(position))


@router.get("/sessions/{session_id}/leaves")
def leaves_of(session_id: UUID, asking: InAsking) -> LeaveList:
    session_for(asking, session_id, Action.LEAVE_DECIDE)
    book = asking.runtime.models.leaves
    return LeaveList(
        leaves=[LeaveState.model_validate(each) for each in book.of_session(session_id)],
        make_ups=[
            MakeUpState.model_validate(each) for each in book.make_ups_of_session(session_id)
        ],
    )


@router.post("/sessions/{session_id}/leaves", status_code=status.HTTP_201_CREATED)
def note(session_id: UUID, body: PaperLeave, asking: InAsking) -> Recorded:
    _, by = session_for(asking, session_id, Action.LEAVE_DECIDE)
    leaves = asking.runtime.book.leaves
    position = leaves.note(session_id, body.learner_id, body.category, by, body.handed_in_on)
    return Recorded(position=asking.runtime.settle(position))


@router.post("/sessions/{session_id}/leaves/decisions", status_code=status.HTTP_201_CREATED)
def decide(session_id: UUID, body: Decision, asking: InAsking) -> Recorded:
    _, by = session_for(asking, session_id, Action.LEAVE_DECIDE)
    leaves = asking.runtime.book.leaves
    act = leaves.grant if body.granted else leaves.turn_down
    return Recorded(position=asking.runtime.settle(act(session_id, body.learner_id, by)))


@router.post("/sessions/{session_id}/make-ups", status_code=status.HTTP_201_CREATED)
def assign(session_id: UUID, body: NewMakeUp, asking: InAsking) -> Recorded:
    """Open a way to make up: the door of that session, or that micro-class, lets them in."""
    _, by = session_for(asking, session_id, Action.MAKE_UP_ASSIGN)
    position = asking.runtime.book.make_ups.assign(
        session_id, body.learner_id, body.by_id, body.reason, by
    )
    return Recorded(position=asking.runtime.settle(position))


@router.post("/sessions/{session_id}/make-ups/withdrawals", status_code=status.HTTP_201_CREATED)
def take_back(session_id: UUID, body: MakeUpWithdrawal, asking: InAsking) -> Recorded:
    """Undo what was assigned in error, as who assigned it or the coordinator."""
    _, by = session_for(asking, session_id, Action.MAKE_UP_ASSIGN)
    make_ups = asking.runtime.book.make_ups
    position = make_ups.take_back(session_id, body.learner_id, body.by_id, body.words, by)
    return Recorded(position=asking.runtime.settle(position))
