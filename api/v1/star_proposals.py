"""Stars by proposal as JSON: propose, object, answer, decide. No names: ids and codes alone."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from fastapi import APIRouter, status
from pydantic import BaseModel, ConfigDict, Field

from api.access.actions import Action
from api.asking import Asking, InAsking, InParent
from api.star_proposals import objectionable, proposal_for, published_to
from api.v1.recorded import Recorded
from domain.envelope import Envelope
from domain.star_proposal import ObjectionReason, RefusalReason

router = APIRouter(prefix="/api/v1", tags=["stars"])

MOST_WORDS = 500


class NewProposal(BaseModel):
    model_config = ConfigDict(extra="forbid")

    learner_id: UUID
    stage: str


class NewObjection(BaseModel):
    """A reason code, and words that only the school's deciders read."""

    model_config = ConfigDict(extra="forbid")

    reason_code: ObjectionReason
    words: str = Field(default="", max_length=MOST_WORDS)


class Answer(BaseModel):
    model_config = ConfigDict(extra="forbid")

    upheld: bool


class Decision(BaseModel):
    """No reason: the star is granted."""

    model_config = ConfigDict(extra="forbid")

    refused_because: RefusalReason | None = None


class Made(BaseModel):
    proposal_id: UUID


class Objected(BaseModel):
    objection_id: UUID


class ProposalState(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    proposal_id: UUID
    learner_id: UUID
    school_code: str
    stage: str
    level: int
    school_year: int
    proposed_at: datetime
    published_until: date
    state: str
    decided_at: datetime | None
    reason_code: str | None
    open_objections: int


class CandidateState(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    learner_id: UUID
    stage: str
    level: int
    grade: str
    class_group: str
    as_of: date


class ProposalList(BaseModel):
    """`candidates` meet every condition and wait for the school's proposal."""

    candidates: list[CandidateState]
    proposals: list[ProposalState]


class Published(BaseModel):
    """What a parent sees: no learner, only the proposal to object to."""

    model_config = ConfigDict(from_attributes=True)

    proposal_id: UUID
    school_code: str
    stage: str
    level: int
    published_until: date


@router.get("/schools/{school_code}/star-proposals")
def proposals(school_code: str, asking: InAsking) -> ProposalList:
    asking.may(Action.STAR_READ, school_code)
    found = asking.runtime.models.star_proposals
    return ProposalList(
        candidates=[CandidateState.model_validate(c) for c in found.candidates_of(school_code)],
        proposals=[ProposalState.model_validate(p) for p in found.of_schools([school_code])],
    )


@router.post("/schools/{school_code}/star-proposals", status_code=status.HTTP_201_CREATED)
def propose(school_code: str, body: NewProposal, asking: InAsking) -> Made:
    """Propose a star whose conditions are met; it is published from now on."""
    by = asking.may(Action.STAR_PROPOSE, school_code)
    commands = asking.runtime.book.star_proposals
    proposal_id = commands.propose(body.learner_id, body.stage, school_code, by)
    settle(asking)
    return Made(proposal_id=proposal_id)


@router.post("/star-proposals/{proposal_id}/objections", status_code=status.HTTP_201_CREATED)
def object_to(proposal_id: UUID, body: NewObjection, asking: InAsking) -> Objected:
    """Object as somebody of the school's staff; the same person again is no news."""
    _, by = proposal_for(asking, proposal_id, Action.STAR_OBJECT)
    return objected(asking, proposal_id, body, by)


@router.post(
    "/star-proposals/{proposal_id}/objections/{objection_id}", status_code=status.HTTP_201_CREATED
)
def answer(proposal_id: UUID, objection_id: UUID, body: Answer, asking: InAsking) -> Recorded:
    """Answer an objection: one that is upheld refuses the star."""
    _, by = proposal_for(asking, proposal_id, Action.STAR_DECIDE)
    commands = asking.runtime.book.star_proposals
    position = commands.answer(proposal_id, objection_id, by, upheld=body.upheld)
    return Recorded(position=asking.runtime.settle(position))


@router.post("/star-proposals/{proposal_id}/decision", status_code=status.HTTP_201_CREATED)
def decide(proposal_id: UUID, body: Decision, asking: InAsking) -> Recorded:
    """Grant or refuse after the publicity, by somebody who took no part."""
    _, by = proposal_for(asking, proposal_id, Action.STAR_DECIDE)
    commands = asking.runtime.book.star_proposals
    if body.refused_because is None:
        position = commands.grant(proposal_id, by)
    else:
        position = commands.refuse(proposal_id, body.refused_because, by)
    return Recorded(position=asking.runtime.settle(position))


@router.get("/me/star-proposals")
def published(asking: InParent) -> list[Published]:
    learner_id, _ = asking.own(Action.OWN_READ)
    return [Published.model_validate(each) for each in published_to(asking, learner_id)]


@router.post("/me/star-proposals/{proposal_id}/objections", status_code=status.HTTP_201_CREATED)
def object_as_parent(proposal_id: UUID, body: NewObjection, asking: InParent) -> Objected:
    """Object as a parent of the school."""
    return objected(asking, proposal_id, body, objectionable(asking, proposal_id))


def objected(asking: Asking, proposal_id: UUID, body: NewObjection, by: Envelope) -> Objected:
    commands = asking.runtime.book.star_proposals
    objection_id = commands.object_to(proposal_id, body.reason_code, body.words, by)
    settle(asking)
    return Objected(objection_id=objection_id)


def settle(asking: Asking) -> None:
    asking.runtime.settle(asking.runtime.book.ledger.position())
