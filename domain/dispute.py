"""A dispute (异议): a parent says that something of theirs is not right, the school answers."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from eventsourcing.domain import event
from pydantic import BaseModel, ConfigDict

from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.envelope import Envelope
from domain.identity import derived
from domain.refusals import Refused
from domain.working_days import Deadline


class DisputeTooLate(Refused):
    """The term is over, and the window after the posting too; `last_day` says until when."""

    code = "dispute_too_late"


class DisputeAlreadyOpen(Refused):
    """The same thing is disputed already, for another reason: one dispute at a time."""

    code = "dispute_already_open"


class DisputeAlreadyAnswered(Refused):
    """The dispute has its answer; who does not agree with it may appeal."""

    code = "dispute_already_answered"


class ReasonsMissing(Refused):
    """A no, and every decision of an appeal, is explained in words."""

    code = "reasons_missing"


class SubjectKind(StrEnum):
    """What can be not right."""

    SESSION = "session"  # the learner was there and is not on its list
    ATTENDANCE = "attendance"
    ENTRY = "entry"
    ATTEMPT = "attempt"
    COMPLETION = "completion"
    STAR = "star"
    CERTIFICATE = "certificate"


class DisputeReason(StrEnum):
    """Why, in the few words a parent picks from."""

    THERE_LONGER = "there_longer"
    NOT_LISTED = "not_listed"
    WRONG_PERSON = "wrong_person"
    WRONG_HOURS = "wrong_hours"
    EXAM_RESULT = "exam_result"
    OTHER = "other"


class AnswerReason(StrEnum):
    """What an answer or a decision rests on."""

    RECORD_WRONG = "record_wrong"
    RULE_MISREAD = "rule_misread"
    NEW_EVIDENCE = "new_evidence"
    RECORD_RIGHT = "record_right"
    RULE_APPLIED = "rule_applied"
    NO_EVIDENCE = "no_evidence"
    OTHER = "other"


class Subject(BaseModel):
    """One thing of a learner's, by its id: a completion or star by the evaluation's."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: SubjectKind
    id: UUID
    session_id: UUID | None = None

    @property
    def key(self) -> tuple[str, UUID]:
        """What a case of it is known by: who is put on a session's list keeps the same case."""
        return (SubjectKind.SESSION, self.session_id) if self.session_id else (self.kind, self.id)


class Dispute(LedgerAggregate):
    """One for each learner and subject: asked again it is the same one."""

    TOPIC: ClassVar[str] = "dispute"

    class Opened(LedgerCreated):
        TOPIC = "dispute.opened"

        learner_id: UUID
        school_code: str
        term: str
        subject: Subject
        reason_code: DisputeReason
        words_id: UUID | None = None
        due: Deadline

    class Answered(LedgerEvent):
        TOPIC = "dispute.answered"

        learner_id: UUID
        upheld: bool
        reason_code: AnswerReason
        words_id: UUID | None = None
        correction_id: UUID | None = None
        appeal_until: Deadline

    class CorrectionLinked(LedgerEvent):
        TOPIC = "dispute.correction_linked"

        learner_id: UUID
        correction_id: UUID

    @staticmethod
    def create_id(learner_id: UUID, subject: Subject) -> UUID:
        return derived("dispute", learner_id, *subject.key)

    @event(Opened)
    def __init__(
        self,
        id: UUID,  # noqa: A002 - the library's name
        learner_id: UUID,
        school_code: str,
        term: str,
        subject: Subject,
        reason_code: DisputeReason,
        due: Deadline,
        envelope: Envelope,
        words_id: UUID | None = None,
    ) -> None:
        self.learner_id = learner_id
        self.school_code = school_code
        self.term = term
        self.subject = subject
        self.reason_code = reason_code
        self.due = due
        self.answer: tuple[UUID, bool, AnswerReason] | None = None
        self.appeal_until: Deadline | None = None
        self.corrections: tuple[UUID, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.answer is None

    def again(self, reason_code: DisputeReason) -> None:
        """The same tap again is no news. Raises DisputeAlreadyAnswered, DisputeAlreadyOpen."""
        if not self.is_open:
            raise DisputeAlreadyAnswered(case_id=self.id)
        if reason_code != self.reason_code:
            raise DisputeAlreadyOpen(case_id=self.id)

    def uphold(
        self,
        reason_code: AnswerReason,
        words_id: UUID | None,
        correction_id: UUID | None,
        appeal_until: Deadline,
        envelope: Envelope,
    ) -> None:
        """Say that the parent is right. Hours change by a correction alone, linked by its id.

        The same answer by the same person is no news. Raises DisputeAlreadyAnswered.
        """
        if self._is_news(envelope.actor.id, True, reason_code):
            self._answered(
                learner_id=self.learner_id,
                upheld=True,
                reason_code=reason_code,
                words_id=words_id,
                correction_id=correction_id,
                appeal_until=appeal_until,
                envelope=envelope,
            )

    def turn_down(
        self,
        reason_code: AnswerReason,
        words_id: UUID | None,
        appeal_until: Deadline,
        envelope: Envelope,
    ) -> None:
        """Say why not, in words. Raises ReasonsMissing, DisputeAlreadyAnswered."""
        if self._is_news(envelope.actor.id, False, reason_code):
            if words_id is None:
                raise ReasonsMissing
            self._answered(
                learner_id=self.learner_id,
                upheld=False,
                reason_code=reason_code,
                words_id=words_id,
                appeal_until=appeal_until,
                envelope=envelope,
            )

    def link_correction(self, correction_id: UUID, envelope: Envelope) -> None:
        """Name the correction that the answer led to; once."""
        if correction_id not in self.corrections:
            self._correction_linked(
                learner_id=self.learner_id, correction_id=correction_id, envelope=envelope
            )

    def _is_news(self, actor_id: UUID, upheld: bool, reason_code: AnswerReason) -> bool:
        if self.answer is not None and self.answer != (actor_id, upheld, reason_code):
            raise DisputeAlreadyAnswered(case_id=self.id)
        return self.answer is None

    @event(Answered)
    def _answered(
        self,
        learner_id: UUID,
        upheld: bool,
        reason_code: AnswerReason,
        appeal_until: Deadline,
        envelope: Envelope,
        words_id: UUID | None = None,
        correction_id: UUID | None = None,
    ) -> None:
        self.answer = (envelope.actor.id, upheld, reason_code)
        self.appeal_until = appeal_until
        self.corrections += (correction_id,) if correction_id else ()

    @event(CorrectionLinked)
    def _correction_linked(self, learner_id: UUID, correction_id: UUID, envelope: Envelope) -> None:
        self.corrections = (*self.corrections, correction_id)


def must_be_in_time(last_day: date, today: date) -> None:
    """A dispute is opened any time in the term, and always soon after the posting.

    Raises DisputeTooLate.
    """
    if today > last_day:
        raise DisputeTooLate(last_day=last_day)
