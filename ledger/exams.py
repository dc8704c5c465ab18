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
from domain.learner import Learner, UnknownLearner
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


@dataclass(frozen=True)
class Case:
    """What is recorded of one learner in one exam, read before anything is decided."""

    is_learner: bool
    record: ExamRecord | None
    attempts: int
    last: Attempt | None  # typed and checked
    waiting: Attempt | None  # typed, not checked
    attempts_max: int


@dataclass(frozen=True)
class Taken:
    """Whose results were news, and whose were refused; the others were recorded before."""

    news: frozenset[UUID]
    refused: dict[UUID, Refused]


OneResult = Callable[[Exam, PaperResult, Case, Envelope], "list[LedgerAggregate]"]


class Exams:
    def __init__(self, ledger: Ledger, rulebooks: Rulebooks) -> None:
        self._ledger = ledger
        self._rulebooks = rulebooks

    def publish(self, school_code: str, title: str, held_on: date, by: Envelope) -> UUID:
        """Announce an exam under the marks of its day; the same exam again is no news."""
        exam_id = Exam.create_id(school_code, title, held_on)

        def decide() -> list[LedgerAggregate]:
            if self._ledger.find(Exam, exam_id):
                return []
            return [self.announced(school_code, title, held_on, by)]

        self._ledger.commit(by.command_id, decide)
        return exam_id

    def announced(self, school_code: str, title: str, held_on: date, by: Envelope) -> Exam:
        """An exam under the marks of its day, not recorded yet. Raises NoRulebookInForce."""
        rulebook = self._rulebooks.on(held_on, school_code)
        return Exam(
            school_code=school_code,
            title=title,
            school_year=school_year_of(held_on),
            held_on=held_on,
            pass_mark=rulebook.exam.pass_mark,
            merit_mark=rulebook.exam.merit_mark,
            envelope=by.under(rulebook.version),
        )

    def get(self, exam_id: UUID) -> Exam:
        """Raises UnknownExam."""
        return self._ledger.get(Exam, exam_id, UnknownExam)

    def enter_results(
        self, exam_id: UUID, results: Sequence[PaperResult], by: Envelope
    ) -> dict[UUID, Refused]:
        """Type paper results: they wait for the second person.

        Returns what was refused by learner (AttemptsUsed, OwnCase, UnknownLearner, ResultDiffers
        where an unchecked entry or another row holds another score); the others are recorded.
        """
        return self.enter(self.get(exam_id), results, by, dry_run=False).refused

    def check_results(
        self, exam_id: UUID, results: Sequence[PaperResult], by: Envelope
    ) -> dict[UUID, Refused]:
        """Confirm typed results as a second person; from then on they count.

        Returns what was refused by learner (ResultNotEntered, ChecksOwnEntry, ResultDiffers,
        OwnCase, UnknownLearner).
        """
        return self.check(self.get(exam_id), results, by, dry_run=False).refused

    def enter(
        self, exam: Exam, results: Sequence[PaperResult], by: Envelope, *, dry_run: bool
    ) -> Taken:
        """Type the results of a sheet; a dry run only says what would be news."""
        return self._record(exam, results, by, enter_one, dry_run=dry_run)

    def check(
        self, exam: Exam, results: Sequence[PaperResult], by: Envelope, *, dry_run: bool
    ) -> Taken:
        """Confirm the typed results of a sheet; a dry run only says what would be news."""
        return self._record(exam, results, by, check_one, dry_run=dry_run)

    def _record(
        self,
        exam: Exam,
        results: Sequence[PaperResult],
        by: Envelope,
        one: OneResult,
        *,
        dry_run: bool,
    ) -> Taken:
        answer: list[Taken] = []

        def decide() -> list[LedgerAggregate]:
            staff = self._ledger.find(Staff, by.actor.id)
            once, contradicted = each_once(results)
            cases = self._cases(exam, [result.learner_id for result in once])
            changed: list[LedgerAggregate] = []
            news, refused = set[UUID](), dict(contradicted)
            for result in once:
                made = judged(exam, result, cases[result.learner_id], staff, by, one)
                if isinstance(made, Refused):
                    refused[result.learner_id] = made
                elif made:
                    news.add(result.learner_id)
                    changed += made
            answer[:] = [Taken(frozenset(news), refused)]
            return [] if dry_run else changed

        self._ledger.commit(by.command_id, decide)
        return answer[0]

    def _cases(self, exam: Exam, learners: Sequence[UUID]) -> dict[UUID, Case]:
        records = self._records(learners)
        used = {key: records[key].attempts.get(exam.id, []) if key in records else []
                for key in learners}  # fmt: skip
        next_ids = {key: Attempt.create_id(exam.id, key, len(used[key]) + 1) for key in learners}
        lasts = {key: ids[-1] for key, ids in used.items() if ids}
        found = self._ledger.load([*learners, *next_ids.values(), *lasts.values()])
        most = self._rulebooks.on(exam.held_on, exam.school_code).exam.attempts_max
        return {
            key: Case(
                is_learner=isinstance(found.get(key), Learner),
                record=records.get(key),
                attempts=len(used[key]),
                last=cast("Attempt | None", found.get(lasts[key]) if key in lasts else None),
                waiting=cast("Attempt | None", found.get(next_ids[key])),
                attempts_max=most,
            )
            for key in learners
        }

    def _records(self, learners: Iterable[UUID]) -> dict[UUID, ExamRecord]:
        loaded = self._ledger.load(ExamRecord.create_id(learner) for learner in learners)
        records = (cast("ExamRecord", record) for record in loaded.values())
        return {record.learner_id: record for record in records}


def each_once(
    results: Sequence[PaperResult],
) -> tuple[list[PaperResult], dict[UUID, Refused]]:
    """Every learner once; of somebody with two scores a sheet says nothing (ResultDiffers)."""
    scores: dict[UUID, set[int]] = {}
    for result in results:
        scores.setdefault(result.learner_id, set()).add(result.score)
    once = [PaperResult(key, min(found)) for key, found in scores.items() if len(found) == 1]
    return once, {key: ResultDiffers() for key, found in scores.items() if len(found) > 1}


def judged(
    exam: Exam,
    result: PaperResult,
    case: Case,
    staff: Staff | None,
    by: Envelope,
    one: OneResult,
) -> list[LedgerAggregate] | Refused:
    """What one result changes, or why it is refused: the others of the sheet go on."""
    if staff is not None and staff.learner_id == result.learner_id:
        return OwnCase()
    if not case.is_learner:
        return UnknownLearner(id=result.learner_id)
    try:
        return one(exam, result, case, by)
    except Refused as refusal:
        return refusal


def enter_one(exam: Exam, result: PaperResult, case: Case, by: Envelope) -> list[LedgerAggregate]:
    """Raises AttemptsUsed, ResultDiffers."""
    if case.last is not None and case.last.score == result.score:
        return []  # typed and checked before: the same file again
    # `exam.cool_down_hours` parts two sittings of an exam taken on a screen. On paper a sitting has
    # only its day, and another day is another exam: there is nothing to measure.
    if case.attempts >= case.attempts_max:
        raise AttemptsUsed(attempts=case.attempts)
    if case.waiting is not None:
        if case.waiting.score != result.score:
            raise ResultDiffers
        return []
    return [
        Attempt(
            exam_id=exam.id,
            learner_id=result.learner_id,
            school_code=exam.school_code,
            school_year=exam.school_year,
            number=case.attempts + 1,
            score=result.score,
            envelope=by,
        )
    ]


def check_one(exam: Exam, result: PaperResult, case: Case, by: Envelope) -> list[LedgerAggregate]:
    """Raises ResultNotEntered, ChecksOwnEntry, ResultDiffers."""
    if case.waiting is None:
        if case.last is None:
            raise ResultNotEntered
        if case.last.score != result.score:
            raise ResultDiffers
        return []
    case.waiting.check(result.score, exam, by)
    record = case.record or ExamRecord(learner_id=result.learner_id, envelope=by)
    record.count(case.waiting, exam, by)
    return [case.waiting, record]
