"""Commands about who an adult is to a child: two persons end a guardianship, or restore it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from domain.aggregate import LedgerAggregate
from domain.calendar import CITY_ZONE, local_day
from domain.custody import (
    CustodyChange,
    CustodyNotEnded,
    CustodyNotLinked,
    CustodyNotProposed,
    CustodyReason,
    GuardianshipWasEnded,
    Restoration,
    Return,
)
from domain.enrolment import Places
from domain.envelope import Envelope
from domain.guardianship import FormerTie
from domain.learner import Learner, UnknownLearner
from domain.staff import OwnCase
from ledger.erased import refuse_erased
from ledger.ledger import Ledger
from ledger.own_case import own_records
from ledger.records import records_of, survivors
from ledger.streams import Streams


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
            change = self._case(learner.id, child_id) or CustodyChange(
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

    def propose_restoration(
        self, learner_id: UUID, child_id: UUID, reason: Restoration, day: date | None, by: Envelope
    ) -> int:
        """Propose that a guardianship that two persons ended comes back, from a day on.

        Raises OwnCase, UnknownLearner, PersonErased, CustodyNotEnded, CustodyDayOutside,
        CustodyProposedOtherwise.
        """

        def decide() -> list[LedgerAggregate]:
            learner, ended = self._parted(learner_id, child_id, by)
            holds_from = reason.day(day, ended.ended_on, local_day(by.at, CITY_ZONE))
            change = self._case(learner.id, child_id) or CustodyChange(
                learner_id=learner.id, child_id=child_id, envelope=by
            )
            change.propose_restoration(Return(reason, holds_from), by)
            return [change]

        return self._ledger.commit(by.command_id, decide)

    def confirm_restoration(
        self, learner_id: UUID, child_id: UUID, others: Collection[UUID], by: Envelope
    ) -> int:
        """Bring the guardianship back as a second person, with the places the child has by now.

        `others` are the adults whom the roster knows through the child: what became of it
        meanwhile, stands with them. Raises OwnCase, UnknownLearner, PersonErased, CustodyNotEnded,
        CustodyNotProposed, CustodyNeedsSecondPerson, CustodyDayOutside.
        """

        def decide() -> list[LedgerAggregate]:
            learner, ended = self._parted(learner_id, child_id, by)
            change = self._proposed(learner_id, child_id)
            wish = change.confirm_restoration(by)
            # It may have stood, and ended again, since it was proposed.
            day = wish.reason.day(wish.holds_from, ended.ended_on, local_day(by.at, CITY_ZONE))
            places = self._places_by_now(learner, child_id, others)
            learner.restore_guardianship(child_id, ended.tie, day, places, by)
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

    def _parted(self, learner_id: UUID, child_id: UUID, by: Envelope) -> tuple[Learner, FormerTie]:
        """The record that speaks for the adult, and the tie that two persons ended last.

        Raises OwnCase, UnknownLearner, PersonErased, CustodyNotEnded.
        """
        speaker_id = survivors(self._ledger, [learner_id])[learner_id]
        learner = self._ledger.get(Learner, speaker_id, UnknownLearner)
        refuse_family(self._ledger, by, learner.id, child_id)
        refuse_erased(self._ledger, learner.id)
        if not ended_ties(self._ledger, [(learner.id, child_id)]):
            raise CustodyNotEnded
        records = self._ledger.load([learner.id, *learner.merged_ids]).values()
        known = (each.guardianships.last(child_id) for each in records if isinstance(each, Learner))
        ended = max((tie for tie in known if tie), key=lambda tie: tie.ended_on, default=None)
        if ended is None:
            raise CustodyNotEnded
        return learner, ended

    def _places_by_now(self, learner: Learner, child_id: UUID, others: Collection[UUID]) -> Places:
        """The child's places since the adult had one, as those know them who had the newest."""
        found = self._ledger.load(others).values()
        adults = [e for e in found if isinstance(e, Learner) and child_id in e.guardianships]
        adults.sort(key=lambda each: each.latest_at, reverse=True)
        told = [
            each.enrolments.only(each.enrolments.shared(learner.enrolments, {child_id}))
            for each in adults
        ]
        return max(told, key=newest_year, default=Places())

    def _linked(self, learner_id: UUID, child_id: UUID) -> Learner:
        speaker_id = survivors(self._ledger, [learner_id])[learner_id]
        learner = self._ledger.get(Learner, speaker_id, UnknownLearner)
        if child_id not in learner.guardianships:
            raise CustodyNotLinked
        return learner

    def _case(self, learner_id: UUID, child_id: UUID) -> CustodyChange | None:
        """What waits under any record of an adult, else what was decided under this one."""
        records = records_of(self._ledger, learner_id)
        keys = [CustodyChange.create_id(each, child_id) for each in records]
        found = Streams(self._ledger.load(keys))
        cases = [found.get(CustodyChange, key) for key in keys]
        return next((each for each in cases if each and each.waits), cases[0])

    def _proposed(self, learner_id: UUID, child_id: UUID) -> CustodyChange:
        found = self._case(learner_id, child_id)
        if found is None:
            raise CustodyNotProposed
        return found


def newest_year(places: Places) -> int:
    return max((place.school_year for place in places.values()), default=0)


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
    speakers = Streams(ledger.load({adult for adult, _ in ties})).all(Learner)
    gone = {each.id: set(each.guardianships.gone()) for each in speakers}
    merged = {record: each for each in speakers for record in each.merged_ids}
    for record in Streams(ledger.load(merged)).all(Learner):
        speaker = merged[record.id]
        gone[speaker.id] |= record.guardianships.gone() - speaker.guardianships.keys()
    return {(adult, child) for adult, child in ties if child in gone.get(adult, ())}
