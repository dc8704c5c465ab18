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
from domain.calendar import first_day_of, last_day_of, school_year_of
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
    """A home visit lies in the year it is recorded in (`first` to `last`): this one or the last."""

    code = "home_visit_of_other_year"


class HomeVisitCounted(Refused):
    """The same visit is recorded in another school year already (`school_year`)."""

    code = "home_visit_counted"


class HomeVisitBeforeGrant(Refused):
    """A visit of an earlier school year is recorded by whoever might have done so on its day."""

    code = "home_visit_before_grant"


class HomeVisitToNobody(Refused):
    """A home visit is to one child at least."""

    code = "home_visit_to_nobody"


class UnknownHomeVisit(Refused):
    """No such home visit is recorded."""

    code = "home_visit_unknown"


VISITED_FROM = "08-01"  # LOCAL: families of a new class are visited before its term begins


def visiting_days(school_year: int) -> tuple[date, date]:
    """The days on which a class of a school year is visited: from the August before it."""
    return first_day_of(school_year, VISITED_FROM), last_day_of(school_year)


def visited_years(today: date) -> tuple[int, ...]:
    """The school years whose visits may be recorded: the last, the running, in August the next."""
    running = school_year_of(today)
    return tuple(range(running - 1, school_year_of(today, VISITED_FROM) + 1))


@dataclass(frozen=True)
class Visit:
    """What a teacher says of a visit to children of a school year's class."""

    school_code: str
    on: date
    form: VisitForm
    way: VisitWay
    school_year: int

    @property
    def placed_on(self) -> date:
        """The day whose roster tells who was visited: a class is there from its first day on."""
        return max(self.on, first_day_of(self.school_year))

    def must_fit(self, today: date) -> None:
        """Raises HomeVisitInFuture, HomeVisitOfOtherYear."""
        first, last = visiting_days(self.school_year)
        if self.on > today:
            raise HomeVisitInFuture
        if not first <= self.on <= last or self.school_year not in visited_years(today):
            raise HomeVisitOfOtherYear(first=first, last=last)


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
        school_year: int | None = None  # none: in the same as before

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
        self.school_year = school_year
        self.stands = True

    def record_again(self, school_year: int, envelope: Envelope) -> None:
        """Say it anew after it was withdrawn; while it stands that is no news.

        Raises HomeVisitCounted while it stands in another school year.
        """
        if not self.stands:
            self._recorded_again(child_id=self.child_id, school_year=school_year, envelope=envelope)
        elif school_year != self.school_year:
            raise HomeVisitCounted(school_year=self.school_year)

    def withdraw(self, envelope: Envelope) -> None:
        """Take back what was entered in error; again is no news."""
        if self.stands:
            self._withdrawn(child_id=self.child_id, envelope=envelope)

    @event(RecordedAgain)
    def _recorded_again(
        self, child_id: UUID, envelope: Envelope, school_year: int | None = None
    ) -> None:
        self.school_year = self.school_year if school_year is None else school_year
        self.stands = True

    @event(Withdrawn)
    def _withdrawn(self, child_id: UUID, envelope: Envelope) -> None:
        self.stands = False
