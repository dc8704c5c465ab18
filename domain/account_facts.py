"""Facts of an account that move no hours: what is held, and what one record hands to another."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from domain.aggregate import LedgerEvent
from domain.suspension import Fraud


class CreditHeld(LedgerEvent):
    TOPIC = "account.credit_held"

    learner_id: UUID
    entry_ids: tuple[UUID, ...]
    case_id: UUID


class CreditReleased(LedgerEvent):
    TOPIC = "account.credit_released"

    learner_id: UUID
    entry_ids: tuple[UUID, ...]
    case_id: UUID


class FraudConfirmed(LedgerEvent):
    """No line stands for the source: a reversal would say it otherwise."""

    TOPIC = "account.fraud_confirmed"

    learner_id: UUID
    fraud: Fraud

    def apply(self, aggregate: Any) -> None:
        super().apply(aggregate)
        aggregate.frauds.confirmed(self.fraud)


class HandedOver(LedgerEvent):
    """Both accounts say it, though nothing may move: what is decided meanwhile meets it there."""

    TOPIC = "account.handed_over"

    learner_id: UUID
    from_learner_id: UUID
    to_learner_id: UUID
    frauds: tuple[Fraud, ...]

    def apply(self, aggregate: Any) -> None:
        super().apply(aggregate)
        for fraud in self.frauds:
            if self.learner_id == self.to_learner_id:
                aggregate.frauds.confirmed(fraud)
            else:
                aggregate.frauds.left(fraud.source_id)
