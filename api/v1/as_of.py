"""What a learner had on a day, as JSON: as it was known then, and as it is now true for it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from api.access.actions import Action
from api.asking import InAsking, InParent
from api.facts import with_history

router = APIRouter(prefix="/api/v1", tags=["learners"])

Day = Annotated[date, Query(description="The local day, to its end.")]


class Completion(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    stage: str
    kind: str
    period: str
    hours: int
    reached_on: date


class Star(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    stage: str
    level: int
    since: date
    not_renewed_in: int | None


class Certificate(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    number: str
    kind: str
    state: str
    valid_until: datetime | None


class Then(BaseModel):
    """Hours are hundredths of 学时; `held` ones are part of the balance."""

    model_config = ConfigDict(from_attributes=True)

    balance: int
    held: int
    completions: list[Completion]
    stars: list[Star]
    certificates: list[Certificate]


class AsOf(BaseModel):
    """Two answers: by what was recorded by that day, and by everything known today."""

    model_config = ConfigDict(from_attributes=True)

    day: date
    as_known: Then
    as_now_true: Then


@router.get("/learners/{learner_id}/as-of")
def as_of(learner_id: UUID, day: Day, asking: InAsking) -> AsOf:
    speaker = with_history(asking, learner_id)
    return AsOf.model_validate(asking.runtime.models.as_of.on(speaker, day))


@router.get("/me/as-of")
def own_as_of(day: Day, asking: InParent) -> AsOf:
    learner_id, _ = asking.own(Action.OWN_READ)
    return AsOf.model_validate(asking.runtime.models.as_of.on(learner_id, day))
