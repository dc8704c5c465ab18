"""Facts of an evaluation that award nothing: whether a star that is held was renewed by a year."""

from __future__ import annotations

from uuid import UUID

from domain.aggregate import LedgerEvent
from domain.upkeep import Upkeep


class StarNotRenewed(LedgerEvent):
    TOPIC = "evaluation.star_not_renewed"

    learner_id: UUID
    stage: str
    upkeep: Upkeep


class StarRenewed(LedgerEvent):
    TOPIC = "evaluation.star_renewed"

    learner_id: UUID
    stage: str
    upkeep: Upkeep
