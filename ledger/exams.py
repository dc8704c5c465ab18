"""Commands of exams: publish one, type paper results, check them by a second person."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast
from uuid import UUID

from domain.aggregate import LedgerAggregate
from domain.calendar import school_year_of
from domain.envelope import Envelope
from domain.exam import Attempt, AttemptsUsed, Exam, ExamRecord, ResultDiffers, UnknownExam
from domain.refusals import Refused
from domain.staff import OwnCase, Staff
from ledger.ledger import Ledger
from ledger.rulebooks import Rulebooks


class ResultNotEntered(Refused):
    """Nobody has typed a result for that learner: there is nothing to check."""

    code = "result_not_entered"


@dataclass(frozen=True)
class PaperResult:
    """One learner's score on paper, 0-100."""

    learner_id: UUID
    score: int


OneResult = Callable[[Exam, PaperResult, "ExamRecord | None", Envelope], "list[LedgerAggregate]"]


class Exams:
    def __init__(self, ledger: Ledger, rulebooks: Rulebooks) -> None:
        self._ledger = ledger
        self._rulebooks = rulebooks

    def publish(self, school_code: str, title: str, held_on: date, by: Envelope) -> UUID:
        """Announce an exam under the marks of its day; the same exam again is no news."""
        exam_id = Exam.create_id(school_code, title, held_on)
        rulebook = self._rulebooks.on(held_on)

        def decide() -> list[LedgerAggregate]:
            if self._ledger.find(Exam, exam_id):
                return []
            return [
                Exam(
                    school_code=school_code,
                    title=title,
                    school_year=school_year_of(held_on),
                    held_on=held_on,
                    pass_mark=rulebook.exam.pass_mark,
                    merit_mark=rulebook.exam.merit_mark,
                    envelope=by.under(rulebook.version),
                )
            ]

        self._ledger.commit(by.command_id, decide)
        return exam_id

    def get(self, exam_id: UUID) -> Exam:
        """Raises UnknownExam."""
        return self._ledger.get(Exam, exam_id, UnknownExam)

    def enter_results(
        self, exam_id: UUID, results: Sequence[PaperResult], by: Envelope
    ) -> dict[UUID, Refused]:
        """Type paper results: they wait for the second person.

        Returns what was refused by learner (AttemptsUsed, OwnCase, ResultDiffers where an
        unchecked entry holds another score); the others are recorded.
        """
        return self._record(exam_id, results, by, self._enter)

    def check_results(
        self, exam_id: UUID, results: Sequence[PaperResult], by: Envelope
    ) -> dict[UUID, Refused]:
        """Confirm typed results as a second person; from then on they count.

        Returns what was refused by learner (ResultNotEntered, ChecksOwnEntry, ResultDiffers,
        OwnCase).
        """
        return self._record(exam_id, results, by, self._check)

    def _record(
        self,
        exam_id: UUID,
        results: Sequence[PaperResult],
        by: Envelope,
        one: OneResult,
    ) -> dict[UUID, Refused]:
        exam = self.get(exam_id)
        refused: dict[UUID, Refused] = {}

        def decide() -> list[LedgerAggregate]:
            refused.clear()
            staff = self._ledger.find(Staff, by.actor.id)
            records = self._records(result.learner_id for result in results)
            changed: list[LedgerAggregate] = []
            for result in results:
                try:
                    if staff is not None and staff.learner_id == result.learner_id:
                        raise OwnCase
                    changed += one(exam, result, records.get(result.learner_id), by)
                except Refused as refusal:
                    refused[result.learner_id] = refusal
            return changed

        self._ledger.commit(by.command_id, decide)
        return refused

    def _enter(
        self, exam: Exam, result: PaperResult, record: ExamRecord | None, by: Envelope
    ) -> list[LedgerAggregate]:
        used = record.attempts.get(exam.id, []) if record else []
        if used and self._last_score(used) == result.score:
            return []  # typed and checked before: the same file again
        if len(used) >= self._rulebooks.on(exam.held_on).exam.attempts_max:
            raise AttemptsUsed(attempts=len(used))
        number = len(used) + 1
        attempt_id = Attempt.create_id(exam.id, result.learner_id, number)
        if (there := self._ledger.find(Attempt, attempt_id)) is not None:
            if there.score != result.score:
                raise ResultDiffers
            return []
        return [
            Attempt(
                exam_id=exam.id,
                learner_id=result.learner_id,
                school_code=exam.school_code,
                school_year=exam.school_year,
                number=number,
                score=result.score,
                envelope=by,
            )
        ]

    def _check(
        self, exam: Exam, result: PaperResult, record: ExamRecord | None, by: Envelope
    ) -> list[LedgerAggregate]:
        used = record.attempts.get(exam.id, []) if record else []
        number = len(used) + 1
        attempt = self._ledger.find(Attempt, Attempt.create_id(exam.id, result.learner_id, number))
        if attempt is None:
            if used and self._last_score(used) == result.score:
                return []
            raise ResultNotEntered
        attempt.check(result.score, exam, by)
        record = record or ExamRecord(learner_id=result.learner_id, envelope=by)
        record.count(attempt, exam, by)
        return [attempt, record]

    def _last_score(self, attempts: list[UUID]) -> int | None:
        attempt = self._ledger.find(Attempt, attempts[-1])
        return attempt.score if attempt else None

    def _records(self, learners: Iterable[UUID]) -> dict[UUID, ExamRecord]:
        loaded = self._ledger.load(ExamRecord.create_id(learner) for learner in learners)
        records = (cast("ExamRecord", record) for record in loaded.values())
        return {record.learner_id: record for record in records}
