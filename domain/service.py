"""A parent's service in a session: who speaks (GZ-11), who helps; named before it is attested.

The hours are credited at the rate of the service instead of the same person's attendance there.
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from eventsourcing.domain import event

from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.carriers import Mode
from domain.envelope import Envelope
from domain.identity import beside
from domain.refusals import Refused
from domain.session import Session
from domain.session_refusals import SessionState
from domain.standing import Standing


class ServiceKind(StrEnum):
    """What a parent may be named for: each is an activity of the rulebook with its own rate."""

    PARENT_LECTURER = Mode.PARENT_LECTURER.value
    COMMITTEE_OR_VOLUNTEER = Mode.COMMITTEE_OR_VOLUNTEER.value


class ServiceExceedsSession(Refused):
    """Nobody speaks or helps for more class hours than the session has (`class_hours`)."""

    code = "service_exceeds_session"


class ServiceNotNamed(Refused):
    """Nobody is named for that in the session: there is nothing to withdraw."""

    code = "service_not_named"


class Service(LedgerAggregate):
    """Its id is made of session, learner and kind: nobody is named twice for the same."""

    TOPIC: ClassVar[str] = "service"

    class Named(LedgerCreated):
        TOPIC = "service.named"

        session_id: UUID
        learner_id: UUID
        school_code: str
        kind: ServiceKind
        class_hours: int

    class Withdrawn(LedgerEvent):
        TOPIC = "service.withdrawn"

        session_id: UUID
        learner_id: UUID
        kind: ServiceKind

    class NamedAgain(LedgerEvent):
        TOPIC = "service.named_again"

        session_id: UUID
        learner_id: UUID
        kind: ServiceKind
        class_hours: int

    @staticmethod
    def create_id(session_id: UUID, learner_id: UUID, kind: str) -> UUID:
        return beside(session_id, "service", learner_id, kind)

    @classmethod
    def name(
        cls,
        session: Session,
        learner_id: UUID,
        kind: ServiceKind,
        class_hours: int,
        envelope: Envelope,
    ) -> Service:
        """Name somebody for a session. Raises SessionState, ServiceExceedsSession."""
        must_take_services(session, class_hours)
        return cls(
            session_id=session.id,
            learner_id=learner_id,
            school_code=session.plan.school_code,
            kind=kind,
            class_hours=class_hours,
            envelope=envelope,
        )

    @event(Named)
    def __init__(
        self,
        session_id: UUID,
        learner_id: UUID,
        school_code: str,
        kind: ServiceKind,
        class_hours: int,
        envelope: Envelope,
    ) -> None:
        self.session_id = session_id
        self.learner_id = learner_id
        self.kind = kind
        self.class_hours = class_hours
        self.stands = True

    def name_again(self, session: Session, class_hours: int, envelope: Envelope) -> None:
        """Say it anew, or with other hours; the same is no news.

        Raises SessionState, ServiceExceedsSession.
        """
        if self.stands and self.class_hours == class_hours:
            return
        must_take_services(session, class_hours)
        self._named_again(
            session_id=self.session_id,
            learner_id=self.learner_id,
            kind=self.kind,
            class_hours=class_hours,
            envelope=envelope,
        )

    def withdraw(self, session: Session, envelope: Envelope) -> None:
        """Take the name off again, before the session is attested. Raises SessionState."""
        if self.stands:
            must_take_services(session, 0)
            self._withdrawn(
                session_id=self.session_id,
                learner_id=self.learner_id,
                kind=self.kind,
                envelope=envelope,
            )

    @event(NamedAgain)
    def _named_again(
        self,
        session_id: UUID,
        learner_id: UUID,
        kind: ServiceKind,
        class_hours: int,
        envelope: Envelope,
    ) -> None:
        self.class_hours = class_hours
        self.stands = True

    @event(Withdrawn)
    def _withdrawn(
        self, session_id: UUID, learner_id: UUID, kind: ServiceKind, envelope: Envelope
    ) -> None:
        self.stands = False


def must_take_services(session: Session, class_hours: int) -> None:
    """What the two persons attest stays as it was. Raises SessionState, ServiceExceedsSession."""
    ends = {Standing.CANCELLED, Standing.ATTESTED, Standing.VOIDED}
    if session.standing in ends or session.attested_by:
        raise SessionState(stands=session.standing.value)
    if class_hours > session.plan.class_hours:
        raise ServiceExceedsSession(class_hours=session.plan.class_hours)
