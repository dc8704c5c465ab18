"""Details that are said to be wrong, as JSON: one's own, and what waits at a school. No names."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, status
from pydantic import BaseModel, ConfigDict

from api import details
from api.access.actions import Action
from api.asking import InAsking, InParent
from api.v1.cases import on_paper
from api.v1.recorded import Recorded
from domain.details import Detail, DetailsRefusal, DetailsState
from projections.details_board import DetailsLine

router = APIRouter(prefix="/api/v1", tags=["details"])

REQUEST = "/schools/{school_code}/details-requests/{request_id}"


class DetailsRequestState(BaseModel):
    request_id: UUID
    learner_id: UUID
    details: list[Detail]
    asked_at: datetime
    state: DetailsState
    reason_code: DetailsRefusal | None
    answered_at: datetime | None


class DetailsRequestList(BaseModel):
    requests: list[DetailsRequestState]


class DetailsWish(details.Typed):
    """What is right; what is left out stays as it is."""

    model_config = ConfigDict(extra="forbid")


class DetailsOnPaper(DetailsWish):
    learner_id: UUID


class DetailsRefusing(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason_code: DetailsRefusal


@router.get("/me/details-requests")
def own(asking: InParent) -> DetailsRequestList:
    learner_id, _ = asking.own(Action.OWN_CASES)
    return listed(asking.runtime.models.details.of_learner(learner_id))


@router.post("/me/details-requests", status_code=status.HTTP_201_CREATED)
def ask(body: DetailsWish, asking: InParent) -> Recorded:
    """Say what is right; one waits at a time, and the same again is the same request."""
    learner_id, by = asking.own(Action.OWN_CASES)
    return Recorded(position=details.asked(asking.runtime, learner_id, body, by))


@router.post("/me/details-requests/{request_id}/withdrawal", status_code=status.HTTP_201_CREATED)
def withdraw(request_id: UUID, asking: InParent) -> Recorded:
    return Recorded(position=details.withdrawn(asking, request_id))


@router.get("/schools/{school_code}/details-requests")
def waiting(school_code: str, asking: InAsking) -> DetailsRequestList:
    """What waits for the school's answer; what is asked for is shown on the staff's page alone."""
    asking.may(Action.LEARNER_CONFIRM, school_code)
    return listed(asking.runtime.models.details.waiting_at(school_code))


@router.post("/schools/{school_code}/details-requests", status_code=status.HTTP_201_CREATED)
def ask_on_paper(school_code: str, body: DetailsOnPaper, asking: InAsking) -> Recorded:
    """Write down for a parent who asks in person: paper counts the same as the phone."""
    by = on_paper(details.writer_at(asking, school_code, body.learner_id))
    return Recorded(position=details.asked(asking.runtime, body.learner_id, body, by))


@router.post(REQUEST + "/grant", status_code=status.HTTP_201_CREATED)
def grant(school_code: str, request_id: UUID, asking: InAsking) -> Recorded:
    """Say that it is so: the next roster finds the person under the new details and the old."""
    line, by = details.may_decide(asking, school_code, request_id)
    position = asking.runtime.book.details.grant(line.learner_id, request_id, by)
    return Recorded(position=asking.runtime.settle(position))


@router.post(REQUEST + "/refusal", status_code=status.HTTP_201_CREATED)
def refuse(school_code: str, request_id: UUID, body: DetailsRefusing, asking: InAsking) -> Recorded:
    line, by = details.may_decide(asking, school_code, request_id)
    commands = asking.runtime.book.details
    position = commands.refuse(line.learner_id, request_id, body.reason_code, by)
    return Recorded(position=asking.runtime.settle(position))


def listed(lines: list[DetailsLine]) -> DetailsRequestList:
    return DetailsRequestList(
        requests=[
            DetailsRequestState(
                request_id=line.request_id,
                learner_id=line.learner_id,
                details=[Detail(code) for code in line.details.split()],
                asked_at=line.asked_at,
                state=DetailsState(line.state),
                reason_code=DetailsRefusal(line.reason_code) if line.reason_code else None,
                answered_at=line.answered_at,
            )
            for line in lines
        ]
    )
