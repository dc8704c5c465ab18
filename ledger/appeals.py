"""Commands of appeals: lodged by a parent, decided by somebody apart, reviewed once above."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from domain.aggregate import LedgerAggregate
from domain.appeal import Appeal, Ground, ground_of
from domain.dispute import AnswerReason, Dispute, Subject
from domain.envelope import Envelope
from domain.verdict import Outcome, Verdict
from ledger.case_days import Today
from ledger.case_desk import CaseDesk
from ledger.case_matters import Matter
from ledger.ledger import Ledger

Rule = Callable[[Appeal, Verdict, frozenset[UUID]], None]


@dataclass(frozen=True)
class Ruling:
    """What somebody decides about an appeal, with the corrections that follow from it."""

    outcome: Outcome
    reason_code: AnswerReason
    words: str
    correction_ids: tuple[UUID, ...] = ()


class Appeals:
    def __init__(self, ledger: Ledger, desk: CaseDesk) -> None:
        self._ledger = ledger
        self._desk = desk

    def lodge(self, learner_id: UUID, subject: Subject, words: str, by: Envelope) -> UUID:
        """Appeal after an answer, after a posting, or where no answer came; again is no news.

        Raises SubjectNotYours, SessionNotOver, OwnCase, AnswerAwaited, AppealTooLate.
        """
        self._desk.must_be_apart_or_the_parent(learner_id, by)
        today = self._desk.days.of(by)
        matter = self._desk.matters.of(learner_id, subject, today.day)
        self._desk.must_be_at(matter.school_code, by)
        case_id = Appeal.create_id(learner_id, matter.subject)

        def decide(words_id: UUID | None) -> list[LedgerAggregate]:
            if self._ledger.find(Appeal, case_id):
                return []
            dispute = self._dispute(learner_id, matter.subject)
            ground = ground_now(matter, dispute, today)
            return [lodged(learner_id, matter, dispute, ground, words_id, today)]

        self._desk.speak(learner_id, case_id, words, decide, by)
        return case_id

    def acknowledge(self, case_id: UUID, by: Envelope) -> int:
        """Tell the parent that it has arrived. Raises UnknownCase, OwnCase, AppealIsFinal."""
        return self._change(case_id, lambda appeal: appeal.acknowledge(by), by)

    def decide(self, case_id: UUID, ruling: Ruling, by: Envelope) -> int:
        """Decide at the school; what was held for the appeal is released.

        Raises UnknownCase, OwnCase, DeciderTookPart, ReasonsMissing, AppealAlreadyDecided,
        AppealIsFinal, UnknownCorrection.
        """
        today = self._desk.days.of(by)

        def rule(appeal: Appeal, verdict: Verdict, took_part: frozenset[UUID]) -> None:
            appeal.decide(verdict, took_part, today.window(), today.by)

        return self._rule(case_id, ruling, rule, today)

    def review(self, case_id: UUID, ruling: Ruling, by: Envelope) -> int:
        """Review at the district, once: then it is final.

        Raises UnknownCase, OwnCase, DeciderTookPart, ReasonsMissing, AppealNotEscalated,
        AppealIsFinal, UnknownCorrection.
        """

        def rule(appeal: Appeal, verdict: Verdict, took_part: frozenset[UUID]) -> None:
            appeal.review(verdict, took_part, by)

        return self._rule(case_id, ruling, rule, self._desk.days.of(by))

    def escalate(self, case_id: UUID, words: str, by: Envelope) -> int:
        """Ask the district, once: after the decision, or where none came in time.

        Raises UnknownCase, SubjectNotYours, OwnCase, AnswerAwaited, AppealTooLate, AppealIsFinal.
        """
        today = self._desk.days.of(by)
        learner_id = self._desk.case(case_id).learner_id

        def decide(words_id: UUID | None) -> list[LedgerAggregate]:
            appeal = self._desk.touched(Appeal, case_id, by)
            told = appeal.review_until
            last_day = today.days.no_earlier(told) if told else today.day
            appeal.escalate(words_id, today.decision_due(), last_day, today.day, today.by)
            return [appeal]

        return self._desk.speak(learner_id, case_id, words, decide, by)

    def withdraw(self, case_id: UUID, by: Envelope) -> int:
        """Let it rest; what was held is released.

        Raises UnknownCase, SubjectNotYours, OwnCase, AppealIsFinal.
        """
        return self._change(case_id, lambda appeal: appeal.withdraw(by), by)

    def _rule(self, case_id: UUID, ruling: Ruling, rule: Rule, today: Today) -> int:
        by, learner_id = today.by, self._desk.case(case_id).learner_id

        def decide(words_id: UUID | None) -> list[LedgerAggregate]:
            appeal = self._desk.touched(Appeal, case_id, by)
            verdict = Verdict(
                outcome=ruling.outcome, reason_code=ruling.reason_code, words_id=words_id
            )
            rule(appeal, verdict, self._took_part(appeal, today))
            self._desk.must_be_corrections(ruling.correction_ids, appeal.school_code)
            for correction_id in ruling.correction_ids:
                appeal.link_correction(correction_id, by)
            return [appeal, *self._desk.released(appeal, by)]

        return self._desk.speak(learner_id, case_id, ruling.words, decide, by)

    def _took_part(self, appeal: Appeal, today: Today) -> frozenset[UUID]:
        """Everybody in the history of the subject, and who answered the dispute about it.

        Writing down what a parent says on paper is no part in the matter.
        """
        matter = self._desk.matters.of(appeal.learner_id, appeal.subject, today.day)
        dispute = self._dispute(appeal.learner_id, appeal.subject)
        answered = {dispute.answer[0]} if dispute and dispute.answer else set[UUID]()
        return matter.took_part.union(answered)

    def _dispute(self, learner_id: UUID, subject: Subject) -> Dispute | None:
        return self._ledger.find(Dispute, Dispute.create_id(learner_id, subject))

    def _change(self, case_id: UUID, change: Callable[[Appeal], None], by: Envelope) -> int:
        def decide() -> list[LedgerAggregate]:
            appeal = self._desk.touched(Appeal, case_id, by)
            change(appeal)
            return [appeal, *(self._desk.released(appeal, by) if not appeal.is_pending else [])]

        return self._ledger.commit(by.command_id, decide)


def ground_now(matter: Matter, dispute: Dispute | None, today: Today) -> Ground:
    """Raises AnswerAwaited, AppealTooLate."""
    posting_ends = today.window(matter.posted_on).last_day
    told = dispute.appeal_until if dispute else None
    answer_ends = today.days.no_earlier(told) if told else posting_ends
    return ground_of(dispute, posting_ends, answer_ends, today.day)


def lodged(
    learner_id: UUID,
    matter: Matter,
    dispute: Dispute | None,
    ground: Ground,
    words_id: UUID | None,
    today: Today,
) -> Appeal:
    return Appeal(
        id=Appeal.create_id(learner_id, matter.subject),
        learner_id=learner_id,
        school_code=matter.school_code,
        term=matter.term,
        subject=matter.subject,
        ground=ground,
        dispute_id=dispute.id if dispute else None,
        words_id=words_id,
        due=today.decision_due(),
        envelope=today.by,
    )
