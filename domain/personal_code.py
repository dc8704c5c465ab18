"""Which edition of a learner's personal code counts: after a loss, the next one."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from eventsourcing.domain import event

from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.envelope import Envelope
from domain.identity import derived

FIRST_EDITION = 1


class PersonalCode(LedgerAggregate):
    """Begun when a slip is lost for the first time: until then the first edition counts."""

    TOPIC: ClassVar[str] = "personal_code"

    class Opened(LedgerCreated):
        TOPIC = "personal_code.opened"

        learner_id: UUID

    class Replaced(LedgerEvent):
        TOPIC = "personal_code.replaced"

        learner_id: UUID
        edition: int

    @staticmethod
    def create_id(learner_id: UUID) -> UUID:
        return derived("personal_code", learner_id)

    @event(Opened)
    def __init__(self, learner_id: UUID, envelope: Envelope) -> None:
        self.learner_id = learner_id
        self.edition = FIRST_EDITION
        self.replaced_by: UUID | None = None

    def replace(self, envelope: Envelope) -> None:
        """Make every slip printed so far void. The same command is no news."""
        if envelope.command_id != self.replaced_by:
            self._replaced(learner_id=self.learner_id, edition=self.edition + 1, envelope=envelope)

    @event(Replaced)
    def _replaced(self, learner_id: UUID, edition: int, envelope: Envelope) -> None:
        self.edition = edition
        self.replaced_by = envelope.command_id
