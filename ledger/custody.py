"""Commands about who an adult is to a child: the end of a guardianship takes two persons."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from domain.aggregate import LedgerAggregate
from domain.custody import (
    CustodyChange,
    CustodyNotLinked,
    CustodyNotProposed,
    CustodyReason,
    GuardianshipWasEnded,
)
from domain.envelope import Envelope
from domain.learner import Learner, UnknownLearner
from domain.staff import OwnCase
from ledger.ledger import Ledger
from ledger.own_case import own_records
from ledger.records import survivors


class Custody:
    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def propose(self, learner_id: UUID, child_id: UUID, reason: CustodyReason, by: Envelope) -> int:
        """Propose that a guardianship ends; the same proposal again is no news.

        Raises OwnCase, UnknownLearner, CustodyNotLinked, CustodyProposedOtherwise.
        """

        def decide() -> list[LedgerAggregate]:
            learner = self._linked(learner_id, child_id)
            refuse_family(self._ledger, by, learner_id, child_id)
            key = CustodyChange.create_id(learner.id, child_id)
            change = self._ledger.find(CustodyChange, key) or CustodyChange(
                learner_id=learner.id, child_id=child_id, envelope=by
            )
            change.propose(reason, by)
            return [change]

        return self._ledger.commit(by.command_id, decide)

    def confirm(self, learner_id: UUID, child_id: UUID, by: Envelope) -> int:
        """End the guardianship as a second person. Nothing else changes: every hour stays.

        Raises OwnCase, UnknownLearner, CustodyNotLinked, CustodyNotProposed,
        CustodyNeedsSecondPerson.
        """

        def decide() -> list[LedgerAggregate]:
            learner = self._linked(learner_id, child_id)
            refuse_family(self._ledger, by, learner_id, child_id)
            change = self._proposed(learner_id, child_id)
            learner.end_guardianship(child_id, change.confirm(by).value, by)
            return [change, learner]

        return self._ledger.commit(by.command_id, decide)

    def drop(self, learner_id: UUID, child_id: UUID, by: Envelope) -> int:
        """Take a proposal off the table. Raises OwnCase, CustodyNotProposed."""

        def decide() -> list[LedgerAggregate]:
            refuse_family(self._ledger, by, learner_id, child_id)
            change = self._proposed(learner_id, child_id)
            change.drop(by)
            return [change]

        return self._ledger.commit(by.command_id, decide)

    def _linked(self, learner_id: UUID, child_id: UUID) -> Learner:
        learner = self._ledger.get(Learner, learner_id, UnknownLearner)
        if child_id not in learner.guardianships:
            raise CustodyNotLinked
        return learner

    def _proposed(self, learner_id: UUID, child_id: UUID) -> CustodyChange:
        key = CustodyChange.create_id(learner_id, child_id)
        return self._ledger.get(CustodyChange, key, CustodyNotProposed)


def refuse_family(ledger: Ledger, by: Envelope, learner_id: UUID | None, child_id: UUID) -> None:
    """Staff decide nothing about themselves, nor about a child of their own. Raises OwnCase."""
    if learner_id in own_records(ledger, by.actor.id):
        raise OwnCase
    refuse_own_children(ledger, by, [child_id])


def refuse_own_children(ledger: Ledger, by: Envelope, child_ids: Iterable[UUID]) -> None:
    """Raises OwnCase."""
    found = ledger.load(own_records(ledger, by.actor.id)).values()
    children = {
        child for each in found if isinstance(each, Learner) for child in each.guardianships
    }
    if not children.isdisjoint(child_ids):
        raise OwnCase


def refuse_ended(ledger: Ledger, child_id: UUID, learner_ids: Iterable[UUID]) -> None:
    """What two persons ended under any record of an adult, one alone does not bring back.

    Raises GuardianshipWasEnded.
    """
    speakers = survivors(ledger, learner_ids).values()
    if ended_ties(ledger, [(each, child_id) for each in speakers]):
        raise GuardianshipWasEnded


def ended_ties(ledger: Ledger, ties: Collection[tuple[UUID, UUID]]) -> set[tuple[UUID, UUID]]:
    """Of adults and children those whom two persons parted, under any record of the adult.

    The adults are named by the records that speak for them. Who has been tied anew is not parted.
    """
    speakers = ledger.load({adult for adult, _ in ties})
    cases = {
        CustodyChange.create_id(record, child): (adult, child)
        for adult, child in ties
        if isinstance(speaker := speakers.get(adult), Learner)
        and child not in speaker.guardianships
        for record in (adult, *speaker.merged_ids)
    }
    found = ledger.load(cases).items()
    return {cases[k] for k, each in found if isinstance(each, CustodyChange) and each.was_confirmed}
