"""What has changed lately for a learner, as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.access.actions import Action
from api.asking import Asking, InAsking, InParent
from api.changes import About, changes_of
from api.facts import with_history
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


@router.get("/me/changes")
def own_changes(asking: InParent) -> ChangeList:
    learner_id, _ = asking.own(Action.OWN_READ)
    return listed(asking, learner_id)


@router.get("/learners/{learner_id}/changes")
def changes(learner_id: UUID, asking: InAsking) -> ChangeList:
    return listed(asking, with_history(asking, learner_id))


@everything_in_sight()
def listed(asking: Asking, learner_id: UUID) -> ChangeList:
    found = changes_of(asking.runtime, learner_id, asking.runtime.now())
    return ChangeList(changes=[Change.model_validate(each) for each in found])
