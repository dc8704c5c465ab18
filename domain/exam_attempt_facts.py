"""How an attempt at an exam may begin, and the codes and figures that its facts carry."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from domain.aggregate import LedgerCreated
from domain.envelope import Envelope
from domain.exam import Exam, ExamMode, Outcome
from domain.rules import ReversalReason


class OralReason(StrEnum):
    """Why somebody is examined orally: a category, never a detail."""

    ELDERLY = "elderly"
    LOW_LITERACY = "low_literacy"
    DISABILITY = "disability"
    LANGUAGE = "language"
    OTHER = "other"


class Signed(BaseModel):
    """Why a counted result is put right, and under which proposal; the envelope says who agreed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reason_code: ReversalReason
    correction_id: UUID
    proposed_by: UUID


class BankVersion(BaseModel):
    """A question bank as it stood when the questions were drawn: the draw can be repeated."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    bank_id: UUID
    version: int


class AttemptBegun(LedgerCreated):
    """The first fact of an attempt, whichever way it is made."""

    WAY: ClassVar[ExamMode]

    exam_id: UUID
    learner_id: UUID
    school_code: str
    school_year: int
    number: int

    def apply(self, aggregate: Any) -> None:
        super().apply(aggregate)
        aggregate.way = self.WAY


class PaperResultEntered(AttemptBegun):
    """One person has typed the score of a sitting."""

    TOPIC = "attempt.paper_result_entered"
    WAY: ClassVar[ExamMode] = ExamMode.PAPER

    score: int
    sitting: int = 1


class Started(AttemptBegun):
    """A parent has begun on a screen."""

    TOPIC = "attempt.started"
    WAY: ClassVar[ExamMode] = ExamMode.ONLINE

    time_limit_minutes: int
    questions: int
    banks: tuple[BankVersion, ...]


class OralResultRecorded(AttemptBegun):
    """An examiner has judged."""

    TOPIC = "attempt.oral_result_recorded"
    WAY: ClassVar[ExamMode] = ExamMode.ORAL

    passed: bool
    reason: OralReason


class StudyNoteMarked(AttemptBegun):
    """A class teacher has judged a study note (学习体会): it counts at once."""

    TOPIC = "attempt.study_note_marked"
    WAY: ClassVar[ExamMode] = ExamMode.STUDY_NOTE

    passed: bool

    def apply(self, aggregate: Any) -> None:
        super().apply(aggregate)
        aggregate.is_over = True
        aggregate.outcome = Outcome(
            exam_id=self.exam_id, attempt_id=self.originator_id, learner_id=self.learner_id,
            school_year=self.school_year, passed=self.passed,
        )  # fmt: skip


def begun(exam: Exam, learner_id: UUID, number: int, envelope: Envelope) -> dict[str, Any]:
    """What every first fact says."""
    return {
        "exam_id": exam.id,
        "learner_id": learner_id,
        "school_code": exam.school_code,
        "school_year": exam.school_year,
        "number": number,
        "envelope": envelope,
    }
