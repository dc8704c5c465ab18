"""The end of a guardianship in the register: one person proposes it, another one confirms it."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from eventsourcing.domain import event

from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.envelope import Envelope
from domain.identity import derived
from domain.refusals import Refused


class CustodyNotLinked(Refused):
    """The learner is not linked to that child."""

    code = "custody_not_linked"


class CustodyNotProposed(Refused):
    """Nobody has proposed to end that guardianship."""

    code = "custody_not_proposed"


class CustodyProposedOtherwise(Refused):
    """Its end is proposed for another reason already: that proposal is decided first."""

    code = "custody_proposed_otherwise"


class CustodyNeedsSecondPerson(Refused):
    """Nobody ends a guardianship alone: another person confirms what one has proposed."""

    code = "custody_needs_second_person"


class GuardianshipWasEnded(Refused):
    """Two persons ended that guardianship: nobody brings it back alone."""

    code = "guardianship_was_ended"


class CustodyReason(StrEnum):
    """Why a guardianship ends. Nothing more is recorded: no papers, no story."""

    CUSTODY_CHANGED = "custody_changed"
    CARE_ENDED = "care_ended"
    ENTERED_IN_ERROR = "entered_in_error"


class CustodyChange(LedgerAggregate):
    """What is proposed about one learner and one child, however often."""

    TOPIC: ClassVar[str] = "custody_change"

    class Opened(LedgerCreated):
        TOPIC = "custody_change.opened"

        learner_id: UUID
        child_id: UUID

    class Proposed(LedgerEvent):
        TOPIC = "custody_change.proposed"

        learner_id: UUID
        child_id: UUID
        reason_code: CustodyReason

    class Confirmed(LedgerEvent):
        TOPIC = "custody_change.confirmed"

        learner_id: UUID
        child_id: UUID

    class Dropped(LedgerEvent):
        TOPIC = "custody_change.dropped"

        learner_id: UUID
        child_id: UUID

    @staticmethod
    def create_id(learner_id: UUID, child_id: UUID) -> UUID:
        return derived("custody_change", learner_id, child_id)

    @event(Opened)
    def __init__(self, learner_id: UUID, child_id: UUID, envelope: Envelope) -> None:
        self.learner_id = learner_id
        self.child_id = child_id
        self.proposal: tuple[UUID, CustodyReason] | None = None
        self.was_confirmed = False

    def propose(self, reason: CustodyReason, envelope: Envelope) -> None:
        """Propose the end; the same again is no news. Raises CustodyProposedOtherwise."""
        if self.proposal is not None and self.proposal[1] is not reason:
            raise CustodyProposedOtherwise
        if self.proposal is None:
            self._proposed(
                learner_id=self.learner_id,
                child_id=self.child_id,
                reason_code=reason,
                envelope=envelope,
            )

    def confirm(self, envelope: Envelope) -> CustodyReason:
        """Confirm as a second person. Raises CustodyNotProposed, CustodyNeedsSecondPerson."""
        if self.proposal is None:
            raise CustodyNotProposed
        proposed_by, reason = self.proposal
        if proposed_by == envelope.actor.id:
            raise CustodyNeedsSecondPerson
        self._confirmed(learner_id=self.learner_id, child_id=self.child_id, envelope=envelope)
        return reason

    def drop(self, envelope: Envelope) -> None:
        """Take a proposal off the table: by whoever made it, or by whoever would confirm it."""
        if self.proposal is not None:
            self._dropped(learner_id=self.learner_id, child_id=self.child_id, envelope=envelope)

    @event(Proposed)
    def _proposed(
        self, learner_id: UUID, child_id: UUID, reason_code: CustodyReason, envelope: Envelope
    ) -> None:
        self.proposal = (envelope.actor.id, reason_code)

    @event(Confirmed)
    def _confirmed(self, learner_id: UUID, child_id: UUID, envelope: Envelope) -> None:
        self.proposal = None
        self.was_confirmed = True

    @event(Dropped)
    def _dropped(self, learner_id: UUID, child_id: UUID, envelope: Envelope) -> None:
        self.proposal = None
