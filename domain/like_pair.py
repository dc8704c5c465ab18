"""Two records that look like one person's and are not: somebody looked, and said so."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from eventsourcing.domain import event

from domain.aggregate import LedgerAggregate, LedgerCreated
from domain.envelope import Envelope
from domain.identity import derived


class LikePair(LedgerAggregate):
    """Father and son may share a phone: the suggestion to merge them is not made again."""

    TOPIC: ClassVar[str] = "like_pair"

    class ToldApart(LedgerCreated):
        TOPIC = "like_pair.told_apart"

        learner_ids: tuple[UUID, UUID]

    @staticmethod
    def create_id(learner_ids: tuple[UUID, UUID]) -> UUID:
        return derived("like_pair", *learner_ids)

    @event(ToldApart)
    def __init__(self, learner_ids: tuple[UUID, UUID], envelope: Envelope) -> None:
        self.learner_ids = learner_ids
