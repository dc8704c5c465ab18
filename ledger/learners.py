"""Commands of a learner's own affairs: consent, and what concerns one person alone."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from domain.aggregate import LedgerAggregate
from domain.envelope import Envelope
from domain.learner import Learner, UnknownLearner
from domain.like_pair import LikePair
from ledger.ledger import Ledger
from ledger.own_case import own_records, refuse_own_case
from ledger.records import survivors


class Learners:
    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def get(self, learner_id: UUID) -> Learner:
        """Raises UnknownLearner."""
        return self._ledger.get(Learner, learner_id, UnknownLearner)

    def survivor_of(self, learner_id: UUID) -> UUID:
        """The record that speaks for a person now: the learner's own, unless it was merged."""
        return survivors(self._ledger, [learner_id])[learner_id]

    def survivors_of(self, learner_ids: Iterable[UUID]) -> dict[UUID, UUID]:
        """The same for many, by the record that was asked about."""
        return survivors(self._ledger, learner_ids)

    def own_records(self, staff_id: UUID) -> list[UUID]:
        """Every record of a member of staff as a parent: what they decide nothing about."""
        return own_records(self._ledger, staff_id)

    def consent(self, learner_id: UUID, purpose: str, notice_version: str, by: Envelope) -> int:
        """Record consent to a version of the notice. Raises UnknownLearner."""

        def decide() -> list[LedgerAggregate]:
            learner = self.get(learner_id)
            learner.consent(purpose, notice_version, by)
            return [learner]

        return self._ledger.commit(by.command_id, decide)

    def tell_apart(self, ids: tuple[UUID, UUID], by: Envelope) -> int:
        """Say that two records are two persons'; again is no news. Raises OwnCase."""
        one, other = sorted(ids)
        key = LikePair.create_id((one, other))

        def decide() -> list[LedgerAggregate]:
            refuse_own_case(self._ledger, by.actor.id, *ids)
            if self._ledger.find(LikePair, key):
                return []
            return [LikePair(learner_ids=(one, other), envelope=by)]

        return self._ledger.commit(by.command_id, decide)
