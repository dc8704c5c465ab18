"""Exams as JSON: publish one, type paper results, check them as a second person."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, status
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.access.actions import Action
from api.asking import Asking, InAsking
from api.exam_scores import hand_in
from api.exam_titles import titled
from api.reaching import either, exam_for, exam_readable
from domain.envelope import Envelope
from domain.exam import ExamMode
from ledger.exams import OnlineExam, PaperResult
from projections.exam_board import ExamOnBoard

router = APIRouter(prefix="/api/v1", tags=["exams"])

MOST_RESULTS = 500
NOTHING = {"score": None, "passed": None, "merit": None}  # of an attempt that does not count


class Title(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: str = Field(min_length=1, max_length=80, pattern=r"\S")


class NewExam(Title):
    """An exam on a day, on paper unless it says otherwise."""

    held_on: date
    modes: list[Literal["paper", "study_note"]] = Field(default=["paper"], min_length=1)


class NewOnlineExam(Title):
    """An exam on a screen: questions, time and pass mark are the rulebook's."""

    bank_ids: list[UUID] = Field(min_length=1, max_length=20)
    opens_at: AwareDatetime
    closes_at: AwareDatetime
    others: list[Literal["paper", "study_note"]] = ["paper"]


class Published(BaseModel):
    exam_id: UUID


class Score(BaseModel):
    model_config = ConfigDict(extra="forbid")

    learner_id: UUID
    score: int = Field(ge=0, le=100)
    sitting: int = Field(default=1, ge=1, le=9, description="Of a later sitting: its number.")


class Scores(BaseModel):
    """The scores of a class as they stand on paper."""

    model_config = ConfigDict(extra="forbid")

    results: list[Score] = Field(min_length=1, max_length=MOST_RESULTS)


class RefusedScore(BaseModel):
    """A score that was not recorded, and the code that says why."""

    learner_id: UUID
    code: str


class Taken(BaseModel):
    """How many were taken; an error in one does not stop the others."""

    taken: int
    refused: list[RefusedScore]


class ExamState(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    exam_id: UUID
    school_code: str
    title: str
    school_year: int
    held_on: date
    pass_mark: int
    merit_mark: int
    modes: list[str]
    opens_at: datetime | None
    closes_at: datetime | None
    questions: int
    time_limit_minutes: int
    entered: int
    checked: int
    passed: int


class ExamList(BaseModel):
    exams: list[ExamState]


class AttemptState(BaseModel):
    """One attempt. What it came to is shown once it counts."""

    model_config = ConfigDict(from_attributes=True)

    attempt_id: UUID
    learner_id: UUID
    number: int
    way: str
    standing: str
    sitting: int | None
    ends_at: datetime | None
    tries_left: int | None
    score: int | None
    put_right: str | None
    entered_by: UUID
    entered_at: datetime
    checked_by: UUID | None
    checked_at: datetime | None
    passed: bool | None
    merit: bool | None


class AttemptPage(BaseModel):
    total: int
    attempts: list[AttemptState]


@router.get("/schools/{school_code}/exams")
def exams_of(school_code: str, asking: InAsking) -> ExamList:
    either(asking, (Action.EXAM_ENTER, Action.EXAM_CHECK), school_code)
    found = asking.runtime.models.exams.exams_of(school_code)
    return ExamList(exams=[ExamState.model_validate(each) for each in found])


@router.post("/schools/{school_code}/exams", status_code=status.HTTP_201_CREATED)
def publish(school_code: str, body: NewExam, asking: InAsking) -> Published:
    """Announce an exam; the same one again is no news and has the same id."""
    by = asking.may(Action.EXAM_PUBLISH, school_code)
    book, modes = asking.runtime.book, tuple(ExamMode(mode) for mode in body.modes)
    exam_id = book.exams.publish(school_code, titled(body.title), body.held_on, by, modes)
    asking.runtime.settle(book.ledger.position())
    return Published(exam_id=exam_id)


@router.post("/schools/{school_code}/online-exams", status_code=status.HTTP_201_CREATED)
def publish_online(school_code: str, body: NewOnlineExam, asking: InAsking) -> Published:
    """Announce an exam on a screen; the same one again is no news and has the same id."""
    by = asking.may(Action.EXAM_PUBLISH, school_code)
    book, others = asking.runtime.book, tuple(ExamMode(mode) for mode in body.others)
    wish = OnlineExam(tuple(body.bank_ids), body.opens_at, body.closes_at, others)
    exam_id = book.exams.publish_online(school_code, titled(body.title), wish, by)
    asking.runtime.settle(book.ledger.position())
    return Published(exam_id=exam_id)


@router.post("/exams/{exam_id}/results", status_code=status.HTTP_201_CREATED)
def enter(exam_id: UUID, body: Scores, asking: InAsking) -> Taken:
    """Type results: they wait for the second person."""
    exam, by = exam_for(asking, exam_id, Action.EXAM_ENTER)
    return record(asking, exam, body, by, checks=False)


@router.post("/exams/{exam_id}/checks", status_code=status.HTTP_201_CREATED)
def check(exam_id: UUID, body: Scores, asking: InAsking) -> Taken:
    """Type the results again as another person: those that agree count from now on."""
    exam, by = exam_for(asking, exam_id, Action.EXAM_CHECK)
    return record(asking, exam, body, by, checks=True)


@router.get("/exams/{exam_id}/attempts")
def attempts(
    exam_id: UUID,
    asking: InAsking,
    limit: Annotated[int, Query(ge=1, le=500)] = 200,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> AttemptPage:
    exam_readable(asking, exam_id)
    lines = asking.runtime.models.exams.attempts_of(exam_id)
    shown = [AttemptState.model_validate(line) for line in lines[offset : offset + limit]]
    hidden = [
        state if state.standing == "counted" else state.model_copy(update=NOTHING)
        for state in shown
    ]
    return AttemptPage(total=len(lines), attempts=hidden)


def record(asking: Asking, exam: ExamOnBoard, body: Scores, by: Envelope, *, checks: bool) -> Taken:
    said = [PaperResult(each.learner_id, each.score, each.sitting) for each in body.results]
    refused = hand_in(asking, exam, said, by, checks=checks)
    learners = {result.learner_id for result in said}
    return Taken(
        taken=len(learners) - len(refused),
        refused=[RefusedScore(learner_id=key, code=why.code) for key, why in refused.items()],
    )
