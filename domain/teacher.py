"""A teacher's own ledger: where they serve, training hours, and each cycle closed once."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, TypeAlias
from uuid import UUID

from eventsourcing.domain import event

from domain import teacher_facts as facts
from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.calendar import CITY_ZONE, local_day
from domain.envelope import Envelope
from domain.refusals import Refused
from domain.rules import ReversalReason
from domain.staff import LinkedOtherwise, OwnCase
from domain.teacher_correction import FraudNeedsSecondPerson
from domain.teacher_cycle import (
    CycleIsClosed,
    CycleNotClosed,
    CycleNotOver,
    CycleRules,
    must_not_restate,
    must_not_rewrite,
)
from domain.teacher_service import DAY, Service, Services
from domain.training import Training, Trainings


class UnknownTeacher(Refused):
    """No teacher with that id is registered."""

    code = "teacher_unknown"


class Teacher(LedgerAggregate):
    """One person who teaches, at whichever schools. Their name is in the vault."""

    TOPIC: ClassVar[str] = "teacher"

    Moved: TypeAlias = facts.Moved
    Left: TypeAlias = facts.Left
    ServiceCorrected: TypeAlias = facts.ServiceCorrected
    UnlinkedFromStaff: TypeAlias = facts.UnlinkedFromStaff
    CycleClosed: TypeAlias = facts.CycleClosed
    CycleAddendumFiled: TypeAlias = facts.CycleAddendumFiled

    class Registered(LedgerCreated):
        TOPIC = "teacher.registered"

        school_code: str
        in_service_from: date

    class LinkedToStaff(LedgerEvent):
        TOPIC = "teacher.linked_to_staff"

        staff_id: UUID

    class HoursAwarded(LedgerEvent):
        TOPIC = "teacher.hours_awarded"

        award_id: UUID
        cycle: str
        training: Training
        overlaps: tuple[UUID, ...] = ()
        correction_id: UUID | None = None

    class HoursReversed(LedgerEvent):
        TOPIC = "teacher.hours_reversed"

        award_id: UUID
        cycle: str
        hours: int  # negative: what the cycle loses
        reason_code: ReversalReason
        correction_id: UUID | None = None

    @event(Registered)
    def __init__(
        self,
        id: UUID,  # noqa: A002 - the library's name
        school_code: str,
        in_service_from: date,
        envelope: Envelope,
    ) -> None:
        self.staff_id: UUID | None = None
        self.services = Services([Service(school_code, in_service_from)])
        self.trainings = Trainings()
        self.closed: set[str] = set()

    def link_to_staff(self, staff_id: UUID, envelope: Envelope) -> None:
        """Say who the same person is at work; again is no news. Raises LinkedOtherwise."""
        if self.staff_id not in {None, staff_id}:
            raise LinkedOtherwise
        if self.staff_id is None:
            self._linked(staff_id=staff_id, envelope=envelope)

    def unlink_from_staff(self, envelope: Envelope) -> None:
        """Take a wrong link back; none is no news. Raises OwnCase."""
        self.require_colleague(envelope)
        if self.staff_id is not None:
            self.trigger_event(self.UnlinkedFromStaff, staff_id=self.staff_id, envelope=envelope)

    def move(self, school_code: str, on: date, envelope: Envelope) -> None:
        """Teach at another school from a day on, or come back; the hours follow the person.

        The same again is no news. Raises ServiceDatesCross, CycleIsClosed.
        """
        if self.services.are_news_of(school_code, on):
            must_not_rewrite(self.closed, on - DAY)
            self.trigger_event(self.Moved, school_code=school_code, moved_on=on, envelope=envelope)

    def leave(self, on: date, envelope: Envelope) -> None:
        """End the service; the same again is no news. Raises ServiceDatesCross, CycleIsClosed."""
        if self.services.go_on_after(on):
            must_not_rewrite(self.closed, on)
            self.trigger_event(self.Left, left_on=on, envelope=envelope)

    def correct_service(
        self, since: date, begins: date, ends: date | None, envelope: Envelope
    ) -> None:
        """Put right the days of the service recorded since a day; the same days are no news.

        Raises OwnCase, UnknownService, ServiceDatesCross, CycleIsClosed.
        """
        self.require_colleague(envelope)
        was, now = self.services.restated(since, begins, ends)
        if was != now:
            must_not_restate(self.closed, was, now)
            self.trigger_event(
                self.ServiceCorrected,
                school_code=was.school_code,
                begins_was=was.begins,
                ends_was=was.ends,
                begins=begins,
                ends=ends,
                envelope=envelope,
            )

    def award(self, training: Training, rules: CycleRules, envelope: Envelope) -> UUID:
        """Award the hours of a training; the same again is no news. Returns the award's id.

        Raises OwnCase, CycleIsClosed and what `Trainings` refuses.
        """
        known = self.trainings.same_as(training)
        if known is not None:
            return known
        if rules.cycle.code in self.closed:
            raise CycleIsClosed(cycle=rules.cycle.code)
        return self._award(training, rules, None, envelope)

    def reverse(self, award_id: UUID, reason: ReversalReason, envelope: Envelope) -> None:
        """Take an award back: whole, and once.

        Raises OwnCase, UnknownHours, HoursAlreadyReversed, CycleIsClosed and, for fraud,
        FraudNeedsSecondPerson.
        """
        cycle, _ = self.trainings.get(award_id)
        if reason is ReversalReason.FRAUD_CONFIRMED:
            raise FraudNeedsSecondPerson
        if cycle in self.closed:
            raise CycleIsClosed(cycle=cycle)
        self._reverse(award_id, reason, None, envelope)

    def award_late(
        self, training: Training, rules: CycleRules, correction_id: UUID, envelope: Envelope
    ) -> None:
        """Award in a closed cycle, as two persons decided. Refuses as `award` does."""
        if self.trainings.same_as(training) is None:
            self.require_closed(rules.cycle.code)
            self._award(training, rules, correction_id, envelope)
            self._add_up(rules, correction_id, envelope)

    def reverse_late(
        self,
        award_id: UUID,
        reason: ReversalReason,
        rules: CycleRules,
        correction_id: UUID,
        envelope: Envelope,
    ) -> None:
        """Take back as two persons decided: in a closed cycle; for fraud, in any.

        Raises OwnCase, UnknownHours, HoursAlreadyReversed and CycleNotClosed.
        """
        cycle, _ = self.trainings.get(award_id)
        if reason is not ReversalReason.FRAUD_CONFIRMED:
            self.require_closed(cycle)
        self._reverse(award_id, reason, correction_id, envelope)
        self._add_up(rules, correction_id, envelope)

    def require_closed(self, cycle: str) -> None:
        """Raises CycleNotClosed."""
        if cycle not in self.closed:
            raise CycleNotClosed(cycle=cycle)

    def close(self, rules: CycleRules, envelope: Envelope) -> None:
        """Say how a cycle ended, once; somebody who served no day of it has none.

        Raises CycleNotOver.
        """
        cycle = rules.cycle
        if cycle.code in self.closed or not rules.months_served(self.services):
            return
        if local_day(envelope.at, CITY_ZONE) < rules.closes_on:
            raise CycleNotOver(cycle=cycle.code, closes_on=rules.closes_on)
        hours, required = self._totals(rules)
        self.trigger_event(
            self.CycleClosed,
            cycle=cycle.code,
            school_code=self.services.school_on(cycle.ends),
            hours=hours,
            required=required,
            met=hours >= required,
            envelope=envelope.under(rules.rulebook_version),
        )

    def _totals(self, rules: CycleRules) -> tuple[int, int]:
        return self.trainings.hours(rules.cycle.code), rules.required(self.services)

    def require_colleague(self, envelope: Envelope) -> None:
        """Nobody decides about their own hours. Raises OwnCase."""
        if self.staff_id is not None and self.staff_id == envelope.actor.id:
            raise OwnCase

    def _award(
        self, training: Training, rules: CycleRules, correction_id: UUID | None, envelope: Envelope
    ) -> UUID:
        self.require_colleague(envelope)
        self.trainings.require_room(training, rules, local_day(envelope.at, CITY_ZONE))
        award_id = self.trainings.next_id(self.id, training)
        self._awarded(
            award_id=award_id,
            cycle=rules.cycle.code,
            training=training,
            overlaps=self.trainings.overlapping(training),
            correction_id=correction_id,
            envelope=envelope.under(rules.rulebook_version),
        )
        return award_id

    def _reverse(
        self,
        award_id: UUID,
        reason: ReversalReason,
        correction_id: UUID | None,
        envelope: Envelope,
    ) -> None:
        self.require_colleague(envelope)
        cycle, training = self.trainings.get(award_id)
        self._reversed(
            award_id=award_id,
            cycle=cycle,
            hours=-training.hours,
            reason_code=reason,
            correction_id=correction_id,
            envelope=envelope,
        )

    def _add_up(self, rules: CycleRules, correction_id: UUID, envelope: Envelope) -> None:
        if rules.cycle.code not in self.closed:
            return
        hours, required = self._totals(rules)
        self.trigger_event(
            self.CycleAddendumFiled,
            cycle=rules.cycle.code,
            hours=hours,
            met=hours >= required,
            correction_id=correction_id,
            envelope=envelope.under(rules.rulebook_version),
        )

    @event(LinkedToStaff)
    def _linked(self, staff_id: UUID, envelope: Envelope) -> None:
        self.staff_id = staff_id

    @event(HoursAwarded)
    def _awarded(
        self,
        award_id: UUID,
        cycle: str,
        training: Training,
        overlaps: tuple[UUID, ...],
        correction_id: UUID | None,
        envelope: Envelope,
    ) -> None:
        self.trainings.standing[award_id] = (cycle, training)

    @event(HoursReversed)
    def _reversed(
        self,
        award_id: UUID,
        cycle: str,
        hours: int,
        reason_code: ReversalReason,
        correction_id: UUID | None,
        envelope: Envelope,
    ) -> None:
        self.trainings.reversed[award_id] = self.trainings.standing.pop(award_id)[1]
