"""One paper result against what is recorded: typed, checked blind, or the same sheet again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from domain.aggregate import LedgerAggregate
from domain.envelope import Envelope
from domain.exam import AttemptsUsed, Exam, ExamMode, ExamRecord
from domain.exam_attempt import Attempt
from domain.exam_refusals import AttemptWaits, ResultDiffers
from domain.learner import UnknownLearner
from domain.refusals import Refused
from domain.rules import ExamRules
from domain.staff import OwnCase


class ResultNotEntered(Refused):
    """Nobody has typed a result for that learner: there is nothing to check."""

    code = "result_not_entered"


class SittingVoided(Refused):
    """The paper of that sitting was voided: what is written anew is of another sitting."""

    code = "sitting_voided"


@dataclass(frozen=True)
class PaperResult:
    """One learner's score on paper, 0-100, and which sitting of the exam it is of."""

    learner_id: UUID
    score: int
    sitting: int = 1


@dataclass(frozen=True)
class Case:
    """What is recorded of one person in one exam, read before anything is decided.

    Of every record that the learner speaks for: attempts belong to the person.
    """

    is_learner: bool
    records: Mapping[UUID, ExamRecord]  # by learner
    over: tuple[Attempt, ...]
    waiting: Attempt | None  # begun, not over
    number: int  # of the learner's attempt that comes next
    used: int
    rules: ExamRules

    def admit(self) -> None:
        """Let another attempt begin. Raises AttemptWaits, AttemptsUsed."""
        if self.waiting is not None:
            raise AttemptWaits
        if self.used >= self.rules.attempts_max:
            raise AttemptsUsed(attempts=self.used)

    def of_sitting(self, sitting: int) -> Attempt | None:
        """The paper of a sitting, the newest one that was not withdrawn."""
        known = [*self.over, *((self.waiting,) if self.waiting else ())]
        papers = (a for a in reversed(known) if a.way is ExamMode.PAPER and a.score is not None)
        return next((paper for paper in papers if paper.sitting == sitting), None)

    def record_of(self, learner_id: UUID, by: Envelope) -> ExamRecord:
        return self.records.get(learner_id) or ExamRecord(learner_id=learner_id, envelope=by)

    def counted_at(self, exam_id: UUID) -> datetime | None:
        """When a result counted last."""
        known = (each.counted_at.get(exam_id) for each in self.records.values())
        return max((at for at in known if at is not None), default=None)


@dataclass(frozen=True)
class Judged:
    """What one result changes, and why it was not taken, where it was not."""

    changed: list[LedgerAggregate] = field(default_factory=list[LedgerAggregate])
    refusal: Refused | None = None


@dataclass(frozen=True)
class Taken:
    """Whose results were news, and whose were refused; the others were recorded before."""

    news: frozenset[UUID]
    refused: dict[UUID, Refused]


OneResult = Callable[[Exam, PaperResult, Case, Envelope], Judged]


def each_once(
    results: Sequence[PaperResult],
) -> tuple[list[PaperResult], dict[UUID, Refused]]:
    """Every learner once; of somebody with two results a sheet says nothing (ResultDiffers)."""
    said: dict[UUID, set[PaperResult]] = {}
    for result in results:
        said.setdefault(result.learner_id, set()).add(result)
    once = [found.copy().pop() for found in said.values() if len(found) == 1]
    return once, {key: ResultDiffers() for key, found in said.items() if len(found) > 1}


def judged(
    exam: Exam,
    result: PaperResult,
    case: Case,
    own: Collection[UUID],
    by: Envelope,
    one: OneResult,
) -> Judged:
    """One result of a sheet: the others of the sheet go on whatever becomes of it."""
    if result.learner_id in own:
        return Judged(refusal=OwnCase())
    if not case.is_learner:
        return Judged(refusal=UnknownLearner(id=result.learner_id))
    try:
        return one(exam, result, case, by)
    except Refused as refusal:
        return Judged(refusal=refusal)


def enter_one(exam: Exam, result: PaperResult, case: Case, by: Envelope) -> Judged:
    """Raises ExamNotOpen, AttemptWaits, AttemptsUsed, ResultDiffers, SittingVoided."""
    known = case.of_sitting(result.sitting)
    if known is not None:
        if not known.is_over and by.actor.id != known.entered_by:
            raise AttemptWaits  # without a word on whether the scores agree: checking is blind
        if known.is_over and known.outcome is None:
            raise SittingVoided
        scores = {known.score, known.outcome.score if known.outcome else None}
        if result.score in scores:
            return Judged()  # the same sheet again
        raise ResultDiffers
    exam.admit(ExamMode.PAPER, by)
    case.admit()
    made = Attempt.on_paper(exam, result.learner_id, case.number, result.score, result.sitting, by)
    return Judged([made])


def check_one(exam: Exam, result: PaperResult, case: Case, by: Envelope) -> Judged:
    """Raises ResultNotEntered, ChecksOwnEntry, CheckLocked, ResultDiffers."""
    paper = case.of_sitting(result.sitting)
    if paper is None:
        raise ResultNotEntered
    waited = not paper.is_over
    paper.check(result.score, exam, case.rules.blind_checks_max, by)
    if paper.outcome is None:
        return Judged([paper], ResultDiffers(tries_left=paper.tries_left))
    if not waited:
        return Judged()
    record = case.record_of(paper.learner_id, by)
    record.count(paper.outcome, by)
    return Judged([paper, record])


def foresee_check(exam: Exam, result: PaperResult, case: Case, by: Envelope) -> Judged:
    """What a dry run may say: whether it can be checked, never whether the scores agree."""
    paper = case.of_sitting(result.sitting)
    if paper is None or paper.is_over:
        return check_one(exam, result, case, by)
    paper.admit_check(by)
    return Judged([paper])
