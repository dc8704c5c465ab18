"""Commands of results that people judge: an oral exam by two, a study note by a class teacher."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from domain.aggregate import LedgerAggregate
from domain.calendar import CITY_ZONE, local_day
from domain.envelope import Envelope
from domain.exam import Exam, ExamMode
from domain.exam_attempt import Attempt
from domain.exam_attempt_facts import OralReason
from domain.exam_refusals import UnknownAttempt
from domain.learner import UnknownLearner
from ledger.exams import Exams
from ledger.exams_on_paper import Case
from ledger.ledger import Ledger


@dataclass(frozen=True)
class OralResult:
    """How an examiner judged a learner, and why it was an oral exam."""

    learner_id: UUID
    passed: bool
    reason: OralReason


class JudgedExams:
    def __init__(self, ledger: Ledger, exams: Exams) -> None:
        self._ledger = ledger
        self._exams = exams

    def examine(self, exam_id: UUID, result: OralResult, by: Envelope) -> UUID:
        """Record an oral result as its examiner; it waits for the witness. Again is no news.

        Raises UnknownExam, UnknownLearner, OwnCase, AttemptWaits, AttemptsUsed.
        """
        made: list[UUID] = []

        def decide() -> list[LedgerAggregate]:
            exam = self._exams.get(exam_id)
            case = self._admitted(exam, result.learner_id, by)
            known = same_again(case, ExamMode.ORAL, result.passed, by)
            if known is not None:
                made[:] = [known.id]
                return []
            case.admit()
            attempt = Attempt.orally(
                exam, result.learner_id, case.number, result.passed, result.reason, by
            )
            made[:] = [attempt.id]
            return [attempt]

        self._ledger.commit(by.command_id, decide)
        return made[0]

    def witness(self, exam_id: UUID, attempt_id: UUID, by: Envelope) -> int:
        """Confirm an oral result as the one who was there too; from now on it counts.

        Raises UnknownExam, UnknownAttempt, OwnCase, WitnessIsExaminer, AttemptEnded.
        """

        def decide() -> list[LedgerAggregate]:
            exam, attempt = self._exams.get(exam_id), self._exams.attempt(attempt_id, exam_id)
            if attempt.way is not ExamMode.ORAL:
                raise UnknownAttempt(id=attempt_id)
            case = self._admitted(exam, attempt.learner_id, by)
            attempt.witness(exam, by)
            return [attempt, *counted(attempt, case, by)]

        return self._ledger.commit(by.command_id, decide)

    def mark_note(self, exam_id: UUID, learner_id: UUID, passed: bool, by: Envelope) -> UUID:
        """Record how a study note was judged; it counts at once. Again is no news.

        Raises UnknownExam, ExamNotOpen, UnknownLearner, OwnCase, AttemptWaits, AttemptsUsed.
        """
        made: list[UUID] = []

        def decide() -> list[LedgerAggregate]:
            exam = self._exams.get(exam_id)
            exam.admit(ExamMode.STUDY_NOTE, by)
            case = self._admitted(exam, learner_id, by)
            known = same_again(case, ExamMode.STUDY_NOTE, passed, by)
            if known is not None:
                made[:] = [known.id]
                return []
            case.admit()
            attempt = Attempt.study_note(exam, learner_id, case.number, passed, by)
            made[:] = [attempt.id]
            return [attempt, *counted(attempt, case, by)]

        self._ledger.commit(by.command_id, decide)
        return made[0]

    def _admitted(self, exam: Exam, learner_id: UUID, by: Envelope) -> Case:
        """Raises OwnCase, UnknownLearner."""
        self._exams.not_own_case(learner_id, by)
        case = self._exams.case(exam, learner_id)
        if not case.is_learner:
            raise UnknownLearner(id=learner_id)
        return case


def same_again(case: Case, way: ExamMode, passed: bool, by: Envelope) -> Attempt | None:
    """What this person has said of the learner already: it waits, or it counts since that day."""
    last = case.waiting or next(reversed(case.over), None)
    if last is None or last.way is not way:
        return None
    if (last.said_to_pass, last.entered_by) != (passed, by.actor.id):
        return None
    today = local_day(by.at, CITY_ZONE)
    counts = last.outcome is not None and local_day(last.begun_at, CITY_ZONE) == today
    return last if counts or not last.is_over else None


def counted(attempt: Attempt, case: Case, by: Envelope) -> list[LedgerAggregate]:
    if attempt.outcome is None:
        return []
    record = case.record_of(attempt.learner_id, by)
    record.count(attempt.outcome, by)
    return [record]
