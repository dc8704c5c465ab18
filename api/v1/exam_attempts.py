"""Attempts as JSON: oral results by two people, study notes, entries withdrawn, draws repeated."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, status
from pydantic import BaseModel, ConfigDict

from api.access.actions import Action
from api.asking import InAsking
from api.reaching import enrolled_in, exam_for
from api.v1.recorded import Recorded
from domain.exam_attempt_facts import OralReason
from domain.exam_refusals import UnknownAttempt
from ledger.exams_judged import OralResult

router = APIRouter(prefix="/api/v1", tags=["exams"])


class Judged(BaseModel):
    """Whether somebody passed, as whoever heard or read them judged."""

    model_config = ConfigDict(extra="forbid")

    learner_id: UUID
    passed: bool


class JudgedOrally(Judged):
    reason: OralReason


class Begun(BaseModel):
    attempt_id: UUID


class DrawnQuestion(BaseModel):
    """A question as it was asked: its number in the bank, and the bank's choices as shown."""

    question_id: UUID
    number: str
    order: list[int]


class Draw(BaseModel):
    """What an attempt was asked; the same attempt and bank versions always draw the same."""

    attempt_id: UUID
    banks: dict[UUID, int]
    questions: list[DrawnQuestion]


@router.post("/exams/{exam_id}/oral-results", status_code=status.HTTP_201_CREATED)
def examine(exam_id: UUID, body: JudgedOrally, asking: InAsking) -> Begun:
    """Record an oral result as its examiner; it counts once the witness has confirmed it."""
    exam, by = exam_for(asking, exam_id, Action.EXAM_EXAMINE)
    enrolled_in(asking, body.learner_id, exam.school_code, exam.school_year, exam.held_on)
    book = asking.runtime.book
    result = OralResult(body.learner_id, body.passed, body.reason)
    attempt_id = book.judged_exams.examine(exam_id, result, by)
    asking.runtime.settle(book.ledger.position())
    return Begun(attempt_id=attempt_id)


@router.post("/exams/{exam_id}/attempts/{oral_id}/witness")
def witness(exam_id: UUID, oral_id: UUID, asking: InAsking) -> Recorded:
    """Confirm an oral result as the one who was there too."""
    _, by = exam_for(asking, exam_id, Action.EXAM_WITNESS)
    position = asking.runtime.book.judged_exams.witness(exam_id, oral_id, by)
    return Recorded(position=asking.runtime.settle(position))


@router.post("/exams/{exam_id}/study-notes", status_code=status.HTTP_201_CREATED)
def mark_note(exam_id: UUID, body: Judged, asking: InAsking) -> Begun:
    """Record how a study note was judged; it counts at once."""
    exam, by = exam_for(asking, exam_id, Action.EXAM_MARK_NOTE)
    enrolled_in(asking, body.learner_id, exam.school_code, exam.school_year, exam.held_on)
    book = asking.runtime.book
    attempt_id = book.judged_exams.mark_note(exam_id, body.learner_id, body.passed, by)
    asking.runtime.settle(book.ledger.position())
    return Begun(attempt_id=attempt_id)


@router.post("/exams/{exam_id}/attempts/{attempt_id}/withdrawal")
def withdraw(exam_id: UUID, attempt_id: UUID, asking: InAsking) -> Recorded:
    """Take back an entry that nobody has confirmed, so that it can be made anew."""
    _, by = exam_for(asking, exam_id, Action.EXAM_WITHDRAW)
    position = asking.runtime.book.exams.withdraw(exam_id, attempt_id, by)
    return Recorded(position=asking.runtime.settle(position))


@router.get("/exams/{exam_id}/attempts/{attempt_id}/draw")
def draw(exam_id: UUID, attempt_id: UUID, asking: InAsking) -> Draw:
    """Draw again, from the banks as they stood. The right answers are not told."""
    exam_for(asking, exam_id, Action.EXAM_DRAW_READ)
    book = asking.runtime.book
    attempt = book.exams.attempt(attempt_id, exam_id)
    if not attempt.banks:
        raise UnknownAttempt(id=attempt_id)
    return Draw(
        attempt_id=attempt_id,
        banks={each.bank_id: each.version for each in attempt.banks},
        questions=[
            DrawnQuestion(
                question_id=each.question_id, number=each.question.number, order=list(each.order)
            )
            for each in book.online_exams.draw(attempt)
        ],
    )
