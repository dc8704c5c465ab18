"""One learner's attempt at an exam: on paper, on a screen, spoken, or as a study note."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar, Self
from uuid import UUID

from eventsourcing.domain import event

from domain import exam_attempt_facts as facts
from domain.aggregate import LedgerAggregate, LedgerEvent
from domain.envelope import Envelope
from domain.exam import Exam, ExamMode, Outcome
from domain.exam_attempt_facts import BankVersion, OralReason, Signed, begun
from domain.exam_refusals import (
    AnswerAfterTime,
    AttemptEnded,
    AttemptVoided,
    CheckLocked,
    ChecksOwnEntry,
    ResultDiffers,
    ResultNotCounted,
    WitnessIsExaminer,
)
from domain.identity import derived


class Attempt(LedgerAggregate):
    """The n-th attempt. `outcome` is what it counts for: None as long as it does not count."""

    TOPIC: ClassVar[str] = "attempt"
    way: ExamMode

    PaperResultEntered = facts.PaperResultEntered
    Started = facts.Started
    OralResultRecorded = facts.OralResultRecorded
    StudyNoteMarked = facts.StudyNoteMarked

    class PaperResultChecked(LedgerEvent):
        TOPIC = "attempt.paper_result_checked"

        exam_id: UUID
        learner_id: UUID
        school_year: int
        score: int
        passed: bool
        merit: bool

    class CheckDiffered(LedgerEvent):
        TOPIC = "attempt.check_differed"

        tries_left: int | None = None

    class AnswersSaved(LedgerEvent):
        TOPIC = "attempt.answers_saved"

        answers_sha256: str

    class Marked(LedgerEvent):
        TOPIC = "attempt.marked"

        outcome: Outcome
        right: int
        ran_out: bool
        answers_sha256: str | None = None

    class OralResultWitnessed(LedgerEvent):
        TOPIC = "attempt.oral_result_witnessed"

        outcome: Outcome

    class EntryWithdrawn(LedgerEvent):
        TOPIC = "attempt.entry_withdrawn"

    class ResultCorrected(LedgerEvent):
        TOPIC = "attempt.result_corrected"

        outcome: Outcome
        signed: Signed

    class ResultVoided(LedgerEvent):
        TOPIC = "attempt.result_voided"

        outcome: Outcome
        signed: Signed

    @staticmethod
    def create_id(exam_id: UUID, learner_id: UUID, number: int) -> UUID:
        return derived("attempt", exam_id, learner_id, number)

    def __init__(
        self, exam_id: UUID, learner_id: UUID, school_year: int, number: int, envelope: Envelope,
        score: int | None = None, sitting: int | None = None, passed: bool | None = None,
        time_limit_minutes: int = 0, questions: int = 0, banks: tuple[BankVersion, ...] = (),
    ) -> None:  # fmt: skip
        self.exam_id = exam_id
        self.learner_id = learner_id
        self.school_year = school_year
        self.number = number
        self.entered_by = envelope.actor.id
        self.score = score
        self.sitting = sitting
        self.said_to_pass = passed
        self.begun_at = envelope.at
        self.ends_at = envelope.at + timedelta(minutes=time_limit_minutes)
        self.questions = questions
        self.banks = banks
        self.answers_sha256: str | None = None
        self.tries_left: int | None = None
        self.outcome: Outcome | None = None
        self.is_over = False

    @classmethod
    def on_paper(
        cls, exam: Exam, learner_id: UUID, number: int, score: int, sitting: int, by: Envelope
    ) -> Self:
        """Type the score of a sitting; it does not count before another person has checked it."""
        return cls._create(
            cls.PaperResultEntered, **begun(exam, learner_id, number, by), score=score,
            sitting=sitting,
        )  # fmt: skip

    @classmethod
    def start(
        cls, exam: Exam, learner_id: UUID, number: int, banks: tuple[BankVersion, ...], by: Envelope
    ) -> Self:
        """Begin on a screen: from now on the time runs, and the questions are drawn."""
        assert exam.online is not None
        return cls._create(
            cls.Started, **begun(exam, learner_id, number, by), banks=banks,
            questions=exam.online.questions, time_limit_minutes=exam.online.time_limit_minutes,
        )  # fmt: skip

    @classmethod
    def orally(
        cls, exam: Exam, learner_id: UUID, number: int, passed: bool, reason: OralReason,
        by: Envelope,
    ) -> Self:  # fmt: skip
        """Record an examiner's judgement; it does not count before the witness has confirmed it."""
        return cls._create(
            cls.OralResultRecorded, **begun(exam, learner_id, number, by), passed=passed,
            reason=reason,
        )  # fmt: skip

    @classmethod
    def study_note(
        cls, exam: Exam, learner_id: UUID, number: int, passed: bool, by: Envelope
    ) -> Self:
        """Record how a class teacher judged a study note (学习体会); it counts at once."""
        about = begun(exam, learner_id, number, by)
        return cls._create(cls.StudyNoteMarked, **about, passed=passed)

    def check(self, score: int, exam: Exam, tries_max: int, envelope: Envelope) -> None:
        """Compare a second person's blind reading: only if both are the same does it count.

        A reading that differs is a fact of its own, and uses up a try (rulebook:
        exam.blind_checks_max, LOCAL). Raises ChecksOwnEntry, CheckLocked, ResultDiffers where
        the result counts already; the same score again is no news.
        """
        if self.outcome is not None and score == self.outcome.score:
            return
        self.admit_check(envelope)
        if score == self.score:
            known = exam.outcome(self.id, self.learner_id, score=score)
            self._checked(**known.model_dump(exclude={"attempt_id"}), envelope=envelope)
        else:
            left = tries_max if self.tries_left is None else self.tries_left
            self._differed(tries_left=left - 1 if tries_max else None, envelope=envelope)

    def admit_check(self, envelope: Envelope) -> None:
        """Whether this person may try. Raises ChecksOwnEntry, CheckLocked, ResultDiffers."""
        if self.is_over:
            raise ResultDiffers
        if envelope.actor.id == self.entered_by:
            raise ChecksOwnEntry
        if self.tries_left == 0:
            raise CheckLocked

    def save_answers(self, answers_sha256: str, envelope: Envelope) -> None:
        """Keep what was answered so far; the same again is no news.

        Raises AttemptVoided; AnswerAfterTime, whoever marked it meanwhile: it tells that what was
        saved counts; AttemptEnded.
        """
        if self.is_over and self.outcome is None:
            raise AttemptVoided
        if envelope.at > self.ends_at:
            raise AnswerAfterTime(ends_at=self.ends_at)
        if self.is_over:
            raise AttemptEnded
        if answers_sha256 != self.answers_sha256:
            self._saved(answers_sha256=answers_sha256, envelope=envelope)

    def mark(self, right: int, exam: Exam, full_mark: int, envelope: Envelope) -> None:
        """Mark what is saved, once. What ran out is marked as of the end of its time."""
        if self.is_over:
            return
        score, at = right * full_mark // self.questions, min(envelope.at, self.ends_at)
        self._marked(
            outcome=exam.outcome(self.id, self.learner_id, score=score),
            right=right,
            ran_out=envelope.at > self.ends_at,
            answers_sha256=self.answers_sha256,
            envelope=envelope.model_copy(update={"occurred_at": at}),
        )

    def witness(self, exam: Exam, envelope: Envelope) -> None:
        """Confirm an oral result as the one who was there too; again is no news.

        Raises WitnessIsExaminer, AttemptEnded where it was withdrawn or voided.
        """
        if self.is_over and self.outcome is None:
            raise AttemptEnded
        if envelope.actor.id == self.entered_by:
            raise WitnessIsExaminer
        if self.outcome is None:
            passed = bool(self.said_to_pass)
            known = exam.outcome(self.id, self.learner_id, score=None, passed=passed)
            self._witnessed(outcome=known, envelope=envelope)

    def withdraw(self, exam: Exam, envelope: Envelope) -> Outcome:
        """Take back what nobody confirmed. Raises AttemptEnded: what counts is voided by two."""
        if self.is_over or self.is_on_screen:
            raise AttemptEnded
        self._withdrawn(envelope=envelope)
        return exam.outcome(self.id, self.learner_id, score=None)

    def correct(self, right: Outcome, signed: Signed, envelope: Envelope) -> None:
        """Put a counted result right; the same outcome is no news. Raises ResultNotCounted."""
        if right != self.counted:
            self._corrected(outcome=right, signed=signed, envelope=envelope)

    def void(self, signed: Signed, envelope: Envelope) -> Outcome:
        """Let a counted result count for nothing. Raises ResultNotCounted."""
        known = self.counted
        self._voided(outcome=known, signed=signed, envelope=envelope)
        return known

    @property
    def is_on_screen(self) -> bool:
        return self.way is ExamMode.ONLINE

    @property
    def counted(self) -> Outcome:
        """What it counts for. Raises ResultNotCounted."""
        if self.outcome is None:
            raise ResultNotCounted
        return self.outcome

    @event(PaperResultChecked)
    def _checked(
        self, exam_id: UUID, learner_id: UUID, school_year: int, score: int, passed: bool,
        merit: bool, envelope: Envelope,
    ) -> None:  # fmt: skip
        self.outcome = Outcome(
            exam_id=exam_id, attempt_id=self.id, learner_id=learner_id, school_year=school_year,
            score=score, passed=passed, merit=merit,
        )  # fmt: skip
        self.is_over = True

    @event(CheckDiffered)
    def _differed(self, envelope: Envelope, tries_left: int | None = None) -> None:
        self.tries_left = tries_left

    @event(AnswersSaved)
    def _saved(self, answers_sha256: str, envelope: Envelope) -> None:
        self.answers_sha256 = answers_sha256

    @event(Marked)
    def _marked(
        self, outcome: Outcome, right: int, ran_out: bool, envelope: Envelope,
        answers_sha256: str | None = None,
    ) -> None:  # fmt: skip
        self.outcome, self.is_over = outcome, True

    @event(OralResultWitnessed)
    def _witnessed(self, outcome: Outcome, envelope: Envelope) -> None:
        self.outcome, self.is_over = outcome, True

    @event(EntryWithdrawn)
    def _withdrawn(self, envelope: Envelope) -> None:
        self.is_over, self.score = True, None

    @event(ResultCorrected)
    def _corrected(self, outcome: Outcome, signed: Signed, envelope: Envelope) -> None:
        self.outcome = outcome

    @event(ResultVoided)
    def _voided(self, outcome: Outcome, signed: Signed, envelope: Envelope) -> None:
        self.outcome = None
