"""Commands of a learner's own affairs: consent, and what concerns one person alone."""

from __future__ import annotations

from uuid import UUID

from domain.aggregate import LedgerAggregate
from domain.envelope import Envelope
from domain.learner import Learner, UnknownLearner
from ledger.ledger import Ledger


class Learners:
    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def get(self, learner_id: UUID) -> Learner:
        """Raises UnknownLearner."""
        return self._ledger.get(Learner, learner_id, UnknownLearner)

    def consent(self, learner_id: UUID, purpose: str, notice_version: str, by: Envelope) -> int:
        """Record consent to a version of the notice. Raises UnknownLearner."""

        def decide() -> list[LedgerAggregate]:
            learner = self.get(learner_id)
            learner.consent(purpose, notice_version, by)
            return [learner]

        return self._ledger.commit(by.command_id, decide)
