"""Disputes and appeals of a school as JSON: answered, decided apart, reviewed by the district."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, status
from pydantic import BaseModel

from api.access.actions import Action
from api.access.policy import Organisation
from api.asking import Asking, DistrictCode, InAsking
from api.case_reaching import case_for
from api.v1.case_states import (
    AppealOnPaper,
    CaseHistory,
    CaseState,
    DisputeOnPaper,
    DistrictCases,
    Entries,
    Linked,
    NewAnswer,
    NewRuling,
    Opened,
    OverdueState,
    SchoolCases,
    Spoken,
    StepState,
)
from api.v1.parts import After, AfterAsRead, Limit, as_read, part_of
from api.v1.recorded import Recorded
from domain.calendar import CITY_ZONE, local_day
from domain.envelope import Channel, Envelope
from projections.case_rows import CaseStep
from projections.cases import CaseFile
from projections.parts import Part

router = APIRouter(prefix="/api/v1", tags=["cases"])

Said = Callable[[UUID], str]


class HalvesAsked(BaseModel):
    """What follows which rows of either half is asked for."""

    after_open: AfterAsRead = None
    after_ended: After = None
    limit: Limit = 200


Asked = Annotated[HalvesAsked, Query()]


@router.get("/schools/{school_code}/cases")
def cases_of(school_code: str, asking: InAsking, asked: Asked) -> SchoolCases:
    asking.may(Action.CASE_READ, school_code)
    cases = asking.runtime.models.cases
    return halves(asked, partial(cases.open_of, school_code), partial(cases.ended_of, school_code))


@router.get("/districts/{district_code}/cases")
def district_cases(district_code: DistrictCode, asking: InAsking, asked: Asked) -> DistrictCases:
    by = asking.may_in(Action.CASE_OVERVIEW_READ, Organisation(district=district_code))
    cases = asking.runtime.models.cases
    overdue = cases.overdue(local_day(by.at, CITY_ZONE), district_code=district_code)
    both = halves(
        asked,
        partial(cases.escalated_to, district_code),
        partial(cases.reviewed_by, district_code),
    )
    return DistrictCases(
        **vars(both), overdue=[OverdueState.model_validate(each) for each in overdue]
    )


@router.post("/schools/{school_code}/disputes", status_code=status.HTTP_201_CREATED)
def dispute_on_paper(school_code: str, body: DisputeOnPaper, asking: InAsking) -> Opened:
    """Write down a parent's dispute for them: paper counts the same as the phone."""
    by = on_paper(asking.may(Action.CASE_ENTER, school_code))
    book = asking.runtime.book
    case_id = book.cases.dispute(body.learner_id, body.subject, body.reason, body.words, by)
    asking.runtime.settle(book.ledger.position())
    return Opened(case_id=case_id)


@router.post("/schools/{school_code}/appeals", status_code=status.HTTP_201_CREATED)
def appeal_on_paper(school_code: str, body: AppealOnPaper, asking: InAsking) -> Opened:
    by = on_paper(asking.may(Action.CASE_ENTER, school_code))
    book = asking.runtime.book
    case_id = book.appeals.lodge(body.learner_id, body.subject, body.words, by)
    asking.runtime.settle(book.ledger.position())
    return Opened(case_id=case_id)


@router.get("/cases/{case_id}")
def case(case_id: UUID, asking: InAsking) -> CaseHistory:
    """A case with its steps. What people wrote is shown on the staff's pages alone."""
    found, _ = case_for(asking, case_id, Action.CASE_READ)
    return history_of(asking, found)


@router.post("/cases/{dispute_id}/answer")
def answer(dispute_id: UUID, body: NewAnswer, asking: InAsking) -> Recorded:
    """Answer a dispute: upheld, or not upheld with the reasons."""
    _, by = case_for(asking, dispute_id, Action.DISPUTE_ANSWER)
    return recorded(asking, asking.runtime.book.cases.answer(dispute_id, body.answer, by))


@router.post("/cases/{appeal_id}/acknowledgement")
def acknowledge(appeal_id: UUID, asking: InAsking) -> Recorded:
    _, by = case_for(asking, appeal_id, Action.APPEAL_DECIDE)
    return recorded(asking, asking.runtime.book.appeals.acknowledge(appeal_id, by))


@router.post("/cases/{appeal_id}/decision")
def decide(appeal_id: UUID, body: NewRuling, asking: InAsking) -> Recorded:
    """Decide an appeal, by somebody who took no part before."""
    _, by = case_for(asking, appeal_id, Action.APPEAL_DECIDE)
    return recorded(asking, asking.runtime.book.appeals.decide(appeal_id, body.ruling, by))


@router.post("/cases/{appeal_id}/review")
def review(appeal_id: UUID, body: NewRuling, asking: InAsking) -> Recorded:
    """Review an appeal at the district, once and for good."""
    _, by = case_for(asking, appeal_id, Action.APPEAL_REVIEW)
    return recorded(asking, asking.runtime.book.appeals.review(appeal_id, body.ruling, by))


@router.post("/cases/{case_id}/escalation")
def escalate_on_paper(case_id: UUID, body: Spoken, asking: InAsking) -> Recorded:
    _, by = case_for(asking, case_id, Action.CASE_ENTER)
    position = asking.runtime.book.appeals.escalate(case_id, body.words, on_paper(by))
    return recorded(asking, position)


@router.post("/cases/{case_id}/corrections")
def link(case_id: UUID, body: Linked, asking: InAsking) -> Recorded:
    """Name the correction that was made because of the case."""
    _, by = case_for(asking, case_id, Action.DISPUTE_ANSWER)
    position = asking.runtime.book.cases.link_correction(case_id, body.correction_id, by)
    return recorded(asking, position)


@router.post("/cases/{case_id}/holds")
def hold(case_id: UUID, body: Entries, asking: InAsking) -> Recorded:
    """Put lines of the account under verification while the case is open."""
    _, by = case_for(asking, case_id, Action.CREDIT_HOLD)
    return recorded(asking, asking.runtime.book.cases.hold(case_id, body.entry_ids, by))


@router.post("/cases/{case_id}/releases")
def release(case_id: UUID, body: Entries, asking: InAsking) -> Recorded:
    _, by = case_for(asking, case_id, Action.CREDIT_HOLD)
    return recorded(asking, asking.runtime.book.cases.release(case_id, body.entry_ids, by))


def recorded(asking: Asking, position: int) -> Recorded:
    return Recorded(position=asking.runtime.settle(position))


def on_paper(by: Envelope) -> Envelope:
    """A member of staff who writes down what a parent brought on paper."""
    return by.model_copy(update={"channel": Channel.STAFF_ENTRY})


def halves(
    asked: HalvesAsked,
    waiting: Callable[[Part], Sequence[CaseFile]],
    over: Callable[[Part], Sequence[CaseFile]],
) -> SchoolCases:
    """What waits is told as it stood: an appeal may wait longer between two parts."""
    after = as_read(asked.after_open)
    opened, last = part_of(waiting, lambda case: case.as_read, after, asked.limit)
    ended, next_ended = part_of(over, lambda case: case.case_id, asked.after_ended, asked.limit)
    return SchoolCases(
        open=[CaseState.model_validate(each) for each in opened],
        ended=[CaseState.model_validate(each) for each in ended],
        next_open=str(last) if last else None,
        next_ended=next_ended,
    )


def history_of(asking: Asking, case: CaseFile, said: Said | None = None) -> CaseHistory:
    """The history of a case; what was `said`, for its parent."""
    steps = asking.runtime.models.cases.steps_of(case.case_id)
    return CaseHistory(
        case=CaseState.model_validate(case),
        steps=[step_state(each, said) for each in steps],
    )


def step_state(step: CaseStep, said: Said | None) -> StepState:
    return StepState(
        position=step.position,
        topic=step.topic,
        at=step.at,
        role=step.role,
        channel=step.channel,
        outcome=step.outcome,
        reason_code=step.reason_code,
        due=step.due,
        correction_id=step.correction_id,
        has_words=step.words_id is not None,
        words=said(step.words_id) if said and step.words_id else None,
    )
