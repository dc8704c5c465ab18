"""The pilot's holidays, invented: deadlines of its cases are counted around them."""

from __future__ import annotations

from datetime import date, timedelta

from api.demo.calendar import evening
from api.demo.loading import Pilot
from domain.working_days import DaysOfYear

SATURDAY = 5


def publish(pilot: Pilot) -> None:
    """The year of today and those beside it, each in November of the one before."""
    this = pilot.calendar.now.year
    for year in (this - 1, this, this + 1):
        at = evening(date(year - 1, 11, 10), 10)
        if at < pilot.calendar.now:
            by = pilot.logins["city"].acting(at, "holidays")
            pilot.runtime.book.calendars.publish(holidays(year), by)


def holidays(year: int) -> DaysOfYear:
    """New Year, five days of May and a week of October, with the weekends worked instead."""
    week = [date(year, 10, day) for day in range(1, 8)]
    off = [date(year, 1, 1), *(date(year, 5, day) for day in range(1, 6)), *week]
    beside = [week[0] - timedelta(days=n) for n in range(1, 8)]
    worked = [day for day in beside if day.weekday() == SATURDAY]
    return DaysOfYear.of(year, off, worked)
