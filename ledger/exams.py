"""Commands of exams: publish one, type paper results, check them by a second person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast
from uuid import UUID

from domain.aggregate import LedgerAggregate
from domain.calendar import CITY_ZONE, local_day, school_year_of
from domain.envelope import Envelope
from domain.exam import Exam, ExamMode, ExamRecord, OnlineTerms, UnknownExam
from domain.exam_attempt import Attempt
from domain.exam_refusals import UnknownAttempt
from domain.question_bank import BankTooSmall
from domain.refusals import Refused
from domain.rules import ExamRules
from ledger.exams_on_paper import (
    Case,
    OneResult,
    PaperResult,
    ResultNotEntered,
    Taken,
    check_one,
    each_once,
    enter_one,
    foresee_check,
    judged,
)
from ledger.ledger import Ledger
from ledger.own_case import own_records, refuse_own_case
from ledger.question_banks import QuestionBanks
from ledger.records import all_spoken_for
from ledger.rulebooks import Rulebooks

__all__ = [
    "ExamPublishedOtherwise",
    "Exams",
    "OnlineExam",
    "PaperResult",
    "ResultNotEntered",
    "Taken",
]


class ExamTimesWrong(Refused):
    """An exam closes after it opens."""

    code = "exam_times_wrong"


class ExamPublishedOtherwise(Refused):
    """An exam of that name and day is published with other terms: give this one another name."""

    code = "exam_published_otherwise"


@dataclass(frozen=True)
class OnlineExam:
    """An exam on a screen: its banks, its times, and whether paper and notes count beside it."""

    bank_ids: tuple[UUID, ...]
    opens_at: datetime
    closes_at: datetime
    others: tuple[ExamMode, ...] = (ExamMode.PAPER,)


class Exams:
    def __init__(self, ledger: Ledger, rulebooks: Rulebooks, banks: QuestionBanks) -> None:
        self._ledger = ledger
        self._rulebooks = rulebooks
        self._banks = banks

    def publish(
        self,
        school_code: str,
        title: str,
        held_on: date,
        by: Envelope,
        modes: tuple[ExamMode, ...] = (ExamMode.PAPER,),
    ) -> UUID:
        """Announce an exam under the marks of its day; the same exam again is no news.

        Raises ExamPublishedOtherwise, NoRulebookInForce.
        """
        return self._publish(self.announced(school_code, title, held_on, by, modes), by)

    def publish_online(self, school_code: str, title: str, wish: OnlineExam, by: Envelope) -> UUID:
        """Announce an exam on a screen; it is of the day on which it opens.

        Raises ExamTimesWrong, UnknownBank, BankTooSmall, ExamPublishedOtherwise.
        """
        if not wish.opens_at < wish.closes_at:
            raise ExamTimesWrong
        held_on = local_day(wish.opens_at, CITY_ZONE)
        rules = self._rulebooks.on(held_on, school_code).exam
        banks = self._banks.usable(school_code, wish.bank_ids)
        found = sum(len(bank.questions) for bank in banks)
        if found < rules.drawn_from_at_least:
            raise BankTooSmall(questions=found, needed=rules.drawn_from_at_least)
        terms = OnlineTerms(
            bank_ids=tuple(bank.id for bank in banks),
            opens_at=wish.opens_at,
            closes_at=wish.closes_at,
            questions=rules.questions,
            time_limit_minutes=rules.time_limit_minutes,
        )
        modes = (ExamMode.ONLINE, *wish.others)
        return self._publish(self.announced(school_code, title, held_on, by, modes, terms), by)

    def announced(
        self,
        school_code: str,
        title: str,
        held_on: date,
        by: Envelope,
        modes: tuple[ExamMode, ...] = (ExamMode.PAPER,),
        online: OnlineTerms | None = None,
    ) -> Exam:
        """An exam under the marks of its day, not recorded yet. Raises NoRulebookInForce."""
        rulebook = self._rulebooks.on(held_on, school_code)
        return Exam(
            school_code=school_code,
            title=title,
            school_year=school_year_of(held_on),
            held_on=held_on,
            pass_mark=rulebook.exam.pass_mark,
            merit_mark=rulebook.exam.merit_mark,
            modes=modes,
            online=online,
            envelope=by.under(rulebook.version),
        )

    def get(self, exam_id: UUID) -> Exam:
        """Raises UnknownExam."""
        return self._ledger.get(Exam, exam_id, UnknownExam)

    def rules_of(self, exam: Exam) -> ExamRules:
        return rules_of_exam(self._rulebooks, exam)

    def enter_results(
        self, exam_id: UUID, results: Sequence[PaperResult], by: Envelope
    ) -> dict[UUID, Refused]:
        """Type paper results: they wait for the second person.

        Returns what was refused by learner (ExamNotOpen, AttemptsUsed, AttemptWaits, OwnCase,
        UnknownLearner, ResultDiffers where the same sitting has another score); the others are
        recorded.
        """
        return self.enter(self.get(exam_id), results, by, dry_run=False).refused

    def check_results(
        self, exam_id: UUID, results: Sequence[PaperResult], by: Envelope
    ) -> dict[UUID, Refused]:
        """Confirm typed results as a second person; from then on they count.

        Returns what was refused by learner (ResultNotEntered, ChecksOwnEntry, CheckLocked,
        ResultDiffers, OwnCase, UnknownLearner).
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
        """Confirm the typed results of a sheet; a dry run compares no scores: it costs no try."""
        return self._record(
            exam, results, by, foresee_check if dry_run else check_one, dry_run=dry_run
        )

    def withdraw(self, exam_id: UUID, attempt_id: UUID, by: Envelope) -> int:
        """Take back an entry that nobody has confirmed, so that it can be made anew.

        Raises UnknownExam, UnknownAttempt, AttemptEnded, OwnCase.
        """

        def decide() -> list[LedgerAggregate]:
            exam, attempt = self.get(exam_id), self.attempt(attempt_id, exam_id)
            self.not_own_case(attempt.learner_id, by)
            outcome = attempt.withdraw(exam, by)
            record = self.case(exam, attempt.learner_id).record_of(attempt.learner_id, by)
            record.recount(outcome, stands=False, envelope=by)
            return [attempt, record]

        return self._ledger.commit(by.command_id, decide)

    def attempt(self, attempt_id: UUID, exam_id: UUID) -> Attempt:
        """An attempt at an exam. Raises UnknownAttempt."""
        found = self._ledger.get(Attempt, attempt_id, UnknownAttempt)
        if found.exam_id != exam_id:
            raise UnknownAttempt(id=attempt_id)
        return found

    def not_own_case(self, learner_id: UUID, by: Envelope) -> None:
        """Raises OwnCase where who acts is that parent."""
        refuse_own_case(self._ledger, by.actor.id, learner_id)

    def case(self, exam: Exam, learner_id: UUID) -> Case:
        """What is recorded of a learner in an exam."""
        return self.cases(exam, [learner_id])[learner_id]

    def cases(self, exam: Exam, learners: Sequence[UUID]) -> dict[UUID, Case]:
        """The same of many learners: the persons, their records, then their attempts."""
        people, rules = all_spoken_for(self._ledger, learners), self.rules_of(exam)
        everyone = {each for own in people.values() for each in own}
        records = self._records(everyone)
        over = {each: record.attempts.get(exam.id, []) for each, record in records.items()}
        numbers = {each: len(over.get(each, ())) + 1 for each in everyone}
        next_ids = {each: Attempt.create_id(exam.id, each, numbers[each]) for each in everyone}
        known = [attempt for ids in over.values() for attempt in ids]
        found = cast("dict[UUID, Attempt]", self._ledger.load([*next_ids.values(), *known]))
        made: dict[UUID, Case] = {}
        for key in learners:
            own = sorted(people.get(key, ()))
            attempts = [found[each] for one in own for each in over.get(one, ())]
            waiting = (found[next_ids[one]] for one in own if next_ids[one] in found)
            made[key] = Case(
                is_learner=key in people,
                records={one: records[one] for one in own if one in records},
                over=tuple(sorted(attempts, key=lambda each: each.begun_at)),
                waiting=next(waiting, None),
                number=numbers.get(key, 1),
                used=sum(records[one].used(exam.id) for one in own if one in records),
                rules=rules,
            )
        return made

    def _publish(self, exam: Exam, by: Envelope) -> UUID:
        def decide() -> list[LedgerAggregate]:
            there = self._ledger.find(Exam, exam.id)
            if there is None:
                return [exam]
            if (set(there.modes), there.online) != (set(exam.modes), exam.online):
                raise ExamPublishedOtherwise
            return []

        self._ledger.commit(by.command_id, decide)
        return exam.id

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
            own = own_records(self._ledger, by.actor.id)
            once, contradicted = each_once(results)
            cases = self.cases(exam, [result.learner_id for result in once])
            changed: list[LedgerAggregate] = []
            news, refused = set[UUID](), dict(contradicted)
            for result in once:
                made = judged(exam, result, cases[result.learner_id], own, by, one)
                changed += made.changed
                if made.refusal is not None:
                    refused[result.learner_id] = made.refusal
                elif made.changed:
                    news.add(result.learner_id)
            answer[:] = [Taken(frozenset(news), refused)]
            return [] if dry_run else changed

        self._ledger.commit(by.command_id, decide)
        return answer[0]

    def _records(self, learners: Iterable[UUID]) -> dict[UUID, ExamRecord]:
        loaded = self._ledger.load(ExamRecord.create_id(learner) for learner in learners)
        records = (cast("ExamRecord", record) for record in loaded.values())
        return {record.learner_id: record for record in records}


def rules_of_exam(rulebooks: Rulebooks, exam: Exam) -> ExamRules:
    """The rules under which an exam was published: later ones do not touch it."""
    version = exam.rulebook_version
    return (rulebooks.version(version) if version else rulebooks.on(exam.held_on)).exam
