"""The exam board: exams, their attempts typed and checked, and the results that count."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import LiteralString
from uuid import UUID

from domain.exam import Exam
from domain.exam_attempt import Attempt
from domain.exam_attempt_facts import AttemptBegun
from projections.database import Tx, Views
from projections.exam_attempt_line import AttemptLine, begun, followed
from projections.feed import Fact
from projections.table import Fold, Table

__all__ = ["AttemptLine", "ExamBoard", "ExamOnBoard", "ExamResult", "ExamRow"]

TABLES: LiteralString = """
CREATE TABLE IF NOT EXISTS exam (
    exam_id uuid PRIMARY KEY,
    school_code text NOT NULL,
    title text NOT NULL,
    school_year bigint NOT NULL,
    held_on date NOT NULL,
    pass_mark bigint NOT NULL,
    merit_mark bigint NOT NULL,
    modes text[] NOT NULL,
    opens_at timestamptz,
    closes_at timestamptz,
    questions bigint NOT NULL,
    time_limit_minutes bigint NOT NULL
);
CREATE INDEX IF NOT EXISTS exam_school ON exam (school_code, held_on);
CREATE TABLE IF NOT EXISTS exam_attempt (
    attempt_id uuid PRIMARY KEY,
    exam_id uuid NOT NULL,
    learner_id uuid NOT NULL,
    number bigint NOT NULL,
    way text NOT NULL,
    standing text NOT NULL,
    entered_by uuid NOT NULL,
    entered_at timestamptz NOT NULL,
    ends_at timestamptz,
    sitting bigint,
    score bigint,
    oral_reason text,
    tries_left bigint,
    checked_by uuid,
    checked_at timestamptz,
    passed boolean,
    merit boolean,
    put_right text,
    put_right_at timestamptz
);
CREATE INDEX IF NOT EXISTS exam_attempt_open ON exam_attempt (ends_at) WHERE standing = 'open';
CREATE INDEX IF NOT EXISTS exam_attempt_exam ON exam_attempt (exam_id);
CREATE INDEX IF NOT EXISTS exam_attempt_learner ON exam_attempt (learner_id);
"""
_EXAMS: LiteralString = """
SELECT e.*, count(*) FILTER (WHERE a.standing IN ('waiting', 'counted')) AS entered,
       count(*) FILTER (WHERE a.standing = 'counted') AS checked,
       count(*) FILTER (WHERE a.standing = 'counted' AND a.passed) AS passed
  FROM exam e LEFT JOIN exam_attempt a USING (exam_id)
 WHERE (%(school)s::text IS NULL OR e.school_code = %(school)s)
   AND (%(exam)s::uuid IS NULL OR e.exam_id = %(exam)s)
 GROUP BY e.exam_id ORDER BY e.held_on DESC, e.title
"""
_ONLINE: LiteralString = """
SELECT * FROM exam
 WHERE opens_at IS NOT NULL AND (school_code, school_year) IN (
       SELECT * FROM unnest(%(schools)s::text[], %(years)s::bigint[]))
 ORDER BY opens_at DESC, title
"""
_OWN: LiteralString = """
SELECT * FROM exam_attempt
 WHERE learner_id = ANY(ARRAY(SELECT %(learner)s::uuid UNION ALL
       SELECT merged_id FROM merged_record WHERE speaker_id = %(learner)s))
 ORDER BY entered_at, number
"""
_OVERDUE: LiteralString = """
SELECT * FROM exam_attempt WHERE standing = 'open' AND ends_at < %(at)s ORDER BY ends_at
"""
# Under the record that speaks for the person.
_ATTEMPTS: LiteralString = """
SELECT a.attempt_id, a.exam_id, coalesce(m.speaker_id, a.learner_id) AS learner_id, a.number,
       a.way, a.standing, a.entered_by, a.entered_at, a.ends_at, a.sitting, a.score,
       a.oral_reason, a.tries_left, a.checked_by, a.checked_at, a.passed, a.merit, a.put_right,
       a.put_right_at
  FROM exam_attempt a LEFT JOIN merged_record m ON m.merged_id = a.learner_id
 WHERE a.exam_id = %(exam)s ORDER BY a.entered_at, a.learner_id, a.number
"""
_RESULTS: LiteralString = """
SELECT exam_id, e.title, e.school_code, e.school_year, e.held_on, a.attempt_id, a.number,
       a.way, a.score, a.passed, a.merit, a.checked_at, a.put_right
  FROM exam_attempt a JOIN exam e USING (exam_id)
 WHERE a.learner_id = ANY(ARRAY(SELECT %(learner)s::uuid UNION ALL
       SELECT merged_id FROM merged_record WHERE speaker_id = %(learner)s))
   AND a.standing = 'counted'
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
    modes: tuple[str, ...]
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    questions: int = 0
    time_limit_minutes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ExamOnBoard(ExamRow):
    """An exam with how many attempts were typed, checked and passed."""

    entered: int
    checked: int
    passed: int


@dataclass(frozen=True, slots=True)
class ExamResult:
    """An attempt that counts, beside its exam."""

    exam_id: UUID
    title: str
    school_code: str
    school_year: int
    held_on: date
    attempt_id: UUID
    number: int
    way: str
    score: int | None
    passed: bool
    merit: bool
    checked_at: datetime
    put_right: str | None  # why it was corrected


EXAM = Table("exam", ExamRow, key=("exam_id",), stream="exam_id")
ATTEMPT = Table("exam_attempt", AttemptLine, key=("attempt_id",), stream="attempt_id")


class ExamBoard:
    name = "exam_board"
    version = 3
    tables = ("exam", "exam_attempt")
    ddl: LiteralString = TABLES
    topics = frozenset(
        {
            Exam.Published.TOPIC,
            Attempt.PaperResultEntered.TOPIC,
            Attempt.PaperResultChecked.TOPIC,
            Attempt.CheckDiffered.TOPIC,
            Attempt.Started.TOPIC,
            Attempt.Marked.TOPIC,
            Attempt.OralResultRecorded.TOPIC,
            Attempt.OralResultWitnessed.TOPIC,
            Attempt.StudyNoteMarked.TOPIC,
            Attempt.EntryWithdrawn.TOPIC,
            Attempt.ResultCorrected.TOPIC,
            Attempt.ResultVoided.TOPIC,
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
                case AttemptBegun() as event:
                    attempts.put(begun(event))
                case event:
                    attempts.put(followed(attempts[fact.stream,], event))
        EXAM.add(tx, exams)
        attempts.save()

    def exams_of(self, school_code: str) -> list[ExamOnBoard]:
        """A school's exams, the newest first."""
        return self._views.rows(ExamOnBoard, _EXAMS, school=school_code, exam=None)

    def exam(self, exam_id: UUID) -> ExamOnBoard | None:
        return self._views.row(ExamOnBoard, _EXAMS, school=None, exam=exam_id)

    def online_for(self, places: Collection[tuple[str, int]]) -> list[ExamRow]:
        """Exams on a screen of these schools and school years, the newest first."""
        schools, years = [school for school, _ in places], [year for _, year in places]
        return self._views.rows(ExamRow, _ONLINE, schools=schools, years=years)

    def attempts_of(self, exam_id: UUID) -> list[AttemptLine]:
        return self._views.rows(AttemptLine, _ATTEMPTS, exam=exam_id)

    def own_attempts(self, learner_id: UUID) -> list[AttemptLine]:
        """A learner's attempts at all exams, the oldest first."""
        return self._views.rows(AttemptLine, _OWN, learner=learner_id)

    def overdue(self, at: datetime) -> list[AttemptLine]:
        """Attempts on a screen whose time is over, and that nobody has handed in."""
        return self._views.rows(AttemptLine, _OVERDUE, at=at)

    def results_of(self, learner_id: UUID) -> list[ExamResult]:
        """A learner's results that count, the newest exam first."""
        return self._views.rows(ExamResult, _RESULTS, learner=learner_id)


def published(event: Exam.Published) -> ExamRow:
    online = event.online
    return ExamRow(
        exam_id=event.originator_id,
        school_code=event.school_code,
        title=event.title,
        school_year=event.school_year,
        held_on=event.held_on,
        pass_mark=event.pass_mark,
        merit_mark=event.merit_mark,
        modes=event.modes,
        opens_at=online.opens_at if online else None,
        closes_at=online.closes_at if online else None,
        questions=online.questions if online else 0,
        time_limit_minutes=online.time_limit_minutes if online else 0,
    )
