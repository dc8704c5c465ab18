"""A learner's account and history as JSON, as of any day on either clock."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict

from api.asking import InAsking
from api.facts import with_history
from projections.history import HistoryLine

router = APIRouter(prefix="/api/v1", tags=["learners"])

AsOf = Annotated[date | None, Query(description="What had happened by the end of this day.")]
KnownBy = Annotated[AwareDatetime | None, Query(description="What was recorded by this moment.")]


class AccountLine(BaseModel):
    """A line of the account with the balance after it. Hours are hundredths of 学时."""

    model_config = ConfigDict(from_attributes=True)

    position: int
    kind: str
    entry_id: UUID
    session_id: UUID | None
    title: str | None
    school_code: str | None
    day: date | None
    term: str | None
    school_year: int | None
    stage: str | None
    family: str | None
    mode: str | None
    class_hours: int | None
    minutes: int | None
    face_to_face: bool | None
    hours: int
    balance: int
    rule_ref: str | None
    cap_ref: str | None
    would_be: int | None
    awarded: int | None
    reason_code: str | None
    replaced_by: UUID | None
    rulebook_version: str | None
    occurred_at: datetime
    recorded_at: datetime


class Statement(BaseModel):
    """Oldest first; `balance` is what the lines add up to, pages or not."""

    learner_id: UUID
    balance: int
    total: int
    lines: list[AccountLine]


class Fact(BaseModel):
    """One recorded event. No person's data lie in it: names are in the vault alone.

    A paper result that waits for its second person shows no score.
    """

    position: int
    topic: str
    originator_id: UUID
    version: int
    occurred_at: AwareDatetime
    recorded_at: AwareDatetime
    actor_id: UUID
    role: str
    organisation: str
    channel: str
    rulebook_version: str | None
    command_id: UUID
    state: dict[str, Any]


class History(BaseModel):
    """Oldest first; `next_after` asks for the following page."""

    learner_id: UUID
    total: int
    facts: list[Fact]
    next_after: int | None


@router.get("/learners/{learner_id}/statement")
def statement(
    learner_id: UUID,
    asking: InAsking,
    as_of: AsOf = None,
    known_by: KnownBy = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 200,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> Statement:
    learner_id = with_history(asking, learner_id)
    lines = asking.runtime.models.accounts.statement(learner_id, as_of, known_by)
    return Statement(
        learner_id=learner_id,
        balance=lines[-1].balance if lines else 0,
        total=len(lines),
        lines=[AccountLine.model_validate(each) for each in lines[offset : offset + limit]],
    )


@router.get("/learners/{learner_id}/history")
def history(
    learner_id: UUID,
    asking: InAsking,
    as_of: AsOf = None,
    known_by: KnownBy = None,
    after: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> History:
    learner_id = with_history(asking, learner_id)
    lines = asking.runtime.models.history.history(learner_id, as_of, known_by)
    following = [line for line in lines if line.position > after]
    shown = following[:limit]
    return History(
        learner_id=learner_id,
        total=len(lines),
        facts=[fact_of(line) for line in shown],
        next_after=shown[-1].position if len(following) > limit else None,
    )


def fact_of(line: HistoryLine) -> Fact:
    return Fact(
        position=line.position,
        topic=line.topic,
        originator_id=line.originator_id,
        version=line.version,
        occurred_at=line.occurred_at,
        recorded_at=line.recorded_at,
        actor_id=line.actor_id,
        role=line.role,
        organisation=line.organisation,
        channel=line.channel,
        rulebook_version=line.rulebook_version,
        command_id=line.command_id,
        state=line.event.model_dump(
            mode="json", exclude={"envelope", *line.withheld}, exclude_none=True
        ),
    )
