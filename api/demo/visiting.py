"""Home visits of the pilot: some of a class at home, some online together, one taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from api.demo.loading import Pilot
from api.demo.staff import PRIMARY
from domain.calendar import CITY_ZONE, local_day, school_year_of
from domain.home_visit import HomeVisit, Visit, VisitForm, VisitWay

AT_HOME, TOGETHER, NOT_AT_ALL = range(1, 6), (7, 8, 9), 10


def visit(pilot: Pilot) -> None:
    """The class teacher's visits of this school year."""
    calendar = pilot.calendar
    for turn, number in enumerate(AT_HOME):
        record(pilot, [number], (VisitForm.ON_SITE, VisitWay.SINGLE), calendar.moment(30 - turn))
    record(pilot, TOGETHER, (VisitForm.ONLINE, VisitWay.GROUP), calendar.moment(12, 19))
    at = calendar.moment(4, 17)
    [wrong] = record(pilot, [NOT_AT_ALL], (VisitForm.ON_SITE, VisitWay.SINGLE), at)
    pilot.runtime.book.home_visits.withdraw(wrong, pilot.logins["teacher"].acting(at, "not at all"))


def record(
    pilot: Pilot, numbers: Sequence[int], how: tuple[VisitForm, VisitWay], at: datetime
) -> list[UUID]:
    """Record a visit on its own day; one id a child."""
    book, day = pilot.runtime.book, local_day(at, CITY_ZONE)
    learners = [book.learners.get(pilot.learner(number)) for number in numbers]
    families = {child_id: [each.id] for each in learners for child_id in each.guardianships}
    by = pilot.logins["teacher"].acting(at, "visit", *numbers)
    book.home_visits.record(Visit(PRIMARY, day, *how, school_year_of(day)), families, by)
    return [HomeVisit.create_id(PRIMARY, child_id, day, *how) for child_id in families]
