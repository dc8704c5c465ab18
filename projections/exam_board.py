"""The exam board: exams, their attempts typed and checked, and the results that count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import LiteralString
from uuid import UUID

from domain.exam import Attempt, Exam
from projections.database import Tx, Views
from projections.feed import Fact
from projections.table import Fold, Table

TABLES: LiteralString = """
CREATE TABLE IF NOT EXISTS exam (
    exam_id uuid PRIMARY KEY,
    school_code text NOT NULL,
    title text NOT NULL,
    school_year bigint NOT NULL,
    held_on date NOT NULL,
    pass_mark bigint NOT NULL,
    merit_mark bigint NOT NULL
);
CREATE INDEX IF NOT EXISTS exam_school ON exam (school_code, held_on);
CREATE TABLE IF NOT EXISTS exam_attempt (
    attempt_id uuid PRIMARY KEY,
    exam_id uuid NOT NULL,
    learner_id uuid NOT NULL,
    number bigint NOT NULL,
    score bigint NOT NULL,
    entered_by uuid NOT NULL,
    entered_at timestamptz NOT NULL,
    checked_by uuid,
    checked_at timestamptz,
    passed boolean,
    merit boolean
);
CREATE INDEX IF NOT EXISTS exam_attempt_exam ON exam_attempt (exam_id);
CREATE INDEX IF NOT EXISTS exam_attempt_learner ON exam_attempt (learner_id);
"""
_EXAMS: LiteralString = """
SELECT e.*, count(a.*) AS entered, count(a.checked_at) AS checked,
       count(*) FILTER (WHERE a.passed) AS passed
  FROM exam e LEFT JOIN exam_attempt a USING (exam_id)
 WHERE (%(school)s::text IS NULL OR e.school_code = %(school)s)
   AND (%(exam)s::uuid IS NULL OR e.exam_id = %(exam)s)
 GROUP BY e.exam_id ORDER BY e.held_on DESC, e.title
"""
_ATTEMPTS: LiteralString = """
SELECT * FROM exam_attempt WHERE exam_id = %(exam)s ORDER BY entered_at, learner_id, number
"""
_RESULTS: LiteralString = """
SELECT exam_id, e.title, e.school_code, e.school_year, e.held_on, a.attempt_id, a.number,
       a.score, a.passed, a.merit, a.checked_at
  FROM exam_attempt a JOIN exam e USING (exam_id)
 WHERE (a.learner_id = %(learner)s OR a.learner_id IN (
       SELECT merged_id FROM merged_record WHERE speaker_id = %(learner)s))
   AND a.checked_at IS NOT NULL
 ORDER BY e.held_on DESC, exam_id, a.number
"""


@dataclass(frozen=True, slots=True)
class ExamRow:
    exam_id: UUID
    school_code: str
    title: str
    school_year: int
    held_on: date
    pass_mark: int
    merit_mark: int


@dataclass(frozen=True, slots=True)
class ExamOnBoard(ExamRow):
    """An exam with how many attempts were typed, checked and passed."""

    entered: int
    checked: int
    passed: int


@dataclass(frozen=True, slots=True)
class AttemptLine:
    """An attempt; it counts once a second person has checked it."""

    attempt_id: UUID
    exam_id: UUID
    learner_id: UUID
    number: int
    score: int
    entered_by: UUID
    entered_at: datetime
    checked_by: UUID | None = None
    checked_at: datetime | None = None
    passed: bool | None = None
    merit: bool | None = None


@dataclass(frozen=True, slots=True)
class ExamResult:
    """A checked attempt beside its exam."""

    exam_id: UUID
    title: str
    school_code: str
    school_year: int
    held_on: date
    attempt_id: UUID
    number: int
    score: int
    passed: bool
    merit: bool
    checked_at: datetime


EXAM = Table("exam", ExamRow, key=("exam_id",), stream="exam_id")
ATTEMPT = Table("exam_attempt", AttemptLine, key=("attempt_id",), stream="attempt_id")


class ExamBoard:
    name = "exam_board"
    version = 1
    tables = ("exam", "exam_attempt")
    ddl: LiteralString = TABLES
    topics = frozenset(
        {
            Exam.Published.TOPIC,
            Attempt.PaperResultEntered.TOPIC,
            Attempt.PaperResultChecked.TOPIC,
        }
    )

    def __init__(self, views: Views) -> None:
        self._views = views

    def apply(self, tx: Tx, facts: Sequence[Fact]) -> None:
        exams: list[ExamRow] = []
        attempts = Fold(tx, ATTEMPT, facts)
        for fact in facts:
            match fact.event:
                case Exam.Published() as event:
                    exams.append(published(event))
                case Attempt.PaperResultEntered() as event:
                    attempts.put(entered(event))
                case Attempt.PaperResultChecked() as event:
                    attempts.put(checked(attempts[fact.stream,], event))
                case _:
                    pass
        EXAM.add(tx, exams)
        attempts.save()

    def exams_of(self, school_code: str) -> list[ExamOnBoard]:
        """A school's exams, the newest first."""
        return self._views.rows(ExamOnBoard, _EXAMS, school=school_code, exam=None)

    def exam(self, exam_id: UUID) -> ExamOnBoard | None:
        return self._views.row(ExamOnBoard, _EXAMS, school=None, exam=exam_id)

    def attempts_of(self, exam_id: UUID) -> list[AttemptLine]:
        return self._views.rows(AttemptLine, _ATTEMPTS, exam=exam_id)

    def results_of(self, learner_id: UUID) -> list[ExamResult]:
        """A learner's results that count, the newest exam first."""
        return self._views.rows(ExamResult, _RESULTS, learner=learner_id)


def published(event: Exam.Published) -> ExamRow:
    return ExamRow(
        exam_id=event.originator_id,
        school_code=event.school_code,
        title=event.title,
        school_year=event.school_year,
        held_on=event.held_on,
        pass_mark=event.pass_mark,
        merit_mark=event.merit_mark,
    )


def entered(event: Attempt.PaperResultEntered) -> AttemptLine:
    return AttemptLine(
        attempt_id=event.originator_id,
        exam_id=event.exam_id,
        learner_id=event.learner_id,
        number=event.number,
        score=event.score,
        entered_by=event.envelope.actor.id,
        entered_at=event.envelope.at,
    )


def checked(line: AttemptLine, event: Attempt.PaperResultChecked) -> AttemptLine:
    return replace(
        line,
        checked_by=event.envelope.actor.id,
        checked_at=event.envelope.at,
        passed=event.passed,
        merit=event.merit,
    )
