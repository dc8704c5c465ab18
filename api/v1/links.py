"""Links that parents asked for by phone, as JSON: what waits, and the school's answers."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, status
from pydantic import BaseModel, ConfigDict, Field

from api.access.actions import Action
from api.asking import InAsking
from api.link_fit import Doubt
from api.links_waiting import Answered, confirmed, line_at, waiting_links
from api.v1.recorded import Recorded
from domain.links import LinkRefusal, LinkState

router = APIRouter(prefix="/api/v1", tags=["links"])

LINK = "/schools/{school_code}/links/{link_id}"


class Waiting(BaseModel):
    """A link that is not confirmed: what the roster makes of it, and no name."""

    link_id: UUID
    learner_id: UUID
    grade: str
    class_group: str
    requested_at: datetime
    state: LinkState
    child_id: UUID | None
    adult_id: UUID | None
    doubt: Doubt | None


class WaitingList(BaseModel):
    links: list[Waiting]


class Answer(BaseModel):
    """An adult of the roster, or a new one by name and relation, of a child of the school."""

    model_config = ConfigDict(extra="forbid")

    child_id: UUID
    adult_id: UUID | None = None
    name: str = Field(default="", max_length=60)
    relation_code: str = Field(default="", max_length=2)


class Turning(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason_code: LinkRefusal


@router.get("/schools/{school_code}/links")
def unconfirmed(school_code: str, asking: InAsking) -> WaitingList:
    """What a school has not confirmed, the oldest first."""
    by = asking.may(Action.LEARNER_CONFIRM, school_code)
    found = waiting_links(asking, school_code, by)
    return WaitingList(
        links=[
            Waiting(
                link_id=each.line.link_id,
                learner_id=each.line.learner_id,
                grade=each.line.grade,
                class_group=each.line.class_group,
                requested_at=each.line.requested_at,
                state=LinkState(each.line.state),
                child_id=each.fit.child_id,
                adult_id=each.fit.adult.learner_id if each.fit.adult else None,
                doubt=each.fit.doubt,
            )
            for each in found
        ]
    )


@router.post(LINK + "/confirmation", status_code=status.HTTP_201_CREATED)
def confirm(school_code: str, link_id: UUID, body: Answer, asking: InAsking) -> Recorded:
    """Say who it is: hours of evenings they came in follow, and their phone sees its own record."""
    by = asking.may(Action.LEARNER_CONFIRM, school_code)
    answer = Answered(body.child_id, body.adult_id, body.name, body.relation_code)
    return Recorded(position=confirmed(asking, school_code, link_id, answer, by))


@router.post(LINK + "/refusal", status_code=status.HTTP_201_CREATED)
def turn_down(school_code: str, link_id: UUID, body: Turning, asking: InAsking) -> Recorded:
    """Say that nobody is known who fits; it can still be confirmed later."""
    by = asking.may(Action.LEARNER_CONFIRM, school_code)
    line = line_at(asking, school_code, link_id)
    links = asking.runtime.book.links
    position = links.turn_down(line.learner_id, link_id, body.reason_code, by)
    return Recorded(position=asking.runtime.settle(position))
