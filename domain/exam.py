"""Exams and their attempts: paper results are typed by one person and checked by another."""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from uuid import UUID

from eventsourcing.domain import event

from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.envelope import Envelope
from domain.identity import derived
from domain.refusals import Refused


class UnknownExam(Refused):
    """No exam with that id is published."""

    code = "exam_unknown"


class ChecksOwnEntry(Refused):
    """A paper result is checked by another person than the one who typed it."""

    code = "checks_own_entry"


class ResultDiffers(Refused):
    """The second person typed another score: look at the paper together."""

    code = "result_differs"


class AttemptsUsed(Refused):
    """No attempt is left (rulebook: exam.attempts_max, LOCAL)."""

    code = "attempts_used"


class Exam(LedgerAggregate):
    TOPIC: ClassVar[str] = "exam"

    class Published(LedgerCreated):
        TOPIC = "exam.published"

        school_code: str
        title: str
        school_year: int
        held_on: date
        pass_mark: int
        merit_mark: int

    @staticmethod
    def create_id(school_code: str, title: str, held_on: date) -> UUID:
        return derived("exam", school_code, title, held_on.isoformat())

    @event(Published)
    def __init__(
        self,
        school_code: str,
        title: str,
        school_year: int,
        held_on: date,
        pass_mark: int,
        merit_mark: int,
        envelope: Envelope,
    ) -> None:
        self.school_code = school_code
        self.title = title
        self.school_year = school_year
        self.held_on = held_on
        self.pass_mark = pass_mark
        self.merit_mark = merit_mark


class Attempt(LedgerAggregate):
    """One learner's n-th attempt at one exam."""

    TOPIC: ClassVar[str] = "attempt"

    class PaperResultEntered(LedgerCreated):
        TOPIC = "attempt.paper_result_entered"

        exam_id: UUID
        learner_id: UUID
        school_code: str
        school_year: int
        number: int
        score: int

    class PaperResultChecked(LedgerEvent):
        TOPIC = "attempt.paper_result_checked"

        exam_id: UUID
        learner_id: UUID
        school_year: int
        score: int
        passed: bool
        merit: bool

    @staticmethod
    def create_id(exam_id: UUID, learner_id: UUID, number: int) -> UUID:
        return derived("attempt", exam_id, learner_id, number)

    @event(PaperResultEntered)
    def __init__(
        self,
        exam_id: UUID,
        learner_id: UUID,
        school_code: str,
        school_year: int,
        number: int,
        score: int,
        envelope: Envelope,
    ) -> None:
        self.exam_id = exam_id
        self.learner_id = learner_id
        self.school_year = school_year
        self.score = score
        self.entered_by = envelope.actor.id
        self.checked_by: UUID | None = None

    def check(self, score: int, exam: Exam, envelope: Envelope) -> None:
        """A second person confirms the typed score; only then does it count.

        Raises ChecksOwnEntry or ResultDiffers; checking again is no news.
        """
        if self.checked_by is not None and score == self.score:
            return
        if envelope.actor.id == self.entered_by:
            raise ChecksOwnEntry
        if score != self.score:
            raise ResultDiffers
        self._checked(
            exam_id=self.exam_id,
            learner_id=self.learner_id,
            school_year=self.school_year,
            score=score,
            passed=score >= exam.pass_mark,
            merit=score >= exam.merit_mark,
            envelope=envelope,
        )

    @event(PaperResultChecked)
    def _checked(
        self,
        exam_id: UUID,
        learner_id: UUID,
        school_year: int,
        score: int,
        passed: bool,
        merit: bool,
        envelope: Envelope,
    ) -> None:
        self.checked_by = envelope.actor.id


class ExamRecord(LedgerAggregate):
    """What one learner's exams count for, saved together with the attempt that counts."""

    TOPIC: ClassVar[str] = "exam_record"

    class Opened(LedgerCreated):
        TOPIC = "exam_record.opened"

        learner_id: UUID

    class ResultCounted(LedgerEvent):
        TOPIC = "exam_record.result_counted"

        learner_id: UUID
        exam_id: UUID
        attempt_id: UUID
        school_year: int
        score: int
        passed: bool

    @staticmethod
    def create_id(learner_id: UUID) -> UUID:
        return derived("exam_record", learner_id)

    @event(Opened)
    def __init__(self, learner_id: UUID, envelope: Envelope) -> None:
        self.learner_id = learner_id
        self.attempts: dict[UUID, list[UUID]] = {}
        self.passed: set[tuple[UUID, int]] = set()

    def count(self, attempt: Attempt, exam: Exam, envelope: Envelope) -> None:
        """Count a checked attempt, once."""
        if attempt.id not in self.attempts.get(attempt.exam_id, []):
            self._counted(
                learner_id=self.learner_id,
                exam_id=attempt.exam_id,
                attempt_id=attempt.id,
                school_year=attempt.school_year,
                score=attempt.score,
                passed=attempt.score >= exam.pass_mark,
                envelope=envelope,
            )

    @event(ResultCounted)
    def _counted(
        self,
        learner_id: UUID,
        exam_id: UUID,
        attempt_id: UUID,
        school_year: int,
        score: int,
        passed: bool,
        envelope: Envelope,
    ) -> None:
        self.attempts.setdefault(exam_id, []).append(attempt_id)
        if passed:
            self.passed.add((exam_id, school_year))
