"""The credit of a session: decided by one after the other, never by two who do not see each other.

An award run reads the session and writes accounts; who voids the session reads accounts and writes
the session. Neither would meet the other. Here both write, and the later one decides again.
"""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from eventsourcing.domain import event

from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.envelope import Envelope
from domain.identity import beside


class SessionCredit(LedgerAggregate):
    """Whatever decides on credit out of a session reads this before all else, and writes here."""

    TOPIC: ClassVar[str] = "session_credit"

    class Opened(LedgerCreated):
        TOPIC = "session_credit.opened"

        session_id: UUID

    class Decided(LedgerEvent):
        TOPIC = "session_credit.decided"

        session_id: UUID
        sources: int

    @staticmethod
    def create_id(session_id: UUID) -> UUID:
        return beside(session_id, "credit")

    @event(Opened)
    def __init__(self, session_id: UUID, envelope: Envelope) -> None:
        self.session_id = session_id

    def decide(self, sources: int, envelope: Envelope) -> None:
        """Note that the credit of so many attendances and services was decided, or is gone."""
        self._decided(session_id=self.session_id, sources=sources, envelope=envelope)

    @event(Decided)
    def _decided(self, session_id: UUID, sources: int, envelope: Envelope) -> None:
        pass
