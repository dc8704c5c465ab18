"""An exam, what its attempts come to, and the record of what a learner's exams count for."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from eventsourcing.domain import event
from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.envelope import Envelope
from domain.identity import derived
from domain.refusals import Refused


class UnknownExam(Refused):
    """No exam with that id is published."""

    code = "exam_unknown"


class ExamNotOpen(Refused):
    """The exam is not taken in that way, or not at that time."""

    code = "exam_not_open"


class AttemptsUsed(Refused):
    """No attempt is left (rulebook: exam.attempts_max, LOCAL)."""

    code = "attempts_used"


class ExamMode(StrEnum):
    """How an exam may be taken. An oral one is open to whoever needs it, whatever is published."""

    PAPER = "paper"
    ONLINE = "online"
    ORAL = "oral"
    STUDY_NOTE = "study_note"


class OnlineTerms(BaseModel):
    """What an exam on a screen needs: its questions, its time, and from when to when."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    bank_ids: tuple[UUID, ...]
    opens_at: AwareDatetime
    closes_at: AwareDatetime
    questions: int
    time_limit_minutes: int

    def admit(self, at: datetime) -> None:
        """Raises ExamNotOpen before the exam opens and from when it closes."""
        if not self.opens_at <= at < self.closes_at:
            raise ExamNotOpen(opens_at=self.opens_at, closes_at=self.closes_at)


class Outcome(BaseModel):
    """What an attempt came to. An oral exam and a study note have no score."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    exam_id: UUID
    attempt_id: UUID
    learner_id: UUID
    school_year: int
    score: int | None = None
    passed: bool
    merit: bool = False


class Exam(LedgerAggregate):
    TOPIC: ClassVar[str] = "exam"

    class Published(LedgerCreated):
        TOPIC = "exam.published"
        class_version: ClassVar[int] = 2

        school_code: str
        title: str
        school_year: int
        held_on: date
        pass_mark: int
        merit_mark: int
        modes: tuple[ExamMode, ...]
        online: OnlineTerms | None = None

        @staticmethod
        def upcast_v1_v2(state: dict[str, Any]) -> None:
            """Version 1 knew exams on paper alone."""
            state["modes"] = [ExamMode.PAPER.value]

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
        modes: tuple[ExamMode, ...],
        envelope: Envelope,
        online: OnlineTerms | None = None,
    ) -> None:
        self.school_code = school_code
        self.title = title
        self.school_year = school_year
        self.held_on = held_on
        self.pass_mark = pass_mark
        self.merit_mark = merit_mark
        self.modes = modes
        self.online = online
        self.rulebook_version = envelope.rulebook_version

    def admit(self, mode: ExamMode, envelope: Envelope) -> None:
        """Let an attempt begin. Raises ExamNotOpen outside the ways and hours of the exam."""
        if mode is not ExamMode.ORAL and mode not in self.modes:
            raise ExamNotOpen(modes=list(self.modes))
        if mode is ExamMode.ONLINE and (terms := self.online) is not None:
            terms.admit(envelope.at)

    def outcome(
        self, attempt_id: UUID, learner_id: UUID, *, score: int | None, passed: bool = False
    ) -> Outcome:
        """What an attempt comes to by the marks of this exam; without a score somebody judged."""
        return Outcome(
            exam_id=self.id,
            attempt_id=attempt_id,
            learner_id=learner_id,
            school_year=self.school_year,
            score=score,
            passed=passed if score is None else score >= self.pass_mark,
            merit=score is not None and score >= self.merit_mark,
        )


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
        score: int | None = None
        passed: bool

    class ResultRecounted(LedgerEvent):
        TOPIC = "exam_record.result_recounted"

        outcome: Outcome
        stands: bool

    @staticmethod
    def create_id(learner_id: UUID) -> UUID:
        return derived("exam_record", learner_id)

    @event(Opened)
    def __init__(self, learner_id: UUID, envelope: Envelope) -> None:
        self.learner_id = learner_id
        self.attempts: dict[UUID, list[UUID]] = {}  # that are over, in their order
        self.passing: dict[UUID, tuple[UUID, int]] = {}  # attempt -> the exam it passes, its year
        self.gone: set[UUID] = set()  # attempts that were voided or withdrawn
        self.counted_at: dict[UUID, AwareDatetime] = {}  # exam -> when its last result counted

    @property
    def passed(self) -> set[tuple[UUID, int]]:
        """The exams that some attempt passes, each with its school year: the best one decides."""
        return set(self.passing.values())

    def used(self, exam_id: UUID) -> int:
        """How many attempts are used up; what was voided is given back."""
        return sum(each not in self.gone for each in self.attempts.get(exam_id, ()))

    def count(self, outcome: Outcome, envelope: Envelope) -> None:
        """Count an attempt that has come to an end, once."""
        if outcome.attempt_id not in self.attempts.get(outcome.exam_id, []):
            self._counted(
                learner_id=self.learner_id,
                exam_id=outcome.exam_id,
                attempt_id=outcome.attempt_id,
                school_year=outcome.school_year,
                score=outcome.score,
                passed=outcome.passed,
                envelope=envelope,
            )

    def recount(self, outcome: Outcome, *, stands: bool, envelope: Envelope) -> None:
        """Count an attempt anew after a correction; one that does not stand counts for nothing."""
        self._recounted(outcome=outcome, stands=stands, envelope=envelope)

    @event(ResultCounted)
    def _counted(
        self,
        learner_id: UUID,
        exam_id: UUID,
        attempt_id: UUID,
        school_year: int,
        passed: bool,
        envelope: Envelope,
        score: int | None = None,
    ) -> None:
        self.attempts.setdefault(exam_id, []).append(attempt_id)
        self.counted_at[exam_id] = envelope.at
        if passed:
            self.passing[attempt_id] = (exam_id, school_year)

    @event(ResultRecounted)
    def _recounted(self, outcome: Outcome, stands: bool, envelope: Envelope) -> None:
        known = self.attempts.setdefault(outcome.exam_id, [])
        if outcome.attempt_id not in known:  # withdrawn before it counted: its number is used
            known.append(outcome.attempt_id)
        if not stands:
            self.gone.add(outcome.attempt_id)
        self.passing.pop(outcome.attempt_id, None)
        if stands and outcome.passed:
            self.passing[outcome.attempt_id] = (outcome.exam_id, outcome.school_year)
