"""A parent's exams as JSON, from a confirmed device: begin, save, hand in, read the result."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, status
from pydantic import BaseModel, ConfigDict, Field

from api.access.actions import Action
from api.asking import InParent
from api.own_exams import OwnExam, Step, exams_of, own_exam
from ledger.exams_online import Sheet

router = APIRouter(prefix="/api/v1/me", tags=["own exams"])


class ExamState(BaseModel):
    """An exam as its parent sees it; `step` says what comes next."""

    exam_id: UUID
    title: str
    step: Step
    opens_at: datetime
    closes_at: datetime
    questions: int
    time_limit_minutes: int
    pass_mark: int
    attempts_left: int
    earliest: datetime | None
    open_attempt: UUID | None
    best_score: int | None
    passed: bool
    merit: bool


class ExamList(BaseModel):
    exams: list[ExamState]


class Begun(BaseModel):
    attempt_id: UUID
    ends_at: datetime


class Asked(BaseModel):
    """A question as it is asked. What is right is told once the sheet is marked."""

    question_id: UUID
    kind: str
    text: str
    choices: list[str]
    picked: list[int]
    right: list[int] | None = None
    explanation: str | None = None


class SheetState(BaseModel):
    """A sheet: what is asked and what is saved; once it is marked, also what was right."""

    attempt_id: UUID
    exam_id: UUID
    ends_at: datetime
    is_over: bool
    score: int | None
    passed: bool | None
    merit: bool | None
    questions: list[Asked]


class Ticks(BaseModel):
    """The places that were ticked, question by question, as the sheet counts them from 0."""

    model_config = ConfigDict(extra="forbid")

    answers: dict[UUID, list[int]] = Field(max_length=200)


@router.get("/exams")
def exams(asking: InParent) -> ExamList:
    learner_id, by = asking.own(Action.OWN_EXAM)
    return ExamList(exams=[state_of(o) for o in exams_of(asking.runtime, learner_id, by.at)])


@router.get("/exams/{exam_id}")
def exam(exam_id: UUID, asking: InParent) -> ExamState:
    learner_id, by = asking.own(Action.OWN_EXAM)
    return state_of(own_exam(asking.runtime, exam_id, learner_id, by.at))


@router.post("/exams/{exam_id}/attempts", status_code=status.HTTP_201_CREATED)
def start(exam_id: UUID, asking: InParent) -> Begun:
    """Begin: the time runs from now on. Where an attempt is open, it is that one."""
    learner_id, by = asking.own(Action.OWN_EXAM)
    book = asking.runtime.book
    attempt_id = book.online_exams.start(exam_id, learner_id, by)
    asking.runtime.settle(book.ledger.position())
    ends_at = book.exams.attempt(attempt_id, exam_id).ends_at
    return Begun(attempt_id=attempt_id, ends_at=ends_at)


@router.get("/attempts/{attempt_id}")
def sheet(attempt_id: UUID, asking: InParent) -> SheetState:
    learner_id, _ = asking.own(Action.OWN_EXAM)
    return sheet_state(asking.runtime.book.online_exams.sheet(attempt_id, learner_id))


@router.put("/attempts/{attempt_id}/answers")
def save(attempt_id: UUID, body: Ticks, asking: InParent) -> SheetState:
    """Keep what is answered so far: the last state saved in time counts."""
    learner_id, by = asking.own(Action.OWN_EXAM)
    online = asking.runtime.book.online_exams
    online.save(attempt_id, learner_id, body.answers, by)
    return sheet_state(online.sheet(attempt_id, learner_id))


@router.post("/attempts/{attempt_id}/submission")
def submit(attempt_id: UUID, body: Ticks, asking: InParent) -> SheetState:
    """Hand in and be marked. Whose answer was lost sends the same again."""
    learner_id, by = asking.own(Action.OWN_EXAM)
    online = asking.runtime.book.online_exams
    asking.runtime.settle(online.submit(attempt_id, learner_id, body.answers, by))
    return sheet_state(online.sheet(attempt_id, learner_id))


def state_of(own: OwnExam) -> ExamState:
    terms, best = own.exam.online, own.best
    assert terms is not None
    return ExamState(
        exam_id=own.exam.id,
        title=own.exam.title,
        step=own.step,
        opens_at=terms.opens_at,
        closes_at=terms.closes_at,
        questions=terms.questions,
        time_limit_minutes=terms.time_limit_minutes,
        pass_mark=own.exam.pass_mark,
        attempts_left=own.left,
        earliest=own.earliest,
        open_attempt=own.open_attempt,
        best_score=best.score if best else None,
        passed=bool(best and best.passed),
        merit=bool(best and best.merit),
    )


def sheet_state(sheet: Sheet) -> SheetState:
    attempt, outcome = sheet.attempt, sheet.attempt.outcome
    return SheetState(
        attempt_id=attempt.id,
        exam_id=attempt.exam_id,
        ends_at=attempt.ends_at,
        is_over=attempt.is_over,
        score=outcome.score if outcome else None,
        passed=outcome.passed if outcome else None,
        merit=outcome.merit if outcome else None,
        questions=[
            Asked(
                question_id=each.question_id,
                kind=each.question.kind.value,
                text=each.question.text,
                choices=list(each.shown),
                picked=each.places(sheet.answers.get(each.question_id, frozenset())),
                right=each.places(each.question.right) if attempt.is_over else None,
                explanation=each.question.explanation if attempt.is_over else None,
            )
            for each in sheet.questions
        ],
    )
