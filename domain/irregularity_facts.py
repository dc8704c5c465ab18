"""Facts of a review in words and codes: who was told, who was heard, what was proposed."""

from __future__ import annotations

from uuid import UUID

from domain.aggregate import LedgerEvent
from domain.hearing import ToldBy
from domain.irregularity_finding import Finding, FindingReason, HeardBy, Says


class Told(LedgerEvent):
    TOPIC = "irregularity.told"

    person_id: UUID
    how: ToldBy


class Heard(LedgerEvent):
    TOPIC = "irregularity.heard"

    person_id: UUID
    heard_by: HeardBy
    says: Says
    words_id: UUID | None = None


class FindingProposed(LedgerEvent):
    TOPIC = "irregularity.finding_proposed"

    finding: Finding
    reason_code: FindingReason
    words_id: UUID | None = None
