"""Facts of a learner whose record speaks for another one, and of the one that is spoken for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from domain.aggregate import LedgerEvent
from domain.enrolment import Brought, Enrolment, HandedOn
from domain.guardianship import Guardianships


class Merged(LedgerEvent):
    TOPIC = "learner.merged"

    merged_id: UUID
    brought: Brought
    evidence_code: str
    duplicate_session_ids: tuple[UUID, ...]

    def apply(self, aggregate: Any) -> None:
        super().apply(aggregate)
        aggregate.merges[self.merged_id] = self.brought
        aggregate.gone_before[self.merged_id] = aggregate.guardianships.gone()


class MergedInto(LedgerEvent):
    TOPIC = "learner.merged_into"

    survivor_id: UUID

    def apply(self, aggregate: Any) -> None:
        super().apply(aggregate)
        aggregate.merged_into = self.survivor_id
        aggregate.set_aside = aggregate.guardianships.copy()


class Unmerged(LedgerEvent):
    TOPIC = "learner.unmerged"

    merged_id: UUID
    places: tuple[Enrolment, ...]  # that go back with the other record
    handed_on: tuple[HandedOn, ...] = ()

    def apply(self, aggregate: Any) -> None:
        super().apply(aggregate)
        del aggregate.merges[self.merged_id]
        del aggregate.gone_before[self.merged_id]
        aggregate.enrolments.forget(self.places)
        for each in self.handed_on:
            known: Brought = aggregate.merges[each.to]
            children = (*known.children, *each.children)
            aggregate.merges[each.to] = known.model_copy(update={"children": children})


class UnmergedFrom(LedgerEvent):
    TOPIC = "learner.unmerged_from"

    survivor_id: UUID

    def apply(self, aggregate: Any) -> None:
        super().apply(aggregate)
        aggregate.merged_into = None
        aggregate.set_aside = Guardianships()
