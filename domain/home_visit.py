"""A home visit (家访): that a child was visited, when and how; never what was said there.

Each class teacher visits each pupil at least once a school year (GZ-8, MOE-4), at home or online,
one family or several. It is a duty of the school and earns no parent anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from eventsourcing.domain import event

from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.calendar import first_day_of, school_year_of
from domain.envelope import Envelope
from domain.identity import derived
from domain.refusals import Refused


class VisitForm(StrEnum):
    """Where one met."""

    ON_SITE = "on_site"
    ONLINE = "online"


class VisitWay(StrEnum):
    """One family, or several together."""

    SINGLE = "single"
    GROUP = "group"


class HomeVisitInFuture(Refused):
    """A home visit is recorded once it has been."""

    code = "home_visit_in_future"


class HomeVisitOfOtherYear(Refused):
    """A home visit is recorded in its own school year, which began on `begins_on`."""

    code = "home_visit_of_other_year"


class HomeVisitToNobody(Refused):
    """A home visit is to one child at least."""

    code = "home_visit_to_nobody"


class UnknownHomeVisit(Refused):
    """No such home visit is recorded."""

    code = "home_visit_unknown"


@dataclass(frozen=True)
class Visit:
    """What a teacher says of a visit, whichever children it was to."""

    school_code: str
    on: date
    form: VisitForm
    way: VisitWay

    def school_year(self, today: date) -> int:
        """The year that a visit counts in, if it may be recorded today.

        Raises HomeVisitInFuture, HomeVisitOfOtherYear.
        """
        running = school_year_of(today)
        if self.on > today:
            raise HomeVisitInFuture
        if school_year_of(self.on) != running:
            raise HomeVisitOfOtherYear(begins_on=first_day_of(running))
        return running


class HomeVisit(LedgerAggregate):
    """Its id is made of school, child, day, form and way: a visit is recorded once."""

    TOPIC: ClassVar[str] = "home_visit"

    class Recorded(LedgerCreated):
        TOPIC = "home_visit.recorded"

        school_code: str
        school_year: int
        child_id: UUID
        on: date
        form: VisitForm
        way: VisitWay

    class Withdrawn(LedgerEvent):
        TOPIC = "home_visit.withdrawn"

        child_id: UUID

    class RecordedAgain(LedgerEvent):
        TOPIC = "home_visit.recorded_again"

        child_id: UUID

    @staticmethod
    def create_id(school_code: str, child_id: UUID, on: date, form: str, way: str) -> UUID:
        return derived("home visit", school_code, child_id, on.isoformat(), form, way)

    @event(Recorded)
    def __init__(
        self,
        school_code: str,
        school_year: int,
        child_id: UUID,
        on: date,
        form: VisitForm,
        way: VisitWay,
        envelope: Envelope,
    ) -> None:
        self.child_id = child_id
        self.stands = True

    def record_again(self, envelope: Envelope) -> None:
        """Say it anew after it was withdrawn; while it stands that is no news."""
        if not self.stands:
            self._recorded_again(child_id=self.child_id, envelope=envelope)

    def withdraw(self, envelope: Envelope) -> None:
        """Take back what was entered in error; again is no news."""
        if self.stands:
            self._withdrawn(child_id=self.child_id, envelope=envelope)

    @event(RecordedAgain)
    def _recorded_again(self, child_id: UUID, envelope: Envelope) -> None:
        self.stands = True

    @event(Withdrawn)
    def _withdrawn(self, child_id: UUID, envelope: Envelope) -> None:
        self.stands = False
