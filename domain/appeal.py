"""An appeal (申诉): decided by somebody who took no part, reviewed once above, then final."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from eventsourcing.domain import event

from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.appeal_refusals import (
    AnswerAwaited,
    AppealAlreadyDecided,
    AppealIsFinal,
    AppealNotEscalated,
    AppealTooLate,
    DeciderTookPart,
)
from domain.dispute import Dispute, Subject
from domain.envelope import Envelope
from domain.identity import derived
from domain.verdict import Verdict
from domain.working_days import Deadline


class Ground(StrEnum):
    """What an appeal is within time of."""

    ANSWER = "answer"
    POSTING = "posting"
    NO_ANSWER = "no_answer"  # our fault: it opens at once and has no last day


class Stands(StrEnum):
    LODGED = "lodged"
    DECIDED = "decided"
    ESCALATED = "escalated"
    REVIEWED = "reviewed"
    WITHDRAWN = "withdrawn"


class Appeal(LedgerAggregate):
    """One for each learner and subject, through two levels."""

    TOPIC: ClassVar[str] = "appeal"

    class Lodged(LedgerCreated):
        TOPIC = "appeal.lodged"

        learner_id: UUID
        school_code: str
        term: str
        subject: Subject
        dispute_id: UUID | None = None
        ground: Ground
        words_id: UUID | None = None
        due: Deadline

    class Acknowledged(LedgerEvent):
        TOPIC = "appeal.acknowledged"

        learner_id: UUID

    class Decided(LedgerEvent):
        TOPIC = "appeal.decided"

        learner_id: UUID
        verdict: Verdict
        review_until: Deadline

    class Escalated(LedgerEvent):
        TOPIC = "appeal.escalated"

        learner_id: UUID
        words_id: UUID | None = None
        due: Deadline

    class Reviewed(LedgerEvent):
        TOPIC = "appeal.reviewed"

        learner_id: UUID
        verdict: Verdict

    class Withdrawn(LedgerEvent):
        TOPIC = "appeal.withdrawn"

        learner_id: UUID

    class CorrectionLinked(LedgerEvent):
        TOPIC = "appeal.correction_linked"

        learner_id: UUID
        correction_id: UUID

    @staticmethod
    def create_id(learner_id: UUID, subject: Subject) -> UUID:
        return derived("appeal", learner_id, *subject.key)

    @event(Lodged)
    def __init__(
        self,
        id: UUID,  # noqa: A002 - the library's name
        learner_id: UUID,
        school_code: str,
        term: str,
        subject: Subject,
        ground: Ground,
        due: Deadline,
        envelope: Envelope,
        dispute_id: UUID | None = None,
        words_id: UUID | None = None,
    ) -> None:
        self.learner_id = learner_id
        self.school_code = school_code
        self.subject = subject
        self.dispute_id = dispute_id
        self.ground = ground
        self.stands = Stands.LODGED
        self.due = due
        self.acknowledged = False
        self.verdict: Verdict | None = None
        self.deciders: tuple[UUID, ...] = ()
        self.review_until: Deadline | None = None
        self.corrections: tuple[UUID, ...] = ()

    @property
    def is_pending(self) -> bool:
        """Whether somebody still has to decide."""
        return self.stands in {Stands.LODGED, Stands.ESCALATED}

    def acknowledge(self, envelope: Envelope) -> None:
        """Tell the parent that it has arrived; once. Raises AppealIsFinal."""
        self._must_not_be_final()
        if not self.acknowledged:
            self._acknowledged(learner_id=self.learner_id, envelope=envelope)

    def decide(
        self,
        verdict: Verdict,
        took_part: frozenset[UUID],
        review_until: Deadline,
        envelope: Envelope,
    ) -> None:
        """At the school. The same verdict by the same person is no news.

        Raises AppealIsFinal, AppealAlreadyDecided, DeciderTookPart, ReasonsMissing.
        """
        if self._is_repeated(verdict, Stands.DECIDED, envelope):
            return
        self._must_not_be_final()
        if self.stands is not Stands.LODGED:
            raise AppealAlreadyDecided(stands=self.stands.value)
        must_be_apart(envelope.actor.id, took_part)
        verdict.must_have_reasons()
        self._decided(
            learner_id=self.learner_id,
            verdict=verdict,
            review_until=review_until,
            envelope=envelope,
        )

    def escalate(
        self, words_id: UUID | None, due: Deadline, last_day: date, today: date, envelope: Envelope
    ) -> None:
        """Bring it before the district: once, after the decision or when it is overdue.

        Asking again is no news. Raises AppealIsFinal, AnswerAwaited, AppealTooLate.
        """
        if self.stands is Stands.ESCALATED:
            return
        self._must_not_be_final()
        if self.stands is Stands.LODGED and not self.due.is_over(today):
            raise AnswerAwaited(last_day=self.due.last_day)
        if self.stands is Stands.DECIDED and today > last_day:
            raise AppealTooLate(last_day=last_day)
        self._escalated(learner_id=self.learner_id, words_id=words_id, due=due, envelope=envelope)

    def review(self, verdict: Verdict, took_part: frozenset[UUID], envelope: Envelope) -> None:
        """At the district, by somebody who took no part at either level: then it is final.

        Raises AppealIsFinal, AppealNotEscalated, DeciderTookPart, ReasonsMissing.
        """
        if self._is_repeated(verdict, Stands.REVIEWED, envelope):
            return
        self._must_not_be_final()
        if self.stands is not Stands.ESCALATED:
            raise AppealNotEscalated(stands=self.stands.value)
        must_be_apart(envelope.actor.id, took_part.union(self.deciders))
        verdict.must_have_reasons()
        self._reviewed(learner_id=self.learner_id, verdict=verdict, envelope=envelope)

    def withdraw(self, envelope: Envelope) -> None:
        """The parent lets it rest; again is no news. Raises AppealIsFinal."""
        if self.stands is Stands.WITHDRAWN:
            return
        self._must_not_be_final()
        self._withdrawn(learner_id=self.learner_id, envelope=envelope)

    def link_correction(self, correction_id: UUID, envelope: Envelope) -> None:
        """Name a correction that a decision led to; once."""
        if correction_id not in self.corrections:
            self._correction_linked(
                learner_id=self.learner_id, correction_id=correction_id, envelope=envelope
            )

    def _is_repeated(self, verdict: Verdict, stands: Stands, envelope: Envelope) -> bool:
        """Whether the same person gave the same verdict before, and it stands."""
        return (
            self.stands is stands
            and self.verdict is not None
            and self.verdict.is_like(verdict)
            and envelope.actor.id == self.deciders[-1]
        )

    def _must_not_be_final(self) -> None:
        if self.stands in {Stands.REVIEWED, Stands.WITHDRAWN}:
            raise AppealIsFinal(stands=self.stands.value)

    @event(Acknowledged)
    def _acknowledged(self, learner_id: UUID, envelope: Envelope) -> None:
        self.acknowledged = True

    @event(Decided)
    def _decided(
        self, learner_id: UUID, verdict: Verdict, review_until: Deadline, envelope: Envelope
    ) -> None:
        self.stands = Stands.DECIDED
        self.verdict = verdict
        self.deciders += (envelope.actor.id,)
        self.review_until = review_until

    @event(Escalated)
    def _escalated(
        self, learner_id: UUID, due: Deadline, envelope: Envelope, words_id: UUID | None = None
    ) -> None:
        self.stands = Stands.ESCALATED
        self.due = due

    @event(Reviewed)
    def _reviewed(self, learner_id: UUID, verdict: Verdict, envelope: Envelope) -> None:
        self.stands = Stands.REVIEWED
        self.verdict = verdict
        self.deciders += (envelope.actor.id,)

    @event(Withdrawn)
    def _withdrawn(self, learner_id: UUID, envelope: Envelope) -> None:
        self.stands = Stands.WITHDRAWN

    @event(CorrectionLinked)
    def _correction_linked(self, learner_id: UUID, correction_id: UUID, envelope: Envelope) -> None:
        self.corrections = (*self.corrections, correction_id)


def must_be_apart(actor_id: UUID, took_part: frozenset[UUID]) -> None:
    """Raises DeciderTookPart."""
    if actor_id in took_part:
        raise DeciderTookPart


def ground_of(
    dispute: Dispute | None, posting_ends: date, answer_ends: date, today: date
) -> Ground:
    """What lets a learner appeal today: an answer, a posting, or an answer that never came.

    Raises AnswerAwaited while the school is in time, AppealTooLate after the window.
    """
    if dispute is None:
        ground, last_day = Ground.POSTING, posting_ends
    elif not dispute.is_open:
        ground, last_day = Ground.ANSWER, answer_ends
    elif dispute.due.is_over(today):
        return Ground.NO_ANSWER
    else:
        raise AnswerAwaited(last_day=dispute.due.last_day)
    if today > last_day:
        raise AppealTooLate(last_day=last_day)
    return ground
