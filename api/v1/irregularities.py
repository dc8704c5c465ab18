"""Irregularities as JSON: the queues by evidence, a review by two persons, a parent's answer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from api.access.actions import Action
from api.asking import Asking, DistrictCode, InAsking, InParent
from api.audit_samples import place_of
from api.irregularity_reaching import (
    Own,
    irregularity_for,
    own_irregularities,
    own_irregularity,
)
from api.v1.case_states import LONGEST, Linked
from api.v1.parts import After, Limit, part_of
from api.v1.recorded import Recorded
from domain.irregularity_finding import Finding, FindingReason, HeardBy, Says
from ledger.irregularities import Answer
from projections.irregularity_board import IrregularityBoard, IrregularityFile

router = APIRouter(prefix="/api/v1", tags=["irregularities"])

Words = Annotated[str, Field(max_length=LONGEST)]


class IrregularityState(BaseModel):
    """An irregularity: no name, no words, and no place in a ranking."""

    model_config = ConfigDict(from_attributes=True)

    irregularity_id: UUID
    rule: str
    rules_version: str
    school_code: str
    term: str
    session_ids: tuple[UUID, ...]
    learner_ids: tuple[UUID, ...]
    staff_ids: tuple[UUID, ...]
    score: int
    facts: dict[str, int]
    flagged_at: datetime
    answer_until: date
    stands: str
    heard: tuple[UUID, ...]
    finding: str | None
    reason_code: str | None
    decided_at: datetime | None
    corrections: tuple[UUID, ...]


class Queue(BaseModel):
    """What waits, the strongest evidence first, and what was decided, the newest first.

    Where there is more of one, its `next_…` leads to the rest.
    """

    waiting: list[IrregularityState]
    decided: list[IrregularityState]
    next_waiting: UUID | None
    next_decided: UUID | None


class HalvesAsked(BaseModel):
    """What follows which rows of either half is asked for."""

    after_waiting: After = None
    after_decided: After = None
    limit: Limit = 200


Asked = Annotated[HalvesAsked, Query()]


class OwnIrregularity(BaseModel):
    """What a parent is told: what is asked, until when, what they said, how it ended."""

    irregularity_id: UUID
    rule: str
    session_ids: tuple[UUID, ...]
    flagged_at: datetime
    answer_until: date
    outcome: str | None
    answers: list[Says]


class OwnIrregularities(BaseModel):
    irregularities: list[OwnIrregularity]


class NewHearing(BaseModel):
    model_config = ConfigDict(extra="forbid")

    person_id: UUID
    heard_by: HeardBy
    says: Says
    words: Words = ""


class NewFinding(BaseModel):
    model_config = ConfigDict(extra="forbid")

    finding: Finding
    reason: FindingReason
    words: Words = ""


class OwnAnswer(BaseModel):
    model_config = ConfigDict(extra="forbid")

    says: Says
    words: Words = ""


@router.get("/schools/{school_code}/irregularities")
def of_school(school_code: str, asking: InAsking, asked: Asked) -> Queue:
    asking.may(Action.IRREGULARITY_READ, school_code)
    board = asking.runtime.models.irregularities
    return queue_of(board, asked, school_code=school_code)


@router.get("/districts/{district_code}/irregularities")
def of_district(district_code: DistrictCode, asking: InAsking, asked: Asked) -> Queue:
    """Of a district, or of the city by its own code."""
    place = place_of(district_code)
    asking.may_in(Action.IRREGULARITY_OVERVIEW_READ, place)
    board = asking.runtime.models.irregularities
    return queue_of(board, asked, district_code=place.district)


@router.get("/irregularities/{irregularity_id}")
def one(irregularity_id: UUID, asking: InAsking) -> IrregularityState:
    found, _ = irregularity_for(asking, irregularity_id, Action.IRREGULARITY_READ)
    return IrregularityState.model_validate(found)


@router.post("/irregularities/{irregularity_id}/hearings")
def hear(irregularity_id: UUID, body: NewHearing, asking: InAsking) -> Recorded:
    """Write down what a person concerned said, by whatever way."""
    _, by = irregularity_for(asking, irregularity_id, Action.IRREGULARITY_REVIEW)
    answer = Answer(body.says, body.heard_by, body.words)
    irregularities = asking.runtime.book.irregularities
    return recorded(asking, irregularities.hear(irregularity_id, body.person_id, answer, by))


@router.post("/irregularities/{irregularity_id}/finding")
def propose(irregularity_id: UUID, body: NewFinding, asking: InAsking) -> Recorded:
    """Propose a finding as the first person."""
    _, by = irregularity_for(asking, irregularity_id, Action.IRREGULARITY_REVIEW)
    told = (body.finding, body.reason, body.words)
    return recorded(asking, asking.runtime.book.irregularities.propose(irregularity_id, *told, by))


@router.post("/irregularities/{irregularity_id}/agreement")
def agree(irregularity_id: UUID, asking: InAsking) -> Recorded:
    """Decide as the second person, in another role."""
    _, by = irregularity_for(asking, irregularity_id, Action.IRREGULARITY_REVIEW)
    return recorded(asking, asking.runtime.book.irregularities.agree(irregularity_id, by))


@router.post("/irregularities/{irregularity_id}/setting-aside")
def set_aside(irregularity_id: UUID, asking: InAsking) -> Recorded:
    """Do not agree, or take one's own proposal back: the review begins again."""
    _, by = irregularity_for(asking, irregularity_id, Action.IRREGULARITY_REVIEW)
    return recorded(asking, asking.runtime.book.irregularities.set_aside(irregularity_id, by))


@router.post("/irregularities/{irregularity_id}/corrections")
def link(irregularity_id: UUID, body: Linked, asking: InAsking) -> Recorded:
    """Name the correction that was made because of it."""
    _, by = irregularity_for(asking, irregularity_id, Action.IRREGULARITY_REVIEW)
    irregularities = asking.runtime.book.irregularities
    return recorded(asking, irregularities.link_correction(irregularity_id, body.correction_id, by))


@router.get("/me/irregularities")
def own(asking: InParent) -> OwnIrregularities:
    return OwnIrregularities(irregularities=[told(each) for each in own_irregularities(asking)])


@router.post("/me/irregularities/{irregularity_id}/answer")
def answer(irregularity_id: UUID, body: OwnAnswer, asking: InParent) -> Recorded:
    """Say how it was; hours are untouched whatever is said."""
    own, by = own_irregularity(asking, irregularity_id)
    given = Answer(body.says, HeardBy.SCREEN, body.words)
    irregularities = asking.runtime.book.irregularities
    return recorded(asking, irregularities.hear(irregularity_id, own.record_ids[0], given, by))


def told(own: Own) -> OwnIrregularity:
    found = own.found
    return OwnIrregularity(
        irregularity_id=found.irregularity_id,
        rule=found.rule,
        session_ids=found.session_ids,
        flagged_at=found.flagged_at,
        answer_until=found.answer_until,
        outcome=None if found.is_open else found.stands,
        answers=[Says(each.code) for each in own.steps if each.code],
    )


def queue_of(board: IrregularityBoard, asked: HalvesAsked, **place: str | None) -> Queue:
    waiting, next_waiting = part_of(
        lambda part: board.waiting(part, **place), id_of, asked.after_waiting, asked.limit
    )
    decided, next_decided = part_of(
        lambda part: board.decided(part, **place), id_of, asked.after_decided, asked.limit
    )
    return Queue(
        waiting=[IrregularityState.model_validate(each) for each in waiting],
        decided=[IrregularityState.model_validate(each) for each in decided],
        next_waiting=next_waiting,
        next_decided=next_decided,
    )


def id_of(found: IrregularityFile) -> UUID:
    return found.irregularity_id


def recorded(asking: Asking, position: int) -> Recorded:
    return Recorded(position=asking.runtime.settle(position))
