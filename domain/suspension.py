"""Suspension of stars after confirmed fraud: no new one for some terms. What is held stays."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain.completing import Condition, LearningRecord
from domain.crediting import CreditClaim
from domain.rulebook import Rulebook
from domain.rules import ReversalReason
from domain.settling import Claimed

NO_STAR_TERMS = "deductions.no_star_terms_after_fraud"


class Fraud(BaseModel):
    """Fraud confirmed of a source: what was claimed for it, of so many class hours, and when."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source_id: UUID
    hours: int
    class_hours: int
    confirmed_at: AwareDatetime

    @classmethod
    def of(cls, claim: CreditClaim, at: datetime) -> Fraud:
        return cls(
            source_id=claim.source_id,
            hours=claim.hours,
            class_hours=claim.class_hours,
            confirmed_at=at,
        )

    @property
    def share(self) -> Fraction:
        """What was claimed of each class hour: these may be corrected later, which is no fraud."""
        return Fraction(self.hours, self.class_hours or 1)


@dataclass(slots=True)
class Frauds:
    """The sources of an account that fraud was confirmed of."""

    known: dict[UUID, Fraud] = field(default_factory=dict[UUID, Fraud])

    def taken_back(self, known: Claimed | None, reason: ReversalReason, at: datetime) -> None:
        if known and reason is ReversalReason.FRAUD_CONFIRMED:
            self.confirmed(Fraud.of(known.claim, at))

    def confirmed(self, fraud: Fraud) -> None:
        """What was found untrue twice is given back whole or not at all."""
        known = self.known.get(fraud.source_id, fraud)
        most = max(known, fraud, key=lambda each: each.share)
        self.known[fraud.source_id] = most.model_copy(update={"confirmed_at": fraud.confirmed_at})

    def claimed(self, claim: CreditClaim) -> None:
        """What is claimed whole again is no fraud any more, whatever the limits leave of it."""
        known = self.known.get(claim.source_id)
        if known and Fraud.of(claim, known.confirmed_at).share >= known.share:
            del self.known[claim.source_id]

    def left(self, source_id: UUID) -> None:
        """Another account answers for the source now."""
        self.known.pop(source_id, None)

    def among(self, sources: Collection[UUID]) -> tuple[Fraud, ...]:
        return tuple(fraud for source, fraud in self.known.items() if source in sources)

    @property
    def latest(self) -> datetime | None:
        """When fraud was confirmed last; None: it never was."""
        return max((fraud.confirmed_at for fraud in self.known.values()), default=None)


def suspension(record: LearningRecord, rulebook: Rulebook) -> tuple[Condition, ...]:
    """How many whole terms are over since, of those that must be; nothing where none must."""
    asked = rulebook.deductions.no_star_terms_after_fraud
    if record.terms_since_fraud is None or not asked:
        return ()
    return (Condition(ref=NO_STAR_TERMS, value=record.terms_since_fraud, threshold=asked),)


def is_suspension(condition: Condition) -> bool:
    """Whether no new star is awarded or proposed because of it."""
    return condition.ref == NO_STAR_TERMS and not condition.met
