"""A guardianship that ends in the register, or is brought back: by two persons, never by one."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import ClassVar, NamedTuple
from uuid import UUID

from eventsourcing.domain import event

from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.envelope import Envelope
from domain.identity import derived
from domain.refusals import Refused


class CustodyNotLinked(Refused):
    """The learner is not linked to that child."""

    code = "custody_not_linked"


class CustodyNotEnded(Refused):
    """There is nothing to bring back: that guardianship stands, or was never ended by two."""

    code = "custody_not_ended"


class CustodyDayOutside(Refused):
    """It may come back from a day from `earliest` to `latest`.

    Not before it ended, nor from a day to come; from that very day where it ended by mistake.
    """

    code = "custody_day_outside"


class CustodyNotProposed(Refused):
    """Nobody has proposed to end that guardianship, or to bring it back."""

    code = "custody_not_proposed"


class CustodyProposedOtherwise(Refused):
    """Something else is proposed about it already: that proposal is decided first."""

    code = "custody_proposed_otherwise"


class CustodyNeedsSecondPerson(Refused):
    """Nobody decides about a guardianship alone: another person confirms what one proposed."""

    code = "custody_needs_second_person"


class GuardianshipWasEnded(Refused):
    """Two persons ended that guardianship: nobody brings it back alone."""

    code = "guardianship_was_ended"


class CustodyReason(StrEnum):
    """Why a guardianship ends. Nothing more is recorded: no papers, no story."""

    CUSTODY_CHANGED = "custody_changed"
    CARE_ENDED = "care_ended"
    ENTERED_IN_ERROR = "entered_in_error"


class Restoration(StrEnum):
    """Why a guardianship comes back: its end was a mistake, or the adult has the child again."""

    ENDED_IN_ERROR = "ended_in_error"
    CARE_RESUMED = "care_resumed"

    def day(self, asked: date | None, ended_on: date, today: date) -> date:
        """From when on it holds: without a day asked for, from the day it ended on.

        An end that was a mistake leaves no gap (docs/guardianships.md). Raises CustodyDayOutside.
        """
        latest = ended_on if self is Restoration.ENDED_IN_ERROR else max(ended_on, today)
        day = asked or ended_on
        if not ended_on <= day <= latest:
            raise CustodyDayOutside(earliest=ended_on, latest=latest)
        return day


class Return(NamedTuple):
    """What is proposed of a guardianship that ended: why it comes back, and from when on."""

    reason: Restoration
    holds_from: date


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

    class RestorationProposed(LedgerEvent):
        TOPIC = "custody_change.restoration_proposed"

        learner_id: UUID
        child_id: UUID
        reason_code: Restoration
        holds_from: date

    class RestorationConfirmed(LedgerEvent):
        TOPIC = "custody_change.restoration_confirmed"

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
        self.restoration: tuple[UUID, Return] | None = None

    @property
    def waits(self) -> bool:
        """Whether something is proposed that nobody has confirmed."""
        return bool(self.proposal or self.restoration)

    def propose(self, reason: CustodyReason, envelope: Envelope) -> None:
        """Propose the end; the same again is no news. Raises CustodyProposedOtherwise."""
        if self.restoration or (self.proposal is not None and self.proposal[1] is not reason):
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
        must_be_another(proposed_by, envelope)
        self._confirmed(learner_id=self.learner_id, child_id=self.child_id, envelope=envelope)
        return reason

    def propose_restoration(self, wish: Return, envelope: Envelope) -> None:
        """Propose that it comes back; the same is no news. Raises CustodyProposedOtherwise."""
        if self.proposal or (self.restoration is not None and self.restoration[1] != wish):
            raise CustodyProposedOtherwise
        if self.restoration is None:
            self._restoration_proposed(
                learner_id=self.learner_id,
                child_id=self.child_id,
                reason_code=wish.reason,
                holds_from=wish.holds_from,
                envelope=envelope,
            )

    def confirm_restoration(self, envelope: Envelope) -> Return:
        """Confirm as a second person. Raises CustodyNotProposed, CustodyNeedsSecondPerson."""
        if self.restoration is None:
            raise CustodyNotProposed
        proposed_by, wish = self.restoration
        must_be_another(proposed_by, envelope)
        self._restoration_confirmed(
            learner_id=self.learner_id, child_id=self.child_id, envelope=envelope
        )
        return wish

    def drop(self, envelope: Envelope) -> None:
        """Take a proposal off the table: by whoever made it, or by whoever would confirm it."""
        if self.waits:
            self._dropped(learner_id=self.learner_id, child_id=self.child_id, envelope=envelope)

    @event(Proposed)
    def _proposed(
        self, learner_id: UUID, child_id: UUID, reason_code: CustodyReason, envelope: Envelope
    ) -> None:
        self.proposal = (envelope.actor.id, reason_code)

    @event(Confirmed)
    def _confirmed(self, learner_id: UUID, child_id: UUID, envelope: Envelope) -> None:
        self.proposal = None

    @event(RestorationProposed)
    def _restoration_proposed(
        self,
        learner_id: UUID,
        child_id: UUID,
        reason_code: Restoration,
        holds_from: date,
        envelope: Envelope,
    ) -> None:
        self.restoration = (envelope.actor.id, Return(reason_code, holds_from))

    @event(RestorationConfirmed)
    def _restoration_confirmed(self, learner_id: UUID, child_id: UUID, envelope: Envelope) -> None:
        self.restoration = None

    @event(Dropped)
    def _dropped(self, learner_id: UUID, child_id: UUID, envelope: Envelope) -> None:
        self.proposal = self.restoration = None


def must_be_another(proposed_by: UUID, envelope: Envelope) -> None:
    """Raises CustodyNeedsSecondPerson."""
    if proposed_by == envelope.actor.id:
        raise CustodyNeedsSecondPerson
