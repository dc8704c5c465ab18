"""Corrections of exam results: always by two persons, and the best remaining attempt decides."""

from __future__ import annotations

from uuid import UUID

from domain.correction import Correction, ExamResultOrder, NothingToCorrect, Second
from domain.envelope import Envelope
from domain.exam import Exam, Outcome
from domain.exam_attempt import Attempt
from domain.exam_attempt_facts import Signed
from domain.exam_refusals import ScoreMalformed
from domain.settling import Claims
from domain.term import SchoolTerm
from ledger.correction_orders import Said
from ledger.exams import Exams
from ledger.ledger import Ledger
from ledger.own_case import refuse_own_case
from ledger.records import survivors

TERMS = (1, 2)


class ExamResultOrders:
    def __init__(self, ledger: Ledger, exams: Exams) -> None:
        self._ledger = ledger
        self._exams = exams

    def say(self, order: ExamResultOrder, correction_id: UUID, by: Envelope) -> Said:
        """Say what an attempt really came to; a second person signs it, whatever the term.

        Raises UnknownExam, UnknownAttempt, OwnCase, ResultNotCounted, ScoreMalformed,
        NothingToCorrect.
        """
        exam = self._exams.get(order.exam_id)
        attempt = self._exams.attempt(order.attempt_id, exam.id)
        refuse_own_case(self._ledger, by.actor.id, attempt.learner_id)
        case = self._exams.case(exam, attempt.learner_id)
        record = case.record_of(attempt.learner_id, by)
        signed = Signed(
            reason_code=order.reason_code,
            correction_id=correction_id,
            proposed_by=self._proposer(correction_id, by),
        )
        right = outcome_of(order, exam, attempt, case.rules.full_mark)
        if right is None:
            record.recount(attempt.void(signed, by), stands=False, envelope=by)
        else:
            attempt.correct(right, signed, by)
            record.recount(right, stands=True, envelope=by)
        term = self._term_of(exam)
        learner_id = attempt.learner_id
        claims: dict[UUID, Claims] = {survivors(self._ledger, [learner_id])[learner_id]: {}}
        return Said(exam.school_code, term, Second.COLLEAGUE, [attempt, record], claims)

    def _proposer(self, correction_id: UUID, by: Envelope) -> UUID:
        found = self._ledger.find(Correction, correction_id)
        return found.proposed_by if found else by.actor.id

    def _term_of(self, exam: Exam) -> str:
        """The term that holds the exam's day; the first where none is announced."""
        found = self._ledger.load(SchoolTerm.create_id(exam.school_year, no) for no in TERMS)
        terms = [each for each in found.values() if isinstance(each, SchoolTerm)]
        holding = (t.term_no for t in terms if t.begins <= exam.held_on <= t.ends)
        return f"{exam.school_year}-{next(holding, TERMS[0])}"


def outcome_of(
    order: ExamResultOrder, exam: Exam, attempt: Attempt, full_mark: int
) -> Outcome | None:
    """What the attempt is to count for; None: for nothing. Raises what `say` raises."""
    known = attempt.counted
    if order.score is None and order.passed is None:
        return None
    has_score = known.score is not None
    if has_score is (order.score is None) or not 0 <= (order.score or 0) <= full_mark:
        raise ScoreMalformed
    right = exam.outcome(
        attempt.id, attempt.learner_id, score=order.score, passed=bool(order.passed)
    )
    if right == known:
        raise NothingToCorrect
    return right
