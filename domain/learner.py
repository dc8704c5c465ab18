"""A learner: one natural person, however many children and schools. Names lie in the vault."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import ClassVar, TypeAlias
from uuid import UUID

from eventsourcing.domain import event

from domain import guardianship as ties
from domain import record_facts as facts
from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.calendar import CITY_ZONE, local_day
from domain.enrolment import (
    MERGED,
    UNMERGED,
    Brought,
    Enrolment,
    HandedOn,
    Leaving,
    Places,
    Returning,
)
from domain.envelope import Envelope
from domain.guardianship import RESTORED, FormerTie, Guardianships, Tie
from domain.refusals import Refused

__all__ = ["Enrolment", "Learner", "UnknownLearner"]


class UnknownLearner(Refused):
    """No learner with that id is registered."""

    code = "learner_unknown"


class Learner(LedgerAggregate):
    """`merged_into` names the record that speaks for the same person now, where there is one."""

    TOPIC: ClassVar[str] = "learner"

    class Registered(LedgerCreated):
        TOPIC = "learner.registered"

        name_commitment: str

    class DetailsChanged(LedgerEvent):
        TOPIC = "learner.details_changed"

        name_commitment: str
        changed: tuple[str, ...]

    class ConsentGiven(LedgerEvent):
        TOPIC = "learner.consent_given"

        purpose: str
        notice_version: str

    class ConsentWithdrawn(LedgerEvent):
        TOPIC = "learner.consent_withdrawn"

        purpose: str

    GuardianshipLinked: TypeAlias = ties.GuardianshipLinked
    GuardianshipEnded: TypeAlias = ties.GuardianshipEnded

    class Enrolled(LedgerEvent):
        TOPIC = "learner.enrolled"

        enrolment_id: UUID
        enrolment: Enrolment
        begins_on: date | None = None  # of a child that came later; else with the school year
        reason_code: Returning | None = None  # of a child that had left this place

    class EnrolmentEnded(LedgerEvent):
        TOPIC = "learner.enrolment_ended"

        enrolment: Enrolment
        ended_on: date
        reason_code: Leaving

    Merged: TypeAlias = facts.Merged
    MergedInto: TypeAlias = facts.MergedInto
    Unmerged: TypeAlias = facts.Unmerged
    UnmergedFrom: TypeAlias = facts.UnmergedFrom

    @event(Registered)
    def __init__(self, id: UUID, name_commitment: str, envelope: Envelope) -> None:  # noqa: A002 - the library's name
        self.name_commitment = name_commitment
        self.details_told_by: set[UUID] = set()  # the commands that changed them
        self.consents: dict[str, str] = {}
        self.guardianships = Guardianships()
        self.enrolments = Places()
        self.merges: dict[UUID, Brought] = {}
        self.gone_before: dict[UUID, frozenset[UUID]] = {}  # whose ties had ended, by merge
        self.merged_into: UUID | None = None
        self.set_aside = Guardianships()  # the guardianships before a merge

    def change_details(
        self, name_commitment: str, changed: tuple[str, ...], envelope: Envelope
    ) -> None:
        """Record that details in the vault were changed: which, never to what."""
        self._details_changed(name_commitment=name_commitment, changed=changed, envelope=envelope)

    def consent(self, purpose: str, notice_version: str, envelope: Envelope) -> None:
        """Record consent to a version of the notice; the same consent twice is no news."""
        if self.consents.get(purpose) != notice_version:
            self._consent_given(purpose=purpose, notice_version=notice_version, envelope=envelope)

    def withdraw_consent(self, purpose: str, envelope: Envelope) -> None:
        """What was lawful before stays lawful; what needs the consent stops."""
        if purpose in self.consents:
            self._consent_withdrawn(purpose=purpose, envelope=envelope)

    def link_child(
        self,
        child_id: UUID,
        relation_code: str,
        is_guardian: bool,
        basis: str,
        envelope: Envelope,
        begins_on: date | None = None,
    ) -> None:
        """Record the learner's relation to a child (GB/T 4761); an unchanged one is no news."""
        if self.guardianships.get(child_id) != (relation_code, is_guardian):
            self.trigger_event(
                self.GuardianshipLinked,
                child_id=child_id,
                relation_code=relation_code,
                is_guardian=is_guardian,
                basis=basis,
                begins_on=begins_on,
                envelope=envelope,
            )

    def end_guardianship(
        self, child_id: UUID, reason_code: str, envelope: Envelope, ended_on: date | None = None
    ) -> None:
        """It stands no more from this day on. The learner's own credits are untouched."""
        if child_id in self.guardianships:
            self.trigger_event(
                self.GuardianshipEnded,
                child_id=child_id,
                reason_code=reason_code,
                ended_on=ended_on or local_day(envelope.at, CITY_ZONE),
                envelope=envelope,
            )

    def restore_guardianship(
        self, child_id: UUID, tie: Tie, begins_on: date, places: Places, envelope: Envelope
    ) -> None:
        """Be who one was to a child again, from a day on, with the places that it has by now."""
        self.link_child(child_id, *tie, RESTORED, envelope, begins_on)
        self._carry_over(places, envelope)

    def enrol(
        self, enrolment: Enrolment, envelope: Envelope,
        begins_on: date | None = None, reason: Returning | None = None,
    ) -> None:  # fmt: skip
        """Enrol through a child's class of a school year; the same place again is no news."""
        if not self.enrolments.has(enrolment):
            self._enrolled(
                enrolment_id=self.enrolments.enrolment_id(self.id, enrolment.key),
                enrolment=enrolment, begins_on=begins_on, reason_code=reason, envelope=envelope,
            )  # fmt: skip

    def end_enrolment(
        self, place: Enrolment, ended_on: date, reason: Leaving, envelope: Envelope
    ) -> None:
        """The child left the school on a day; a place that ended, or never was, is no news."""
        if self.enrolments.has(place):
            self._enrolment_ended(
                enrolment=place, ended_on=ended_on, reason_code=reason, envelope=envelope
            )

    def take_in(
        self, other: Learner, evidence_code: str, doubles: tuple[UUID, ...], envelope: Envelope,
        parted: Collection[UUID] = (),
    ) -> None:  # fmt: skip
        """Speak for another record of the same person: its children and places come along.

        Not the tie to a child of whom two persons parted this person: see `ledger.custody`.
        """
        places = tuple(p for key, p in other.enrolments.items() if key not in self.enrolments)
        stay = {*self.guardianships, *parted}
        children = tuple(c for c in other.guardianships if c not in stay)
        records = (other.id, *sorted(other.merged_ids))
        self.trigger_event(
            self.Merged,
            merged_id=other.id,
            brought=Brought(records=records, children=children, places=places),
            evidence_code=evidence_code,
            duplicate_session_ids=doubles,
            envelope=envelope,
        )
        for child_id in children:
            day = other.guardianships.begun.get(child_id)
            self.link_child(child_id, *other.guardianships[child_id], MERGED, envelope, day)
        self._carry_over(other.enrolments.only(places), envelope)

    def give_way(self, survivor_id: UUID, envelope: Envelope) -> None:
        """Another record speaks for this person; nobody is invited through this one any more."""
        self.trigger_event(self.MergedInto, survivor_id=survivor_id, envelope=envelope)
        for child_id in self.set_aside:
            self.end_guardianship(child_id, MERGED, envelope)

    def let_go(
        self, other: Learner, envelope: Envelope, handed_on: tuple[HandedOn, ...] = ()
    ) -> Places:
        """Speak for a record no longer; give back its places, and those of children of both."""
        came, mine = self.merges[other.id], self.enrolments
        stay = {child_id for each in handed_on for child_id in each.children}
        came_with = [p for p in mine.values() if p.child_id in came.children or p in came.places]
        places = tuple(p for p in came_with if p.child_id not in stay)
        given_back = mine.only((*places, *mine.shared(other.enrolments, other.set_aside)))
        self.trigger_event(
            self.Unmerged, merged_id=other.id, places=places, handed_on=handed_on, envelope=envelope
        )
        for child_id in came.children:
            if child_id not in stay:
                self.end_guardianship(child_id, UNMERGED, envelope)
        return given_back

    def stand_alone(
        self,
        survivor_id: UUID,
        places: Places,
        ended: Mapping[UUID, FormerTie],
        envelope: Envelope,
    ) -> None:
        """Be a person's record again, with its children and the places that they have by now."""
        aside = self.set_aside
        self.trigger_event(self.UnmergedFrom, survivor_id=survivor_id, envelope=envelope)
        for child_id, tie in aside.items():
            self.link_child(child_id, *tie, UNMERGED, envelope, aside.begun.get(child_id))
        for child_id, former in ended.items():
            self.end_guardianship(child_id, former.reason_code, envelope, former.ended_on)
        self._carry_over(places, envelope)

    def _carry_over(self, places: Places, envelope: Envelope) -> None:
        for place, begins_on, ended in [*places.told(self.enrolments)]:
            self.enrol(place, envelope, begins_on)
            if ended is not None:
                self.end_enrolment(place, *ended, envelope)

    @property
    def merged_ids(self) -> frozenset[UUID]:
        """Every record that this one speaks for beside itself."""
        return frozenset(each for brought in self.merges.values() for each in brought.records)

    def enrolments_at(
        self, school_code: str, school_year: int, on: date | None = None
    ) -> tuple[Enrolment, ...]:
        """The places at a school, through children of one's own, as both were on a day."""
        found = self.enrolments.at(school_code, school_year, on)
        return tuple(place for place in found if self.guardianships.held(place.child_id, on))

    def parted_at(self, school_code: str, school_year: int, on: date) -> tuple[Enrolment, ...]:
        """The places of a day through children from whom the learner was parted then."""
        found = self.enrolments.at(school_code, school_year, on)
        return tuple(place for place in found if self.guardianships.parted(place.child_id, on))

    def years_enrolled(self, stage: str) -> frozenset[int]:
        """The school years in which the learner was enrolled in a stage."""
        return self.enrolments.years(stage)

    def first_places(self, stage: str) -> tuple[Enrolment, ...]:
        """The places of the school year in which the learner entered a stage."""
        return self.enrolments.first(stage)

    @event(DetailsChanged)
    def _details_changed(
        self, name_commitment: str, changed: tuple[str, ...], envelope: Envelope
    ) -> None:
        self.name_commitment = name_commitment
        self.details_told_by.add(envelope.command_id)

    @event(ConsentGiven)
    def _consent_given(self, purpose: str, notice_version: str, envelope: Envelope) -> None:
        self.consents[purpose] = notice_version

    @event(ConsentWithdrawn)
    def _consent_withdrawn(self, purpose: str, envelope: Envelope) -> None:
        self.consents.pop(purpose, None)

    @event(Enrolled)
    def _enrolled(
        self, enrolment_id: UUID, enrolment: Enrolment, begins_on: date | None,
        reason_code: Returning | None, envelope: Envelope,
    ) -> None:  # fmt: skip
        self.enrolments.put(enrolment, begins_on)

    @event(EnrolmentEnded)
    def _enrolment_ended(
        self, enrolment: Enrolment, ended_on: date, reason_code: Leaving, envelope: Envelope
    ) -> None:
        self.enrolments.ended[enrolment.key] = (ended_on, reason_code)
