"""Commands of exams on a screen: begin, save, submit, and mark what ran out of time."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Final
from uuid import UUID

from domain.aggregate import LedgerAggregate
from domain.envelope import Envelope
from domain.exam import Exam, ExamMode, UnknownExam
from domain.exam_attempt import Attempt
from domain.exam_attempt_facts import BankVersion
from domain.exam_draw import Answers, DrawnQuestion, drawn, picked, right_in
from domain.exam_refusals import AnswerAfterTime, AttemptTooEarly, UnknownAttempt
from domain.learner import Learner, UnknownLearner
from domain.question_bank import BankTooSmall
from ledger.exam_answers import ExamAnswers
from ledger.exams import Exams
from ledger.exams_on_paper import Case
from ledger.ledger import Ledger
from ledger.question_banks import QuestionBanks
from ledger.records import spoken_for

ATTEMPTS_KEPT: Final = 512  # in memory; one asks some twenty questions
Places = Mapping[UUID, Collection[int]]  # question -> places of the sheet that were ticked


@dataclass(frozen=True)
class Sheet:
    """An attempt as its learner sees it: what is asked, and what is saved of the answers."""

    attempt: Attempt
    exam: Exam
    questions: tuple[DrawnQuestion, ...]
    answers: Answers


class OnlineExams:
    def __init__(
        self, ledger: Ledger, exams: Exams, banks: QuestionBanks, answers: ExamAnswers
    ) -> None:
        self._ledger = ledger
        self._exams = exams
        self._banks = banks
        self._answers = answers
        # An attempt is saved many times, and a bank holds far more than it asks: 2,000 questions
        # made a save last 60 to 110 ms, without them it lasts 6 to 15.
        self._drawn = lru_cache(maxsize=ATTEMPTS_KEPT)(self._draw)

    def start(self, exam_id: UUID, learner_id: UUID, by: Envelope) -> UUID:
        """Begin an attempt; where one is open, that one: two who press at once have one attempt.

        Raises UnknownExam, ExamNotOpen, AttemptsUsed, AttemptTooEarly, AttemptWaits, BankTooSmall.
        """
        begun: list[UUID] = []

        def decide() -> list[LedgerAggregate]:
            exam = self.exam_for(exam_id, learner_id)
            case = self._exams.case(exam, learner_id)
            going_on = case.waiting
            if going_on is not None and going_on.is_on_screen:
                begun[:] = [going_on.id]
                return []
            exam.admit(ExamMode.ONLINE, by)
            case.admit()
            not_too_early(exam, case, by)
            made = self._begun(exam, learner_id, case, by)
            begun[:] = [made.id]
            return [made]

        self._settle_before(exam_id, learner_id, by)
        self._ledger.commit(by.command_id, decide)
        return begun[0]

    def save(self, attempt_id: UUID, learner_id: UUID, places: Places, by: Envelope) -> int:
        """Keep what was answered so far. The last state that was saved in time counts.

        Raises UnknownAttempt, AnswerUnknown, AnswerAfterTime, AttemptEnded, AttemptVoided.
        """
        sha256 = self._keep(attempt_id, learner_id, places)

        def decide() -> list[LedgerAggregate]:
            attempt = self._own(attempt_id, learner_id)
            attempt.save_answers(sha256, by)
            return [attempt]

        return self._ledger.commit(by.command_id, decide)

    def submit(self, attempt_id: UUID, learner_id: UUID, places: Places, by: Envelope) -> int:
        """Hand the sheet in, and mark it. Sent again it is no news.

        Raises UnknownAttempt, AnswerUnknown, AttemptEnded, AttemptVoided, and AnswerAfterTime: then
        what was saved in time has been marked.
        """
        sha256 = self._keep(attempt_id, learner_id, places)

        def decide() -> list[LedgerAggregate]:
            attempt = self._own(attempt_id, learner_id)
            if attempt.is_over and attempt.answers_sha256 == sha256:
                return []
            attempt.save_answers(sha256, by)
            return self._marked(attempt, by)

        try:
            return self._ledger.commit(by.command_id, decide)
        except AnswerAfterTime:
            self.settle(attempt_id, by)
            raise

    def settle(self, attempt_id: UUID, by: Envelope) -> int:
        """Mark an attempt whose time is over, as it was saved; any other is left as it is.

        Raises UnknownAttempt.
        """

        def decide() -> list[LedgerAggregate]:
            attempt = self._ledger.get(Attempt, attempt_id, UnknownAttempt)
            is_due = attempt.is_on_screen and by.at > attempt.ends_at
            return self._marked(attempt, by) if is_due and not attempt.is_over else []

        return self._ledger.commit(by.command_id, decide)

    def sheet(self, attempt_id: UUID, learner_id: UUID) -> Sheet:
        """A learner's own attempt. Raises UnknownAttempt."""
        attempt = self._own(attempt_id, learner_id)
        return Sheet(
            attempt,
            self._exams.get(attempt.exam_id),
            self.draw(attempt),
            self._answers.read(attempt_id, attempt.answers_sha256),
        )

    def draw(self, attempt: Attempt) -> tuple[DrawnQuestion, ...]:
        """What an attempt was asked: the same for whoever draws again."""
        return self._drawn(attempt.id, attempt.banks, attempt.questions)

    def _draw(
        self, attempt_id: UUID, versions: tuple[BankVersion, ...], count: int
    ) -> tuple[DrawnQuestion, ...]:
        return drawn(attempt_id, self._banks.at(versions), count)

    def case(self, exam: Exam, learner_id: UUID) -> Case:
        return self._exams.case(exam, learner_id)

    def exam_for(self, exam_id: UUID, learner_id: UUID) -> Exam:
        """An exam of a school and year in which the learner is enrolled. Raises UnknownExam."""
        exam = self._exams.get(exam_id)
        learner = self._ledger.get(Learner, learner_id, UnknownLearner)
        if not learner.enrolments_at(exam.school_code, exam.school_year):
            raise UnknownExam(id=exam_id)
        return exam

    def _settle_before(self, exam_id: UUID, learner_id: UUID, by: Envelope) -> None:
        waiting = self._exams.case(self.exam_for(exam_id, learner_id), learner_id).waiting
        if waiting is not None and waiting.is_on_screen:
            self.settle(waiting.id, by)

    def _begun(self, exam: Exam, learner_id: UUID, case: Case, by: Envelope) -> Attempt:
        assert exam.online is not None
        banks = [self._banks.get(bank_id) for bank_id in exam.online.bank_ids]
        found = sum(len(bank.questions) for bank in banks)
        if found < exam.online.questions:
            raise BankTooSmall(questions=found, needed=exam.online.questions)
        versions = tuple(BankVersion(bank_id=bank.id, version=bank.version) for bank in banks)
        return Attempt.start(exam, learner_id, case.number, versions, by)

    def _own(self, attempt_id: UUID, learner_id: UUID) -> Attempt:
        """Begun under whichever record of the person. Raises UnknownAttempt."""
        found = self._ledger.get(Attempt, attempt_id, UnknownAttempt)
        is_own = found.learner_id == learner_id or (
            found.learner_id in spoken_for(self._ledger, learner_id)
        )
        if not is_own or not found.is_on_screen:
            raise UnknownAttempt(id=attempt_id)
        return found

    def _keep(self, attempt_id: UUID, learner_id: UUID, places: Places) -> str:
        attempt = self._own(attempt_id, learner_id)
        answers = picked(self.draw(attempt), places)
        return self._answers.keep(attempt_id, attempt.learner_id, answers)

    def _marked(self, attempt: Attempt, by: Envelope) -> list[LedgerAggregate]:
        exam = self._exams.get(attempt.exam_id)
        case = self._exams.case(exam, attempt.learner_id)
        answers = self._answers.read(attempt.id, attempt.answers_sha256)
        right = right_in(self.draw(attempt), answers)
        attempt.mark(right, exam, case.rules.full_mark, by)
        assert attempt.outcome is not None
        record = case.record_of(attempt.learner_id, by)
        record.count(attempt.outcome, by.model_copy(update={"occurred_at": attempt.latest_at}))
        return [attempt, record]


def not_too_early(exam: Exam, case: Case, by: Envelope) -> None:
    """Hold to the rest between two attempts (rulebook: exam.cool_down_hours, LOCAL).

    Raises AttemptTooEarly with the moment from which the next one may begin.
    """
    last = case.counted_at(exam.id)
    if last is not None and by.at < (
        earliest := last + timedelta(hours=case.rules.cool_down_hours)
    ):
        raise AttemptTooEarly(earliest=earliest)
