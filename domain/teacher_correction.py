"""A correction of a closed cycle: proposed by one person, decided by another."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from eventsourcing.domain import event
from pydantic import BaseModel, ConfigDict

from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.envelope import Envelope
from domain.identity import derived
from domain.refusals import Refused
from domain.rules import ReversalReason
from domain.training import Training


class UnknownTeacherCorrection(Refused):
    """No correction of a closed cycle has that id."""

    code = "teacher_correction_unknown"


class CorrectionNeedsSecondPerson(Refused):
    """Whoever proposed a correction does not decide on it."""

    code = "teacher_correction_needs_second_person"


class FraudNeedsSecondPerson(Refused):
    """Fraud is proposed in an open cycle too: two confirm it, after its person was heard."""

    code = "teacher_fraud_needs_second_person"


class CorrectionDecided(Refused):
    """The correction was decided the other way."""

    code = "teacher_correction_decided"


class Change(BaseModel):
    """What is to change: a training that is missing, or an award that was wrong and why."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cycle: str
    training: Training | None = None
    award_id: UUID | None = None
    reason_code: ReversalReason | None = None

    @property
    def needs_hearing(self) -> bool:
        """Whether it says of the teacher that they cheated (rulebook: a chance to be heard)."""
        return self.reason_code is ReversalReason.FRAUD_CONFIRMED


class TeacherCorrection(LedgerAggregate):
    TOPIC: ClassVar[str] = "teacher_correction"

    class Proposed(LedgerCreated):
        TOPIC = "teacher_correction.proposed"

        teacher_id: UUID
        school_code: str
        change: Change

    class Confirmed(LedgerEvent):
        TOPIC = "teacher_correction.confirmed"

        teacher_id: UUID

    class Declined(LedgerEvent):
        TOPIC = "teacher_correction.declined"

        teacher_id: UUID

    @staticmethod
    def create_id(command_id: UUID) -> UUID:
        """One command proposes one correction, however often it is sent."""
        return derived("teacher_correction", command_id)

    @event(Proposed)
    def __init__(
        self,
        id: UUID,  # noqa: A002 - the library's name
        teacher_id: UUID,
        school_code: str,
        change: Change,
        envelope: Envelope,
    ) -> None:
        self.teacher_id = teacher_id
        self.school_code = school_code
        self.change = change
        self.proposed_by = envelope.actor.id
        self.confirmed: bool | None = None

    def confirm(self, envelope: Envelope) -> bool:
        """Agree, as a second person; whether that is news.

        Raises CorrectionNeedsSecondPerson, CorrectionDecided.
        """
        if self._is_news(envelope, decision=True):
            self._confirmed(teacher_id=self.teacher_id, envelope=envelope)
            return True
        return False

    def decline(self, envelope: Envelope) -> None:
        """Disagree, as a second person. Raises CorrectionNeedsSecondPerson, CorrectionDecided."""
        if self._is_news(envelope, decision=False):
            self._declined(teacher_id=self.teacher_id, envelope=envelope)

    def _is_news(self, envelope: Envelope, *, decision: bool) -> bool:
        if envelope.actor.id == self.proposed_by:
            raise CorrectionNeedsSecondPerson
        if self.confirmed is not None and self.confirmed is not decision:
            raise CorrectionDecided
        return self.confirmed is None

    @event(Confirmed)
    def _confirmed(self, teacher_id: UUID, envelope: Envelope) -> None:
        self.confirmed = True

    @event(Declined)
    def _declined(self, teacher_id: UUID, envelope: Envelope) -> None:
        self.confirmed = False
