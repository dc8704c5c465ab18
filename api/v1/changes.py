"""What has changed lately for a learner, as JSON."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.access.actions import Action
from api.asking import Asking, InAsking, InParent
from api.changes import About, changes_of
from api.facts import with_history
from api.proposed import About as ProposedAbout
from api.proposed import Stage, own_proposals
from domain.envelope import Role
from projections.sight import everything_in_sight

router = APIRouter(prefix="/api/v1", tags=["learners"])

Id = Annotated[UUID, Field(description="The entry, certificate, case, session or attempt.")]
Became = Annotated[
    str,
    Field(
        description="corrected; under_review, valid (again), revoked, replaced; "
        "answered, decided, reviewed; granted, turned_down; taken_back; voided"
    ),
]
Kind = Annotated[
    str,
    Field(
        description="A mode, a certificate's kind, what a case is about, why leave was asked, "
        "how an exam was taken"
    ),
]


class Change(BaseModel):
    """One change. Hours are hundredths of 学时."""

    model_config = ConfigDict(from_attributes=True)

    about: About
    at: datetime
    id: Id
    became: Became
    kind: Kind
    title: str | None
    reason_code: str | None
    hours_before: int | None
    hours_after: int | None
    outcome: str | None
    score: int | None
    level: int | None
    number: str | None
    successor_number: str | None


class ChangeList(BaseModel):
    """What changed in the last thirty days, the newest first."""

    changes: list[Change]


class Proposal(BaseModel):
    """Something proposed that would take from the parent, and waits until they were heard.

    Nothing of it is decided. Hours are hundredths of 学时.
    """

    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(description="The correction or the certificate.")
    about: ProposedAbout
    school_code: str
    proposed_at: datetime
    title: str | None
    held_at: datetime | None
    kind: str | None
    number: str | None
    hours_before: int | None
    hours_after: int | None
    stage: Stage
    answer_until: date | None = Field(description="The last day to answer, once they were told.")
    heard_by: Role


class OwnChangeList(ChangeList):
    """The same for the parent themselves, with what is proposed and waits for their hearing."""

    proposed: list[Proposal]


@router.get("/me/changes")
def own_changes(asking: InParent) -> OwnChangeList:
    learner_id, by = asking.own(Action.OWN_READ)
    found = own_proposals(asking, learner_id, by)
    proposed = [Proposal.model_validate(each) for each in found]
    return OwnChangeList(changes=listed(asking, learner_id).changes, proposed=proposed)


@router.get("/learners/{learner_id}/changes")
def changes(learner_id: UUID, asking: InAsking) -> ChangeList:
    return listed(asking, with_history(asking, learner_id))


@everything_in_sight()
def listed(asking: Asking, learner_id: UUID) -> ChangeList:
    found = changes_of(asking.runtime, learner_id, asking.runtime.now())
    return ChangeList(changes=[Change.model_validate(each) for each in found])
