"""A parent's own exams: which there are, how each stands, and what may be done now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from api.bootstrap import Runtime
from domain.exam import Exam, OnlineTerms, UnknownExam
from domain.exam_attempt import Attempt
from projections.exam_board import AttemptLine


class Step(StrEnum):
    """What comes next for a parent in an exam."""

    START = "start"
    GO_ON = "go_on"
    RUN_OUT = "run_out"  # the time is over, the sheet not yet marked
    WAIT = "wait"  # for the result of an attempt that was not on a screen
    REST = "rest"  # until the cool-down is over
    NOT_YET = "not_yet"
    CLOSED = "closed"
    USED_UP = "used_up"


@dataclass(frozen=True)
class OwnExam:
    """An exam as its parent sees it."""

    exam: Exam
    step: Step
    attempts: tuple[AttemptLine, ...]  # that count
    left: int
    earliest: datetime | None = None  # the next attempt, where it has to rest
    open_attempt: UUID | None = None

    @property
    def best(self) -> AttemptLine | None:
        """The attempt that decides."""
        by_worth = sorted(self.attempts, key=lambda a: (bool(a.passed), a.score or 0))
        return by_worth[-1] if by_worth else None


def exams_of(runtime: Runtime, learner_id: UUID, at: datetime) -> list[OwnExam]:
    """The exams on a screen of the parent's schools and years, the newest first."""
    places = runtime.models.roster.places_of(learner_id)
    standing = {(p.school_code, p.school_year) for p in places if p.ended_on is None}
    rows = runtime.models.exams.online_for(standing)
    return [own_exam(runtime, row.exam_id, learner_id, at) for row in rows]


def own_exam(runtime: Runtime, exam_id: UUID, learner_id: UUID, at: datetime) -> OwnExam:
    """One exam on a screen, read from its facts. Raises UnknownExam."""
    book = runtime.book
    exam = book.online_exams.exam_for(exam_id, learner_id)
    if exam.online is None:
        raise UnknownExam(id=exam_id)
    case = book.online_exams.case(exam, learner_id)
    lines = runtime.models.exams.own_attempts(learner_id)
    counting = tuple(line for line in lines if line.exam_id == exam_id and line.counts)
    left = max(0, case.rules.attempts_max - case.used)
    last = case.counted_at(exam_id)
    earliest = last + timedelta(hours=case.rules.cool_down_hours) if last else at
    step = step_of(exam.online, case.waiting, left, earliest, at)
    return OwnExam(
        exam,
        step,
        counting,
        left,
        earliest=earliest if step is Step.REST else None,
        open_attempt=case.waiting.id if case.waiting and case.waiting.is_on_screen else None,
    )


def step_of(
    terms: OnlineTerms, waiting: Attempt | None, left: int, earliest: datetime, at: datetime
) -> Step:
    """The first thing that holds."""
    on_screen = waiting is not None and waiting.is_on_screen
    steps = (
        (on_screen and waiting is not None and at > waiting.ends_at, Step.RUN_OUT),
        (on_screen, Step.GO_ON),
        (waiting is not None, Step.WAIT),
        (at < terms.opens_at, Step.NOT_YET),
        (at >= terms.closes_at, Step.CLOSED),
        (not left, Step.USED_UP),
        (at < earliest, Step.REST),
    )
    return next((step for holds, step in steps if holds), Step.START)
