"""Commands of cases: a dispute and its answer, what follows from it, credit held meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.account import Account
from domain.aggregate import LedgerAggregate
from domain.appeal import Appeal
from domain.appeal_refusals import AppealIsFinal
from domain.credit_refusals import CreditNotHeld, UnknownCredit
from domain.dispute import (
    AnswerReason,
    Dispute,
    DisputeAlreadyAnswered,
    DisputeReason,
    Subject,
    must_be_in_time,
)
from domain.envelope import Envelope
from ledger.case_days import Today
from ledger.case_desk import Case, CaseDesk
from ledger.case_matters import Matter
from ledger.ledger import Ledger


@dataclass(frozen=True)
class Answer:
    """What a school says to a dispute."""

    upheld: bool
    reason_code: AnswerReason
    words: str = ""
    correction_id: UUID | None = None


class Cases:
    def __init__(self, ledger: Ledger, desk: CaseDesk) -> None:
        self._ledger = ledger
        self._desk = desk

    def get(self, case_id: UUID) -> Case:
        """Raises UnknownCase."""
        return self._desk.case(case_id)

    def words(self, words_id: UUID) -> str:
        """What somebody wrote; nothing once the learner is erased."""
        return self._desk.words(words_id)

    def dispute(
        self, learner_id: UUID, subject: Subject, reason: DisputeReason, words: str, by: Envelope
    ) -> UUID:
        """Say that something is not right; asked again it is the same dispute.

        Raises SubjectNotYours, SessionNotOver, OwnCase, DisputeTooLate, DisputeAlreadyOpen,
        DisputeAlreadyAnswered.
        """
        self._desk.must_be_apart_or_the_parent(learner_id, by)
        today = self._desk.days.of(by)
        matter = self._desk.matters.of(learner_id, subject, today.day)
        self._desk.must_be_at(matter.school_code, by)
        case_id = Dispute.create_id(learner_id, matter.subject)

        def decide(words_id: UUID | None) -> list[LedgerAggregate]:
            there = self._ledger.find(Dispute, case_id)
            if there is not None:
                there.again(reason)
                return []
            must_be_in_time(self._last_day(matter, today), today.day)
            return [opened(case_id, learner_id, matter, reason, words_id, today)]

        self._desk.speak(learner_id, case_id, words, decide, by)
        return case_id

    def answer(self, case_id: UUID, answer: Answer, by: Envelope) -> int:
        """Answer a dispute; what was held for it is released.

        Raises UnknownCase, OwnCase, UnknownCorrection, ReasonsMissing, DisputeAlreadyAnswered.
        """
        today = self._desk.days.of(by)
        learner_id = self.get(case_id).learner_id

        def decide(words_id: UUID | None) -> list[LedgerAggregate]:
            dispute = self._desk.touched(Dispute, case_id, by)
            reason, until = answer.reason_code, today.window()
            if answer.upheld:
                linked = [answer.correction_id] if answer.correction_id else []
                self._desk.must_be_corrections(linked, dispute.school_code)
                dispute.uphold(reason, words_id, answer.correction_id, until, today.by)
            else:
                dispute.turn_down(reason, words_id, until, today.by)
            return [dispute, *self._desk.released(dispute, by)]

        return self._desk.speak(learner_id, case_id, answer.words, decide, by)

    def link_correction(self, case_id: UUID, correction_id: UUID, by: Envelope) -> int:
        """Name the correction that a case led to; once.

        Raises UnknownCase, OwnCase, UnknownCorrection.
        """

        def decide() -> list[LedgerAggregate]:
            case = self._desk.any_touched(case_id, by)
            self._desk.must_be_corrections([correction_id], case.school_code)
            case.link_correction(correction_id, by)
            return [case]

        return self._ledger.commit(by.command_id, decide)

    def hold(self, case_id: UUID, entry_ids: tuple[UUID, ...], by: Envelope) -> int:
        """Put credits under verification while a case is open; those that are so are no news.

        Raises UnknownCase, OwnCase, DisputeAlreadyAnswered, AppealIsFinal, UnknownCredit,
        CreditAlreadyReversed, CreditAlreadyHeld.
        """

        def decide() -> list[LedgerAggregate]:
            case = self._desk.any_touched(case_id, by)
            must_be_open(case)
            account = self._ledger.get(Account, self._desk.account_id(case), UnknownCredit)
            new = tuple(key for key in entry_ids if account.held.get(key) != case_id)
            must_be_lines_of(case.school_code, account, new)
            if new:
                account.hold(new, case_id, by)
            return [account]

        return self._ledger.commit(by.command_id, decide)

    def release(self, case_id: UUID, entry_ids: tuple[UUID, ...], by: Envelope) -> int:
        """End the verification before the case ends. Raises UnknownCase, OwnCase, CreditNotHeld."""

        def decide() -> list[LedgerAggregate]:
            case = self._desk.any_touched(case_id, by)
            account = self._ledger.get(Account, self._desk.account_id(case), CreditNotHeld)
            account.release(entry_ids, case_id, by)
            return [account]

        return self._ledger.commit(by.command_id, decide)

    def _last_day(self, matter: Matter, today: Today) -> date:
        """A dispute may be opened all term long, and for the window after a late posting."""
        window = today.window(matter.posted_on).last_day
        ends = self._desk.matters.term_ends(matter.term)
        return max(window, ends) if ends else today.day


def opened(
    case_id: UUID,
    learner_id: UUID,
    matter: Matter,
    reason: DisputeReason,
    words_id: UUID | None,
    today: Today,
) -> Dispute:
    return Dispute(
        id=case_id,
        learner_id=learner_id,
        school_code=matter.school_code,
        term=matter.term,
        subject=matter.subject,
        reason_code=reason,
        words_id=words_id,
        due=today.answer_due(),
        envelope=today.by,
    )


def must_be_lines_of(school_code: str, account: Account, entry_ids: tuple[UUID, ...]) -> None:
    """A school holds what it credited itself. Raises UnknownCredit."""
    for key in entry_ids:
        credit = account.credits.get(key)
        if credit is not None and credit.school_code != school_code:
            raise UnknownCredit(entry_id=key)


def must_be_open(case: Case) -> None:
    """Raises DisputeAlreadyAnswered, AppealIsFinal."""
    match case:
        case Dispute():
            if not case.is_open:
                raise DisputeAlreadyAnswered(case_id=case.id)
        case Appeal():
            if not case.is_pending:
                raise AppealIsFinal(stands=case.stands.value)
