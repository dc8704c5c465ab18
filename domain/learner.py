"""A learner: one natural person, however many children and schools. Names lie in the vault."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from eventsourcing.domain import event
from pydantic import BaseModel, ConfigDict

from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.envelope import Envelope
from domain.identity import derived
from domain.refusals import Refused


class UnknownLearner(Refused):
    """No learner with that id is registered."""

    code = "learner_unknown"


class Enrolment(BaseModel):
    """One child's place, through which the learner takes part: 孩子入学，家长入校."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    child_id: UUID
    school_code: str
    stage: str
    grade: str
    class_group: str
    school_year: int


class Learner(LedgerAggregate):
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

    class GuardianshipLinked(LedgerEvent):
        TOPIC = "learner.guardianship_linked"

        child_id: UUID
        relation_code: str
        is_guardian: bool
        basis: str

    class GuardianshipEnded(LedgerEvent):
        TOPIC = "learner.guardianship_ended"

        child_id: UUID
        reason_code: str

    class Enrolled(LedgerEvent):
        TOPIC = "learner.enrolled"

        enrolment_id: UUID
        enrolment: Enrolment

    @event(Registered)
    def __init__(self, id: UUID, name_commitment: str, envelope: Envelope) -> None:  # noqa: A002 - the library's name
        self.name_commitment = name_commitment
        self.consents: dict[str, str] = {}
        self.guardianships: dict[UUID, tuple[str, bool]] = {}
        self.enrolments: dict[tuple[UUID, int], Enrolment] = {}

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
        self, child_id: UUID, relation_code: str, is_guardian: bool, basis: str, envelope: Envelope
    ) -> None:
        """Record the learner's relation to a child (GB/T 4761); an unchanged one is no news."""
        if self.guardianships.get(child_id) != (relation_code, is_guardian):
            self._guardianship_linked(
                child_id=child_id,
                relation_code=relation_code,
                is_guardian=is_guardian,
                basis=basis,
                envelope=envelope,
            )

    def end_guardianship(self, child_id: UUID, reason_code: str, envelope: Envelope) -> None:
        """The learner's own credits are untouched."""
        if child_id in self.guardianships:
            self._guardianship_ended(child_id=child_id, reason_code=reason_code, envelope=envelope)

    def enrol(self, enrolment: Enrolment, envelope: Envelope) -> None:
        """Enrol through a child's class of a school year; the same place again is no news."""
        if self.enrolments.get((enrolment.child_id, enrolment.school_year)) != enrolment:
            self._enrolled(
                enrolment_id=derived(
                    "enrolment", self.id, enrolment.child_id, enrolment.school_year
                ),
                enrolment=enrolment,
                envelope=envelope,
            )

    def enrolments_at(self, school_code: str, school_year: int) -> tuple[Enrolment, ...]:
        return tuple(
            place
            for (child_id, year), place in self.enrolments.items()
            if year == school_year
            and place.school_code == school_code
            and child_id in self.guardianships
        )

    def years_enrolled(self, stage: str) -> frozenset[int]:
        """The school years in which the learner was enrolled in a stage."""
        return frozenset(p.school_year for p in self.enrolments.values() if p.stage == stage)

    def first_places(self, stage: str) -> tuple[Enrolment, ...]:
        """The places of the school year in which the learner entered a stage."""
        first = min(self.years_enrolled(stage), default=None)
        return tuple(
            p for p in self.enrolments.values() if p.stage == stage and p.school_year == first
        )

    @event(DetailsChanged)
    def _details_changed(
        self, name_commitment: str, changed: tuple[str, ...], envelope: Envelope
    ) -> None:
        self.name_commitment = name_commitment

    @event(ConsentGiven)
    def _consent_given(self, purpose: str, notice_version: str, envelope: Envelope) -> None:
        self.consents[purpose] = notice_version

    @event(ConsentWithdrawn)
    def _consent_withdrawn(self, purpose: str, envelope: Envelope) -> None:
        self.consents.pop(purpose, None)

    @event(GuardianshipLinked)
    def _guardianship_linked(
        self, child_id: UUID, relation_code: str, is_guardian: bool, basis: str, envelope: Envelope
    ) -> None:
        self.guardianships[child_id] = (relation_code, is_guardian)

    @event(GuardianshipEnded)
    def _guardianship_ended(self, child_id: UUID, reason_code: str, envelope: Envelope) -> None:
        self.guardianships.pop(child_id, None)

    @event(Enrolled)
    def _enrolled(self, enrolment_id: UUID, enrolment: Enrolment, envelope: Envelope) -> None:
        self.enrolments[enrolment.child_id, enrolment.school_year] = enrolment
