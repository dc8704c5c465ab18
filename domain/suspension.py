"""Suspension of stars after confirmed fraud: no new one for some terms. What is held stays."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from domain.completing import Condition, LearningRecord
from domain.crediting import Credit
from domain.rulebook import Rulebook
from domain.rules import ReversalReason

NO_STAR_TERMS = "deductions.no_star_terms_after_fraud"


@dataclass(slots=True)
class Frauds:
    """The credits of an account that were reversed for confirmed fraud, and when."""

    known: dict[UUID, tuple[int, datetime]] = field(
        default_factory=dict[UUID, tuple[int, datetime]]
    )

    def reversed(self, credit: Credit, reason: ReversalReason, at: datetime) -> None:
        if reason is ReversalReason.FRAUD_CONFIRMED:
            self.known[credit.source_id] = (max(credit.hours, self._lost(credit)), at)

    def awarded(self, credit: Credit) -> None:
        """A source whose hours are given back whole is no fraud any more."""
        if credit.hours >= self._lost(credit):
            self.known.pop(credit.source_id, None)

    def _lost(self, credit: Credit) -> int:
        hours, _ = self.known.get(credit.source_id, (0, None))
        return hours

    @property
    def latest(self) -> datetime | None:
        """When fraud was confirmed last; None: it never was."""
        return max((at for _, at in self.known.values()), default=None)


def suspension(record: LearningRecord, rulebook: Rulebook) -> tuple[Condition, ...]:
    """How many whole terms are over since, of those that must be; nothing where none must."""
    asked = rulebook.deductions.no_star_terms_after_fraud
    if record.terms_since_fraud is None or not asked:
        return ()
    return (Condition(ref=NO_STAR_TERMS, value=record.terms_since_fraud, threshold=asked),)


def is_suspension(condition: Condition) -> bool:
    """Whether no new star is awarded or proposed because of it."""
    return condition.ref == NO_STAR_TERMS and not condition.met
